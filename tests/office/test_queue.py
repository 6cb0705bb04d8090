from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, freeze_time, new_test_user, tagged

from ..common.base import MONDAY
from ..common.queue import QueueCommon
from ..common.security import SecurityCommon


@tagged("post_install", "-at_install")
class TestLeaveOut(QueueCommon):
    def line(self, reminder, invoice):
        return reminder.line_ids.filtered(lambda line: line.move_id == invoice)

    def test_an_invoice_is_left_out_of_this_reminder_only(self):
        """It stays out at the last check, keeps its level, and comes back with the next reminder."""
        reminder, (first, second) = self.waiting(1000, 500)
        self.line(reminder, first).action_leave_out()
        self.assertEqual((reminder.amount_total, reminder.line_ids.move_id), (500, second))
        with self.smtp() as smtp:
            self.assertEqual(self.send(), {"email": {"sent": 1}})
        (message,) = smtp.to(reminder.partner_id.email)
        self.assertNotIn(first.name, message.get_body(("html",)).get_content())
        self.assertFalse(self.item(first).dunning_level_id)
        self.assertEqual(self.item(second).dunning_level_id, self.level_1)
        self.run_on(self.day(1))
        again = self.reminders(reminder.partner_id) - reminder
        self.assertIn(first, again.line_ids.move_id)

    def test_the_last_invoice_cannot_be_left_out(self):
        reminder, (invoice,) = self.waiting(1000)
        with self.assertRaisesRegex(UserError, "Nothing would be left"), self.env.cr.savepoint():
            self.line(reminder, invoice).action_leave_out()

    def test_it_can_be_claimed_again(self):
        reminder, (first, second) = self.waiting(1000, 500)
        self.line(reminder, first).action_leave_out()
        reminder.action_restore_items()
        self.assertEqual((reminder.amount_total, reminder.line_ids.move_id), (1500, first | second))

    def test_without_its_oldest_invoice_a_reminder_falls_back(self):
        """The level of the message is that of what is left, and a level that asks for it is approved again."""
        customer = self.make_customer("Falls Back")
        self.level_1.approval = "manual"
        old = self.invoice(self.day(-14), 1000, customer)
        self.item(old).sudo().write({"dunning_level_id": self.level_1.id, "dunning_date": self.day(-10)})
        reminder, (_young,) = self.waiting(500, customer=customer)
        self.assertEqual((reminder.level_id, reminder.state), (self.level_2, "ready"))
        self.line(reminder, old).action_leave_out()
        self.assertEqual((reminder.level_id, reminder.state), (self.level_1, "draft"))
        self.assertEqual(reminder.draft_reason, "approval")

    def test_left_out_and_rewritten(self):
        """A text that a person wrote for 1,500 is read again when an invoice is left out."""
        reminder, (first, _second) = self.waiting(1000, 500)
        self.write_words(reminder, body="<p>You owe us 1,500.</p>")
        self.line(reminder, first).action_leave_out()
        self.assertEqual((reminder.state, reminder.draft_reason), ("draft", "own_text"))

    def test_what_has_left_stays_as_it_is(self):
        reminder, (first, _second) = self.waiting(1000, 500)
        with self.smtp():
            self.send()
        with self.assertRaisesRegex(UserError, "Not possible for"):
            self.line(reminder, first).action_leave_out()


