"""What companies share is changed by whoever manages all of them; the others make a copy of their own."""

from odoo.exceptions import AccessError, RedirectWarning
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..common.security import SecurityCommon


@tagged("post_install", "-at_install")
class TestShared(SecurityCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shared = cls.make_plan((3, "friendly"), (20, "formal_notice"), name="For everybody", company_id=False)
        cls.level = cls.shared.level_ids[0]
        cls.text = cls.env["dunning.notice.text"].create({
            "level_id": cls.shared.level_ids[1].id, "kind": "neutral", "template_id": cls.level.template_id.id,
        })  # fmt: skip
        cls.reason = cls.env["dunning.dispute.reason"].create({"name": "Everybody's", "company_id": False})
        companies = cls.env["res.company"].sudo().search([])
        cls.boss = new_test_user(
            cls.env, "dunning_boss", groups="account.group_account_manager", company_id=cls.company.id,
            company_ids=companies.ids,
        )  # fmt: skip

    def as_manager(self, record):
        return self.as_(self.manager, record)

    def test_a_manager_of_one_company_changes_nothing_that_is_shared(self):
        for record, values in (
            (self.shared, {"spacing_days": 30}), (self.shared, {"company_id": self.company.id}),
            (self.level, {"delay_days": 200}), (self.level, {"plan_id": self.plan.id}),
            (self.level.channel_ids, {"channel": "letter"}), (self.text, {"kind": "public"}),
            (self.reason, {"days": 400}), (self.level.template_id, {"subject": "Mine"}),
            (self.shared, {"level_ids": [Command.update(self.level.id, {"delay_days": 200})]}),
        ):  # fmt: skip
            with self.subTest(model=record._name, values=values):
                with self.assertRaisesRegex(RedirectWarning, "counts for all companies"), self.env.cr.savepoint():
                    self.as_manager(record).write(values)
                if record._name != "mail.template":
                    with self.assertRaises(RedirectWarning), self.env.cr.savepoint():
                        self.as_manager(record).unlink()

    def test_nor_adds_anything_to_it_or_shares_his_own(self):
        for model, values in (
            ("dunning.plan", {"name": "Shared", "company_id": False}),
            ("dunning.level", {"name": "More", "plan_id": self.shared.id}),
            ("dunning.level.channel", {"level_id": self.level.id, "channel": "letter"}),
            ("dunning.dispute.reason", {"name": "Shared", "company_id": False}),
        ):
            with self.subTest(model), self.assertRaises(RedirectWarning), self.env.cr.savepoint():
                self.as_manager(self.env[model]).create(values)
        mine = self.as_manager(self.env["dunning.dispute.reason"]).create({"name": "Mine"})
        self.assertEqual(mine.company_id, self.company, "one's own company is proposed")
        for record in (mine, self.as_manager(self.plan)):
            with self.assertRaises(RedirectWarning), self.env.cr.savepoint():
                record.company_id = False

    def test_nor_by_a_translation(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        with self.assertRaises(RedirectWarning), self.env.cr.savepoint():
            self.as_manager(self.shared).update_field_translations("name", {"fr_FR": "Le mien"})
        with self.assertRaises(RedirectWarning), self.env.cr.savepoint():
            self.as_manager(self.level.template_id).update_field_translations("subject", {"fr_FR": "Le mien"})

    def test_what_the_add_on_ships_is_shared(self):
        template = self.env.ref("relance_progressive.template_professionals_2")
        with self.assertRaises(RedirectWarning):
            self.as_manager(template).subject = "Mine"
        unused = self.level.template_id.copy()
        with self.assertRaisesRegex(AccessError, "counts for all companies"):
            self.as_manager(unused).write({"name": "Mine"})

    def test_the_way_out_is_a_copy(self):
        with self.assertRaises(RedirectWarning) as caught:
            self.as_manager(self.level).delay_days = 5
        _words, action, _button, context = caught.exception.args
        action = self.env["ir.actions.server"].browse(action).with_user(self.manager)
        made = action.with_context(**context, allowed_company_ids=self.company.ids).run()
        copy = self.as_manager(self.env["dunning.plan"].browse(made["res_id"]))
        self.assertEqual(copy.company_id, self.company)
        self.assertLess(copy.sequence, self.shared.sequence, "it is followed before the shared one")
        copy.level_ids[0].delay_days = 5
        copy.level_ids[0].template_id.subject = "Mine"
        copy.level_ids[1].notice_text_ids.template_id.subject = "Mine as well"
        self.assertEqual((self.level.delay_days, self.level.template_id.subject), (3, "Reminder"))

    def test_a_copy_of_a_reason(self):
        made = self.as_manager(self.reason).action_copy_for_company()
        copy = self.env["dunning.dispute.reason"].browse(made["res_id"])
        self.assertEqual((copy.company_id, copy.name), (self.company, "Everybody's"))

    def test_who_answers_here_is_each_company_s_own(self):
        """A value of the present company only is no change for the others."""
        reason = self.as_manager(self.reason)
        reason.user_id = self.user
        self.assertEqual(reason.user_id, self.user)
        self.assertFalse(self.reason.with_company(self.other).user_id)
        with self.assertRaises(AccessError):
            self.as_(self.user, self.reason).user_id = self.user

    def test_one_s_own_is_changed_as_ever(self):
        plan = self.as_manager(self.plan)
        plan.spacing_days = 4
        plan.level_ids[0].template_id.subject = "Ours"
        plan.copy()
        text = self.as_manager(self.env["mail.template"]).create({
            "name": "New", "model_id": self.env["ir.model"]._get_id("dunning.reminder"), "subject": "New",
        })  # fmt: skip
        text.subject = "Not used yet, and yet one's own"

    def test_who_manages_all_companies_changes_what_they_share(self):
        admin = new_test_user(
            self.env, "dunning_admin", groups="account.group_account_manager,base.group_system",
            company_id=self.company.id, company_ids=self.company.ids,
        )  # fmt: skip
        for person in (self.boss, admin):
            self.as_(person, self.shared).spacing_days = 9
            self.as_(person, self.level.template_id).subject = "For all"
            self.as_(person, self.reason).days = 9

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_a_text_of_another_company_is_not_changed(self):
        with self.assertRaises(RedirectWarning):
            self.as_manager(self.theirs["dunning.level"].template_id).subject = "Mine"
