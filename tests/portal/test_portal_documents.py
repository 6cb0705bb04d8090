import io
import zipfile
from datetime import timedelta

from odoo import Command
from odoo.tests import tagged

from odoo.addons.relance_progressive.relance_progressive.portal.page import sheet as portal_sheet
from odoo.addons.relance_progressive.relance_progressive.settings.proofs import unguarded

from ..common.portal import PortalCommon


@tagged("post_install", "-at_install")
class TestPortalDocuments(PortalCommon):
    def test_statement_files(self):
        pdf, sheet = self.get(self.link(suffix="/statement.pdf")), self.get(self.link(suffix="/statement.xlsx"))
        self.assertTrue(pdf.content.startswith(b"%PDF"))
        with zipfile.ZipFile(io.BytesIO(sheet.content)) as book:
            self.assertIn(self.late.name, book.read("xl/sharedStrings.xml").decode())
            self.assertNotIn(self.foreign.name, book.read("xl/sharedStrings.xml").decode())

    def test_a_long_statement_on_paper(self):
        """The oldest items, how many more there are, and the totals of all."""
        self.patch(portal_sheet, "ROWS_ON_PAPER", 1)
        seen = []
        letter = self.registry["dunning.letter"]
        self.patch(letter, "_print_document", lambda _own, _company, html: seen.append(html) or b"%PDF")
        self.env["dunning.portal"].sudo()._statement_pdf(self.own.sudo())
        self.assertIn(self.late.name, seen[0])
        self.assertNotIn(self.coming.name, seen[0])
        self.assertIn("1 more", seen[0].replace("<t>", "").replace("</t>", ""))
        self.assertIn("1,300.00", seen[0])

    def test_invoices(self):
        """Open ones, and paid ones that a reminder named; no other document of anybody."""
        def status(move):
            return self.get(self.link(suffix=f"/invoice/{move.id}.pdf")).status_code

        old = self.invoice(self.today - timedelta(days=100), 20.0)
        self.pay(old | self.late, day=self.today)
        self.assertEqual(status(self.late), 200)
        self.assertEqual(status(self.coming), 200)
        self.assertEqual(status(old), 404)
        draft = self.invoice(self.today, 20.0, post=False)
        bill = self.invoice(self.today, 20.0, move_type="in_invoice")
        for move in (draft, bill, self.foreign):
            self.assertEqual(status(move), 404)

    def test_invoice_as_it_was_sent(self):
        self.env["ir.attachment"].create({
            "name": "INV.pdf", "raw": b"%PDF-sent", "res_model": "account.move", "res_id": self.late.id,
            "res_field": "invoice_pdf_report_file", "mimetype": "application/pdf",
        })
        self.late.invalidate_recordset()
        self.assertEqual(self.get(self.link(suffix=f"/invoice/{self.late.id}.pdf")).content, b"%PDF-sent")


@tagged("post_install", "-at_install")
class TestPortalReminders(PortalCommon):
    def test_as_it_was_sent(self):
        words = self.words(self.link())
        self.assertIn(f"About {self.late.name}", words)
        self.assertIn("E-mail", words)
        text = self.page(self.link(suffix=f"/reminder/{self.reminder.id}"))
        self.assertIn("<b>soon</b>", text)
        self.assertIn("compta@petit.example", text)
        pdf = self.get(self.link(suffix=f"/reminder/{self.reminder.id}.pdf"))
        self.assertTrue(pdf.content.startswith(b"%PDF"))

    def test_the_letter_itself(self):
        """The page of the letter, and its registered number."""
        letter = self.make_reminder(
            self.own, self.coming, channel="registered", registered_number="2C00000000012", body="<p>Formal notice</p>"
        )
        unguarded(letter.delivery_ids.message_id).attachment_ids = [
            Command.create({"name": "invoice.pdf", "raw": b"%PDF-other", "res_model": "account.move"}),
            Command.create({
                "name": "letter.pdf", "raw": b"%PDF-letter", "mimetype": "application/pdf",
                "res_model": "dunning.reminder", "res_id": letter.id,
            }),
        ]  # fmt: skip
        self.assertIn("2C00000000012", self.words(self.link()))
        self.assertEqual(self.get(self.link(suffix=f"/reminder/{letter.id}.pdf")).content, b"%PDF-letter")

    def test_never_shown(self):
        """What came back, notes inside the company, reminders of others."""
        hidden = self.make_reminder(self.own, self.coming, channel="note", body="<p>secret note</p>")
        back = self.make_reminder(self.own, self.coming, body="<p>secret bounce</p>")
        back.delivery_ids._bounced("unknown")
        words = self.words(self.link())
        self.assertEqual(words.count("REL-"), 1)
        for reminder in (hidden, back, self.foreign_reminder):
            for suffix in (f"/reminder/{reminder.id}", f"/reminder/{reminder.id}.pdf"):
                self.assertEqual(self.get(self.link(suffix=suffix)).status_code, 404)

    def test_waiting_is_not_shown(self):
        self.reminder._set_state("failed")
        self.assertNotIn("REL-", self.words(self.link()))

    def test_a_call_has_no_text(self):
        call = self.make_reminder(self.own, self.coming, channel="call", body="<p>He was rude</p>")
        self.assertNotIn("rude", self.page(self.link(suffix=f"/reminder/{call.id}")))
        self.assertEqual(self.get(self.link(suffix=f"/reminder/{call.id}.pdf")).status_code, 404)