@tagged("post_install", "-at_install")
class TestPostpone(QueueCommon):
    def test_nothing_leaves_before_the_day(self):
        """A Sunday is chosen: it leaves on the Monday after it, and claims what is open then."""
        reminder, (first, _second) = self.waiting(1000, 500)
        self.order("postpone", reminder, date=self.day(13))
        self.assertEqual((reminder.date, reminder.postponed), (self.day(14), True))
        self.pay(first, day=self.day(10))
        with self.smtp():
            for delay in (0, 1, 13):
                self.assertEqual(self.engine.deliver(date=self.day(delay), company=self.company), {})
            self.assertEqual(
                self.engine.deliver(date=self.day(14), company=self.company), {"email": {"sent": 1}}
            )  # fmt: skip
        self.assertEqual(reminder.amount_total, 500)
        self.assertEqual(self.item(first.line_ids.move_id).dunning_level_id, self.env["dunning.level"])

    def test_nor_without_a_day(self):
        """A script that names no day does not overrule the person."""
        reminder, _invoices = self.waiting(1000)
        reminder.sudo()._postpone(self.env.cr.now().date() + timedelta(days=3))
        with self.smtp():
            self.assertEqual(self.engine.deliver(company=self.company), {})

    def test_an_approval_keeps_the_day(self):
        self.level_1.approval = "manual"
        reminder, _invoices = self.waiting(1000)
        self.order("postpone", reminder, date=self.day(3))
        self.assertEqual(reminder.state, "draft")
        with freeze_time(MONDAY):
            reminder.action_approve()
        self.assertEqual((reminder.state, reminder.date), ("ready", self.day(3)))

    def test_not_to_a_day_that_is_over(self):
        reminder, _invoices = self.waiting(1000)
        for day in (MONDAY, self.day(-1)):
            with self.assertRaisesRegex(UserError, "later day"):
                self.order("postpone", reminder, date=day)


@tagged("post_install", "-at_install")
class TestPassLevel(QueueCommon):
    def test_a_level_is_passed_without_sending(self):
        """Nothing leaves, the history says who and why, and the next level follows its course."""
        reminder, (invoice,) = self.waiting(1000)
        self.order("skip", reminder, reason="spoken with the manager")
        self.assertEqual((reminder.state, reminder.skipped), ("cancelled", True))
        item = self.item(invoice)
        self.assertEqual((item.dunning_level_id, item.dunning_date), (self.level_1, MONDAY))
        self.assertFalse(reminder.delivery_ids)
        account = reminder.account_id
        self.assertFalse(account.last_contact_date)
        self.assertIn("spoken with the manager", account.message_ids[:1].body)
        self.assertIn(self.env.user.name, account.message_ids[:1].body)
        with self.smtp() as smtp:
            self.assertEqual(self.send(), {})
        self.assertFalse(smtp.messages)
        for delay in (1, 5):
            self.run_on(self.day(delay))
            self.assertEqual(self.reminders(reminder.partner_id), reminder)
        self.run_on(self.day(6))
        self.assertEqual((self.reminders(reminder.partner_id) - reminder).level_id, self.level_2)

    def test_a_reason_is_needed(self):
        reminder, _invoices = self.waiting(1000)
        with self.assertRaisesRegex(UserError, "Say why"):
            self.order("skip", reminder, reason=" ")

    def test_many_at_once(self):
        reminders = self.env["dunning.reminder"].concat(*(self.waiting(amount)[0] for amount in (10, 20, 30)))
        self.order("skip", reminders, reason="closing of the year")
        self.assertEqual(set(reminders.mapped("state")), {"cancelled"})
        self.assertEqual(len(reminders.account_id.message_ids.filtered(lambda m: "closing" in (m.body or ""))), 3)


@tagged("post_install", "-at_install")
class TestSendNow(QueueCommon):
    def test_only_what_was_chosen(self):
        """A draft and a ready one leave at once; what was not chosen waits for its hour."""
        self.level_1.approval = "manual"
        draft, _invoices = self.waiting(1000)
        self.level_1.approval = "automatic"
        chosen, _invoices = self.waiting(2000)
        other, _invoices = self.waiting(3000)
        with self.smtp() as smtp, freeze_time(f"{MONDAY} 22:30:00"):
            action = (draft | chosen).action_send_now()
        self.assertEqual(action["params"]["message"], "2 sent")
        self.assertEqual((draft | chosen).mapped("state"), ["sent", "sent"])
        self.assertEqual((other.state, len(smtp.messages)), ("ready", 2))

    def test_what_was_postponed_leaves_after_all(self):
        reminder, _invoices = self.waiting(1000)
        self.order("postpone", reminder, date=self.day(10))
        with self.smtp(), freeze_time(MONDAY):
            reminder.action_send_now()
        self.assertEqual((reminder.state, reminder.date), ("sent", MONDAY))

    def test_never_what_was_paid(self):
        reminder, (invoice,) = self.waiting(1000)
        self.pay(invoice)
        with self.smtp() as smtp, freeze_time(MONDAY):
            reminder.action_send_now()
        self.assertEqual((reminder.state, smtp.messages), ("cancelled", []))


