from .portal_controller import ReminderPortal


class ReminderPortalHome(ReminderPortal):
    """*My account*: how much is open, and an alert when something is overdue."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if {"dunning_open_count", "dunning_overdue_count"} & set(counters):
            statements = [account["statement"] for account in self._statements()]
            values["dunning_open_count"] = sum(statement["count"] for statement in statements)
            values["dunning_overdue_count"] = sum(statement["late_count"] for statement in statements)
        return values

    def _get_overdue_invoice_count(self):
        """Count none: Odoo's own alert asks for the totals of invoices that are partly paid, ours does not."""
        return 0
