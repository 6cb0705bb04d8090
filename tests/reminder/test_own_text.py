from datetime import datetime

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from ..common.base import MONDAY
from ..common.queue import QueueCommon
from ..fake_sms import local_gateway


@tagged("post_install", "-at_install")
class TestOwnText(QueueCommon):
    def test_a_person_s_words_leave_as_they_stand(self):
        """Nothing in them is worked out, nothing dangerous is kept, and the invoices are added as always."""
        reminder, _invoices = self.waiting(1000)
        self.write_words(
            reminder, subject="Dear 6 * 7",
            body="<p>As we said: 6 * 7 <script>alert(1)</script></p>",
        )  # fmt: skip
        with self.smtp() as smtp:
            self.send()
        (message,) = smtp.to(reminder.partner_id.email)
        self.assertEqual(message["Subject"], "Dear 6 * 7")
        html = message.get_body(("html",)).get_content()
        self.assertIn("As we said", html)
        self.assertNotIn("Please pay", html)
        self.assertNotIn("script", html)
        self.assertNotIn("42", html.split("As we said")[1][:60])
        self.assertIn(reminder.line_ids.move_name, html)
        with self.assertRaisesRegex(UserError, "Nobody alters"):
            reminder.sudo().own_text = "<p>Else</p>"

    def test_the_words_of_the_level_are_proposed_and_stay_its_own(self):
        reminder, _invoices = self.waiting(1000)
        words = self.write_words(reminder)
        self.assertEqual(words.subject, "Reminder")
        self.assertIn("Please pay", words.body)
        self.assertFalse(reminder.own_text or reminder.own_subject)
        self.write_words(reminder, subject="Our call")
        self.assertEqual((reminder.own_subject, reminder.own_text), ("Our call", False))
        words.action_standard()
        self.assertFalse(reminder.own_subject)

    def test_no_text_no_reminder(self):
        reminder, _invoices = self.waiting(1000)
        with self.assertRaisesRegex(UserError, "without text"):
            self.write_words(reminder, body="<p><br></p>")

    def test_what_was_written_for_other_figures_is_read_again(self):
        """The customer pays a part after a person wrote of 1,500: nothing leaves before it is read again."""
        reminder, (first, _second) = self.waiting(1000, 500)
        self.write_words(reminder, body="<p>You owe us 1,500.</p>")
        self.pay(first)
        with self.smtp() as smtp:
            self.assertEqual(self.send(), {"email": {"draft": 1}})
            self.assertFalse(smtp.messages)
            self.assertEqual((reminder.state, reminder.draft_reason, reminder.amount_total), ("draft", "own_text", 500))
            with freeze_time(MONDAY):
                reminder.action_approve()
            self.assertEqual(self.send(), {"email": {"sent": 1}})

    def test_a_text_message_in_a_person_s_words(self):
        """Short, as it stands, no placeholder worked out, with its price; the preview shows it; it leaves so."""
        self.level_1.channel_ids = [Command.clear(), Command.create({"channel": "sms"})]
        with local_gateway(self.registry) as gateway:
            noon = datetime(2026, 3, 2, 11, 0)
            self.patch(self.registry["dunning.channel.sms"], "_now", lambda model: noon)
            # The page of the customer has its own tests.
            self.patch(self.registry["dunning.reminder"], "_customer_link", lambda reminder: "")
            customer = self.make_customer("Texted", phone="06 12 34 56 78")
            reminder, _invoices = self.waiting(1000, customer=customer)
            words = self.env["dunning.reminder.words"].browse(reminder.action_edit_text()["res_id"])
            self.assertEqual((words.has_document, words.has_short_text, words.has_script), (False, True, False))
            self.assertIn(self.company.name, words.short_text)
            self.assertNotIn("{{", words.short_text)
            self.assertIn("1 SMS", words.short_length)
            words.action_save()
            self.assertFalse(reminder._has_own_words(), "what is unchanged goes on following the level")
            self.write_words(reminder, short_text="Call 6 * 7 <b>Lea</b>")
            preview = self.env["dunning.reminder.preview"].browse(reminder.action_preview_message()["res_id"])
            self.assertIn("Call 6 * 7 &lt;b&gt;Lea&lt;/b&gt;", preview.body)
            self.assertEqual(self.send(), {"sms": {"sent": 1}})
            self.assertEqual([*gateway.texts().values()], ["Call 6 * 7 <b>Lea</b>"])
        with self.assertRaisesRegex(UserError, "Nobody alters"):
            reminder.sudo().own_short_text = "Else"

    def test_a_script_in_a_person_s_words(self):
        self.level_1.channel_ids = [Command.clear(), Command.create({"channel": "call"})]
        customer = self.make_customer("Called", phone="01 42 68 53 00")
        reminder, _invoices = self.waiting(1000, customer=customer)
        words = self.env["dunning.reminder.words"].browse(reminder.action_edit_text()["res_id"])
        self.assertTrue(words.has_script and not words.has_document and not words.has_short_text)
        self.assertIn("1,000.00", words.script)
        self.assertNotIn("{", words.script)
        self.write_words(reminder, script="Ask first:\nWhen is Petit <i>back</i>?")
        preview = self.env["dunning.reminder.preview"].browse(reminder.action_preview_message()["res_id"])
        self.assertIn("When is Petit &lt;i&gt;back&lt;/i&gt;?", preview.body)
        self.send()
        self.assertIn("When is Petit", reminder.delivery_ids.call_sheet)
        words.action_standard()
        self.assertNotIn("When is", reminder.delivery_ids.call_sheet)

    def test_each_channel_of_a_level_has_its_text(self):
        self.level_1.channel_ids = [Command.create({"channel": "sms"}), Command.create({"channel": "call"})]
        reminder, _invoices = self.waiting(1000)
        self.write_words(reminder, short_text="Please call us.")
        self.assertEqual(
            (reminder.own_subject, reminder.own_text, reminder.own_short_text, reminder.own_script),
            (False, False, "Please call us.", False),
        )
        with self.assertRaisesRegex(UserError, "without text"):
            self.write_words(reminder, script=" ")

    def test_a_text_that_cannot_be_made_is_said_in_a_sentence(self):
        reminder, _invoices = self.waiting(1000)
        self.env.cr.execute(
            "UPDATE mail_template SET body_html = %s WHERE id = %s",
            ['{"en_US": "<t t-out=\'object.no_such_field\'/>"}', self.level_1.template_id.id],
        )
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "cannot be made"):
            reminder.action_edit_text()

    def test_the_letter_says_it_too(self):
        reminder, _invoices = self.waiting(1000)
        reminder.partner_id.write({"street": "1 rue Haute", "zip": "75001", "city": "Paris"})
        self.write_words(reminder, subject="Our call", body="<p>As we said on the phone.</p>")
        letter = self.env["dunning.channel.letter"]
        recipients = letter._recipients(letter._targets(reminder))
        html = self.env["dunning.letter"]._compose(reminder, recipients)[0][reminder.id].html
        self.assertIn("As we said on the phone.", html)
        self.assertIn("Our call", html)
        self.assertNotIn("Please pay", html)
