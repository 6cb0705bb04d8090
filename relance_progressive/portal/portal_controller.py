from odoo import http
from odoo.http import content_disposition, request

from odoo.addons.account_payment.controllers.portal import PortalAccount

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


CLOSED, TOO_MANY = "closed", "too many"  # why nobody comes in
FILE = 4  # a PDF keeps a server busy for as long as several pages


def portal_route(suffix="", methods=("GET",), cost=1, **routing):
    """Serve a method for the link of a message and for logged-in users: it gets the account, or is not called.

    The method is called as ``method(self, account, base, values)``: the account as superuser, ``base`` the address
    that every other page of it begins with, ``values`` what the address and the form hold, which anybody may
    have typed but for ``record_id``, a number. It must stand in :data:`rights.ROUTES`; ``ir.http`` seals its answers.

    :param cost: for how many pages it counts where a visitor may ask for so many a minute
    :param routing: more for ``http.route``
    """
    paths = [f"/my/reminders/<int:account_id>{suffix}", f"/reminders/<string:token>{suffix}"]

    def decorate(method):
        @http.route(
            paths, type="http", auth="public", website=True, multilang=False, sitemap=False, methods=list(methods),
            **routing,
        )  # fmt: skip
        def endpoint(self, **values):
            path = request.httprequest.path
            token = None if path.startswith("/my/") else values["token"]
            if token is None and request.env.user._is_public():
                page = path if "GET" in methods else path.removesuffix(suffix)
                return request.redirect_query("/web/login", {"redirect": page})
            self._speak(request.env["dunning.account"], token, values.get("lang"))
            account, refusal = self._come_in(values.get("account_id"), token, cost)
            if refusal:
                return self._too_many() if refusal == TOO_MANY else self._closed()
            self._speak(account, token, values.get("lang"))
            base = f"/my/reminders/{account.id}" if token is None else f"/reminders/{token}"
            return method(self, account.with_env(self._env(account)), base, values) or self._closed()

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
        @http.route(
            paths, type="jsonrpc", auth="public", website=True, multilang=False, sitemap=False, methods=["POST"]
        )
        def endpoint(self, **values):
            token = None if request.httprequest.path.startswith("/my/") else values["token"]
            account, refusal = self._come_in(values.get("account_id"), token, cost)
            if refusal:
                return self._refused(refusal)
            self._speak(account, token, request.httprequest.args.get("lang"))
            base = f"/my/reminders/{account.id}" if token is None else f"/reminders/{token}"
            return method(self, account.with_env(self._env(account)), base, values)

        endpoint.__name__, endpoint.__doc__ = method.__name__, method.__doc__
        return endpoint

    return decorate


