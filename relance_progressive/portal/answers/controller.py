from urllib.parse import urlencode

from odoo.http import request

from ..door.controller import ReminderPortal
from ..door.door import portal_route
from .form_fields import MOST_BYTES, MOST_FILES

ANSWER = 6  # counts for as many pages: an answer writes, and sends an e-mail
LONGEST_FORM = 1024 * 1024  # without its files


def answer_route(kind):
    """Serve the form of a kind of answer; Odoo checks the CSRF token of every POST."""
    length = MOST_FILES * MOST_BYTES + LONGEST_FORM
    return portal_route(f"/answer/{kind}", methods=("POST",), cost=ANSWER, max_content_length=length)


class ReminderPortalAnswers(ReminderPortal):
    """What the customer answers on the page."""

    @answer_route("paid")
    def dunning_answer_paid(self, account, base, values):
        """Note that some of it was paid."""
        return self._dunning_answer("paid", account, base, values)

    @answer_route("promise")
    def dunning_answer_promise(self, account, base, values):
        """Note for which day a payment is promised."""
        return self._dunning_answer("promise", account, base, values)

    @answer_route("plan")
    def dunning_answer_plan(self, account, base, values):
        """Note which payment plan is asked for."""
        return self._dunning_answer("plan", account, base, values)

    @answer_route("dispute")
    def dunning_answer_dispute(self, account, base, values):
        """Note what is contested."""
        return self._dunning_answer("dispute", account, base, values)

    @answer_route("order")
    def dunning_answer_order(self, account, base, values):
        """Note an order number that an invoice lacks."""
        return self._dunning_answer("order", account, base, values)

    @answer_route("contact")
    def dunning_answer_contact(self, account, base, values):
        """Note what is wrong in the contact data."""
        return self._dunning_answer("contact", account, base, values)

    @answer_route("call")
    def dunning_answer_call(self, account, base, values):
        """Note that the customer wants to be called."""
        return self._dunning_answer("call", account, base, values)

    def _dunning_answer(self, kind, account, base, values):
        """Record a form and show the page with what becomes of it, or the form again with what is wrong."""
        service, answers = self._dunning_service(account), account.env["dunning.portal.answer"]
        key, form = str(values.get("key", "")), request.httprequest.form
        if not service._is_own_form(account, key, account.company_id._dunning_today()):
            words = account.env._("This page was open for too long. Please check what is below, then send it again.")
            return self._dunning_answer_again(kind, account, base, {"": words}, {}, status=422)
        account._let_one_in()  # else several windows promise, or contest, the same at once
        if not answers._said_before(account, kind, key):
            if answers._too_many_today(account):
                words = account.env._("You have answered very often today: please call us.")
                return self._dunning_answer_again(kind, account, base, {"": words}, {}, status=429)
            files = request.httprequest.files.getlist("file")
            typed = service._typed(account, kind, {name: form.getlist(name) for name in form}, files)
            if typed.wrong:
                return self._dunning_answer_again(kind, account, base, typed.wrong, typed.text, status=422)
            token = None if base.startswith("/my/") else values["token"]
            answers._receive(account, kind, key, typed, token)
        lang = request.httprequest.args.get("lang")
        query = {"answered": key} | ({"lang": account.env.lang} if lang else {})
        # Named, or the browser goes on to where it was: to the form, below the words on what becomes of it.
        return request.redirect(f"{base}?{urlencode(query)}#dunning_portal_messages")

    def _dunning_answer_again(self, kind, account, base, wrong, text, status):
        """Show the page with a form that was not recorded."""
        page = self._dunning_service(account)._page(account)
        page["answers"] |= {"kind": kind, "wrong": wrong, "typed": text}
        return self._dunning_page("relance_progressive.portal_page", base, page, status)
