from contextlib import suppress
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.iap.tools import iap_tools

from .letter_common import LetterCommon


@tagged("post_install", "-at_install")
class TestSnailmail(LetterCommon):
    """Odoo's postal service, whose server is played here."""

    place = {"street": False, "street2": "ZA des Prés", "country_id": False}

    def setUp(self):
        super().setUp()
        self.quick()
        self.company.dunning_letter_provider = "snailmail"
        self.use_channels("letter", "email")
        self.customer = self.customer_by_post(**self.place)
        self.delivery = self.letters(self.customer)
        self.letter = self.env["snailmail.letter"].sudo().browse(int(self.delivery.reference.split("-")[1]))

    def answer(self, error=""):
        """Let Odoo's queue run; the service answers."""
        self.asked = []

        def service(url, params=None, **kwargs):
            self.asked += params["documents"]
            result = {"error": error} if error else {"sent": True, "send_id": 7}
            documents = [{**document, **result} for document in params["documents"]]
            return {"request_code": 200, "total_cost": 1, "request": {"documents": documents}}

        with (
            patch.object(iap_tools, "iap_jsonrpc", service),
            patch.object(self.env.cr, "commit"),
            patch.object(self.registry["iap.account"], "_send_success_notification", lambda *args, **kwargs: None),
            patch.object(self.registry["iap.account"], "_send_no_credit_notification", lambda *args, **kwargs: None),
        ):
            self.letter._snailmail_print()

    def test_posted(self):
        self.assertEqual((self.delivery.state, self.letter.state), ("ready", "pending"))
        self.answer()
        self.assertEqual((self.delivery.state, self.delivery.reminder_id.state), ("sent", "sent"))
        self.assertEqual(self.delivery.attachment_ids, self.letter.attachment_id)
        self.assertTrue(self.asked[0]["pdf_bin"])
        self.assertEqual(self.delivery.attachment_ids.res_model, "dunning.delivery")

    def test_address_without_country(self):
        """It is in the company's, and one line of street is enough: the service gets both."""
        self.assertTrue(self.letter._is_valid_address(self.letter))
        self.answer()
        address = self.asked[0]["address"]
        self.assertEqual((address["street"], address["country_code"]), ("ZA des Prés", self.company.country_code))

    def test_part_payment_before_it_left(self):
        """The old figures do not leave: the letter is made again with those of the day."""
        reminder = self.delivery.reminder_id
        self.pay(reminder.line_ids.move_id, 400)
        self.answer()
        self.assertFalse(self.asked)
        self.assertEqual((self.delivery.state, self.letter.state), ("cancelled", "canceled"))
        self.send()
        again = reminder.delivery_ids - self.delivery
        self.assertEqual((again.state, again.channel, reminder.amount_total), ("ready", "letter", 600))
        self.letter = self.env["snailmail.letter"].sudo().browse(int(again.reference.split("-")[1]))
        self.answer()
        self.assertEqual((again.state, len(self.asked)), ("sent", 1))

    def test_text_as_queued(self):
        self.level_1._letter_text().body_html = "<p>Another text</p>"
        self.answer()
        self.assertNotIn("Another", self.delivery.message_id.body)

    def test_killed_after_it_left(self):
        """What may have left does not leave again: a person has to say."""
        with (
            patch.object(self.env.cr, "commit"),
            patch.object(iap_tools, "iap_jsonrpc", side_effect=MemoryError),
            suppress(MemoryError),  # assertRaises would roll back what is committed outside of a test
        ):
            self.letter._snailmail_print()
        self.assertTrue(self.letter.dunning_begun)
        self.answer()
        self.assertFalse(self.asked)
        self.assertEqual((self.delivery.state, self.delivery.reminder_id.state), ("uncertain", "uncertain"))
        self.assertEqual(self.letter.state, "canceled")
        self.assertTrue(self.delivery.message_id)

    @mute_logger("odoo.addons.relance_progressive.relance_progressive.channels.post.snailmail")
    def test_news_that_cannot_be_recorded(self):
        """They do not undo what Odoo knows of the letter, and are told again."""
        with patch.object(self.registry["dunning.delivery"], "_carried_out", side_effect=ValueError):
            self.answer()
        self.assertEqual((self.letter.state, self.delivery.state), ("sent", "ready"))
        with patch.object(self.env.cr, "commit"):
            self.env["snailmail.letter"].sudo()._snailmail_cron()
        self.assertEqual(self.delivery.state, "sent")

    def test_errors_become_failures_with_words(self):
        for code, words in (("NO_PRICE_AVAILABLE", "country"), ("FORMAT_ERROR", "print")):
            with self.subTest(code=code), self.env.cr.savepoint() as savepoint:
                self.answer(code)
                self.assertEqual(self.delivery.state, "failed")
                self.assertIn(words, self.delivery.reason)
                self.assertEqual(self.letter.state, "canceled", "else Odoo would send it some night")
                savepoint.rollback()
                self.env.invalidate_all()

    def test_no_credit_is_the_account_s(self):
        """The letter stays in Odoo's queue, which tries again every night; after a day the next channel takes over."""
        self.company.dunning_user_id = self.env.user
        self.answer("CREDIT_ERROR")
        self.assertEqual((self.delivery.state, self.letter.state), ("ready", "error"))
        self.send()
        outage = self.env["dunning.outage"].sudo().search([])
        self.assertIn("credit", outage.activity_ids.note)
        self.answer()
        self.assertEqual((self.delivery.state, self.letter.state), ("sent", "sent"))
        self.send()
        self.assertFalse(outage.exists())

    def test_no_credit_for_days(self):
        for _night in range(2):
            self.answer("CREDIT_ERROR")
            self.assertEqual(self.delivery.state, "ready")
        self.env.cr.execute("UPDATE snailmail_letter SET create_date = create_date - interval '2 days'")
        self.letter.invalidate_recordset()
        self.answer("CREDIT_ERROR")
        self.assertEqual((self.delivery.state, self.letter.state), ("failed", "canceled"))

    def test_failure_calls_the_next_channel(self):
        self.answer("NO_PRICE_AVAILABLE")
        with self.smtp() as smtp:
            self.send()
        self.assertEqual((len(smtp.messages), self.delivery.reminder_id.state), (1, "sent"))

    def test_paid_before_it_left(self):
        self.pay(self.delivery.reminder_id.line_ids.move_id)
        self.answer()
        self.assertFalse(self.asked)
        self.assertEqual((self.delivery.state, self.letter.state), ("cancelled", "canceled"))
