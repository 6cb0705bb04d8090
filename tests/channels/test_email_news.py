from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..common.base import MONDAY
from ..common.email import EmailCommon
from ..common.email_news import ANSWER, BOUNCE


@tagged("post_install", "-at_install")
class TestNews(EmailCommon):
    def setUp(self):
        super().setUp()
        self.customer = self.reminder_for()
        self.deliver_to(self.customer)
        self.reminder = self.reminders(self.customer)
        self.item = self.reminder.line_ids.move_line_id

    def item_of(self, customer):
        """Return the open item of a customer."""
        return self.account(customer).move_line_ids

    def receive(self, source):
        delivery = self.reminder.delivery_ids
        text = source.format(address=delivery.address, reference=delivery.reference, number=delivery.id)
        return self.env["mail.thread"].sudo().message_process(False, text)

    def test_bounce(self):
        """A bounce undoes the level, fails the reminder and stops the next message to this address."""
        self.assertEqual(self.item.dunning_level_id, self.level_1)
        self.receive(BOUNCE)
        self.assertEqual((self.reminder.state, self.reminder.delivery_ids.state), ("failed", "bounced"))
        self.assertIn("compta@petit.example", self.reminder.reason)
        self.assertFalse(self.item.dunning_level_id)
        self.assertFalse(self.account(self.customer).last_contact_date)
        self.assertEqual(self.reminder.message_id.notification_ids.notification_status, "bounce")
        self.assertEqual(self.account(self.customer).reason_codes.split(",")[0], "failed")
        self.customer.email = "new@petit.example"
        self.assertEqual(self.reminder.state, "ready")
        with self.smtp() as smtp:
            self.send()
        self.assertEqual((self.reminder.state, len(smtp.to("new@petit.example"))), ("sent", 1))
        self.assertEqual(self.item.dunning_level_id, self.level_1)

    def test_bounced_address_is_left_alone(self):
        """The next reminder does not go to an address that bounced, until a person insists."""
        self.receive(BOUNCE)
        self.reminder.action_cancel()
        later = MONDAY + timedelta(days=1)
        self.run_on(later)
        following = self.reminders(self.customer) - self.reminder
        with self.smtp() as smtp:
            self.engine.deliver(date=later, company=self.company)
            self.assertEqual((following.state, following.delivery_ids.failure), ("failed", "missing"))
            self.assertIn("came back on", following.reason)
            following.action_retry()
            self.engine.deliver(date=later, company=self.company)
        self.assertEqual((following.state, len(smtp.messages)), ("sent", 1))

    def test_bounce_after_the_next_level(self):
        """A bounce that comes late leaves the next reminder alone; its own is closed."""
        self.run_on(MONDAY + timedelta(days=14))
        following = self.reminders(self.customer) - self.reminder
        self.assertEqual(following.state, "ready")
        self.receive(BOUNCE)
        self.assertEqual((self.reminder.state, following.state), ("cancelled", "ready"))

    def test_bounce_keeps_what_a_later_reminder_did(self):
        later = MONDAY + timedelta(days=14)
        self.run_on(later)
        with self.smtp():
            self.engine.deliver(date=later, company=self.company)
        self.receive(BOUNCE)
        self.assertEqual((self.item.dunning_level_id, self.item.dunning_date), (self.level_2, later))

    def test_bounce_falls_back_to_a_take_over(self):
        """A level that was given without any message stands when the first message comes back."""
        customer = self.reminder_for("late@petit.example")
        item = self.item_of(customer)
        item.sudo().write({"dunning_level_id": self.level_1.id, "dunning_date": MONDAY - timedelta(days=30)})
        item.date_maturity = MONDAY - timedelta(days=12)
        self.deliver_to(customer)
        self.reminder = self.reminders(customer)
        self.assertEqual(item.dunning_level_id, self.level_2)
        self.receive(BOUNCE)
        self.assertEqual(
            (item.dunning_level_id, item.dunning_date), (self.level_1, MONDAY - timedelta(days=30))
        )

    def test_bounces_in_any_order_leave_nothing(self):
        """The first of two messages comes back, then the second: the item has no level left."""
        later = MONDAY + timedelta(days=14)
        self.run_on(later)
        with self.smtp():
            self.engine.deliver(date=later, company=self.company)
        self.receive(BOUNCE)
        self.reminder = self.reminders(self.customer)[-1]
        self.receive(BOUNCE)
        self.assertFalse(self.item.dunning_level_id or self.item.dunning_date)

    def test_bounce_of_one_of_two_addresses(self):
        """One of two addresses does not work: the message arrived all the same, and someone is told."""
        customer = self.reminder_for("gone@petit.example, here@petit.example")
        self.deliver_to(customer)
        self.reminder = self.reminders(customer)
        delivery, item = self.reminder.delivery_ids, self.reminder.line_ids.move_line_id
        text = BOUNCE.format(address="gone@petit.example", reference=delivery.reference, number=1)
        self.env["mail.thread"].sudo().message_process(False, text)
        self.assertEqual((self.reminder.state, delivery.state), ("sent", "sent"))
        self.assertEqual((delivery.address, item.dunning_level_id), ("here@petit.example", self.level_1))
        self.assertIn("gone@petit.example", delivery.reason)
        self.assertEqual(self.reminder.activity_ids.user_id, self.person)
        text = BOUNCE.format(address="here@petit.example", reference=delivery.reference, number=2)
        self.env["mail.thread"].sudo().message_process(False, text)
        self.assertEqual((self.reminder.state, delivery.state), ("failed", "bounced"))
        self.assertFalse(item.dunning_level_id)

    def test_answer(self):
        """The customer answers: the delivery says so, the person in charge gets something to do."""
        self.receive(ANSWER)
        self.assertEqual((self.reminder.state, self.reminder.delivery_ids.state), ("sent", "answered"))
        self.assertEqual(self.reminder.activity_ids.user_id, self.person)
        self.assertIn("We pay on Friday.", self.reminder.message_ids[:1].body)

    def test_answer_settles_a_doubt(self):
        """An answer proves that an uncertain message arrived."""
        customer = self.reminder_for("lost@petit.example")
        self.deliver_to(customer)
        self.reminder = self.reminders(customer)
        self.assertEqual(self.reminder.state, "uncertain")
        self.receive(ANSWER)
        self.assertEqual((self.reminder.state, self.reminder.delivery_ids.state), ("sent", "answered"))
        self.assertEqual(self.reminder.line_ids.move_line_id.dunning_level_id, self.level_1)
        self.assertLessEqual(self.reminder.delivery_ids.sent_at, fields.Datetime.now())
