"""Make a demo as ready to send as a company can be, for a copy to neutralize: a script for Odoo's shell."""
# ruff: noqa: F821  `env` is there

from datetime import timedelta

from odoo import Command

from odoo.addons.relance_progressive.relance_progressive.settings import database

company = env["res.company"].search([("name", "=", "Ateliers Morel")])
company.write({
    "dunning_automatic": True, "dunning_started": True, "dunning_hour_from": 0, "dunning_hour_to": 24,
    "dunning_letter_provider": "snailmail", "dunning_lre_provider": "local", "dunning_sms_folder": False,
})  # fmt: skip
levels = env["dunning.level"].search([("plan_id.company_id", "in", (company.id, False))])
levels.approval = "automatic"
for level in levels:
    known = level.channel_ids.mapped("channel")
    level.channel_ids = [
        Command.create({"channel": code, "sequence": 90}) for code in ("email", "sms", "letter", "lre")
        if code not in known
    ]  # fmt: skip
day = company.dunning_last_run + timedelta(days=1)
env["dunning.reminder"].search([("state", "=", "draft")])._set_state("ready", draft_reason=False)
while not env["dunning.reminder"].search_count([("state", "=", "ready"), ("waiting", "=", False)]):
    env["dunning.engine"].run(date=day, company=company)
    day += timedelta(days=1)
account = env["dunning.account"].search([("company_id", "=", company.id)], limit=1)
env["ir.config_parameter"].set_param("neutral.link", account._portal_link().rsplit("/", 1)[1])
database.keep(env)
env["ir.mail_server"].create({"name": "Real", "smtp_host": "mail.example", "smtp_port": 25})
env.cr.commit()
print("ready:", env["dunning.reminder"].search_count([("state", "=", "ready")]))
