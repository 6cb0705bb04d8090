"""The invoices that a message attaches: a missing PDF is made."""

from datetime import timedelta
from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from ..common.base import MONDAY
from ..common.deliver import DeliverCommon


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

    def test_what_a_reminder_attaches_is_no_habit_of_sending(self):
        """Invoices leave on paper: that reminders attach them does not hold back those that Odoo has not sent."""
        self.company.dunning_sending = False
        for number in range(12):
            self.invoice(MONDAY - timedelta(days=4), 10 + number)
        self.deliver()
        sent = self.reminders().line_ids.move_line_id.move_id
        self.assertEqual((len(sent), all(sent.mapped("is_move_sent"))), (12, True))
        self.assertEqual(self.company._dunning_habits(MONDAY), (12, 0))
        self.invoice(MONDAY - timedelta(days=3), 500)
        self.run_on(self.day(1))
        self.assertFalse(self.company.dunning_sending)
        self.assertNotIn("hold_unsent", self.account().reason_codes)

    def test_making_it_does_not_touch_the_items(self):
        """Another connection looks whether the items are just changing, and would hold the message back."""
        invoice = self.invoice(MONDAY - timedelta(days=4))
        self.item(invoice).sudo().dunning_level_id = self.level_1

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
