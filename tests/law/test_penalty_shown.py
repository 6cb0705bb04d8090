from datetime import timedelta

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..common.base import MONDAY
from ..common.letter import quick_pdf
from ..common.penalty import DUE
from ..common.penalty_shown import FORBIDDEN, ShownCommon


@tagged("post_install", "-at_install")
class TestPenaltyShown(ShownCommon):
    """What messages to a professional say of penalties."""

    def test_claimed_in_an_email(self):
        """Subtotal, computation, indemnity and total, in HTML and in plain text."""
        self.level("claim")
        self.reminder()
        for text in self.mail():
            plain = " ".join(text.replace("\xa0", " ").split())
            for words in (
                "1,000.00", "12.15 %", "30/365", "9.99", "40.00", "1,049.99", "L441-10 II", "2.15 % + 10 points",
            ):  # fmt: skip
                self.assertIn(words, plain)
            self.assertRegex(plain, "grows by (€ ?)?0.33 ?(€ ?)?a day")

    def test_mentioned_in_an_email(self):
        """The amounts stand in a sentence; what is asked for are the invoices."""
        self.level("mention")
        reminder = self.reminder()
        for text in self.mail():
            plain = " ".join(text.replace("\xa0", " ").split())
            self.assertIn("This message does not ask for them.", plain)
            self.assertIn("9.99", plain)
            self.assertNotIn("1,049.99", plain)
        self.assertEqual(reminder.grand_total_text, reminder.amount_text)

    def test_a_level_that_does_not_speak_of_them(self):
        self.level("none")
        reminder = self.reminder()
        for text in self.mail():
            self.assertFalse(FORBIDDEN.search(text.replace("interesting", "")), text)
        self.assertFalse(reminder.line_ids.interest_amount)

    def test_frozen_when_it_leaves(self):
        """A payment, a rate, a day later: what was told stays as it was told."""
        self.level("claim")
        reminder = self.reminder()
        self.assertEqual((reminder.line_ids.interest_shown, reminder.line_ids.interest_amount), (9.99, 0.0))
        self.mail()
        line = reminder.line_ids
        self.assertEqual((line.interest_amount, line.indemnity_amount, reminder.penalty_day), (9.99, 40.0, MONDAY))
        self.assertEqual(line.penalty_detail["segments"][0]["days"], 30)
        self.pay(line.move_id, day=DUE + timedelta(days=1))
        self.env.invalidate_all()
        self.assertEqual((line.interest_shown, line.indemnity_shown), (9.99, 40.0))
        self.assertIn("1,049.99", reminder.grand_total_text)
        for record, change in ((line, {"interest_amount": 0}), (reminder, {"penalty_day": DUE})):
            with self.assertRaises(UserError):
                record.write(change)

    def test_computed_for_the_day_on_which_it_leaves(self):
        """It waited ten days for an approval: the message tells the interest of the day it leaves."""
        self.level("claim")
        reminder = self.reminder()
        with self.smtp() as smtp:
            self.engine.deliver(date=self.day(10), company=self.company)
            self.assertTrue(smtp.to(self.customer.email))
        self.assertEqual((reminder.penalty_day, reminder.line_ids.interest_amount), (self.day(10), 13.32))

    def test_only_what_is_claimed(self):
        """A credit note that nobody has allocated covers 400: interest on 600."""
        self.level("claim")
        self.credit_note(400)
        reminder = self.reminder()
        (segment,) = reminder.line_ids.penalty_shown["segments"]
        self.assertEqual(segment["balance"], "600.00")

    def test_upcoming_items_bear_nothing(self):
        self.level("claim")
        self.invoice(MONDAY + timedelta(days=20), 500)
        reminder = self.reminder()
        upcoming = reminder.line_ids.filtered("upcoming")
        self.assertFalse(upcoming.interest_shown or upcoming.indemnity_shown)

    def test_they_never_change_the_level_nor_the_threshold(self):
        """1000 EUR under a threshold of 1020 stay under it, whatever interest and indemnity add."""
        self.level("none")
        self.level_2.write({"penalties": "claim", "amount_min": 1020, "delay_days": 4})
        reminder = self.reminder()
        self.assertEqual((reminder.level_id, reminder.amount_total), (self.level_1, 1000))

    def test_without_a_status_it_leaves_without_figures(self):
        self.level("claim")
        self.customer.dunning_status = False
        self.reminder()
        for text in self.mail():
            self.assertFalse(FORBIDDEN.search(text), text)
        self.assertIn("nobody has said", self.account().penalty_text)

    # === LETTERS === #

    def letter(self, channel):
        """Return the HTML of the letter that would be printed today."""
        self.level("claim", channel, stage="formal_notice")
        reminder = self.reminder()
        letters = self.env["dunning.letter"]
        recipients = self.env[f"dunning.channel.{channel}"]._recipients(
            self.env[f"dunning.channel.{channel}"]._targets(reminder)
        )
        kind = "letter" if channel == "letter" else "registered"
        return letters._compose(reminder, recipients, kind)[0][reminder.id].html

    def test_claimed_in_a_letter(self):
        """The total in figures and in words, and the code of the transfer, are those of what is asked for."""
        asked = []
        self.patch(
            self.registry["dunning.letter"], "_draw_transfer",
            lambda model, bank, amount, *args: asked.append(amount) or "",
        )  # fmt: skip
        self.company.partner_id.bank_ids = [Command.create({"acc_number": "FR7630006000011234567890189"})]
        for channel in ("letter", "registered"):
            with self.subTest(channel=channel), self.env.cr.savepoint() as savepoint:
                asked.clear()
                html = " ".join(self.letter(channel).replace("\xa0", " ").split())
                for words in ("9.99", "40.00", "1,049.99", "one thousand and forty-nine euros", "12.15 %", "D441-5"):
                    self.assertIn(words, html.replace("one thousand, forty-nine", "one thousand and forty-nine"))
                self.assertEqual([round(amount, 2) for amount in asked], [1049.99])
                savepoint.rollback()

    def test_the_code_where_paying_the_invoices_in_time_is_enough(self):
        """All paid within 8 days, penalties are given up: the letter says so, its code is for the invoices."""
        self.plan.penalty_waive_days = 8
        asked = []
        self.patch(
            self.registry["dunning.letter"], "_draw_transfer",
            lambda model, bank, amount, *args: asked.append(amount) or "",
        )  # fmt: skip
        self.company.partner_id.bank_ids = [Command.create({"acc_number": "FR7630006000011234567890189"})]
        html = " ".join(self.letter("letter").split())
        self.assertIn("we give up late interest and indemnity", html)
        self.assertIn("1,049.99", html)
        self.assertEqual(asked, [1000])

    def test_what_is_given_up_is_what_is_claimed(self):
        """Nobody reads of an indemnity that is not claimed, and to a public body nothing is given up."""
        self.plan.penalty_waive_days = 8
        self.level("claim")
        reminder = self.reminder()
        self.assertIn("give up late interest and indemnity", reminder._waiver_sentence())
        sums = reminder._penalty_sums()
        for name, words in (("indemnity", "give up late interest."), ("interest", "give up the fixed indemnity.")):
            self.patch(self.registry["dunning.reminder"], "_penalty_sums", lambda *_args, name=name: sums | {name: {}})
            self.assertIn(words, reminder._waiver_sentence())
        self.patch(
            self.registry["dunning.reminder"], "_penalty_sums", lambda *_args: sums | {"interest": {}, "indemnity": {}}
        )
        self.assertEqual(reminder._waiver_sentence(), "")
        self.patch(self.registry["dunning.reminder"], "_penalty_sums", lambda *_args: sums)
        self.customer.dunning_status = "public"
        self.assertEqual(reminder._waiver_sentence(), "")

    def test_a_letter_printed_later(self):
        """The paper tells the interest of the day it is printed, and that is what is kept."""
        self.patch(self.registry["dunning.letter"], "_print_documents", quick_pdf)
        self.level("claim", "letter", stage="formal_notice")
        reminder = self.reminder()
        self.send()
        self.assertEqual(reminder.line_ids.interest_amount, 9.99)
        letter = self.env["dunning.mailing"]._make(reminder.delivery_ids).sudo().letter_ids
        letter._print(self.day(10))
        self.assertEqual((letter.state, reminder.penalty_day), ("printed", self.day(10)))
        self.assertEqual(letter.claim["lines"][0]["interest_amount"], 13.32)
        reminder._freeze_penalties(self.day(12))  # somebody tried to print it again
        letter.delivery_id._carried_out(self.day(13), {letter.delivery_id: letter._content()})
        self.assertEqual((reminder.state, reminder.line_ids.interest_amount), ("sent", 13.32))
        self.assertEqual(reminder.penalty_day, self.day(10))

    # === SCREENS === #

    def test_the_preview(self):
        self.level("claim")
        reminder = self.reminder()
        preview = self.env["dunning.reminder.preview"].browse(reminder.action_preview_message()["res_id"])
        self.assertIn("1,049.99", preview.body)

    def test_the_placeholders(self):
        template = self.level_1.template_id
        template.body_html = (
            '<p><t t-out="object.penalty_text"/> <t t-out="object.penalty_per_day_text"/> '
            '<t t-out="object.grand_total_text"/></p>'
        )
        self.level("claim")
        self.reminder()
        html, _plain = self.mail()
        self.assertIn("To this sum we add late interest of", html)
        self.assertIn("1,049.99", html)
        self.assertIn("To this sum we add", self.level_1.preview_body)

    def test_a_level_before_the_due_date(self):
        with self.assertRaises(ValidationError):
            self.pre_due.penalties = "claim"

    def test_a_formal_notice_claims_them_by_itself(self):
        self.assertEqual(self.notice.penalties, "claim")
        self.assertEqual((self.level_1.penalties, self.pre_due.penalties), ("none", "none"))

    def test_examples_for_consumers_show_no_indemnity(self):
        for plan, words in (("professionals", "L441-10"), ("consumers", "1231-6")):
            levels = self.env.ref(f"relance_progressive.plan_{plan}").level_ids
            samples = levels.filtered(lambda level: level.stage == "formal_notice")._preview_samples()
            self.assertIn(words, samples["penalty_text"])
            self.assertEqual(bool(samples["indemnity_text"]), plan == "professionals")
            self.assertEqual("indemnity" in samples["penalty_text"], plan == "professionals")

    def test_the_default_plans(self):
        plan = self.env.ref("relance_progressive.plan_professionals").with_context(active_test=False)
        self.assertEqual(
            plan.level_ids.mapped("penalties"), ["none", "none", "mention", "mention", "claim"]
        )
        consumers = self.env.ref("relance_progressive.plan_consumers").with_context(active_test=False)
        early = consumers.level_ids.filtered(lambda level: level.stage != "formal_notice")
        self.assertEqual(set(early.mapped("penalties")), {"none"})
