from decimal import Decimal
from urllib.parse import urlencode

from psycopg2.errors import UniqueViolation

from odoo import http
from odoo.exceptions import ConcurrencyError
from odoo.http import request

from odoo.addons.payment.controllers.post_processing import PaymentPostProcessing

from ...settings.apart import refused_quietly
from ..door import rights
from ..door.controller import FILE, ReminderPortal
from ..door.door import failed, portal_route, portal_rpc

CHOSEN = ("item", "numbers", "amount", "what", "currency", "lang")  # what an address says of a choice
CHOOSE = 2  # counts for as many pages
PAY = 6
FLOWS = ("redirect", "direct", "token")


class ReminderPortalPayment(ReminderPortal):
    """Paying online: the choice, Odoo's payment form, what became of it."""

    def _dunning_payer(self, account, base):
        """Return ``(who pays, whether he is known)``: behind a link nobody is, whoever is logged in."""
        if base.startswith("/reminders/"):
            return account.partner_id, False
        return account.env.user.partner_id, True

    @portal_route("/pay", cost=CHOOSE)
    def dunning_pay(self, account, base, _values):
        """Show what is paid and Odoo's payment form, or the page again with what is wrong in the choice."""
        service, form = self._dunning_service(account), request.httprequest.args
        day = account.company_id._dunning_today()
        if begun := self._dunning_goes_on(account, form.get("begun", "")):
            choice, text = service._choice_of(begun), {}
        else:
            choice, wrong, text = service._choose(
                account, service._owed(account, day), day, {name: form.getlist(name) for name in form}
            )
            if wrong:
                return self._dunning_choose_again(account, base, wrong, text)
            if others := service._begun(account, choice):
                return self._dunning_offer_begun(account, base, others, text, choice)
        payer, known = self._dunning_payer(account, base)
        context = service._payment_form(account, choice, payer, known, begun)
        if not context:
            words = account.env._("This cannot be paid online. Please pay a smaller amount, or by transfer.")
            return self._dunning_choose_again(account, base, {"": words}, text, status=200)
        lang = request.httprequest.args.get("lang")
        query = f"?lang={account.env.lang}" if lang else ""
        values = {
            **service._letterhead(account),
            "rows": service._chosen_rows(choice.shares, choice.currency_id),
            "total": (total := service._amount(float(choice.total), choice.currency_id)),
            "title": account.env._("Pay online: %(amount)s", amount=total),
        }
        return self._dunning_page("relance_progressive.portal_pay", base, values, **context | {
            "transaction_route": f"{base}/pay/transaction{query}",
            "landing_route": base,
            "access_token": service._seal_choice(account, choice, day),
            "languages": [],  # another language would be another page, without the choice
        })  # fmt: skip

    def _dunning_goes_on(self, account, typed):
        """Return the payment that is to be finished, or nothing: what it is meant for may be paid meanwhile."""
        begun = account.env["payment.transaction"]._dunning_begun(account).filtered(lambda one: str(one.id) == typed)
        service = self._dunning_service(account)
        return begun.filtered(lambda one: service._may_still_pay(account, service._choice_of(one)))

    def _dunning_offer_begun(self, account, base, begun, text, choice):
        """Ask whether a payment of the same is to be finished, or given up."""
        values = {
            **self._dunning_service(account)._letterhead(account),
            "begun": begun,
            "again": [("item", item) for item in text.get("item", [])]
            + [(name, text[name]) for name in ("amount", "numbers", "what") if text.get(name)]
            + [("currency", choice.currency_id)],
            "title": account.env._("Is this being paid already?"),
        }  # fmt: skip
        return self._dunning_page("relance_progressive.portal_pay_begun", base, values, languages=[])

    @portal_route("/payment/<int:record_id>/give-up", methods=("POST",), cost=CHOOSE)
    def dunning_give_up(self, account, base, values):
        """Give up a payment that was begun, and go on to the payment of what was chosen."""
        begun = account.env["payment.transaction"]._dunning_begun(account)
        begun.filtered(lambda one: one.id == values["record_id"]).dunning_given_up = True
        form = request.httprequest.form
        chosen = [(name, text) for name in CHOSEN for text in form.getlist(name)]
        return request.redirect(f"{base}/pay?{urlencode(chosen)}" if form.get("currency") else base)

    def _dunning_choose_again(self, account, base, wrong, text, status=422):
        page = self._dunning_service(account)._page(account)
        page["online"] |= {"kind": "pay", "wrong": wrong, "typed": text}
        return self._dunning_page("relance_progressive.portal_page", base, page, status)

    @portal_rpc("/pay/transaction", cost=PAY)
    def dunning_pay_transaction(self, account, base, values):
        """Begin a payment; all that counts of what the browser sends is the sealed choice and the means."""
        service, env = self._dunning_service(account), account.env
        day = account.company_id._dunning_today()
        choice = service._open_choice(account, str(values.get("access_token") or ""), day)
        if not choice or not _is_amount(values.get("amount"), choice.total):
            return failed(env._("This page was open for too long. Please go back to your account and begin again."))
        if not service._may_still_pay(account, choice):
            return failed(env._(
                "Something of this was paid, or is on its way, since the page was opened. Please go back to your "
                "account to see what is left."
            ))  # fmt: skip
        payer, known = self._dunning_payer(account, base)
        means = self._dunning_read_means(service._payment_form(account, choice, payer, known), values)
        if not means:
            return failed(env._("This means of payment is not available. Please choose another one."))
        tokenize = known and values.get("tokenization_requested") is True
        begun = account.env["payment.transaction"]._dunning_begun(account)._dunning_meant_for(choice)
        transaction = begun._dunning_same(choice, means, payer, tokenize)
        if transaction:
            PaymentPostProcessing.monitor_transaction(transaction)
        elif begun:
            return failed(env._(
                "A payment of some of this was begun before and is not finished, perhaps in another window. Finish it "
                "there; or open this page again to go on with it, or to give it up."
            ))  # fmt: skip
        else:
            transaction = self._dunning_begin(account, choice, known, {
                **means, "partner_id": payer.id, "tokenization_requested": tokenize, "landing_route": base,
            })  # fmt: skip
        query = f"?lang={account.env.lang}" if request.httprequest.args.get("lang") else ""
        landing = f"{base}/payment/{transaction.id}{query}"
        if transaction.landing_route != landing:  # else several windows would write the same, and meet for nothing
            transaction.landing_route = landing
        return transaction._get_processing_values()

    def _dunning_begin(self, account, choice, known, form):
        """Return a payment that begins; those of this account begin one after the other.

        Two customers may be given the same reference at the same time: who comes second begins again.

        :param known: whether somebody is logged in: behind a link no means of payment is saved
        :param form: what was chosen of the payment form
        """
        account._let_one_in()
        own, prefix = account.env["payment.transaction"]._dunning_values(account, choice)
        try:
            with refused_quietly(account.env.cr):
                return self._create_transaction(
                    **form, amount=float(choice.total), currency_id=choice.currency_id, reference_prefix=prefix,
                    custom_create_values=own if known else own | {"tokenize": False},
                )
        except UniqueViolation as error:
            raise ConcurrencyError(f"The reference {prefix} was taken meanwhile") from error

    def _dunning_read_means(self, offered, values):
        """Return how the payment is made: only what the form offers."""
        flow, provider = values.get("flow"), values.get("provider_id")
        method, token = values.get("payment_method_id"), values.get("token_id")
        if not offered or flow not in FLOWS or provider not in offered["providers_sudo"].ids:
            return None
        if flow == "token":
            saved = offered["tokens_sudo"].filtered(lambda one: one.id == token and one.provider_id.id == provider)
            return saved and {"flow": flow, "provider_id": provider, "payment_method_id": None, "token_id": saved.id}
        chosen = offered["payment_methods_sudo"].filtered(
            lambda one: one.id == method and provider in one.provider_ids.ids
        )
        return chosen and {"flow": flow, "provider_id": provider, "payment_method_id": chosen.id, "token_id": None}

    @portal_route("/payment/<int:record_id>", own_payment=True)
    def dunning_payment(self, account, base, values):
        """Thank, or say what is wrong, and what comes next."""
        here = request.session.get(PaymentPostProcessing.MONITORED_TX_ID_KEY) == values["record_id"]
        found = self._dunning_service(account)._payment(account, values["record_id"], here)
        closed = values["closed"]
        return found and self._dunning_page("relance_progressive.portal_payment", base, found, closed=closed)

    @portal_route("/payment/<int:record_id>.pdf", cost=FILE, own_payment=True)
    def dunning_receipt_pdf(self, account, _base, values):
        """Give a receipt of a payment that was made."""
        found = self._dunning_service(account)._receipt_pdf(account, values["record_id"])
        return self._dunning_file(found, "application/pdf")


class ReminderPaymentStatus(PaymentPostProcessing):
    """Where providers send a customer back to."""

    @http.route()
    def display_status(self, **kwargs):
        """Show our own page, in his language, to a customer who paid from it: it asks Odoo in the same way."""
        payment = self._get_monitored_transaction()
        if payment.dunning_items and payment.landing_route:
            answer = request.redirect(payment.landing_route)
            answer.headers.update(rights.HEADERS)  # it names the link
            return answer
        return super().display_status(**kwargs)


def _is_amount(sent, total):
    return isinstance(sent, int | float) and not isinstance(sent, bool) and Decimal(str(sent)) == total
