import re
from datetime import timedelta
from email.policy import default as mail_policy

from odoo.tests import tagged

from ..common.base import MONDAY
from ..common.penalty import DUE
from ..common.penalty_shown import FORBIDDEN, ShownCommon


@tagged("post_install", "-at_install")
class TestNothingForConsumers(ShownCommon):
    """Before a formal notice has reached a consumer, no output names interest or indemnity, whatever the level says.

    CPCE L111-8, C. civ. 1231-6.
    """

    def nothing_in(self, *texts):
        for text in texts:
            self.assertFalse(FORBIDDEN.search(str(text)), text)

    def test_email(self):
        for penalties in ("mention", "claim"):
            with self.subTest(penalties=penalties), self.env.cr.savepoint() as savepoint:
                self.level(penalties, stage="formal_notice")
                reminder = self.reminder(self.consumer)
                self.nothing_in(*self.mail(self.consumer))
                self.nothing_in(self.last.as_bytes(policy=mail_policy).decode())
                self.assertFalse(any(reminder.line_ids.mapped("interest_amount")))
                savepoint.rollback()

    def test_sms(self):
        self.level("claim", "sms")
        reminder = self.reminder(self.consumer)
        contents, _broken = self.env["dunning.channel.sms"]._render(reminder._freeze_penalties(MONDAY))
        self.assertTrue(contents)
        self.nothing_in(*(content["text"] for content in contents.values()))

    def test_letter_and_registered_letters(self):
        for channel in ("letter", "registered", "lre"):
            self.level("claim", channel, stage="formal_notice")
            with self.subTest(channel=channel), self.env.cr.savepoint() as savepoint:
                reminder = self.reminder(self.consumer)
                model = self.env[f"dunning.channel.{channel}"]
                kind = "letter" if channel == "letter" else "registered"
                letters, _broken = self.env["dunning.letter"]._compose(
                    reminder, model._recipients(model._targets(reminder)), kind
                )
                page = letters[reminder.id].html
                self.assertIn("1,000.00", page)
                self.nothing_in(re.sub(r"<style.*?</style>", "", page, flags=re.DOTALL))
                savepoint.rollback()

    def test_preview_form_and_placeholders(self):
        self.level("claim", stage="formal_notice")
        reminder = self.reminder(self.consumer)
        preview = self.env["dunning.reminder.preview"].browse(reminder.action_preview_message()["res_id"])
        self.nothing_in(preview.body)
        names = ("interest_text", "indemnity_text", "penalty_text", "penalty_per_day_text")
        self.assertEqual([reminder[name] for name in names], ["", "", "", ""])
        self.assertEqual(reminder.grand_total_text, reminder.amount_text)
        self.assertFalse(reminder.line_ids.penalty_shown)

    def test_after_the_notice_interest_and_no_indemnity(self):
        """From the notice on interest runs at the legal rate; nothing else leaves while it runs."""
        self.level("claim")
        invoice = self.invoice(DUE, customer=self.consumer)
        self.in_effect(invoice, MONDAY - timedelta(days=5))
        found = self.penalty_on(MONDAY, invoice)
        self.assertEqual((float(found.interest_left), float(found.indemnity_left)), (0.36, 0))
        self.run_on(MONDAY)
        self.assertEqual(self.account(self.consumer).reason_codes, "hold_notice")
