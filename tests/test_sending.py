"""What the customer has: an invoice dated back, one that was never sent, the PDF that a message attaches."""

from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import MONDAY, DunningCommon
from .test_deliver import DeliverCommon


class SendingCommon(DunningCommon):
    def facts(self, day=MONDAY):
        facts = self.env["dunning.account"]._read_facts(self.company, self.customer.ids, day)
        return facts[self.customer.id][1]

    def known(self, day=MONDAY):
        return [item.known for item in sorted(self.facts(day).items, key=lambda item: item.due)]

    def posted(self, on, due, **values):
        """Return an invoice that somebody posts on a day."""
        with freeze_time(on):
            return self.invoice(due, **{"invoice_date": due - timedelta(days=30), **values})

    def fingerprint(self, day=MONDAY):
        rows = self.env["dunning.account"]._changed(self.company, day)
        return next((row[2] for row in rows if row[1] == self.customer.id), None)


@tagged("post_install", "-at_install")
class TestDatedBack(SendingCommon):
    def test_an_invoice_posted_after_its_due_date_was_known_on_that_day(self):
        invoice = self.posted(MONDAY, MONDAY - timedelta(days=20))
        self.assertEqual(invoice.dunning_known_on, MONDAY)
        self.assertEqual(self.known(), [MONDAY])

    def test_the_delays_count_from_that_day(self):
        self.posted(MONDAY, MONDAY - timedelta(days=20))
        for day in range(3):
            self.run_on(self.day(day))
            self.assertFalse(self.reminders())
        self.assertEqual(self.account().next_date, self.day(3))
        self.run_on(self.day(3))
        self.assertEqual(self.reminders().level_id, self.level_1)

    def test_an_invoice_posted_before_its_due_date_keeps_it(self):
        invoice = self.posted(MONDAY, MONDAY + timedelta(days=30))
        self.assertEqual(invoice.dunning_known_on, MONDAY)
        self.assertEqual(self.known(), [None])
        self.assertFalse(self.item(invoice).dunning_known_on)

    def test_each_instalment_by_its_own_due_date(self):
        term = self.env["account.payment.term"].create({"name": "Twice", "line_ids": [
            Command.create({"value": "percent", "value_amount": 50, "nb_days": 0}),
            Command.create({"value": "percent", "value_amount": 50, "nb_days": 60}),
        ]})  # fmt: skip
        start = MONDAY - timedelta(days=10)
        self.posted(MONDAY, start, invoice_date=start, invoice_payment_term_id=term.id)
        self.assertEqual(self.known(), [MONDAY, None])

    def test_in_the_night_of_the_company(self):
        """An hour after midnight in Paris it is still the day before in UTC."""
        self.company.partner_id.tz = "Europe/Paris"
        with freeze_time("2026-03-01 23:30:00"):
            invoice = self.invoice(MONDAY - timedelta(days=20), invoice_date=MONDAY - timedelta(days=50))
        self.assertEqual(invoice.dunning_known_on, MONDAY)

    def test_a_replay_of_a_day_before_the_posting_is_decided_as_ever(self):
        """Whoever replays the past with a ledger typed in today sees the delays count from the due date."""
        self.posted(MONDAY + timedelta(days=100), MONDAY - timedelta(days=4))
        self.assertEqual(self.known(), [None])

    def test_posted_again_after_a_correction_it_keeps_its_first_day(self):
        invoice = self.posted(MONDAY, MONDAY - timedelta(days=20))
        with freeze_time(MONDAY + timedelta(days=8)):
            invoice.button_draft()
            invoice.action_post()
        self.assertEqual(self.known(MONDAY + timedelta(days=9)), [MONDAY])

    def test_a_copy_is_another_invoice(self):
        self.assertFalse(self.posted(MONDAY, MONDAY - timedelta(days=20)).copy().dunning_known_on)

    def test_entries_are_no_documents(self):
        """An opening balance is posted on the day of the take-over: its customers have had their invoices."""
        receivable = self.company_data["default_account_receivable"]
        entry = self.env["account.move"].create({
            "move_type": "entry", "date": MONDAY - timedelta(days=90), "line_ids": [
                Command.create({"account_id": receivable.id, "partner_id": self.customer.id, "debit": 500,
                                "no_followup": False,
                                "date_maturity": MONDAY - timedelta(days=60)}),
                Command.create({"account_id": self.company_data["default_account_revenue"].id, "credit": 500}),
            ],
        })  # fmt: skip
        with freeze_time(MONDAY):
            entry.action_post()
        self.assertEqual(self.known(), [None])

    def test_a_due_date_brought_forward_before_the_posting(self):
        invoice = self.posted(MONDAY, MONDAY + timedelta(days=30))
        self.item(invoice).date_maturity = MONDAY - timedelta(days=10)
        self.assertEqual(self.known(), [MONDAY])
        self.item(invoice).date_maturity = MONDAY + timedelta(days=10)
        self.assertEqual(self.known(), [None])

    def test_the_night_looks_again_when_the_day_changes(self):
        invoice = self.posted(MONDAY, MONDAY - timedelta(days=20))
        before = self.fingerprint()
        self.item(invoice).dunning_known_on = MONDAY - timedelta(days=1)
        self.assertNotEqual(self.fingerprint(), before)

    def test_the_take_over_counts_from_the_due_date(self):
        """A ledger brought from another program is posted in a day: whoever applies a take-over says so."""
        invoice = self.posted(MONDAY, MONDAY - timedelta(days=45))
        takeover = self.env["dunning.takeover"].create({"date": MONDAY, "firmest": "firm"})
        takeover.action_apply()
        self.assertEqual(self.known(), [None])
        self.assertTrue(self.item(invoice).dunning_level_id)
        self.assertTrue(invoice.dunning_has_it)


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
        sent.line_ids.dunning_known_on = False
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
        for choice in ("posted", False):
            self.company.dunning_sending = choice
            self.assertFalse(self.env["dunning.account"]._holds(self.company, self.customer.ids, MONDAY))
        self.run_on(MONDAY)
        self.assertEqual(self.reminders().level_id, self.level_1)
        self.assertFalse(self.tasks())

    def test_entries_and_what_was_reminded_already_are_not_held(self):
        invoice = self.invoice(MONDAY - timedelta(days=4))
        self.item(invoice).dunning_level_id = self.level_1
        self.assertFalse(self.env["dunning.account"]._holds(self.company, self.customer.ids, MONDAY))

    def test_the_night_sees_the_change_of_the_setting(self):
        self.invoice(MONDAY - timedelta(days=4))
        self.run_on(MONDAY)
        self.company.dunning_sending = "posted"
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

    def test_a_few_invoices_are_no_habit(self):
        self.company.dunning_sending = False
        self.invoice(MONDAY + timedelta(days=10)).is_move_sent = True
        self.company._dunning_follow_sending(MONDAY)
        self.assertFalse(self.company.dunning_sending)

    def test_the_settings_show_the_habits(self):
        day = fields.Date.today() + timedelta(days=10)
        self.invoice(day).is_move_sent = True
        with Form(self.env["res.config.settings"]) as settings:
            self.assertIn("Odoo has sent 1", settings.dunning_habits_text)
            settings.dunning_sending = "posted"
        settings.record.execute()
        self.assertEqual(self.company.dunning_sending, "posted")


