from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..common.base import MONDAY
from ..common.security import SecurityCommon

MODELS = (
    "dunning.plan", "dunning.level", "dunning.level.channel", "dunning.account", "dunning.reminder",
    "dunning.reminder.line", "dunning.delivery", "dunning.journal",
)  # fmt: skip
PROOFS = ("dunning.account", "dunning.reminder", "dunning.reminder.line", "dunning.delivery")
SETTINGS = ("dunning.plan", "dunning.level", "dunning.level.channel")


@tagged("post_install", "-at_install")
class TestGroups(SecurityCommon):
    def test_nobody_types_the_figures_of_an_account(self):
        for person in (self.user, self.manager):
            account = self.as_(person, self.mine["dunning.account"])
            for figures in ({"amount_overdue": 1}, {"fingerprint": "0"}, {"user_id": person.id, "next_date": MONDAY}):
                with self.assertRaisesRegex(UserError, "nobody types them"):
                    account.write(figures)
            account.user_id = person
            account.activity_schedule("mail.mail_activity_data_call", user_id=person.id)

    def test_invoicing_staff_remind_and_accounting_managers_set_the_plans(self):
        user, manager = "relance_progressive.dunning_group_user", "relance_progressive.dunning_group_manager"
        self.assertTrue(self.user.has_group(user))
        self.assertFalse(self.user.has_group(manager))
        self.assertTrue(self.manager.has_group(manager) and self.manager.has_group(user))
        for outsider in (self.employee, self.portal, self.auditor):
            self.assertFalse(outsider.has_group(user))

    def test_outsiders_see_nothing(self):
        for outsider in (self.employee, self.portal, self.env.ref("base.public_user")):
            for model in MODELS:
                with self.subTest(outsider=outsider.sudo().login, model=model):
                    self.assertEqual(self.allowed(outsider, model), set())

    def test_an_auditor_sees_everything_and_changes_nothing(self):
        for model in SETTINGS + PROOFS:
            self.assertEqual(self.allowed(self.auditor, model), {"read"}, model)

    def test_nobody_deletes_a_proof(self):
        for person in (self.user, self.manager, self.auditor):
            for model in PROOFS:
                self.assertNotIn("unlink", self.allowed(person, model), model)

    def test_a_proof_is_not_made_by_hand(self):
        for person in (self.user, self.manager):
            for model in PROOFS:
                self.assertNotIn("create", self.allowed(person, model), model)
            for model in ("dunning.reminder.line", "dunning.delivery"):
                self.assertEqual(self.allowed(person, model), {"read"}, model)

    def test_nobody_reads_what_is_being_handed_over(self):
        for person in (self.user, self.manager, self.auditor, self.env.ref("base.user_admin")):
            self.assertEqual(self.allowed(person, "dunning.journal"), set())

    def test_plans_are_set_by_managers_only(self):
        for model in SETTINGS:
            self.assertEqual(self.allowed(self.user, model), {"read"}, model)
            self.assertEqual(self.allowed(self.manager, model), {"read", "write", "create", "unlink"}, model)
        with self.assertRaises(AccessError):
            self.as_(self.user, self.plan).spacing_days = 0
        plan = self.as_(self.manager, self.plan)
        plan.write({"spacing_days": 3, "level_ids": [Command.update(plan.level_ids[-1].id, {"delay_days": 45})]})
        self.assertEqual(plan.level_ids[-1].delay_days, 45)

    def test_a_user_puts_someone_in_charge_of_an_account(self):
        account = self.as_(self.user, self.mine["dunning.account"])
        account.user_id = self.user
        self.assertEqual(account.user_id, self.user)

    def test_every_model_of_ours_has_rights_and_a_rule(self):
        """A model that a later feature adds must not be forgotten: raise it in the security files first."""
        models = self.env["ir.model"].search([("model", "=like", "dunning.%"), ("transient", "=", False)])
        models = models.filtered(lambda model: not self.env[model.model]._abstract)
        with_rights = self.env["ir.model.access"].search([]).model_id
        with_rule = self.env["ir.rule"].search([]).model_id
        self.assertFalse((models - with_rights).mapped("model"))
        # Nobody may read them.
        secret = {
            "dunning.journal", "dunning.notice", "dunning.portal.visit", "dunning.shipped", "dunning.takeover.item",
        }  # fmt: skip
        self.assertEqual(set((models - with_rule).mapped("model")), secret)