class ReminderPortal(PortalAccount):
    """The customer's page: behind the link of a message, and under *My account*."""

    # === WHO === #

    def _account(self, account_id, token):
        """Return the account that a token opens, or that a logged-in user may see; else nothing."""
        accounts = request.env["dunning.account"]
        if token is not None:
            return accounts._portal_account(token)
        return accounts._portal_accounts(request.env.user).filtered(lambda account: account.id == account_id)

    def _come_in(self, account_id, token, cost):
        """Return ``(account, why not)``, and note the visit."""
        account = self._account(account_id, token)
        if not request.env["dunning.portal.visit"]._may_come_in(request.httprequest.remote_addr, account, cost):
            return account, TOO_MANY
        return account, None if account else CLOSED

    def _speak(self, account, token, wanted):
        """Choose the language: the one asked for, the user's own, or for a link the customer's."""
        installed = dict(request.env["res.lang"].get_installed())
        own = account.partner_id.lang if token is not None and request.env.user._is_public() else None
        choice = (wanted, own, request.env.lang, *installed)
        request.update_context(lang=next(lang for lang in choice if lang in installed))

    def _env(self, account):
        """Return the environment that reads the account: the superuser's, in its company and no other."""
        return request.env(su=True, context={**request.env.context, "allowed_company_ids": account.company_id.ids})

    def _service(self, account):
        return account.env["dunning.portal"]

    # === ANSWERS === #

    def _closed(self):
        """Answer to whatever opens nothing: always the same."""
        return request.render("relance_progressive.portal_closed", status=404)

    def _too_many(self):
        response = request.render("relance_progressive.portal_too_many", status=429)
        response.headers["Retry-After"] = "60"
        return response

    def _refused(self, refusal):
        """Answer a script: the words of the pages."""
        words = {
            CLOSED: request.env._("This page cannot be opened: the link is too old, or was replaced by a newer one."),
            TOO_MANY: request.env._("This was asked for very often from your address. Please wait a minute."),
        }
        return {"state": "error", "state_message": words[refusal]}

    def _page(self, template, base, values, status=200, **more):
        by_link = base.startswith("/reminders/")
        return request.render(template, status=status, qcontext={
            "m": values,
            "base": base,
            "here": request.httprequest.path if request.httprequest.method == "GET" else base,
            "by_link": by_link,
            "page_name": "dunning",
            "no_header": by_link,
            "no_footer": True,
            "no_breadcrumbs": by_link,
            "title": values["company"]["name"],
            "html_data": {"lang": request.env.lang.replace("_", "-")},
            "languages": request.env["res.lang"].get_installed() if by_link else [],
            "query": f"?lang={request.env.lang}" if request.httprequest.args.get("lang") else "",
            **more,
        })  # fmt: skip

    def _file(self, found, kind, attached=False):
        """Return the answer with a file, or nothing."""
        if not found:
            return None
        name, content = found
        return request.make_response(content, [
            ("Content-Type", kind),
            ("Content-Length", len(content)),
            ("Content-Disposition", content_disposition(name, "attachment" if attached else "inline")),
        ])  # fmt: skip

    # === PAGES === #

    @http.route(
        "/my/reminders", type="http", auth="user", website=True, multilang=False, sitemap=False, methods=["GET"]
    )
    def portal_accounts(self, **_typed):
        """Show the accounts of the user, or the only one."""
        accounts = self._statements()
        if len(accounts) == 1:
            return request.redirect(f"/my/reminders/{accounts[0]['id']}")
        return request.render("relance_progressive.portal_accounts", {"accounts": accounts, "page_name": "dunning"})

    def _statements(self):
        """Return the accounts of the user, each with its totals."""
        found = []
        for account in request.env["dunning.account"]._portal_accounts(request.env.user):
            own = account.with_env(self._env(account))
            service = self._service(own)
            items, _credits = service._owed(own, own.company_id._dunning_today())
            statement = service._totals(own, items)
            found.append({"id": own.id, "company": own.company_id.name, "statement": statement})
        return found

    @portal_route()
    def portal_account(self, account, base, values):
        """Show what is owed and the reminders received."""
        page = values.get("page", "")
        number = int(page) if page.isdecimal() and len(page) < 6 else 1
        page = self._service(account)._page(account, number)
        page["answers"]["said"] = self._service(account)._said(account, values.get("answered", ""))
        return self._page("relance_progressive.portal_page", base, page)

    @portal_route("/statement.pdf", cost=FILE)
    def portal_statement_pdf(self, account, _base, _values):
        """Give the statement on paper."""
        return self._file(self._service(account)._statement_pdf(account), "application/pdf")

    @portal_route("/statement.xlsx", cost=FILE)
    def portal_statement_xlsx(self, account, _base, _values):
        """Give the statement as a spreadsheet."""
        return self._file(self._service(account)._statement_xlsx(account), XLSX, attached=True)

    @portal_route("/invoice/<int:record_id>.pdf", cost=FILE)
    def portal_invoice_pdf(self, account, _base, values):
        """Give an invoice."""
        return self._file(self._service(account)._invoice_pdf(account, values["record_id"]), "application/pdf")

    @portal_route("/delivery/<int:record_id>.pdf", cost=FILE)
    def portal_delivery_pdf(self, account, _base, values):
        """Give the delivery slips of an invoice."""
        return self._file(self._service(account)._delivery_pdf(account, values["record_id"]), "application/pdf")

    @portal_route("/reminder/<int:record_id>")
    def portal_reminder(self, account, base, values):
        """Show a reminder as it was sent."""
        found = self._service(account)._reminder(account, values["record_id"])
        return found and self._page("relance_progressive.portal_reminder", base, found)

    @portal_route("/reminder/<int:record_id>.pdf", cost=FILE)
    def portal_reminder_pdf(self, account, _base, values):
        """Give a reminder on paper."""
        return self._file(self._service(account)._reminder_pdf(account, values["record_id"]), "application/pdf")
