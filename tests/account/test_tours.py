from odoo.tests import HttpCase, new_test_user, tagged

from ..common.base import DunningCommon


@tagged("post_install", "-at_install")
class TestTours(DunningCommon, HttpCase):
    """What a person sees and does, in a browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for login, group in (("clerk", "account.group_account_invoice"), ("chief", "account.group_account_manager")):
            new_test_user(
                cls.env, login, groups=group, company_id=cls.company.id, company_ids=[cls.company.id], lang="en_US"
            )

    def prepare_a_draft(self):
        self.level_1.approval = "manual"
        self.invoice(self.day(-4))
        self.run_on(self.day(0))

    def test_why_a_customer_is_reminded(self):
        self.prepare_a_draft()
        self.start_tour("/odoo/payment-reminders", "dunning_account_tour", login="clerk")

    def test_approve_a_reminder(self):
        self.prepare_a_draft()
        self.start_tour("/odoo/reminders-to-handle", "dunning_reminder_tour", login="clerk")
        self.assertEqual(self.reminders().state, "ready")

    def test_change_a_plan(self):
        self.start_tour("/odoo/action-relance_progressive.dunning_plan_action", "dunning_plan_tour", login="chief")
        self.assertEqual(self.plan.spacing_days, 7)
