from odoo import http
from odoo.fields import Domain
from odoo.http import content_disposition, request

from ...settings.any_parameter import any_parameter
from .door import ReminderDoor, portal_route

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILE = 4  # a PDF keeps a server busy for as long as several pages
STATEMENT = 12  # that of a statement grows with what is owed: five a minute, one at a time


class ReminderPortal(ReminderDoor):
    """The customer's page: behind the link of a message, and under *My account*."""

    # === ANSWERS === #

    def _dunning_service(self, account):
        return account.env["dunning.portal"]

    def _dunning_page(self, template, base, values, status=200, **more):
        by_link = base.startswith("/reminders/")
        return request.render(template, status=status, qcontext={
            "m": values,
            "base": base,
            "here": request.httprequest.path if request.httprequest.method == "GET" else base,
            "by_link": by_link,
            "by_staff": self._dunning_is_staff(base if by_link else None),
            "page_name": "dunning",
            "no_header": by_link,
            "no_footer": True,
            "no_breadcrumbs": by_link,
            "title": self._dunning_title(values, status),
            "html_data": {"lang": request.env["dunning.portal"]._language_tag()},
            "languages": list(request.env["dunning.portal"]._languages().items()) if by_link else [],
            "query": f"?lang={request.env.lang}" if request.httprequest.args.get("lang") else "",
            **more,
        })  # fmt: skip

    def _dunning_title(self, values, status):
        """Return what a page is called, in the tab of a browser and by those who have it read out."""
        title = values.get("title") or request.env._("Your account")
        if status >= 400:
            title = request.env._("To correct: %(title)s", title=title)
        return f"{title} – {values['company']['name']}"

    def _dunning_file(self, found, kind, attached=False):
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

    @any_parameter
    @http.route(
        "/my/reminders", type="http", auth="user", website=True, multilang=False, sitemap=False, methods=["GET"]
    )
    def dunning_accounts(self, **_typed):
        """Show the accounts of the user, or the only one."""
        accounts = self._dunning_statements()
        if len(accounts) == 1:
            return request.redirect(f"/my/reminders/{accounts[0]['id']}")
        return request.render("relance_progressive.portal_accounts", {
            "accounts": accounts, "page_name": "dunning",
            "html_data": {"lang": request.env["dunning.portal"]._language_tag()},
        })  # fmt: skip

    def _dunning_statements(self):
        """Return the accounts of the user, each with its totals."""
        found = []
        for account in request.env["dunning.account"]._portal_accounts(request.env.user):
            own = account.with_env(self._dunning_env(account))
            service = self._dunning_service(own)
            items, _credits = service._owed(own, own.company_id._dunning_today())
            statement = service._totals(own, items)
            found.append({"id": own.id, "company": own.company_id.name, "statement": statement})
        return found

    @portal_route()
    def dunning_account(self, account, base, values):
        """Show what is owed and the reminders received."""
        page = values.get("page", "")
        number = int(page) if page.isdecimal() and len(page) < 6 else 1
        page = self._dunning_service(account)._page(account, number, values.get("find", "")[:60])
        page["answers"]["said"] = self._dunning_service(account)._said(account, values.get("answered", ""))
        return self._dunning_page("relance_progressive.portal_page", base, page)

    @portal_route("/statement.pdf", cost=STATEMENT)
    def dunning_statement_pdf(self, account, _base, _values):
        """Give the statement on paper."""
        if not account.env["dunning.portal.visit"]._is_alone(account):
            return self._dunning_too_many()
        found = self._dunning_service(account)._statement_pdf(account)
        return self._dunning_file(found, "application/pdf")

    @portal_route("/statement.xlsx", cost=FILE)
    def dunning_statement_xlsx(self, account, _base, _values):
        """Give the statement as a spreadsheet."""
        found = self._dunning_service(account)._statement_xlsx(account)
        return self._dunning_file(found, XLSX, attached=True)

    @portal_route("/invoice/<int:record_id>.pdf", cost=FILE)
    def dunning_invoice_pdf(self, account, _base, values):
        """Give an invoice."""
        found = self._dunning_service(account)._invoice_pdf(account, values["record_id"])
        return self._dunning_file(found, "application/pdf")

    @portal_route("/delivery/<int:record_id>.pdf", cost=FILE)
    def dunning_delivery_pdf(self, account, _base, values):
        """Give the delivery slips of an invoice."""
        found = self._dunning_service(account)._delivery_pdf(account, values["record_id"])
        return self._dunning_file(found, "application/pdf")

    @portal_route("/reminder/<int:record_id>")
    def dunning_reminder(self, account, base, values):
        """Show a reminder as it was sent."""
        found = self._dunning_service(account)._reminder(account, values["record_id"])
        return found and self._dunning_page("relance_progressive.portal_reminder", base, found)

    @portal_route("/reminder/<int:record_id>.pdf", cost=FILE)
    def dunning_reminder_pdf(self, account, _base, values):
        """Give a reminder on paper."""
        found = self._dunning_service(account)._reminder_pdf(account, values["record_id"])
        return self._dunning_file(found, "application/pdf")


class ReminderPortalHome(ReminderPortal):
    """*My account*: how much is open, and an alert when something is overdue."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if {"dunning_open_count", "dunning_overdue_count"} & set(counters):
            statements = [account["statement"] for account in self._dunning_statements()]
            values["dunning_open_count"] = sum(statement["count"] for statement in statements)
            values["dunning_overdue_count"] = sum(statement["late_count"] for statement in statements)
        return values

    def _get_overdue_invoice_count(self):
        """Leave the invoices of the accounts that our alert counts to it: Odoo's asks for totals, whatever was paid."""
        accounts = request.env["dunning.account"]._portal_accounts(request.env.user)
        if not accounts or not request.env["account.move"].has_access("read"):
            return super()._get_overdue_invoice_count()
        companies = accounts.env["res.company"].search([("id", "child_of", accounts.company_id.ids)])
        ours = Domain("company_id", "in", companies.ids)
        return request.env["account.move"].search_count(Domain(self._get_overdue_invoices_domain()) & ~ours)
