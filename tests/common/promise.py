from datetime import timedelta

from odoo.tests import freeze_time, new_test_user

from .base import MONDAY, DunningCommon


class PromiseCommon(DunningCommon):
    """Promises in one line each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk, cls.chief = (
            new_test_user(cls.env, login, groups=group, company_id=cls.company.id, company_ids=cls.company.ids)
            for login, group in (
                ("promise_clerk", "account.group_account_invoice"), ("promise_chief", "account.group_account_manager"),
            )
        )  # fmt: skip
        cls.company.dunning_user_id = cls.clerk

    def promise(self, *dates, invoices=None, day=MONDAY, customer=None, user=None, **values):
        """Record ``(amount, days from MONDAY)`` promised on one day; for the account, or for invoices."""
        account = self.account(customer).with_user(user or self.env.user)
        rows = [(MONDAY + timedelta(days=delay), amount) for amount, delay in dates]
        with freeze_time(day):
            return self.env["dunning.promise"].with_user(user or self.env.user)._record(
                account, rows, self.item(invoices) if invoices else None, **values
            ).with_env(self.env)  # fmt: skip

    def run_days(self, first, last):
        """Run the nights from one day to another, both counted from MONDAY."""
        for delay in range(first, last + 1):
            self.run_on(self.day(delay))

    def pay_on(self, delay, invoice, amount=None):
        with freeze_time(self.day(delay)):
            return self.pay(invoice, amount, day=self.day(delay))

    def settled_lines(self, invoice):
        """Return the partial reconciliations of an invoice."""
        return self.item(invoice).matched_credit_ids

    def claimed(self, customer=None):
        """Return what the last reminder claims, by invoice."""
        lines = self.reminders(customer)[-1:].line_ids
        return {line.move_line_id.move_id: line.amount_residual for line in lines}
