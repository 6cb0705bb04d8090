"""Replay forty nights over the demo company, as if everything left: a script for Odoo's shell, for a database to drop.

Ends with a line ``softer: N``: messages that were softer than what the same items had been told before.
"""
# ruff: noqa: F821  `env` is there

from datetime import timedelta

from odoo.addons.relance_progressive.relance_progressive.core.decision.facts import STAGES

NIGHTS = 40
FIRM = STAGES.index("firm")

company = env["res.company"].search([("name", "=", "Ateliers Morel")])
engine = env["dunning.engine"].with_company(company).sudo()
reminders = env["dunning.reminder"].sudo()
ours = [("company_id", "=", company.id)]

for _night in range(NIGHTS):
    day = company.dunning_last_run + timedelta(days=1)
    engine.run(date=day, company=company)
    made = reminders.search([*ours, ("state", "in", ("draft", "ready"))])
    made.filtered(lambda reminder: reminder.state == "draft")._set_state("ready", draft_reason=False)
    made._set_state("sent", date=day)
    env["dunning.account"].search(ours)._decide_again()

told, softer = {}, 0
for reminder in reminders.search([*ours, ("state", "=", "sent")], order="date, id"):
    rank = STAGES.index(reminder.stage)
    claimed = reminder.line_ids.filtered(lambda line: not line.upcoming).move_line_id
    softer += rank < min(FIRM, max((told.get(item.id, 0) for item in claimed), default=0))
    told.update((item.id, max(rank, told.get(item.id, 0))) for item in claimed)
print("softer:", softer)