@tagged("post_install", "-at_install")
class TestQueueRights(SecurityCommon):
    def test_nobody_decides_for_another_company(self):
        """Every act on a reminder of a company that is not one's own is refused, by any door."""
        theirs = self.as_(self.user, self.theirs["dunning.reminder"])
        line = self.as_(self.user, self.theirs["dunning.reminder.line"])
        order = self.as_(self.user, self.env["dunning.reminder.order"])
        doors = {
            "send": theirs.action_send_now,
            "postpone": theirs.action_postpone,
            "pass": theirs.action_pass_level,
            "write": theirs.action_edit_text,
            "restore": theirs.action_restore_items,
            "leave out": line.action_leave_out,
            "order": lambda: order.create({
                "act": "skip", "reason": "mine now", "reminder_ids": [Command.set(theirs.ids)],
            }).action_apply(),
            "words": lambda: self.as_(self.user, self.env["dunning.reminder.words"]).create({
                "reminder_id": theirs.id, "subject": "Mine", "body": "<p>Mine</p>",
            }).action_save(),
        }  # fmt: skip
        for name, door in doors.items():
            with self.subTest(door=name), self.assertRaises(AccessError), self.env.cr.savepoint():
                door()
        self.assertEqual(self.theirs["dunning.reminder"].state, "draft")

    def test_a_message_shown_is_nobody_else_s_and_nobody_writes_it(self):
        """The preview holds HTML as it will leave: who could write it could show anything to a colleague."""
        mine = self.as_(self.user, self.mine["dunning.reminder"])
        preview = self.env["dunning.reminder.preview"].with_user(self.user).browse(
            mine.action_preview_message()["res_id"]
        )
        self.assertTrue(preview.body)
        for act in (
            lambda: preview.write({"body": "<script>alert(1)</script>"}),
            lambda: preview.create({"reminder_id": mine.id, "body": "<script>alert(1)</script>"}),
            lambda: preview.with_user(self.manager).read(["body"]),
            self.as_(self.user, self.theirs["dunning.reminder"]).action_preview_message,
        ):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                act()

    def test_an_auditor_only_reads(self):
        mine = self.as_(self.auditor, self.mine["dunning.reminder"])
        for act in (mine.action_send_now, mine.action_postpone, mine.action_pass_level, mine.action_edit_text):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                act()


@tagged("post_install", "-at_install")
class TestQueueTour(QueueCommon, HttpCase):
    browser_size = "1000x768"  # the bar has no room for the state, as with wide letters

    def test_work_through_the_queue(self):
        """Read, write again, leave an invoice out, postpone, pass: all by hand, in a browser."""
        self.level_1.approval = "manual"
        clerk = new_test_user(
            self.env, "clerk", "account.group_account_invoice", company_id=self.company.id,
            company_ids=self.company.ids, lang="en_US",
        )  # fmt: skip
        for name, amounts in (("Garage Morin", (1000, 500)), ("Hotel Bellevue", (700,))):
            customer = self.make_customer(name)
            self.account(customer).user_id = clerk
            self.waiting(*amounts, customer=customer)
        self.start_tour("/odoo/reminders-queue", "dunning_queue_tour", login="clerk")
        morin, bellevue = self.env["dunning.reminder"].search([("user_id", "=", clerk.id)], order="amount_total")
        self.assertEqual((morin.amount_total, morin.state), (500, "ready"))
        self.assertIn("As we said", morin.own_text)
        self.assertEqual((bellevue.state, bellevue.skipped), ("cancelled", True))
