import io
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools.pdf import PdfFileWriter

from ..common.base import MONDAY
from ..common.registered import LATER, NUMBERS, RegisteredCommon


def blank_page():
    """Return a PDF of one empty page."""
    writer, file = PdfFileWriter(), io.BytesIO()
    writer.addBlankPage(595, 842)
    writer.write(file)
    return file.getvalue()


BLANK = blank_page()


@freeze_time(LATER)
@tagged("post_install", "-at_install")
class TestNumbers(RegisteredCommon):
    def scan(self, letters, *texts):
        action = letters.action_give_numbers()
        form = Form(self.env[action["res_model"]].with_context(**action["context"]))
        form.text = "\n".join(texts)
        return form.save()

    def test_scanned_in_printing_order(self):
        letters = self.letters_for("Abel", "Bruno", "Chloe")._in_printing_order()
        self.scan(letters, "", " rr 47312482 9 pl", "", NUMBERS[1], NUMBERS[2]).action_give()
        self.assertEqual(letters.mapped("registered_number"), list(NUMBERS[:3]))

    def test_errors_line_by_line_and_nothing_half_written(self):
        letters = self.letters_for("Abel", "Bruno", "Chloe")._in_printing_order()
        wizard = self.scan(letters, NUMBERS[0], "RR473124820PL", NUMBERS[0], NUMBERS[1])
        problems = wizard.line_ids.mapped("problem")
        self.assertFalse(problems[0])
        self.assertIn("check digit", problems[1])
        self.assertIn("line 1", problems[2])
        self.assertIn("no letter left", problems[3])
        self.assertEqual(wizard.problem_count, 3)
        with self.assertRaisesRegex(UserError, r"2\. .*\n3\. .*\n4\. "), self.env.cr.savepoint():
            wizard.action_give()
        self.assertFalse(any(letters.mapped("registered_number")))

    def test_queries_stay_flat(self):
        """Ten numbers ask the same questions as two."""
        counts = []
        for names in (("Abel", "Bruno"), [f"Customer{rank}" for rank in range(10)]):
            letters = self.letters_for(*names)
            values = {"delivery_ids": letters.ids, "text": "\n".join(f"4711{rank}" for rank in range(len(names)))}
            scan = self.env["dunning.registered.scan"].create(values)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            scan._read_lines()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0], counts)

    def test_odd_numbers_are_shown_and_taken(self):
        letters = self.letters_for("Abel", "Bruno", "Chloe")._in_printing_order()
        wizard = self.scan(letters, "1A 234 567 8901 2", "LM473124829US", "4711")
        self.assertEqual([bool(odd) for odd in wizard.line_ids.mapped("odd")], [False, True, True])
        wizard.action_give()
        self.assertEqual(letters.mapped("registered_number"), ["1A23456789012", "LM473124829US", "4711"])

    def test_the_rest_is_scanned_later(self):
        letters = self.letters_for("Abel", "Bruno", "Chloe")._in_printing_order()
        self.scan(letters, NUMBERS[0]).action_give()
        self.scan(letters, NUMBERS[1], NUMBERS[2]).action_give()
        self.assertEqual(letters.mapped("registered_number"), list(NUMBERS[:3]))

    def test_a_number_is_that_of_one_letter(self):
        first, second = self.letters_for("Abel", "Bruno")
        self.scan(first, NUMBERS[0]).action_give()
        wizard = self.scan(second, NUMBERS[0])
        self.assertIn(first.reminder_id.name, wizard.line_ids.problem)
        with self.assertRaises(UserError):
            wizard.action_give()

    def test_a_wrong_number_is_corrected_until_the_letter_has_a_life(self):
        letter = self.letter_for()
        self.scan(letter, NUMBERS[0]).action_give()
        self.tell(letter, ("handed_in", 0))
        self.scan(letter, NUMBERS[1]).action_give()
        self.assertEqual(letter.registered_number, NUMBERS[1])
        self.tell(letter, ("delivered", 4))
        with self.assertRaisesRegex(UserError, NUMBERS[1]):
            self.scan(letter, NUMBERS[2]).action_give()

    def test_the_number_of_what_did_not_leave_is_free_again(self):
        first, second = self.letters_for("Abel", "Bruno")
        self.scan(first, NUMBERS[0]).action_give()
        first.reminder_id.action_cancel()
        self.scan(second, NUMBERS[0]).action_give()
        self.assertEqual(second.registered_number, NUMBERS[0])

    def printed(self, letters):
        """Print letters together, without the program that makes the pages."""
        mailing = self.env["dunning.mailing"]._make(letters)
        with patch.object(
            self.registry["dunning.letter"], "_print_safely",
            lambda model, reminders, pages: (dict.fromkeys(pages, BLANK), {}),
        ), patch.object(
            self.registry["ir.actions.report"], "_run_wkhtmltopdf", lambda *args, **values: BLANK
        ):  # fmt: skip
            mailing.print_next()
        return mailing

    def test_a_whole_mailing(self):
        """Printed, scanned in the order of the pile, posted by one click: each letter has its number and its life."""
        letters = self.letters_for("Zoe", "Abel")
        self.level_1.template_id.body_html = '<p>Pay by <t t-out="object.deadline_text"/>.</p>'
        mailing = self.printed(letters)
        in_order = mailing.letter_ids.delivery_id
        self.assertEqual([letter.contact_id.email for letter in in_order], ["abel@petit.example", "zoe@petit.example"])
        action = mailing.action_give_numbers()
        form = Form(self.env[action["res_model"]].with_context(**action["context"]))
        form.text = "\n".join(NUMBERS[:2])
        form.save().action_give()
        self.assertEqual(in_order.mapped("registered_number"), list(NUMBERS[:2]))
        mailing._record_posted(MONDAY)
        self.assertEqual(letters.event_ids.mapped(lambda event: (event.kind, event.date)), [("handed_in", MONDAY)] * 2)
        self.assertEqual(set(letters.mapped("state")), {"sent"})
        self.assertEqual(letters.mapped("notice_days"), [8, 8])
        self.assertIn("day 8 after receipt", mailing.letter_ids[0].content["body"])

    def test_a_letter_of_a_mailing_handed_in_by_its_event(self):
        letter = self.letter_for("Abel")
        mailing = self.printed(letter)
        self.tell(letter, ("handed_in", 1))
        self.assertEqual((letter.state, mailing.state, mailing.posted_on), ("sent", "posted", self.day(1)))
        self.assertEqual(letter.message_id.attachment_ids.raw, BLANK)

    def test_the_slip_names_sender_addressee_reference_and_number(self):
        letters = self.letters_for("Abel", "Bruno")
        self.scan(letters, *NUMBERS[:2]).action_give()
        letters.action_print_slip()
        report = "relance_progressive.registered_slip"
        html = self.env["ir.actions.report"]._render_qweb_html(report, letters.ids)[0]
        for words in (*NUMBERS[:2], *letters.mapped("reminder_id.name"), "Atelier Blanc", "Customer of abel"):
            self.assertIn(words, html.decode())
