from odoo import Command
from odoo.tests import new_test_user

from .base import MONDAY, DunningCommon


class SecurityCommon(DunningCommon):
    """Two companies, each with its plan and a reminder, and one person of each kind in the first."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.setup_other_company(name="Other")["company"]
        # Odoo's tests relax this check; a database of today has it.
        cls.env["ir.config_parameter"].set_param("mail.restrict.template.rendering", "1")
        cls.env.ref("base.group_user").write({"implied_ids": [
            Command.unlink(cls.env.ref("mail.group_mail_template_editor").id)
        ]})  # fmt: skip
        people = {
            "user": "account.group_account_invoice",
            "manager": "account.group_account_manager",
            "auditor": "account.group_account_readonly",
            "employee": "base.group_user",
            "portal": "base.group_portal",
        }
        for name, group in people.items():
            setattr(cls, name, new_test_user(
                cls.env, f"dunning_{name}", groups=group, company_id=cls.company.id, company_ids=cls.company.ids,
            ))  # fmt: skip
        cls.mine = cls.make_records(cls.company, cls.plan)
        plan = cls.make_plan((3, "friendly"), company_id=cls.other.id)
        cls.theirs = cls.make_records(cls.other, plan)

    @classmethod
    def make_records(cls, company, plan):
        """Return one record of each model in a company, by model name."""
        account = cls.env["dunning.account"]._of(cls.customer, company)
        reminder = cls.env["dunning.reminder"].sudo().create({
            "account_id": account.id, "level_id": plan.level_ids[0].id, "date": MONDAY,
            "line_ids": [Command.create({"amount_residual": 10})],
            "delivery_ids": [Command.create({"channel": "email"})],
        })  # fmt: skip
        line, delivery = reminder.line_ids, reminder.delivery_ids
        records = (plan, plan.level_ids, plan.level_ids.channel_ids, account, reminder, line, delivery)
        cls.env.flush_all()
        return {record._name: record[:1].with_env(cls.env) for record in records}

    def as_(self, user, record):
        return record.with_user(user).with_context(allowed_company_ids=user.sudo().company_ids.ids)

    def allowed(self, user, model):
        operations = ("read", "write", "create", "unlink")
        return {name for name in operations if self.env[model].with_user(user).has_access(name)}
