"""What texts say of the law, of who writes and of what came before: true for each customer."""

from datetime import timedelta

from odoo import Command
from odoo.tests import freeze_time, tagged

from ..common.base import MONDAY
from ..common.notice_text import NoticeCommon

MEDIATOR = "CM2C, 49 rue de Ponthieu, 75008 Paris, www.cm2c.example"
NO_MEDIATOR = {"dunning_mediator_name": False}


@freeze_time("2026-03-02 10:00:00")
@tagged("post_install", "-at_install")
class TestLawWords(NoticeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.firm_text = cls.env.ref("relance_progressive.template_professionals_4")
        cls.level_3.template_id = cls.firm_text
        cls.notice.channel_ids = [
            Command.clear(), Command.create({"channel": "registered", "sequence": 1}),
            Command.create({"channel": "email", "sequence": 2}),
        ]  # fmt: skip

    def email(self, reminder):
        """Return subject and text of the e-mail, as plain words."""
        reminder = reminder.with_context(lang="en_US")
        contents, broken = self.env["dunning.channel.email"]._render(reminder)
        self.assertFalse(broken)
        content = contents[reminder.id]
        return f"{content['subject']}\n{content['text']}".replace("\N{NO-BREAK SPACE}", " ")

    def late(self, customer, days=45, done=None, amount=1200):
        """Return the item of an invoice that is late, with a level done as a take-over leaves it."""
        item = self.item(self.invoice(MONDAY - timedelta(days=days), amount, customer))
        if done:
            item.sudo().write({"dunning_level_id": done.id, "dunning_date": MONDAY - timedelta(days=20)})
        return item

    # === WHAT CAME BEFORE === #

    def test_after_a_take_over_no_first_message_speaks_of_earlier_reminders(self):
        """The levels say that reminders were sent; to this customer the product sent none."""
        for done, text in ((self.level_2, "firm"), (self.level_3, "notice")):
            customer = self.make_customer(f"Taken over {text}", dunning_status="professional", lang="en_US")
            self.late(customer, done=done)
            self.run_on(MONDAY)
            words = self.email(self.reminders(customer))
            self.assertIn("Unless we are mistaken,", words)
            self.assertNotRegex(words, "(?i)despite|our reminders|second reminder|last reminder")

    def test_who_was_reminded_of_the_same_invoice_reads_of_it(self):
        customer = self.make_customer("Reminded", dunning_status="professional", lang="en_US")
        self.late(customer, done=self.level_1, days=15)
        self.run_on(MONDAY)
        with self.smtp():
            self.send()
        self.assertEqual(self.reminders(customer).state, "sent")
        self.run_on(self.day(10))
        self.assertIn("Despite our reminders, and unless", self.email(self.reminders(customer)[-1]))

    def test_reminders_of_another_invoice_that_is_paid_do_not_count(self):
        customer = self.make_customer("Paid the other", dunning_status="professional", lang="en_US")
        other = self.invoice(MONDAY - timedelta(days=15), 500, customer)
        self.item(other).sudo().write(
            {"dunning_level_id": self.level_1.id, "dunning_date": MONDAY - timedelta(days=10)}
        )
        self.run_on(MONDAY)
        with self.smtp():
            self.send()
        self.assertEqual(self.reminders(customer).state, "sent")
        self.pay(other)
        self.late(customer, done=self.level_2)
        self.run_on(self.day(10))
        words = self.email(self.reminders(customer)[-1])
        self.assertIn("Unless we are mistaken,", words)
        self.assertNotIn("Despite", words)

    def test_one_day_is_one_day(self):
        customer = self.make_customer("One day", lang="en_US")
        reminder = self.reminder("professional")
        said = [reminder._days_in_words(days) for days in (0, 1, 2)]
        self.assertEqual(said, ["less than a day", "1 day", "2 days"])
        self.level_1.template_id, self.level_1.delay_days = self.firm_text, 1
        self.late(customer, days=1)
        self.run_on(self.day(0))
        self.assertIn("Unpaid for 1 day:", self.email(self.reminders(customer)))

    # === WHO WRITES === #

    def identify(self):
        self.company.write({
            "dunning_legal_form": "SAS", "dunning_share_capital": 10000, "dunning_rcs_city": "Lyon",
            "company_registry": "33417522101010",
        })  # fmt: skip

    def test_letters_and_emails_name_form_capital_and_trade_register(self):
        """C. com. R123-237, R123-238."""
        self.identify()
        reminder = self.reminder("professional")
        contents, _broken = self.env["dunning.channel.email"]._render(reminder.with_context(lang="en_US"))
        for words in (contents[reminder.id]["body"], contents[reminder.id]["text"], self.letter(reminder)):
            words = words.replace("&nbsp;", " ").replace("\N{NO-BREAK SPACE}", " ").replace(".00", "")
            for part in ("SAS with a capital of", "10,000", "334 175 221 RCS Lyon", "SIRET 334 175 221 01010"):
                self.assertIn(part, words)

    def test_so_do_thanks_and_the_page_of_the_customer(self):
        self.identify()
        reminder = self.reminder("professional")
        contents, _broken = self.env["dunning.thanks"]._render(self.env["dunning.channel.email"], reminder)
        page = self.env["dunning.portal"]._letterhead(reminder.account_id)["company"]["mentions"]
        for words in (contents[reminder.id]["body"], contents[reminder.id]["text"], page):
            words = words.replace("&nbsp;", " ").replace("\N{NO-BREAK SPACE}", " ")
            self.assertIn("334 175 221 RCS Lyon", words)

    def test_what_is_not_known_is_not_printed(self):
        self.company.write({"company_registry": False, "vat": False})
        frame = self.env["dunning.frame"]
        self.assertEqual(frame._numbers(self.company), [])
        self.company.dunning_rcs_city = "Lyon"
        self.assertEqual(frame._numbers(self.company), [], "a town without a number is no entry of a register")
        self.company.name = "Atelier Blanc SARL"
        self.assertEqual(frame._numbers(self.company), ["SARL"])
        self.company.dunning_legal_form = "SAS"
        self.company.dunning_share_capital = 1500.5
        english = self.company.with_context(lang="en_US")
        self.assertRegex(frame._numbers(english)[0], r"^SAS with a capital of .*1,500\.50")

    # === MEDIATOR === #

    def test_no_formal_notice_leaves_to_a_consumer_without_a_mediator(self):
        self.company.write(NO_MEDIATOR)
        reminder = self.reminder("consumer")
        with self.smtp() as smtp:
            self.send()
            self.assertFalse(smtp.messages)
        self.assertEqual(reminder.state, "failed")
        self.assertEqual(set(reminder.delivery_ids.mapped("state")), {"failed"})
        words = "mediator of Atelier Blanc is not known|Le médiateur .*Atelier Blanc"
        self.assertRegex(reminder.delivery_ids[:1].reason, words)
        alerts = self.env["dunning.account"].get_alerts()
        self.assertTrue([alert for alert in alerts if "mediator" in alert], alerts)
        self.company.dunning_mediator_name = "CM2C"
        self.assertFalse([alert for alert in self.env["dunning.account"].get_alerts() if "mediator" in alert])
        reminder.action_retry()
        with self.smtp() as smtp:
            self.send()
            self.assertTrue(smtp.messages)
        self.assertIn(reminder.state, ("ready", "sent"), "the letter waits for whoever posts it")

    def test_the_last_level_of_a_plan_without_a_notice_names_it_too(self):
        self.company.write(NO_MEDIATOR)
        self.notice.active = False
        self.assertTrue(self.level_3._is_last_word())
        self.assertFalse(self.level_2._is_last_word())

    def test_others_need_no_mediator(self):
        self.company.write(NO_MEDIATOR)
        for status in ("non_professional", "professional", "public"):
            self.assertFalse(self.reminder(status)._missing_mentions(), status)
        jan = self.make_customer("Jan", dunning_status="consumer", country_id=self.env.ref("base.be").id)
        self.assertFalse(self.company._dunning_owes_mediator(jan))

    def test_a_text_names_the_mediator_or_says_nothing_of_one(self):
        text = self.env.ref("relance_progressive.template_consumers_4")
        self.level_3.template_id = text
        for status, named in (("consumer", True), ("non_professional", False), ("professional", False)):
            customer = self.make_customer(f"Named {status}", dunning_status=status, lang="en_US")
            self.late(customer, days=25, done=self.level_2)
            self.run_on(MONDAY)
            words = " ".join(self.email(self.reminders(customer)).split())
            self.assertEqual(MEDIATOR in words, named, status)
            self.assertEqual("mediator" in words, named, status)
        self.company.write(NO_MEDIATOR)
        last = self.env["dunning.reminder"].search([("partner_id.name", "=", "Named consumer")])
        self.env.invalidate_all()
        self.assertNotIn("mediator", self.email(last))

    # === FORMAL NOTICE === #

    def test_the_email_is_a_copy_and_counts_as_the_letter_does(self):
        reminder = self.reminder("consumer")
        words = self.email(reminder)
        self.assertIn("sent to you by registered letter, of which this message is the copy", " ".join(words.split()))
        self.assertIn("by day 8 after receipt of our registered letter", words)
        self.assertNotIn("From this formal notice on", words, "nothing is counted from an e-mail")
        letter = self.letter(reminder)
        self.assertIn("From this formal notice on, this sum bears interest at the legal rate", letter)
        self.assertIn("by day 8 after receipt of this letter", letter)
        self.assertNotIn("is the copy", letter)

    def test_an_email_alone_is_no_copy(self):
        reminder = self.reminder("consumer")
        reminder.partner_id.write({"street": False, "zip": False, "city": False})
        words = self.email(reminder)
        self.assertNotIn("registered letter", words)
        self.assertNotIn("From this formal notice on", words)
        self.assertRegex(words, r"formal notice .* by 03/10/2026")

    def test_a_fallback_is_no_copy(self):
        self.notice.channel_ids.filtered(lambda step: step.channel == "email").fallback = True
        self.assertNotIn("is the copy", self.email(self.reminder("professional")))

    def test_one_day_from_receipt_has_no_number(self):
        self.notice.notice_days = 1
        reminder = self.reminder("professional")
        self.assertIn("by the day after receipt of this letter", self.letter(reminder))
        self.assertIn("by the day after receipt of our registered letter", self.email(reminder))

    def test_a_professional_reads_of_forty_euros_in_email_and_letter(self):
        reminder = self.reminder("professional")
        self.notice.notice_text_ids = [Command.clear()]
        self.notice.template_id = self.env.ref("relance_progressive.template_professionals_5")
        for words in (self.letter(reminder), self.email(reminder)):
            self.assertIn("a fixed indemnity of €40 for recovery costs", " ".join(words.split()))
            self.assertIn("L441-10 and D441-5", " ".join(words.split()))

    def test_right_to_left(self):
        self.env["res.lang"]._activate_lang("ar_001")
        customer = self.make_customer("Cairo", dunning_status="professional", lang="ar_001", street="1 rue Haute",
                                      zip="75001", city="Paris")  # fmt: skip
        self.late(customer, done=self.level_3)
        self.run_on(MONDAY)
        reminder = self.reminders(customer)
        channel = self.env["dunning.channel.email"]
        contents, _broken = channel._render(reminder)
        self.assertRegex(contents[reminder.id]["body"], r'class="dn-outer"[^>]* dir="rtl"')
        self.assertIn('dir="rtl"', channel._document(contents[reminder.id]).split("<body")[0])
        made, _broken = self.env["dunning.letter"]._compose(reminder, self.recipients(reminder), kind="registered")
        self.assertRegex(made[reminder.id].html, r'dn-letter"[^>]*dir="rtl"')
