from odoo.fields import Domain
from odoo.http import request

from .controller import ReminderPortal


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
