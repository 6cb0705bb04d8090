from datetime import date
from pathlib import Path

from odoo.modules.migration import load_script
from odoo.tests import TransactionCase, new_test_user, tagged

SCRIPT = Path(__file__).parent.parent / "migrations/19.0.1.1.0/post-migration.py"


@tagged("post_install", "-at_install")
class TestMigration(TransactionCase):
    """An update brings what is new in the default plans, and leaves alone what people have made their own."""

    def setUp(self):
        super().setUp()
        self.env["res.lang"]._activate_lang("fr_FR")
        self.level = self.env.ref("relance_progressive.level_professionals_3")
        self.notice = self.env.ref("relance_progressive.template_professionals_5")
        (self.level.penalties, self.notice.body_html) = ("none", "<p>€40 for each invoice</p>")
        self.notice.with_context(lang="fr_FR").body_html = "<p>40 € par facture</p>"

    def migrate(self):
        load_script(str(SCRIPT), "migration_test").migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()

    def test_untouched_defaults_become_those_of_a_fresh_installation(self):
        before = self.env["dunning.level.channel"].search_count([])
        self.migrate()
        self.assertEqual(self.level.penalties, "mention")
        for lang in ("en_US", "fr_FR"):
            self.assertNotIn("40", self.notice.with_context(lang=lang).body_html)
        self.assertEqual(self.env["dunning.level.channel"].search_count([]), before)

    def test_what_a_person_changed_stays(self):
        manager = new_test_user(self.env, "chef", "account.group_account_manager,base.group_system")
        self.level.with_user(manager).name = "Ma relance ferme"
        self.notice.with_user(manager).subject = "Mise en demeure, chère cliente"
        self.migrate()
        self.assertEqual((self.level.penalties, self.level.name), ("none", "Ma relance ferme"))
        self.assertIn("40", self.notice.body_html)
        self.assertEqual(self.env.ref("relance_progressive.level_professionals_4").penalties, "mention")


@tagged("post_install", "-at_install")
class TestMigrationWords(TransactionCase):
    """The texts put right, and the e-mail that goes with the registered letter."""

    def setUp(self):
        super().setUp()
        self.level = self.env.ref("relance_progressive.level_consumers_5")
        self.level.channel_ids.filtered(lambda step: step.channel == "email").fallback = True
        self.text = self.env.ref("relance_progressive.template_consumers_5")
        self.text.body_html = "<p>we will send you the mediator’s contact details on request</p>"

    def migrate(self):
        script = SCRIPT.parent.parent / "19.0.1.2.0/post-words.py"
        load_script(str(script), "migration_words").migrate(self.env.cr, "19.0.1.1.0")
        self.env.invalidate_all()

    def steps(self):
        return [(step.channel, step.fallback) for step in self.level.channel_ids.sorted()]

    def test_untouched_defaults_become_those_of_a_fresh_installation(self):
        self.migrate()
        self.assertEqual(self.steps(), [("registered", False), ("email", False), ("note", False)])
        self.assertIn("object.mediator_text", self.text.body_html)
        self.migrate()
        self.assertEqual(len(self.steps()), 3, "twice changes nothing more")

    def test_what_a_person_changed_stays(self):
        manager = new_test_user(self.env, "chef", "account.group_account_manager,base.group_system")
        self.level.with_user(manager).name = "Ma mise en demeure"
        self.text.with_user(manager).subject = "Mise en demeure, chère cliente"
        self.migrate()
        self.assertEqual(self.steps(), [("registered", False), ("email", True), ("note", False)])
        self.assertIn("on request", self.text.body_html)


@tagged("post_install", "-at_install")
class TestMigrationCovered(TransactionCase):
    def test_penalties_are_computed_again_where_money_is_not_matched(self):
        accounts = self.env["dunning.account"].create([
            {"partner_id": self.env["res.partner"].create({"name": name}).id, "company_id": self.env.company.id,
             "amount_overdue": 100, "amount_covered": covered, "penalty_date": date.today()}
            for name, covered in (("Covered", 40), ("Not covered", 0))
        ])  # fmt: skip
        self.env.flush_all()
        script = SCRIPT.parent.parent / "19.0.1.2.0/post-covered.py"
        load_script(str(script), "migration_covered").migrate(self.env.cr, "19.0.1.1.0")
        self.env.invalidate_all()
        self.assertEqual(accounts.mapped("penalty_date"), [False, date.today()])
        stale = self.env["dunning.account"]._stale_penalties(self.env.company, date.today())
        self.assertIn(accounts[0].partner_id.id, stale)
        self.assertNotIn(accounts[1].partner_id.id, stale)
