from odoo import http
from odoo.http import request

from ...settings.any_parameter import any_parameter

PAGES = {"reminders-leaving", "reminders-queue", "reminders-to-handle"}


class LeavingPage(http.Controller):
    """The links of a digest: its reader may be at work in another company, where these lists would be empty."""

    @any_parameter
    @http.route("/dunning/<int:company_id>/<string:page>", type="http", auth="user")
    def dunning_page(self, company_id, page, reminder=None):
        """Go to a page of reminders with its company among those at work.

        :param str reminder: the number (id) of the one to open
        """
        own = request.env.user.company_ids.ids
        if page not in PAGES or company_id not in own:
            raise request.not_found()
        cookie = request.cookies.get("cids", "")
        at_work = [int(word) for word in cookie.split("-") if word.isdecimal() and int(word) in own]
        target = f"/odoo/{page}/{int(reminder)}" if reminder and reminder.isdecimal() else f"/odoo/{page}"
        if company_id not in at_work:
            request.future_response.set_cookie("cids", "-".join(map(str, [*at_work, company_id])))
        return request.redirect(target)