@tagged("post_install", "-at_install")
class TestCompanies(SecurityCommon):
    def test_another_company_cannot_be_found(self):
        for person in (self.user, self.manager, self.auditor):
            for model, record in self.theirs.items():
                with self.subTest(person=person.login, model=model):
                    found = self.as_(person, self.env[model]).search([])
                    self.assertIn(self.mine[model].id, found.ids)
                    self.assertNotIn(record.id, found.ids)

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_nor_read_by_its_number(self):
        for person in (self.user, self.manager, self.auditor):
            for model, record in self.theirs.items():
                with self.subTest(person=person.login, model=model), self.assertRaises(AccessError):
                    self.as_(person, record).read(["display_name"])

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_nor_changed_nor_deleted(self):
        changes = {
            "dunning.plan": {"name": "Mine"},
            "dunning.level": {"name": "Mine"},
            "dunning.level.channel": {"fallback": False},
            "dunning.account": {"user_id": self.manager.id},
            "dunning.reminder": {"reason": "Mine"},
            "dunning.reminder.line": {"amount_residual": 0},
            "dunning.delivery": {"reason": "Mine"},
        }
        for model, record in self.theirs.items():
            with self.subTest(model), self.assertRaises(AccessError):
                self.as_(self.manager, record).write(changes[model])
            with self.subTest(model), self.assertRaises(AccessError):
                self.as_(self.manager, record).unlink()

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_a_plan_is_not_planted_in_another_company(self):
        plans = self.as_(self.manager, self.env["dunning.plan"])
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            plans.create({"name": "Planted", "company_id": self.other.id})
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self.as_(self.manager, self.plan).company_id = self.other
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self.as_(self.manager, self.mine["dunning.level"]).plan_id = self.theirs["dunning.plan"]

    def test_a_shared_plan_is_seen_by_all(self):
        self.plan.company_id = False
        stranger = new_test_user(
            self.env, "stranger", groups="account.group_account_invoice",
            company_id=self.other.id, company_ids=self.other.ids,
        )  # fmt: skip
        for model in SETTINGS:
            self.assertIn(self.mine[model].id, self.as_(stranger, self.env[model]).search([]).ids)
        accounts = self.as_(stranger, self.env["dunning.account"]).search([])
        self.assertNotIn(self.mine["dunning.account"].id, accounts.ids)

    def test_someone_of_a_branch_sees_the_plans_of_the_main_company(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        person = new_test_user(
            self.env, "branch", groups="account.group_account_invoice", company_id=branch.id, company_ids=branch.ids
        )
        for model in SETTINGS:
            self.assertIn(self.mine[model].id, self.as_(person, self.env[model]).search([]).ids)


@tagged("post_install", "-at_install")
class TestTexts(SecurityCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.mine["dunning.level"].template_id  # of a plan of his own company

    def test_a_manager_writes_the_texts_with_the_placeholders_of_reminders(self):
        text = self.as_(self.manager, self.template)
        self.assertFalse(self.manager.has_group("mail.group_mail_template_editor"))
        text.write({
            "subject": "{{ object.customer_name }}: {{ object.amount_text }}",
            "body_html": '<p>Pay <t t-out="object.amount_text"/> by <t t-out="object.deadline_text"/>.</p>',
        })  # fmt: skip
        reminder = self.mine["dunning.reminder"]
        self.assertIn("Pay ", text._render_field("body_html", reminder.ids)[reminder.id])

    def test_a_manager_writes_new_texts(self):
        text = self.as_(self.manager, self.env["mail.template"]).create({
            "name": "New", "model_id": self.env["ir.model"]._get_id("dunning.reminder"),
            "subject": "{{ object.count_text }}", "body_html": '<p><t t-out="object.oldest_due_text"/></p>',
        })  # fmt: skip
        self.as_(self.manager, self.mine["dunning.level"]).template_id = text

    def test_other_placeholders_are_refused(self):
        text = self.as_(self.manager, self.template)
        for values in (
            {"body_html": '<t t-out="object.env.cr.dbname"/>'},
            {"body_html": '<t t-out="user.login"/>'},
            {"body_html": '<t t-foreach="env[\'res.users\'].sudo().search([])" t-as="u"><t t-out="u.login"/></t>'},
            {"body_html": '<t t-out="object.account_id.company_id.name"/>'},
            {"body_html": '<t t-set="x" t-value="1 + 1"/>'},
            {"subject": "{{ object.sudo().company_id.name }}"},
            {"subject": "{{ 7 * 7 }}"},
            {"email_to": "{{ object.partner_id.email }}"},
        ):
            with self.subTest(values), self.assertRaises(AccessError), self.env.cr.savepoint():
                text.write(values)

    def test_nor_through_a_translation(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        text = self.as_(self.manager, self.template)
        text.with_context(lang="fr_FR").body_html = '<p>Merci de payer <t t-out="object.amount_text"/>.</p>'
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            text.with_context(lang="fr_FR").body_html = '<t t-out="object.env.cr.dbname"/>'
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            text.update_field_translations("subject", {"fr_FR": "{{ object.env.cr.dbname }}"})

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_texts_of_other_documents_stay_closed(self):
        invoice_text = self.env.ref("account.email_template_edi_invoice")
        with self.assertRaises(AccessError):
            self.as_(self.manager, invoice_text).subject = "Mine"
        with self.assertRaises(AccessError):
            self.as_(self.manager, self.template).unlink()

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_a_user_writes_no_texts(self):
        with self.assertRaises(AccessError):
            self.as_(self.user, self.template).subject = "Mine"
        self.assertTrue(self.as_(self.user, self.template).subject, "but reads them")


@tagged("post_install", "-at_install")
class TestFirstRunOfOneCompany(SecurityCommon):
    def test_releasing_one_first_run_leaves_the_brake_of_the_others(self):
        self.company.dunning_started = self.other.dunning_started = False
        self.mine["dunning.reminder"].sudo().draft_reason = "first_run"
        both = self.env["dunning.reminder"].sudo().with_context(allowed_company_ids=(self.company + self.other).ids)
        both.action_release_first_run()
        self.assertTrue(self.company.dunning_started)
        self.assertFalse(self.other.dunning_started)
