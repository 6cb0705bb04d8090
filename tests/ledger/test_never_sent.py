"""An invoice that was never sent waits for a person, where invoices leave by Odoo."""

from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..common.base import MONDAY
from ..common.sending import SendingCommon


@tagged("post_install", "-at_install")
class TestNeverSent(SendingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls.env["res.users"].create({
            "name": "Claire", "login": "claire", "company_id": cls.company.id, "company_ids": cls.company.ids,
        })  # fmt: skip
        cls.company.write({"dunning_sending": "sent", "dunning_user_id": cls.person.id})

    def tasks(self):
        kind = self.env.ref("relance_progressive.mail_activity_unsent")
        return self.env["mail.activity"].search([("activity_type_id", "=", kind.id)])

    def test_it_is_held_until_somebody_sends_it(self):
        invoice = self.invoice(MONDAY - timedelta(days=4))
        self.run_on(MONDAY)
        self.assertFalse(self.reminders())
        self.assertIn("hold_unsent", self.account().reason_codes)
        self.assertIn("Never sent to the customer", self.account().reason_text)
        with freeze_time(self.day(1)):
            invoice.is_move_sent = True
        self.run_on(self.day(1))
        self.assertNotIn("hold_unsent", self.account().reason_codes)
        self.assertEqual(self.known(self.day(1)), [self.day(1)], "the days count from the day it was sent")

    def test_sent_before_it_was_due_nothing_moves(self):
        with freeze_time(MONDAY - timedelta(days=30)):
            invoice = self.invoice(MONDAY - timedelta(days=4))
            invoice.is_move_sent = True
        self.assertEqual(self.known(), [None])
        self.run_on(MONDAY)
        self.assertEqual(self.reminders().level_id, self.level_1)

    def test_the_other_invoices_are_reminded(self):
        self.invoice(MONDAY - timedelta(days=4))
        sent = self.invoice(MONDAY - timedelta(days=4), 200)
        sent.is_move_sent = True
        sent.line_ids.sudo().dunning_known_on = False
        self.run_on(MONDAY)
        self.assertEqual(self.reminders().line_ids.move_id, sent)

    def test_a_person_says_that_the_customer_has_it(self):
        invoice = self.invoice(MONDAY - timedelta(days=4))
        with freeze_time(MONDAY):
            invoice.action_dunning_has_it()
        self.assertFalse(invoice.is_move_sent, "Odoo's own mark stays true")
        self.assertIn("has this invoice", invoice.message_ids[0].body)
        self.run_on(MONDAY)
        self.assertNotIn("hold_unsent", self.account().reason_codes)
        self.assertEqual(self.known(), [MONDAY])
        with self.assertRaises(UserError):
            invoice.action_dunning_has_it()

    def test_one_task_for_the_person_in_charge(self):
        first = self.invoice(MONDAY - timedelta(days=9))
        others = [self.invoice(MONDAY - timedelta(days=n), 100, self.make_customer(f"Other {n}")) for n in range(3)]
        far = self.invoice(MONDAY + timedelta(days=60), 100, self.make_customer("Far"))
        self.run_on(MONDAY)
        task = self.tasks()
        self.assertEqual((len(task), task.user_id, task.res_id), (1, self.person, self.account().id))
        self.assertIn("4 (", task.summary)
        self.assertFalse(far.is_move_sent)
        others[0].is_move_sent = True
        self.run_on(self.day(1))
        self.assertEqual(self.tasks(), task)
        self.assertIn("3 (", task.summary)
        for invoice in (first, *others):
            invoice.is_move_sent = True
        self.run_on(self.day(2))
        self.assertFalse(self.tasks())

    def test_the_lists_say_so(self):
        invoice = self.invoice(MONDAY - timedelta(days=4))
        self.run_on(MONDAY)
        accounts = self.env["dunning.account"]
        self.assertTrue([alert for alert in accounts.get_alerts() if "never sent: 1." in alert])
        domain = self.account().action_open_unsent()["domain"]
        self.assertEqual(self.env["account.move"].search(domain), invoice)
        invoice.is_move_sent = True
        self.assertFalse([alert for alert in accounts.get_alerts() if "never sent" in alert])
        self.assertFalse(self.env["account.move"].search(domain))

    def test_nobody_has_said_how_invoices_leave(self):
        """They are reminded as ever, and a manager is asked."""
        self.company.dunning_sending = False
        self.invoice(MONDAY - timedelta(days=4))
        self.env.user.group_ids += self.env.ref("relance_progressive.dunning_group_manager")
        self.run_on(MONDAY)
        self.assertTrue(self.reminders())
        alerts = self.env["dunning.account"].get_alerts()
        self.assertTrue([alert for alert in alerts if "say in the settings how your invoices leave" in alert])
        self.assertEqual(self.account().unsent_text, "Open invoices that Odoo has not sent: 1")
        self.company.dunning_sending = "posted"
        self.account().invalidate_recordset(["unsent_text"])
        self.assertFalse(self.account().unsent_text)
        self.assertFalse([alert for alert in self.env["dunning.account"].get_alerts() if "has not sent" in alert])

    def test_where_invoices_leave_outside_odoo_nothing_is_held(self):
        self.invoice(MONDAY - timedelta(days=4))
        self.assertTrue(self.holds())
        for choice in ("posted", False):
            self.company.dunning_sending = choice
            self.assertEqual(self.holds(), [])
        self.run_on(MONDAY)
        self.assertEqual(self.reminders().level_id, self.level_1)
        self.assertFalse(self.tasks())

    def test_entries_and_what_was_reminded_already_are_not_held(self):
        invoice = self.invoice(MONDAY - timedelta(days=4))
        self.taken_over(("FA2025-001", 100, MONDAY - timedelta(days=4)), partner_id=self.customer.id)
        (hold,) = self.holds()
        self.assertEqual((hold.reason, hold.item), ("unsent", self.item(invoice).id), "not the entry")
        self.item(invoice).sudo().dunning_level_id = self.level_1
        self.assertEqual(self.holds(), [])

    def holds(self):
        return self.env["dunning.account"]._holds(self.company, self.customer.ids, MONDAY).get(self.customer.id, [])

    def test_the_night_sees_the_change_of_the_setting(self):
        """Nothing else has changed, and the account has no day on which it is to be looked at."""
        self.invoice(MONDAY - timedelta(days=4))
        self.run_on(MONDAY)
        self.assertFalse(self.fingerprint(self.day(1)))
        self.company.dunning_sending = "posted"
        self.assertTrue(self.fingerprint(self.day(1)))
        self.run_on(self.day(1))
        self.assertEqual(self.reminders().level_id, self.level_1)

    def test_a_reminder_that_waits_is_dropped_when_the_hold_comes(self):
        self.company.dunning_sending = "posted"
        self.invoice(MONDAY - timedelta(days=4))
        self.run_on(MONDAY)
        reminder = self.reminders()
        self.company.dunning_sending = "sent"
        self.engine.deliver(date=MONDAY, company=self.company)
        self.assertEqual(reminder.state, "cancelled")
        self.assertIn("Never sent", reminder.reason)

    def test_branches_have_the_choice_of_their_main_company(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        self.assertEqual(branch.dunning_sending, "sent")

    def test_habits(self):
        """Nobody has said how the invoices leave: most of the last ones tell."""
        self.company.dunning_sending = False
        moves = self.env["account.move"]
        for number in range(12):
            moves |= self.invoice(MONDAY + timedelta(days=20 - number), 10)
        self.company._dunning_follow_sending(MONDAY)
        self.assertFalse(self.company.dunning_sending, "none was sent")
        moves[:8].is_move_sent = True
        self.assertEqual(self.company._dunning_habits(MONDAY), (12, 8))
        self.company._dunning_follow_sending(MONDAY)
        self.assertEqual(self.company.dunning_sending, "sent")
        self.company.dunning_sending = "posted"
        self.company._dunning_follow_sending(MONDAY)
        self.assertEqual(self.company.dunning_sending, "posted", "what somebody has said stays")

    def test_a_preview_says_what_the_night_that_sees_the_habit_does(self):
        self.company.dunning_sending = False
        for number in range(12):
            self.invoice(MONDAY + timedelta(days=20 - number), 10).is_move_sent = True
        self.invoice(MONDAY - timedelta(days=4))
        (told,) = self.engine.preview(MONDAY, self.customer, self.company)
        self.run_on(MONDAY)
        self.assertFalse(self.reminders())
        self.assertFalse(told["send"])
        self.assertEqual([reason["code"] for reason in told["reasons"]], self.account().reason_codes.split(","))

    def test_a_few_invoices_are_no_habit(self):
        self.company.dunning_sending = False
        self.invoice(MONDAY + timedelta(days=10)).is_move_sent = True
        self.company._dunning_follow_sending(MONDAY)
        self.assertFalse(self.company.dunning_sending)

    def test_the_settings_show_the_habits(self):
        day = self.company._dunning_today() + timedelta(days=10)
        self.invoice(day).is_move_sent = True
        with Form(self.env["res.config.settings"]) as settings:
            self.assertIn("Odoo has sent 1", settings.dunning_habits_text)
            settings.dunning_sending = "posted"
        settings.record.execute()
        self.assertEqual(self.company.dunning_sending, "posted")
