from odoo import api, fields, models
from odoo.fields import Domain

from ..core.decision.facts import STAGES, Item
from ..core.decision.schedule import plan_of
from ..settings.internal import READERS
from . import name_queries, query_parts


class AccountMoveLine(models.Model):
    _name = "account.move.line"
    _inherit = ["dunning.guarded.fields", "account.move.line"]

    # Written by the reminders when a level is done, never computed: a stored computed field
    # would rewrite every line of the ledger at install.
    dunning_level_id = fields.Many2one(
        "dunning.level", "Reminder Level", readonly=True, copy=False, index="btree_not_null", ondelete="restrict",
        help="The last reminder level done for this item.",
    )  # fmt: skip
    dunning_date = fields.Date("Reminded On", readonly=True, copy=False)
    dunning_due = fields.Date("Due When Reminded", readonly=True, copy=False)
    dunning_stage = fields.Char(
        "Firmest Claim", readonly=True, copy=False,
        help="The firmest stage of the messages that claimed this item, whatever level it has reached itself.",
    )  # fmt: skip
    dunning_stage_due = fields.Date("Due When Claimed", readonly=True, copy=False)
    dunning_known_on = fields.Date(
        "Known After It Was Due", readonly=True, copy=False,
        help="The day on which the customer had the invoice, when that was after the due date of this item.",
    )  # fmt: skip
    dunning_name = fields.Char(
        "Document", compute="_compute_dunning_name", search="_search_dunning_name",
        help="As the customer knows it: the number of an invoice; of a balance taken over or of a till the label, the "
        "reference or the ticket.",
    )  # fmt: skip

    dunning_origin_id = fields.Many2one(
        "account.move.line", "Due Again", readonly=True, copy=False, index="btree_not_null", ondelete="set null",
        help="The bank sent this money back: it had paid this item of an invoice, which is due again.",
    )  # fmt: skip

    # The night run reads every open line of the ledger: this index answers without touching the table.
    _dunning_open_idx = models.Index(
        "(partner_id) INCLUDE (company_id, account_id, id, amount_residual, date_maturity, date, no_followup, "
        "dunning_known_on, currency_id, amount_residual_currency, discount_date, discount_amount_currency) "
        "WHERE parent_state = 'posted' AND reconciled IS NOT TRUE AND amount_residual <> 0 AND partner_id IS NOT NULL"
    )

    # Money that came back is an open debit of a bank journal: few among all that customers owe.
    _dunning_open_debit_idx = models.Index(
        "(journal_id) WHERE parent_state = 'posted' AND reconciled IS NOT TRUE AND amount_residual > 0 "
        "AND payment_id IS NULL"
    )

    # So is what Odoo excludes from follow-up.
    _dunning_excluded_idx = models.Index(
        "(company_id) WHERE no_followup IS TRUE AND parent_state = 'posted' AND reconciled IS NOT TRUE "
        "AND amount_residual > 0 AND partner_id IS NOT NULL"
    )

    @api.depends("dunning_origin_id", "move_id.ref", "move_name", "name")
    def _compute_dunning_name(self):
        found = dict(self.env.execute_query(name_queries.names(self.env, self._origin.ids)))
        for line in self:
            line.dunning_name = found.get(line._origin.id) or line.move_name or ""

    def _search_dunning_name(self, operator, value):
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        return Domain.OR(Domain(name, operator, value) for name in ("move_name", "name", "move_id.ref"))

    @api.model
    def _dunning_name_sql(self):
        """Return the SQL of the name of an item (aliases ``l``, and ``m`` of its entry), for lists that SQL makes."""
        return name_queries.item_name(self.env)

    @api.model
    def _dunning_owed_sql(self):
        """Return the SQL that tells whether an open item (alias ``l``) is a debt, for lists that SQL makes."""
        return query_parts.is_owed()

    def write(self, vals):
        res = super().write(vals)
        if "date_maturity" in vals:
            self._dunning_follow_known()
        if {"no_followup", "date_maturity"} & vals.keys():
            self.env["dunning.account"]._touch(self)
        return res

    def _dunning_follow_known(self):
        """Bring the day on which the customer had each item up to date: kept where it matters, after the due date.

        An item that was reminded already is known: its days go on.
        """
        for line in self.sudo():
            if line.parent_state != "posted" or not line.date_maturity or line.dunning_level_id:
                continue
            known = line.move_id.dunning_known_on
            late = known if known and known > line.date_maturity and line.account_type == "asset_receivable" else False
            if line.dunning_known_on != late:
                line.dunning_known_on = late

    # === WHAT COMES NEXT === #
    # For one open item, as if it were the only one of its customer.

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
