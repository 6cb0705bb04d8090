from odoo import http
from odoo.http import request

from odoo.addons.account_payment.controllers.portal import PortalAccount
from odoo.addons.payment.controllers.post_processing import PaymentPostProcessing

from ...settings.any_parameter import any_parameter
from . import token as portal_token

CLOSED, TOO_MANY, STAFF = "closed", "too many", "staff"  # why nobody comes in


def failed(words):
    """Return an answer that Odoo's payment form shows."""
    return {"state": "error", "state_message": words}


def speak(account, token, wanted):
    """Choose the language: the one asked for, the user's own, or for a link the customer's."""
    spoken = request.env["dunning.portal"]._languages()
    own = account.partner_id.lang if token is not None and request.env.user._is_public() else None
    choice = (wanted, own, request.env.lang, *spoken)
    request.update_context(lang=next((lang for lang in choice if lang in spoken), request.env.lang))


def message_values():
    """Return what a page shows that says why another one does not open: its language, whom to turn to."""
    service = request.env["dunning.portal"]
    return {"html_data": {"lang": service._language_tag()}, "contact": service._whom_to_ask()}


def portal_route(suffix="", methods=("GET",), cost=1, own_payment=False, **routing):
    """Serve a method for the link of a message and for logged-in users: it gets the account, or is not called.

    The method is called as ``method(self, account, base, values)``: the account as superuser, ``base`` the address
    that every other page of it begins with, ``values`` what the address and the form hold, which anybody may
    have typed but for ``record_id``, a number. It must stand in :data:`rights.ROUTES`; ``ir.http`` seals its answers.

    :param cost: for how many pages it counts where a visitor may ask for so many a minute
    :param own_payment: whether it also opens, behind a link that is closed meanwhile, for the payment that this
        very browser has just made
    :param routing: more for ``http.route``
    """
    paths = [f"/my/reminders/<int:account_id>{suffix}", f"/reminders/<string:token>{suffix}"]

    def decorate(method):
        @any_parameter
        @http.route(
            paths, type="http", auth="public", website=True, multilang=False, sitemap=False, methods=list(methods),
            **routing,
        )  # fmt: skip
        def endpoint(self, **values):
            path = request.httprequest.path
            token = None if path.startswith("/my/") else values["token"]
            if token is None and request.env.user._is_public():
                page = path if "GET" in methods else f"/my/reminders/{values['account_id']}"
                return request.redirect_query("/web/login", {"redirect": page})
            speak(request.env["dunning.account"], token, values.get("lang"))
            acts = "GET" not in methods
            account, refusal = self._dunning_come_in(values.get("account_id"), token, cost, acts=acts)
            if refusal in (TOO_MANY, STAFF):
                return self._dunning_too_many() if refusal == TOO_MANY else self._dunning_only_looks()
            if refusal and own_payment:
                account = self._dunning_paid_here(token, values["record_id"])
            if not account:
                return self._dunning_closed()
            values["closed"] = bool(refusal)
            speak(account, token, values.get("lang"))
            base = f"/my/reminders/{account.id}" if token is None else f"/reminders/{token}"
            return method(self, account.with_env(self._dunning_env(account)), base, values) or self._dunning_closed()

        endpoint.__name__, endpoint.__doc__ = method.__name__, method.__doc__
        return endpoint

    return decorate


def portal_rpc(suffix, cost=1):
    """Serve a method to Odoo's own scripts on the page: the same doors as :func:`portal_route`, for JSON.

    The method returns a dictionary. What opens nothing gets one as well, with the words for the customer:
    an exception would come with its traceback.
    """
    paths = [f"/my/reminders/<int:account_id>{suffix}", f"/reminders/<string:token>{suffix}"]

    def decorate(method):
        @any_parameter
        @http.route(
            paths, type="jsonrpc", auth="public", website=True, multilang=False, sitemap=False, methods=["POST"]
        )
        def endpoint(self, **values):
            token = None if request.httprequest.path.startswith("/my/") else values["token"]
            account, refusal = self._dunning_come_in(values.get("account_id"), token, cost, acts=True)
            if refusal:
                return self._dunning_refused(refusal)
            speak(account, token, request.httprequest.args.get("lang"))
            base = f"/my/reminders/{account.id}" if token is None else f"/reminders/{token}"
            return method(self, account.with_env(self._dunning_env(account)), base, values)

        endpoint.__name__, endpoint.__doc__ = method.__name__, method.__doc__
        return endpoint

    return decorate


class ReminderDoor(PortalAccount):
    """Who comes in to the customer's page, and what the others read.

    All the add-ons that extend Odoo's portal share one controller: what is ours begins with ``dunning``.
    """

    # === WHO === #

    def _dunning_account(self, account_id, token):
        """Return the account that a token opens, or that a logged-in user may see; else nothing."""
        accounts = request.env["dunning.account"]
        if token is not None:
            return accounts._portal_account(token)
        return accounts._portal_accounts(request.env.user).filtered(lambda account: account.id == account_id)

    def _dunning_come_in(self, account_id, token, cost, acts):
        """Return ``(account, why not)``, and note the visit.

        :param acts: whether something is answered or paid: one of us looks at the page, and never acts as the customer
        """
        account = self._dunning_account(account_id, token)
        if not request.env["dunning.portal.visit"]._may_come_in(request.httprequest.remote_addr, account, cost):
            return account, TOO_MANY
        if account and acts and self._dunning_is_staff(token):
            return account, STAFF
        return account, None if account else CLOSED

    def _dunning_is_staff(self, token):
        """Tell whether one of us, logged in, has followed the link of a customer."""
        return token is not None and request.env.user._is_internal()

    def _dunning_paid_here(self, token, payment_id):
        """Return the account of the payment that this browser began behind a link, when the link opened; else nothing.

        Whoever has paid learns what became of it, though the link was revoked, or its last day has passed, meanwhile.
        """
        payments, accounts = request.env["payment.transaction"].sudo(), request.env["dunning.account"].sudo()
        if token is None or request.session.get(PaymentPostProcessing.MONITORED_TX_ID_KEY) != payment_id:
            return accounts
        payment = payments.browse(payment_id).exists()
        began_here = (payment.landing_route or "").startswith(f"/reminders/{token}/payment/")
        return accounts.browse(portal_token.read(token).account_id).exists() if began_here else accounts

    def _dunning_env(self, account):
        """Return the environment that reads the account: the superuser's, in its company and no other."""
        return request.env(su=True, context={**request.env.context, "allowed_company_ids": account.company_id.ids})

    # === WHO DOES NOT === #

    def _dunning_only_looks(self):
        return self._dunning_message("relance_progressive.portal_staff_only_looks", 403)

    def _dunning_closed(self):
        """Answer to whatever opens nothing: always the same."""
        return self._dunning_message("relance_progressive.portal_closed", 404)

    def _dunning_too_many(self):
        response = self._dunning_message("relance_progressive.portal_too_many", 429)
        response.headers["Retry-After"] = "60"
        return response

    def _dunning_message(self, template, status):
        return request.render(template, message_values(), status=status)

    def _dunning_refused(self, refusal):
        """Answer a script: the words of the pages."""
        words = {
            CLOSED: request.env._("This page cannot be opened: the link is too old, or was replaced by a newer one."),
            TOO_MANY: request.env._("This was asked for very often from your address. Please wait a minute."),
            STAFF: request.env._("You are logged in as an employee: nothing is answered or paid in a customer's name."),
        }
        return failed(words[refusal])
