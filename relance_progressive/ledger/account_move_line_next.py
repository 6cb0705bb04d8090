from odoo import api, fields, models

from ..account.readers import READERS
from ..core.decision.facts import STAGES, Item
from ..core.decision.schedule import plan_of


class AccountMoveLine(models.Model):
    """What comes next for one open item, as if it were the only one of its customer."""

    _inherit = "account.move.line"

    dunning_days_late = fields.Integer("Days Late", compute="_compute_dunning_days_late")
    dunning_reached = fields.Char(
        "Reached", compute="_compute_dunning_reached",
        help="The last reminder level of this item; what it was claimed in, where that was firmer: a message claims "
        "all that is late, whatever level each item has reached itself.",
    )  # fmt: skip
    dunning_next_level_id = fields.Many2one(
        "dunning.level", "Next Level", compute="_compute_dunning_next", groups=READERS
    )
    dunning_next_date = fields.Date("Level Due On", compute="_compute_dunning_next", groups=READERS)

    def _compute_dunning_days_late(self):
        today = self.company_id._dunning_days()
        for line in self:
            due = line.amount_residual > 0 and line.date_maturity
            line.dunning_days_late = max(0, (today[line.company_id] - due).days) if due else 0

    @api.depends("dunning_level_id", "dunning_stage", "dunning_stage_due", "date_maturity")
    @api.depends_context("lang")
    def _compute_dunning_reached(self):
        stages = dict(self.env["dunning.level"]._fields["stage"]._description_selection(self.env))
        for line in self:
            level, claimed, due = line.dunning_level_id, line.dunning_stage, line.dunning_stage_due
            if claimed and due and line.date_maturity and line.date_maturity > due:
                claimed = ""  # put off since: it counts as never claimed
            firmer = claimed and (not level or STAGES.index(claimed) > STAGES.index(level.stage))
            line.dunning_reached = line._name_of_stage(claimed, stages) if firmer else level.name or ""

    def _name_of_stage(self, stage, stages):
        """Return how the plan of the item calls a stage: as its only level of that stage, if it has one."""
        levels = self.dunning_level_id.plan_id.level_ids.filtered(lambda level: level.stage == stage)
        return levels.name if len(levels) == 1 else stages[stage]

    def _compute_dunning_next(self):
        """Read the plan of each customer; spacing, thresholds and holds concern the account as a whole."""
        self.dunning_next_level_id = self.dunning_next_date = False
        open_items = self.filtered(lambda line: line.amount_residual > 0 and line.date_maturity and line.partner_id)
        for company, lines in open_items.grouped(lambda line: line.company_id.root_id).items():
            accounts = self.env["dunning.account"].search(
                [("company_id", "=", company.id), ("partner_id", "in", lines.partner_id.commercial_partner_id.ids)]
            )
            plans = {account.partner_id: account.plan_id for account in accounts}
            today = company._dunning_today()
            policies = self.env["dunning.plan"].sudo()._policies(company, today)
            for line in lines:
                policy = policies.get(plans.get(line.partner_id.commercial_partner_id, accounts.plan_id[:0]).id)
                if policy and not (line.no_followup or line.move_id.payment_state in ("blocked", "in_payment")):
                    line._read_next_level(policy, today)

    def _read_next_level(self, policy, today):
        plan = plan_of(policy)
        item = Item(
            self.id, self.date_maturity, 1, self.dunning_level_id.id or None, self.dunning_date or None,
            known=self.dunning_known_on or None, level_due=self.dunning_due or None,
        )  # fmt: skip
        for start, last, level, _item in plan.spans([item]):
            day = plan.roll(max(start, today.toordinal()))
            if day <= last:
                self.dunning_next_level_id = plan.levels[level].id
                self.dunning_next_date = fields.Date.to_date(today.fromordinal(day))
                return
