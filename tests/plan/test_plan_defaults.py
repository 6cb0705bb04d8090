import re

from odoo.tests import tagged

from ..common.base import MONDAY, DunningCommon

NBSP = "\N{NO-BREAK SPACE}"
PLANS = ("professionals", "consumers", "key_accounts")
NEVER_TO_CONSUMERS = re.compile(r"indemnity|€|fee\b|cost|L441|pénalité|indemnité|frais|L. 441", re.IGNORECASE)
NOT_BEFORE_NOTICE = re.compile(
    r"interest|formal notice|court|mise en demeure|intérêt|justice|tribunal", re.IGNORECASE
)  # fmt: skip
NEVER = re.compile(r"bailiff|seizure|huissier|saisie|criminal|pénal\b|blacklist|fich(ier|é)", re.IGNORECASE)


@tagged("post_install", "-at_install")
class TestDefaultPlans(DunningCommon):
    """What a small French company finds the day it installs the add-on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan.active = False
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.env["ir.module.module"].search([("name", "=", "relance_progressive")])._update_translations(["fr_FR"])
        for name in PLANS:
            plan = cls.env.ref(f"relance_progressive.plan_{name}")
            plan.active = True
            setattr(cls, name, plan)
        cls.levels = (cls.professionals | cls.consumers | cls.key_accounts).level_ids

    def steps(self, plan, *names):
        return [tuple(level[name] for name in names) for level in plan.level_ids]

    def text(self, level, lang):
        """Return subject and prose of a level as written in one language, non-breaking spaces as plain ones."""
        template = level.template_id.with_context(lang=lang)
        return f"{template.subject}\n{template.body_html}".replace(NBSP, " ")

    def test_professionals_go_step_by_step_to_the_formal_notice(self):
        self.assertEqual(
            self.steps(self.professionals, "delay_days", "stage", "approval", "attach_invoices"),
            [
                (-5, "pre_due", "automatic", False),
                (3, "friendly", "automatic", False),
                (10, "friendly", "automatic", True),
                (20, "firm", "automatic", True),
                (30, "formal_notice", "manual", True),
            ],
        )

    def test_a_small_remainder_gets_no_formal_notice(self):
        notice = self.professionals.level_ids[-1]
        self.assertGreater(notice.amount_min, 0)
        self.assertGreater(notice.share_min, 0)

    def test_consumers_are_reminded_softly_and_slowly(self):
        self.assertEqual(
            self.steps(self.consumers, "delay_days", "stage", "approval"),
            [
                (-3, "pre_due", "automatic"),
                (7, "friendly", "automatic"),
                (21, "friendly", "automatic"),
                (40, "firm", "manual"),
                (60, "formal_notice", "manual"),
            ],
        )

    def test_the_formal_notice_to_a_consumer_has_a_letter_of_its_own(self):
        notice = self.consumers.level_ids[-1]
        self.assertEqual(notice.letter_template_id, self.env.ref("relance_progressive.template_letter_notice_consumer"))
        self.assertEqual(
            [(step.channel, step.fallback) for step in notice.channel_ids],
            [("registered", False), ("email", False), ("note", False)],
        )
        self.assertGreater(notice.amount_min, 0)
        self.assertGreater(notice.share_min, 0)

    def test_nothing_leaves_to_a_key_account_without_a_person(self):
        self.assertEqual(set(self.key_accounts.level_ids.mapped("approval")), {"manual"})

    def test_every_level_can_leave(self):
        for level in self.levels:
            with self.subTest(level.template_id.name):
                self.assertTrue(level._customer_channels())
                self.assertFalse(level.channel_ids[:1].fallback)
                self.assertEqual(level.template_id.model, "dunning.reminder")
                self.assertFalse(level.template_id.auto_delete)
                self.assertFalse(level.template_id.use_default_to)
        self.assertEqual(len(self.levels.template_id), len(self.levels), "each level has a text of its own")
        plans = self.professionals | self.consumers | self.key_accounts
        self.assertFalse(plans.company_id)
        self.assertTrue(all(plan.working_days_only and plan.spacing_days >= 5 for plan in plans))

    def test_channels_get_firmer_too(self):
        """E-mail, e-mail and text message, call, letter, registered formal notice; a fallback where one can fail."""
        self.assertEqual(
            [[(step.channel, step.fallback) for step in level.channel_ids] for level in self.professionals.level_ids],
            [
                [("email", False)],
                [("email", False), ("sms", True)],
                [("email", False), ("letter", True), ("sms", False)],
                [("email", False), ("call", False), ("letter", True)],
                [("registered", False), ("email", False), ("note", False)],
            ],
        )

    def test_each_kind_of_customer_finds_its_plan(self):
        tag = self.env.ref("relance_progressive.partner_category_key_account")
        expected = {
            self.professionals: [
                {"name": "Company"},
                {"name": "Craftsman", "is_company": False, "vat": "FR23334175221"},
                {"name": "Micro", "is_company": False, "company_registry": "33417522101010"},
                {"name": "Teacher", "is_company": False, "dunning_status": "professional"},
                {"name": "Town", "dunning_status": "public"},
            ],
            self.consumers: [
                {"name": "Person", "is_company": False},
                {"name": "Farmer at home", "is_company": False, "vat": "FR23334175221", "dunning_status": "consumer"},
                {"name": "Chess club", "dunning_status": "non_professional"},
            ],
            self.key_accounts: [
                {"name": "Big company", "category_id": tag.ids},
                {"name": "Big person", "is_company": False, "category_id": tag.ids},
            ],
        }
        for plan, customers in expected.items():
            for values in customers:
                with self.subTest(values["name"]):
                    self.assertEqual(self.account(self.make_customer(**values)).plan_id, plan)

    def test_a_contact_of_a_company_follows_the_plan_of_the_company(self):
        contact = self.make_customer("Accountant", is_company=False, parent_id=self.customer.id)
        self.env["dunning.plan"]._assign(self.company)
        self.assertEqual(self.account(contact), self.account())
        self.assertEqual(self.account().plan_id, self.professionals)

    def test_a_status_changes_the_plan_at_once(self):
        account = self.account()
        self.customer.dunning_status = "non_professional"
        self.assertEqual(account.plan_id, self.consumers)
        self.customer.dunning_status = "professional"
        self.assertEqual(account.plan_id, self.professionals)

    # === TEXTS === #

    def test_texts_are_in_french_for_the_french(self):
        for level in self.levels:
            english, french = self.text(level, "en_US"), self.text(level, "fr_FR")
            with self.subTest(level.template_id.name):
                self.assertRegex(english, "Hello|Dear")
                self.assertRegex(french, "Bonjour|Madame, Monsieur")
                self.assertNotIn("Hello", french)
                placeholders = re.compile(r"object\.(\w+)")
                self.assertEqual(set(placeholders.findall(english)), set(placeholders.findall(french)))
                self.assertNotEqual(level.name, level.with_context(lang="fr_FR").name)

    def test_texts_use_the_placeholders_of_reminders_only(self):
        allowed = self.env["dunning.reminder"].mail_allowed_qweb_expressions()
        for level in self.levels:
            for lang in ("en_US", "fr_FR"):
                used = set(re.findall(r"object\.[\w.]+", self.text(level, lang)))
                self.assertLessEqual(used, set(allowed), level.template_id.name)

    def test_a_consumer_never_reads_of_fees_nor_before_the_notice_of_interest_or_courts(self):
        for level in self.consumers.level_ids:
            for lang in ("en_US", "fr_FR"):
                self.assertNotRegex(self.text(level, lang), NEVER_TO_CONSUMERS)
                if level.stage != "formal_notice":
                    self.assertNotRegex(self.text(level, lang), NOT_BEFORE_NOTICE)

    def test_the_last_words_to_a_consumer_name_the_mediator(self):
        for last in self.consumers.level_ids[-2:]:
            for lang in ("en_US", "fr_FR"):
                self.assertIn("object.mediator_text", self.text(last, lang))

    def test_the_formal_notice_says_its_name_and_its_deadline(self):
        notices = self.professionals.level_ids[-1] | self.consumers.level_ids[-1]
        for notice in notices:
            for lang in ("en_US", "fr_FR"):
                text = self.text(notice, lang)
                self.assertIn("mise en demeure", text)
                self.assertIn("object.deadline_text", text)
                self.assertIn("object.amount_text", text)
        for level in self.levels - notices:
            self.assertNotIn("vaut mise en demeure", self.text(level, "fr_FR"))

    def test_interest_and_indemnity_are_named_in_the_formal_notice_only(self):
        for level in self.levels - self.professionals.level_ids[-1]:
            for lang in ("en_US", "fr_FR"):
                self.assertNotRegex(self.text(level, lang), "L441|L. 441|indemni|pénalité|€")

    def test_nothing_impossible_is_threatened(self):
        for level in self.levels:
            for lang in ("en_US", "fr_FR"):
                self.assertNotRegex(self.text(level, lang), NEVER)

    def test_before_the_due_date_nothing_is_asked(self):
        for level in self.levels.filtered(lambda level: level.stage == "pre_due"):
            self.assertNotRegex(self.text(level, "en_US"), "[Rr]eminder|overdue|unpaid|late|Please pay")
            self.assertNotRegex(self.text(level, "fr_FR"), "[Rr]appel|retard|impayé|[Rr]elance")

    def test_a_text_reads_well_with_real_figures(self):
        self.customer.lang = "fr_FR"
        self.invoice(MONDAY, 1234.5)
        self.env["dunning.plan"]._assign(self.company)
        self.run_on(self.day(3))
        reminder = self.reminders().with_context(lang="fr_FR")
        template = self.professionals.level_ids[1].template_id
        subject = template._render_field("subject", reminder.ids, set_lang="fr_FR")[reminder.id]
        body = template._render_field("body_html", reminder.ids, set_lang="fr_FR")[reminder.id]
        self.assertEqual(reminder.level_id, self.professionals.level_ids[1])
        # needs i18n
        self.assertEqual(subject, f"Rappel{NBSP}: 1 facture à régler")
        self.assertRegex(body, r"la somme de 1.234,50.€ \(1 facture\) n’est pas encore réglée")
        self.assertIn("fixée au 02/03/2026", body)