@tagged("post_install", "-at_install")
class TestAttachedInvoices(DeliverCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level_1.attach_invoices = True

    def deliver(self):
        self.prepare()
        with self.smtp() as smtp:
            self.send()
        return [message for _to, message in smtp.messages]

    def files(self, message):
        return [part.get_filename() for part in message.iter_attachments()]

    def test_the_missing_pdf_is_made(self):
        invoice = self.invoice(MONDAY - timedelta(days=4))
        self.assertFalse(invoice.invoice_pdf_report_id)
        (message,) = self.deliver()
        self.assertEqual(self.files(message), [f"{invoice.name.replace('/', '_')}.pdf"])
        self.assertTrue(invoice.invoice_pdf_report_id)
        self.assertTrue(invoice.is_move_sent, "Odoo knows that the customer has it")
        self.assertFalse(self.reminders().delivery_ids.reason)

    def test_making_it_does_not_touch_the_items(self):
        """Another connection looks whether the items are just changing, and would hold the message back."""
        invoice = self.invoice(MONDAY - timedelta(days=4))
        self.item(invoice).dunning_level_id = self.level_1

        def where():
            self.env.flush_all()
            self.env.cr.execute("SELECT id, ctid::text FROM account_move_line WHERE move_id = %s", [invoice.id])
            return sorted(self.env.cr.fetchall())

        for sending in ("posted", "sent"):
            self.company.dunning_sending = sending
            self.env.cr.execute(  # written in an earlier transaction, as in life
                "UPDATE account_move_line SET write_date = '2026-01-01' WHERE move_id = %s", [invoice.id]
            )
            before = where()
            self.env.invalidate_all()
            self.assertFalse(invoice._dunning_make_pdfs())
            self.assertTrue(invoice.invoice_pdf_report_id)
            self.assertEqual(where(), before)
            invoice.invoice_pdf_report_id.unlink()
            invoice.is_move_sent = False

    def test_what_cannot_be_made_fails_with_its_reason_and_alone(self):
        broken = self.invoice(MONDAY - timedelta(days=4))
        other = self.make_customer("Other")
        self.invoice(MONDAY - timedelta(days=4), 200, other)
        report = type(self.env["ir.actions.report"])
        original = report._pre_render_qweb_pdf

        def fails_for_one(self, report_ref, res_ids=None, data=None):
            if res_ids and broken.id in res_ids:
                raise ValueError("The report has no layout.")
            return original(self, report_ref, res_ids=res_ids, data=data)

        with patch.object(report, "_pre_render_qweb_pdf", fails_for_one):
            (message,) = self.deliver()
        self.assertEqual(len(self.files(message)), 1)
        reminder = self.reminders()
        self.assertEqual(reminder.state, "failed")
        self.assertIn(broken.name, reminder.reason)
        self.assertIn("The report has no layout.", reminder.reason)
        self.assertEqual(self.reminders(other).state, "sent")

    def test_an_entry_has_no_document_and_the_delivery_says_so(self):
        receivable = self.company_data["default_account_receivable"]
        self.env["account.move"].create({
            "move_type": "entry", "date": MONDAY - timedelta(days=30), "line_ids": [
                Command.create({"account_id": receivable.id, "partner_id": self.customer.id, "debit": 500,
                                "no_followup": False,
                                "date_maturity": MONDAY - timedelta(days=4), "name": "INV-77"}),
                Command.create({"account_id": self.company_data["default_account_revenue"].id, "credit": 500}),
            ],
        }).action_post()  # fmt: skip
        (message,) = self.deliver()
        self.assertEqual(self.files(message), [])
        self.assertIn("No document to attach", self.reminders().delivery_ids.reason)

    def test_looking_at_a_reminder_makes_no_document(self):
        invoice = self.invoice(MONDAY - timedelta(days=4))
        self.run_on(MONDAY)
        self.reminders().action_preview_message()
        self.assertFalse(invoice.invoice_pdf_report_id)
