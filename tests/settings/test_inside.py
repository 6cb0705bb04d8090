from odoo.exceptions import ValidationError
from odoo.tests import freeze_time, new_test_user, tagged

from ..common.base import MONDAY
from ..common.queue import QueueCommon


@tagged("post_install", "-at_install")
class TestInside(QueueCommon):
    """What our code says to itself in the context is not taken from whoever sends the same words with a request."""

    def test_a_message_leaves_as_it_is_made_whatever_the_request_says(self):
        """A clerk who sends it now can neither take the customer's page out of it, nor its day, nor its figures."""
        clerk = new_test_user(
            self.env, "clerk", "account.group_account_invoice,relance_progressive.dunning_group_user",
            company_id=self.env.company.id, company_ids=self.env.company.ids,
        )  # fmt: skip
        reminder, _invoices = self.waiting(1000)
        request = reminder.with_user(clerk).with_context(
            dunning_without_link=True, dunning_registered=True, dunning_letter_day="2020-01-01"
        )
        with freeze_time(f"{MONDAY} 09:00:00"), self.smtp() as smtp:
            request.action_send_now()
        (message,) = smtp.to(reminder.partner_id.email)
        self.assertIn("/reminders/", message.get_body(("html",)).get_content())
        self.assertEqual((reminder.state, reminder.date), ("sent", MONDAY))

    def test_an_invoice_never_sent_is_not_prepared_for_who_says_that_it_was(self):
        self.env.company.dunning_sending = "sent"
        customer = self.make_customer("Petit")
        self.invoice(self.day(-4), 1000, customer)
        account = self.account(customer)
        with freeze_time(f"{MONDAY} 09:00:00"):
            account.with_context(dunning_sending="posted").action_prepare()
        self.assertFalse(self.reminders(customer))

    def test_levels_are_compared_whatever_the_request_says(self):
        """As they are whenever one of them is changed by itself."""
        late = self.plan.level_ids.sorted()[-1]
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            late.with_context(dunning_inside=["SAVING_PLAN", "Mark.SAVING_PLAN", True]).delay_days = -400
