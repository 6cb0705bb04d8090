
from odoo import Command
from odoo.exceptions import AccessError
from odoo.modules.migration import load_script
from odoo.tests import TransactionCase, new_test_user, tagged

from odoo.addons.relance_progressive.relance_progressive.plan import shipped

from ..common.migration import SCRIPT


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
        # As they came with the version before.
        shipped.keep(self.env, ["level_professionals_3", "template_professionals_5"])

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
        self.env.flush_all()
        # What a new stored field does: the system has written last.
        self.env.cr.execute("UPDATE dunning_level SET write_uid = 1; UPDATE mail_template SET write_uid = 1")
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
        shipped.keep(self.env, ["level_consumers_5", "template_consumers_5"])  # as they came with the version before

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
             "amount_overdue": 100, "amount_covered": covered, "penalty_date": self.env.company._dunning_today()}
            for name, covered in (("Covered", 40), ("Not covered", 0))
        ])  # fmt: skip
        self.env.flush_all()
        script = SCRIPT.parent.parent / "19.0.1.2.0/post-covered.py"
        load_script(str(script), "migration_covered").migrate(self.env.cr, "19.0.1.1.0")
        self.env.invalidate_all()
        self.assertEqual(accounts.mapped("penalty_date"), [False, self.env.company._dunning_today()])
        stale = self.env["dunning.account"]._stale_penalties(self.env.company, self.env.company._dunning_today())
        self.assertIn(accounts[0].partner_id.id, stale)
        self.assertNotIn(accounts[1].partner_id.id, stale)


@tagged("post_install", "-at_install")
class TestMigrationLinks(TransactionCase):
    def test_what_was_sent_before_opens_no_page_any_more(self):
        customer = self.env["res.partner"].create({"name": "Garage Morin"})
        account = self.env["dunning.account"].sudo()._of(customer, self.env.company)
        link, other = account._portal_link(), "https://example.com/reminders/none"
        messages = self.env["mail.message"].sudo().create([
            {"model": model, "res_id": 1, "reply_to": "us@here.example",
             "body": f'<p><a href="{link}">Pay</a> {other}</p>'}
            for model in ("dunning.reminder", "res.partner")
        ])  # fmt: skip
        self.env.flush_all()
        script = SCRIPT.parent.parent / "19.0.1.2.0/post-links.py"
        load_script(str(script), "migration_links").migrate(self.env.cr, "19.0.1.1.0")
        self.env.invalidate_all()
        ours, theirs = messages.mapped("body")
        self.assertNotIn(link, ours)
        self.assertIn(f"/my/reminders/{account.id}", ours)
        self.assertIn(other, ours)
        self.assertIn(link, theirs)


@tagged("post_install", "-at_install")
class TestShipped(TransactionCase):
    """What came with the add-on is told from what people have made of it."""

    def setUp(self):
        super().setUp()
        self.level = self.env.ref("relance_progressive.level_professionals_4")
        self.env["dunning.shipped"]._keep_all()  # as an installation does

    def ours(self, *names):
        return shipped.untouched(self.env, names, "19.0.1.2.0")

    def test_after_an_installation_all_is_as_it_came(self):
        names = list(shipped.records(self.env))
        self.assertIn("template_notice_neutral", names)
        self.assertEqual(self.ours(*names), names)

    def test_every_kind_of_change_makes_a_level_theirs(self):
        own = self.env["mail.template"].create({"name": "Own", "model_id": self.level.template_id.model_id.id})
        changes = {
            "name": "Other", "sequence": 41, "delay_days": 21, "active": False, "approval": "manual", "amount_min": 16,
            "template_id": own.id, "penalties": "none", "sms_body": "Own", "share_min": 3,
            "channel_ids": [Command.clear(), Command.create({"channel": "email"})],
            "notice_text_ids": [Command.create({"kind": "public", "template_id": own.id})],
        }  # fmt: skip
        for name, value in changes.items():
            with self.subTest(name), self.env.cr.savepoint() as savepoint:
                self.level[name] = value
                self.assertFalse(self.ours("level_professionals_4"))
                savepoint.rollback()
            self.env.invalidate_all()
        self.assertTrue(self.ours("level_professionals_4"))

    def test_what_was_changed_and_put_back_is_ours(self):
        name = self.level.name
        self.level.name = "Other"
        self.level.name = name
        self.assertTrue(self.ours("level_professionals_4"))

    def test_a_language_that_comes_later_is_ours_and_what_is_translated_by_hand_is_theirs(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["ir.module.module"]._load_module_terms(["relance_progressive"], ["fr_FR"])
        text = self.env.ref("relance_progressive.template_professionals_2")
        self.assertNotEqual(text.with_context(lang="fr_FR").subject, text.subject)
        self.assertTrue(self.ours("template_professionals_2"))
        text.with_context(lang="fr_FR").subject = "Petit rappel"
        self.env["ir.module.module"]._load_module_terms(["relance_progressive"], ["fr_FR"])
        self.assertFalse(self.ours("template_professionals_2"))
        self.env["res.lang"]._activate_lang("nl_NL")
        self.level.with_context(lang="nl_NL").name = "Aanmaning"
        self.assertFalse(self.ours("level_professionals_4"))

    def test_what_a_person_has_made_theirs_stays_so_at_the_next_update(self):
        self.env["dunning.shipped"].search([]).unlink()
        self.level.name = "Other"
        shipped.settle(self.env, "19.0.1.1.0")
        known = self.env["dunning.shipped"]._known()
        self.assertEqual(known["level_professionals_4"], {})
        self.level.name = "Firm reminder"
        self.assertFalse(self.ours("level_professionals_4"))
        self.assertTrue(known["template_notice_neutral"], "it came with the update")

    def test_what_an_update_took_for_its_own_is_shown_until_somebody_has_looked(self):
        self.level.update_signs = "claim,texts"
        self.assertIn("claims late interest", self.level.update_text)
        every = self.env["res.company"].search([]).ids
        manager = new_test_user(self.env, "chef", "account.group_account_manager", company_ids=every)
        accounts = self.env["dunning.account"].with_user(manager)
        self.assertTrue([alert for alert in accounts.get_alerts() if self.level.name in alert])
        clerk = new_test_user(self.env, "clerk", "account.group_account_invoice")
        clerks = self.env["dunning.account"].with_user(clerk)
        self.assertFalse([alert for alert in clerks.get_alerts() if self.level.name in alert])
        with self.assertRaises(AccessError):
            self.level.with_user(clerk).action_update_seen()
        self.level.with_user(manager).action_update_seen()
        self.assertFalse(self.level.update_text)
        self.assertFalse([alert for alert in accounts.get_alerts() if self.level.name in alert])
