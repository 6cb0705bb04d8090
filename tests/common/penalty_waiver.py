from datetime import date
from decimal import Decimal

from odoo.tests import freeze_time, new_test_user

from .base import MONDAY, DunningCommon

# 1 200 due on 31 January, 30 days late on Monday 2 March 2026, at 2.15 + 10 percent (LEGAL.md, worked example 6).
DUE = date(2026, 1, 31)

INTEREST = Decimal("11.98")

INDEMNITY = Decimal(40)


class PenaltyCommon(DunningCommon):
    """A professional who is late, the person who reminds, the one who decides; today is a Monday."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.dunning_status = "professional"
        cls.clerk, cls.chief = (
            new_test_user(cls.env, login, groups=group, company_id=cls.company.id, company_ids=cls.company.ids)
            for login, group in (
                ("penalty_clerk", "account.group_account_invoice"), ("penalty_chief", "account.group_account_manager"),
            )
        )  # fmt: skip

    def setUp(self):
        super().setUp()
        self.startPatcher(freeze_time(MONDAY))

    def late(self, amount=1200.0, due=DUE, **values):
        """Return an invoice that is paid late."""
        return self.invoice(due, amount, **values)

    def penalty(self, invoice, day=MONDAY):
        """Return what being late costs on the first instalment of an invoice."""
        item = self.item(invoice).sorted("date_maturity")[:1]
        return self.env["dunning.penalty"]._of_items(self.company, item.ids, day)[item.id]

    def left(self, invoice, day=MONDAY):
        """Return the interest and the indemnity that can still be claimed."""
        penalty = self.penalty(invoice, day)
        return penalty.interest_left, penalty.indemnity_left

    def waive(self, account=None, invoices=None, user=None, **values):
        """Waive as the dialog of an account does, and return the waiver; ``values`` are fields of the dialog."""
        account = (account or self.account()).with_user(user or self.chief)
        action = self.env["dunning.penalty.waive"].with_user(user or self.chief)._open(
            account, self.item(invoices) if invoices else None
        )  # fmt: skip
        wizard = self.env["dunning.penalty.waive"].with_user(user or self.chief).browse(action["res_id"])
        wizard.write({"reason": "A good customer", **values})
        wizard.action_waive()
        return account.penalty_waiver_ids.sorted("id")[-1:].with_env(self.env)

    def words(self, account=None):
        """Return what was logged on the account, newest first."""
        return (account or self.account()).message_ids.mapped("body")
