import re
from datetime import timedelta

from odoo import Command
from odoo.tests import freeze_time, tagged

from ..common.base import MONDAY
from ..common.notice_text import NoticeCommon

KINDS = {"professional": "professional", "consumer": "consumer", "non_professional": "consumer", "public": "public"}
# A private letter that looks like an act of a court is punished (C. penal 433-13).
LIKE_A_COURT = re.compile(
    r"bailiff|huissier|commissaire de justice|seizure|saisie|summons|assignation|tribunal (de|judiciaire)|"
    r"au nom du peuple|r[eé]publique|dernier avertissement avant|injonction|criminal|\bp[eé]nal\b",
    re.IGNORECASE,
)


@freeze_time("2026-03-02 10:00:00")
@tagged("post_install", "-at_install")
class TestNoticeText(NoticeCommon):
    def test_the_text_of_each_kind_of_customer_is_taken_by_itself(self):
        texts = {text.kind: text.template_id for text in self.notice.notice_text_ids}
        self.assertEqual(set(texts), {"professional", "consumer", "public", "abroad", "neutral"})
        for status, kind in KINDS.items():
            reminder = self.reminder(status)
            self.assertEqual(reminder._letter_text(), texts[kind])
            self.assertEqual(reminder._email_text(), texts[kind], "e-mail and letter say the same")
        abroad = self.reminder("professional", country="base.us")
        self.assertEqual(abroad._letter_text(), texts["abroad"])
        unknown = self.reminder(False)
        self.assertEqual(unknown._letter_text(), texts["neutral"])
        self.assertEqual(unknown._email_text(), texts["neutral"])

    def test_a_list_of_an_earlier_version_says_no_law_to_who_has_no_status(self):
        self.notice.notice_text_ids.filtered(lambda text: text.kind == "neutral").unlink()
        abroad = self.notice.notice_text_ids.filtered(lambda text: text.kind == "abroad").template_id
        self.assertEqual(self.reminder(False)._letter_text(), abroad)

    def test_the_firm_level_that_a_plan_ends_with_has_texts_of_its_own_too(self):
        """Many plans have no formal notice: their last word goes to customers under another law as well."""
        reminder = self.reminder("professional", country="base.be")
        reminder.partner_id.with_company(self.company).dunning_law_id = self.env.ref("base.be")
        abroad = self.notice.notice_text_ids.filtered(lambda text: text.kind == "abroad").template_id
        self.notice.stage = "firm"
        self.assertEqual(reminder._email_text(), abroad)
        self.level_3.notice_text_ids = [Command.create({"kind": "abroad", "template_id": abroad.id})]
        reminder.sudo().level_id = self.level_3
        self.assertEqual(reminder._email_text(), self.level_3.template_id, "a level before the last one")

    def test_no_last_text_cites_a_law_to_who_has_no_status_or_another_law(self):
        """The default plans, e-mails and letters, in all languages."""
        cited = re.compile(r"\barticles?\b|\bL\.?\s?\d|\bR\.?\s?\d|\b(Code|code) (civil|de|of)|French", re.IGNORECASE)
        belgium = self.env.ref("base.be")
        for name in ("consumers_4", "consumers_5", "professionals_5", "key_accounts_4"):
            level = self.env.ref(f"relance_progressive.level_{name}")
            for values in ({}, {"dunning_status": "consumer", "country_id": belgium.id}):
                customer = self.make_customer(f"{name} {values}", is_company=False, **values)
                reminder = self.env["dunning.reminder"].sudo().create({
                    "account_id": self.account(customer).id, "level_id": level.id, "date": MONDAY,
                })  # fmt: skip
                for lang in ("en_US", "fr_FR"):
                    own = reminder.with_context(lang=lang, dunning_registered=True)
                    for template in own._email_text() | own._letter_text():
                        _subjects, texts = own._worded(template)
                        self.assertNotRegex(str(texts[reminder.id]), cited, f"{name} {values} {lang} {template.name}")

    def test_other_levels_and_plans_keep_their_own(self):
        reminder = self.reminder("professional")
        self.notice.notice_text_ids = [Command.clear()]
        self.assertEqual(reminder._letter_text(), self.notice.letter_template_id)
        reminder.sudo().level_id = self.level_3
        self.assertEqual(reminder._email_text(), self.level_3.template_id)

    def test_a_professional_reads_of_interest_indemnity_and_what_follows(self):
        letter = self.letter(self.reminder("professional"))
        for words in (
            "FORMAL NOTICE to pay", "Registered letter", "mise en demeure, article 1344", "L441-10 and D441-5",
            "fixed indemnity of €40 for recovery costs", "taxes included", "day 8 after receipt",
            "before the competent court, without further notice", "Yours faithfully", "one thousand, two hundred",
            self.company.name,
        ):  # fmt: skip
            self.assertIn(words, letter)

    def test_the_figures_can_be_followed_by_hand(self):
        """1,200 for 45 days, at 12.15 % (ECB 2.15 + 10): 17.98, and 40 for the one invoice."""
        reminder = self.reminder("professional")
        letter = self.letter(reminder)
        for words in ("17.98", "12.15", "45", "40.00", "1,257.98"):
            self.assertIn(words, letter)
        self.assertIn("one thousand, two hundred and fifty-seven euros", letter)

    def test_a_consumer_reads_of_no_indemnity_and_no_interest_before_the_notice(self):
        for status in ("consumer", "non_professional"):
            letter = self.letter(self.reminder(status))
            for words in (
                "mise en demeure, article 1344", "1231-6 and 1344-1", "No fee is added to it", "L111-8",
                "before the competent court, without further notice",
            ):  # fmt: skip
                self.assertIn(words, letter)
            self.assertNotRegex(letter, r"L441|€40|indemnity|12\.15|\b40[.,]00")
            named = "CM2C, 49 rue de Ponthieu, 75008 Paris, www.cm2c.example (articles L612-1 and L616-1" in letter
            self.assertEqual(named, status == "consumer", "an association turns to no consumer mediator")

    def test_a_public_body_reads_its_own_rules(self):
        letter = self.letter(self.reminder("public"))
        for words in ("L2192-13", "D2192-35", "written claim for payment", "68-1250", "competent court",
                      "R2192-36", "€40"):
            self.assertIn(words, letter)
        self.assertNotIn("L441-10", letter)

    def test_a_customer_abroad_reads_of_no_french_statute(self):
        letter = self.letter(self.reminder("professional", country="base.us"))
        self.assertIn("the law that governs our contract", letter)
        self.assertNotRegex(letter, "French (Commercial|Civil|Consumer)|L441-10 and")

    def test_an_unknown_customer_is_threatened_with_no_costs(self):
        letter = self.letter(self.reminder(False))
        self.assertIn("formal notice (mise en demeure) to pay this sum", letter)
        self.assertNotIn("article", letter)
        email = self.env.ref("relance_progressive.level_professionals_5").template_id.body_html
        for text in (letter, email):
            self.assertNotRegex(text, "indemnity|recovery costs|L441|1231-6|fee")

    def test_no_text_names_a_sum_that_the_law_may_not_give(self):
        """Another law, a consumer: only those to whom D441-5 and D2192-35 apply read of the sum."""
        own = [self.env.ref(f"relance_progressive.template_notice_{kind}").id for kind in ("professional", "public")]
        texts = self.env["mail.template"].search([("model", "=", "dunning.reminder"), ("id", "not in", own)])
        for template in texts:
            for lang in ("en_US", "fr_FR"):
                self.assertNotRegex(template.with_context(lang=lang).body_html or "", r"€\s?40|\b40\s?€", template.name)

    def test_the_law_of_the_contract_chooses_the_text(self):
        """A French customer under Belgian law reads of no French article, whatever the address."""
        reminder = self.reminder("professional")
        self.assertEqual(reminder._notice_kind(), "professional")
        reminder.partner_id.with_company(self.company).dunning_law_id = self.env.ref("base.be")
        self.assertEqual(reminder._notice_kind(), "abroad")

    def test_nothing_imitates_a_court(self):
        templates = self.notice.notice_text_ids.template_id | self.notice.letter_template_id
        for template in templates:
            for lang in ("en_US", "fr_FR"):
                own = template.with_context(lang=lang)
                self.assertNotRegex(f"{own.subject} {own.body_html}", LIKE_A_COURT, template.name)
                self.assertIn("mise en demeure" if lang == "en_US" else "en demeure", own.body_html)

    def test_people_can_edit_the_texts(self):
        """No condition in them: whoever is no template editor may change them."""
        allowed = set(self.env["dunning.reminder"].mail_allowed_qweb_expressions())
        for template in self.notice.notice_text_ids.template_id:
            self.assertNotIn("t-if", template.body_html)
            self.assertLessEqual(set(re.findall(r"object\.[\w.]+", template.body_html)), allowed)

    def test_a_belgian_consumer_has_fourteen_days_after_a_free_reminder(self):
        """CDE book XIX: the level that charges something waits, and says why."""
        self.notice.min_days = 0
        customer = self.make_customer(
            "Jan", email="jan@petit.example", dunning_status="consumer", country_id=self.env.ref("base.be").id
        )
        item = self.item(self.invoice(MONDAY - timedelta(days=45), 1200, customer))
        item.sudo().write({"dunning_level_id": self.level_3.id, "dunning_date": MONDAY - timedelta(days=20)})
        self.run_on(MONDAY)
        account = self.account(customer)
        self.assertFalse(self.reminders(customer), "no free reminder in writing yet")
        self.assertIn("free reminder in writing", account.reason_text)
        item.sudo().dunning_level_id = self.level_2
        self.use_channels("email", level=self.level_3)
        self.notice.delay_days = 21
        self.run_on(self.day(1))
        with self.smtp():
            self.engine.deliver(date=self.day(1), company=self.company)
        self.assertEqual(item.dunning_level_id, self.level_3)
        self.run_on(self.day(3))
        self.assertEqual(account.reason_codes.split(",")[0], "hold_costs")
        self.assertIn("Free reminder of 03/03/2026", account.reason_text)
        self.run_on(self.day(15))
        self.assertEqual(len(self.reminders(customer)), 1, "the last day of the fourteen")
        self.run_on(self.day(16))
        self.assertEqual(self.reminders(customer)[1:].level_id, self.notice)

    def test_one_way_of_counting_the_days_in_one_letter(self):
        """Penalties are given up within the time to pay that begins with the receipt, in the letter and its copy."""
        self.plan.penalty_waive_days = 15
        reminder = self.reminder("professional")
        words = self.letter(reminder)
        self.assertIn("pay this sum by day 8 after receipt of this letter", words)
        self.assertIn("paid by day 8 after receipt of this letter, we give up late interest and indemnity", words)
        self.use_channels("email", "registered", level=self.notice)
        self.notice.channel_ids.fallback = False
        copy = reminder.with_context(dunning_registered=False)
        copy.invalidate_recordset()
        self.assertIn("paid by day 8 after receipt of our registered letter, we give up", copy._waiver_sentence())
        self.notice.notice_days = 0
        reminder.invalidate_recordset()
        a_day = r"paid by (03/17|17/03)/2026, we give up"
        self.assertRegex(copy._waiver_sentence(), a_day)
        self.assertRegex(self.letter(reminder), a_day)

    def test_the_example_of_a_level_speaks_as_the_channel_it_leaves_by(self):
        """A registered letter counts from its receipt and bears interest; its copy says what it is a copy of."""
        level, from_receipt = self.notice, "day 8 after receipt of this letter"
        level.template_id.body_html = (
            '<p><t t-out="object.deadline_text"/>|<t t-out="object.copy_text"/>|'
            '<t t-out="object.notice_interest_text"/></p>'
        )
        level.write({"notice_text_ids": [Command.clear()], "letter_template_id": level.template_id.id})
        self.assertIn(from_receipt, level.letter_preview_body)
        self.assertIn("1231-6", level.letter_preview_body)
        self.assertNotIn("copy", level.letter_preview_body)
        self.use_channels("registered", "email", level=level)
        self.assertRegex(level.preview_body, r"\d+/\d+/2026\|\|</p>")  # in the place of a letter that failed
        level.channel_ids.fallback = False
        self.assertIn("day 8 after receipt of our registered letter|This notice is sent to you by registered",
                      level.preview_body)
        self.assertNotIn("1231-6", level.preview_body)
        self.assertIn(from_receipt, level.letter_preview_body)
        self.use_channels("letter", level=level)
        self.assertRegex(level.letter_preview_body, r"\d+/\d+/2026\|\|</p>")

    def test_the_example_is_the_text_that_leaves(self):
        """Where each kind of customer has a text of its own, the level's own text is nobody's."""
        professional = self.notice.notice_text_ids.filtered(lambda text: text.kind == "professional").template_id
        professional.body_html = "<p>To a professional</p>"
        self.assertIn("To a professional", self.notice.preview_body)
        self.assertIn("To a professional", self.notice.letter_preview_body)
        self.notice.notice_text_ids = False
        self.assertNotIn("To a professional", self.notice.preview_body)
