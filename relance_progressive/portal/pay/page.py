from odoo import api, models
from odoo.tools import format_datetime, str2bool

from ..answers import form_fields as answer_fields
from ..door import rights
from ..page.asks import AGREED, OVERDUE, OWED


class DunningPortal(models.AbstractModel):
    """Paying online on the page: what is offered, what is being paid, what became of it."""

    _inherit = "dunning.portal"

    @api.model
    def _online(self, account, owed, day, rows):
        """Return what the page offers to pay online; no ``offers`` when there is nothing to pay or no means to.

        :param rows: the rows of the statement that are on the page
        """
        payable, others = self._payable(account, owed), self._by_transfer_only(account, owed)
        asks, whole = self._asks(owed, day)
        offers = [offer for ask in asks for offer in self._offers(account, ask, payable, others)]
        of_all = self._offers(account, whole, payable, others) if whole else []
        sums = {offer["currency"] for offer in offers + of_all}
        offered = [
            row | {"balance": self._amount(float(self._exact(item)), item.row["currency_id"])}
            for row in rows
            if (item := payable.get(row["id"])) and item.row["currency_id"] in sums
        ]
        first = [offer for offer in offers if offer["kind"] == asks[0].kind]
        return {
            "offers": offers,
            "of_all": of_all,
            "by_transfer_only": [
                self.env._(
                    "To be paid by transfer, to %(payee)s: %(documents)s", payee=payee,
                    documents=self._names_of([item for item, holder in others.values() if holder == payee]),
                )
                for payee in dict.fromkeys(holder for _item, holder in others.values())
            ] if sums else [],
            "items": offered,
            "items_hint": self.env._("None ticked: %(amount)s", amount=first[0]["amount"]) if len(first) == 1 else "",
            "by_number": len(payable) > rights.MANY,
            "on_its_way": [
                self.env._(
                    "A payment of %(amount)s is on its way (%(day)s): you need not pay it again.",
                    amount=self._amount(float(credit.amount), account.currency_id.id), day=self._day(credit.day),
                )
                for credit in owed[1] if credit.kind == "transaction"
            ],
            "begun": self._begun(account),
            "kind": "", "wrong": {}, "typed": {}, "longest_line": answer_fields.LONGEST_LINE,
        }  # fmt: skip

    # === BEGUN, AND NOT FINISHED === #

    @api.model
    def _begun(self, account, choice=None):
        """Return the payments that may still be finished, in words.

        :param choice: those only that are meant for something of it
        """
        payments = self.env["payment.transaction"]._dunning_begun(account)
        if choice:
            payments = payments._dunning_meant_for(choice)
        zone = account.company_id._dunning_zone()
        return [
            {
                "id": row["id"],
                "words": self.env._(
                    "A payment of %(amount)s was begun on %(moment)s and is not finished: we have heard nothing of it.",
                    amount=self._amount(row["amount"], row["currency_id"]),
                    moment=format_datetime(self.env, row["create_date"], tz=zone, dt_format="short"),
                ),
                "rows": self._chosen_rows(row["dunning_items"], row["currency_id"]),
            }
            for row in self._read(payments)
        ]  # fmt: skip

    # === THE MEANS === #

    def _means_of(self, account, payer, currency_id, amount=0):
        """Return the means of payment that Odoo's providers offer for an amount (0: whether there are any)."""
        if not str2bool(self.env["ir.config_parameter"].get_param("account_payment.enable_portal_payment", "")):
            return self.env["payment.method"]
        return self.env["payment.method"]._get_compatible_payment_methods(
            self._providers(account, payer, currency_id, amount).ids, payer.id, currency_id=currency_id
        )

    def _providers(self, account, payer, currency_id, amount):
        return self.env["payment.provider"]._get_compatible_providers(
            account.company_id.id, payer.id, float(amount), currency_id=currency_id
        )

    @api.model
    def _payment_form(self, account, choice, payer, saved, begun=None):
        """Return what Odoo's payment form needs; nothing when no provider takes such a payment.

        :param payer: the contact who pays
        :param saved: whether the payer may use, and save, a means of payment of his own
        :param begun: a payment that goes on, by the means with which it was begun
        """
        methods = self._means_of(account, payer, choice.currency_id, choice.total)
        providers = self._providers(account, payer, choice.currency_id, choice.total)
        if begun:
            methods, providers, saved = methods & begun.payment_method_id, providers & begun.provider_id, begun.tokenize
        if not methods or not providers:
            return {}
        tokens = self.env["payment.token"]
        return {
            "amount": float(choice.total),
            "currency": self.env["res.currency"].browse(choice.currency_id),
            "partner_id": payer.id,
            "providers_sudo": providers,
            "payment_methods_sudo": methods,
            "tokens_sudo": tokens._get_available_tokens(providers.ids, payer.id) if saved and not begun else tokens,
            "show_tokenize_input_mapping": {one.id: saved and one.allow_tokenization for one in providers},
        }

    # === WHAT BECAME OF IT === #

    @api.model
    def _chosen_rows(self, choice_shares, currency_id):
        """Return the items of a payment with the amount of each."""
        items = {row["id"]: row for row in self._read(self.env["account.move.line"].browse(
            [item for item, _amount in choice_shares]
        ).exists())}  # fmt: skip
        return [
            {
                "number": items[item]["dunning_name"] or "", "due": self._day(items[item]["date_maturity"]),
                "amount": self._amount(float(amount), currency_id),
            }
            for item, amount in choice_shares if item in items
        ]  # fmt: skip

    @api.model
    def _payment(self, account, record_id, here=False):
        """Return what became of a payment that was made on the page of this account, or nothing.

        :param here: whether it is the payment that this very browser has just made
        """
        payments = self.env["payment.transaction"]
        payment = payments.search([
            ("id", "=", record_id), *payments._dunning_of(account.partner_id, account.company_id),
        ])  # fmt: skip
        if not payment.dunning_items:
            return None
        ((row,), (provider,)) = self._read(payment), self._read(payment.provider_id)
        (method,), zone = self._read(payment.payment_method_id), account.company_id._dunning_zone()
        pending = row["state"] == "pending"
        # The provider has not told us yet, or Odoo has not booked what it told.
        under_way = here and not pending and (row["state"] == "draft" or not row["is_post_processed"])
        amount = self._amount(row["amount"], row["currency_id"])
        title, words = self._payment_words("processing" if under_way else row["state"], amount)
        begun = [one for one in self._begun(account) if one["id"] == row["id"]] if not under_way else []
        if begun:
            title, words = self.env._("The payment is not finished"), [begun[0]["words"]]
        elif row["state"] == "done" and not under_way and row["dunning_excess"]:
            words = [words[0], self._too_much_words(account, row)]
        return {
            **self._letterhead(account),
            "id": row["id"],
            "state": row["state"],
            "amount": amount,
            "means": method["name"],
            "moment": format_datetime(self.env, row["last_state_change"], tz=zone, dt_format="short"),
            "excess": row["dunning_excess"] and self._amount(row["dunning_excess"], row["currency_id"]) or "",
            "title": title,
            "words": words,
            "reference": row["reference"],
            "instructions": provider["pending_msg"] if pending else "",
            "rows": self._chosen_rows(row["dunning_items"], row["currency_id"]),
            "begun": begun,
            "failed": row["state"] in ("draft", "cancel", "error") and not under_way and not begun,
            "waiting": under_way or here and pending,
        }

    def _too_much_words(self, account, row):
        """Return what becomes of what is owed no more: the invoices are named to which it may count."""
        paid = {item for item, _amount in row["dunning_items"]}
        owed = self._payable(account, self._owed(account, account.company_id._dunning_today()), row["currency_id"])
        others = self._names_of([item for key, item in owed.items() if key not in paid])
        excess = self._amount(row["dunning_excess"], row["currency_id"])
        if others:
            return self.env._(
                "%(excess)s of it was too much: these invoices had been paid by another way. We will pay it back or "
                "count it for %(others)s.", excess=excess, others=others,
            )
        return self.env._(
            "%(excess)s of it was too much: these invoices had been paid by another way. We will pay it back or count "
            "it for your next invoice.", excess=excess,
        )  # fmt: skip

    def _payment_words(self, state, amount):
        """Return ``(title, sentences)`` of what became of a payment and of what comes next."""
        env = self.env
        if state == "processing":
            return env._("One moment, please"), [
                env._("Your payment of %(amount)s is being processed.", amount=amount),
                env._("This page says so as soon as it is made; you may also close it."),
            ]
        if state == "done":
            return env._("Thank you"), [
                env._("Your payment of %(amount)s was made.", amount=amount),
                env._("It settles the invoices below. Your account shows it in a few minutes; nothing more is to do."),
            ]
        if state == "authorized":
            return env._("Thank you"), [
                env._("Your payment of %(amount)s is authorised.", amount=amount),
                env._("We collect it shortly. Meanwhile you get no reminder about it."),
            ]
        if state == "pending":
            return env._("Your payment is on its way"), [
                env._("We expect your payment of %(amount)s.", amount=amount),
                env._("As soon as it arrives, it settles the invoices below. Meanwhile you get no reminder about it."),
            ]
        return env._("The payment was not made"), [
            env._("Your payment of %(amount)s was not completed: we have received nothing.", amount=amount),
            env._("You can try again, choose another means of payment, or pay by transfer."),
        ]

    # === OFFERS === #

    def _offers(self, account, ask, payable, others):
        """Return what is offered to pay of an ask: one payment for each currency."""
        shares = [(item, amount) for item, amount in ask.shares if item.row["id"] in payable]
        sums = self._sums_of((item, float(self._rounded(item, amount))) for item, amount in shares)
        return [
            {
                "kind": ask.kind, "currency": currency, "amount": self._amount(total, currency),
                "words": self._offer_in_words(ask, self._amount(total, currency), bool(others)),
            }
            for currency, total in sums.items() if self._means_of(account, account.partner_id, currency)
        ]  # fmt: skip

    def _offer_in_words(self, ask, amount, is_a_part):
        """Return what a button says.

        :param is_a_part: something is owed that cannot be paid online: the button does not say "all"
        """
        env = self.env
        if ask.kind == AGREED:
            return env._(
                "Pay the next agreed payment online: %(amount)s, for %(day)s", amount=amount, day=self._day(ask.day)
            )
        if is_a_part:
            return env._("Pay online: %(amount)s", amount=amount)
        if ask.kind == OVERDUE:
            return env._("Pay all that is overdue online: %(amount)s", amount=amount)
        if ask.kind == OWED:
            return env._("Pay all that is owed online: %(amount)s", amount=amount)
        return env._("Pay all that is open online: %(amount)s", amount=amount)

    # === RECEIPT === #

    @api.model
    def _receipt_pdf(self, account, record_id):
        """Return ``(name, PDF)`` of the receipt of a payment of this account, or nothing before it has come."""
        found = self._payment(account, record_id)
        if not found or found["state"] != "done":
            return None
        name = self.env._("receipt-%(reference)s", reference=found["reference"].replace("/", "-"))
        return f"{name}.pdf", self._print("relance_progressive.portal_receipt_pdf", account, found)
