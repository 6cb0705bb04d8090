from collections import defaultdict
from decimal import Decimal

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..core.decision.forecast import flow
from ..core.decision.schedule import start
from . import queries

BATCH = 5000  # customers looked at together
DAYS = 20  # working days of the table


class DunningTakeover(models.Model):
    """The day reminders are switched on: old items start at the level of their age, and nothing is sent.

    Only items that are overdue and were never reminded are concerned.
    """

    _name = "dunning.takeover"
    _inherit = ["dunning.guarded", "mail.thread", "dunning.pointing"]
    _description = "Take-Over of Old Items"
    _order = "id DESC"
    _rec_name = "date"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, default=lambda self: self.env.company.root_id, ondelete="cascade",
        people=("draft",),
    )  # fmt: skip
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(
        [("draft", "Proposed"), ("done", "Applied"), ("undone", "Undone")], "Status",
        default="draft", required=True, readonly=True, tracking=True, copy=False,
    )  # fmt: skip
    date = fields.Date(
        "Day", required=True, default=lambda self: self.env.company._dunning_today(), people=("draft",)
    )
    firmest = fields.Selection(
        [("friendly", "A friendly message"), ("firm", "A firm message")], "Firmest First Message",
        default="friendly", required=True, people=("draft",),
        help="However old an invoice is, the first message about it is not firmer than this. A formal notice is never "
        "the first message.",
    )  # fmt: skip
    daily_cap = fields.Integer(
        "Messages a Day", default=lambda self: self.env.company.root_id.dunning_daily_cap, people=("draft",),
        help="Becomes the limit of the company. 0: no limit.",
    )  # fmt: skip
    line_ids = fields.One2many("dunning.takeover.line", "takeover_id", "First Messages", readonly=True, copy=False)
    day_ids = fields.One2many("dunning.takeover.day", "takeover_id", "Days to Come", readonly=True, copy=False)
    item_count = fields.Integer("Items Taken Over", compute="_compute_item_count")

    _daily_cap_positive = models.Constraint("CHECK (daily_cap >= 0)", "The limit of messages a day cannot be negative.")

    def _compute_item_count(self):
        counts = dict(self.env["dunning.takeover.item"].sudo()._read_group(
            [("takeover_id", "in", self.ids)], ["takeover_id"], ["__count"]
        ))  # fmt: skip
        for takeover in self:
            takeover.item_count = counts.get(takeover._origin, 0)

    @api.model_create_multi
    def create(self, vals_list):
        takeovers = super().create(vals_list)
        takeovers._propose()
        return takeovers

    def write(self, vals):
        if vals.keys() & {"date", "firmest", "daily_cap", "company_id"}:
            self._check_state("draft", self.env._("What was applied is not changed: undo it, and make another one."))
        if "state" in vals and not self.env.su:
            raise UserError(self.env._("A take-over is applied and undone by its buttons only."))
        res = super().write(vals)
        if "company_id" in vals:
            self.check_access("write")  # nobody plants one in a company that is not theirs
        if vals.keys() & {"date", "firmest", "daily_cap", "company_id"}:
            self._propose()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_only_proposals(self):
        self._check_state("draft", self.env._("What was applied is kept: it explains where the invoices started."))

    def _check_state(self, state, refusal):
        if any(takeover.state != state for takeover in self):
            raise UserError(refusal)

    # === PROPOSAL === #

    def _propose(self):
        """Work out where the items start and how the messages flow; nothing is written on the items."""
        for takeover in self:
            takeover.check_access("write")
            starts = takeover.sudo()._starts()
            takeover.sudo().write({
                "line_ids": [Command.clear(), *takeover.sudo()._summary(starts)],
                "day_ids": [Command.clear(), *takeover.sudo()._days(starts)],
            })  # fmt: skip

    def _customers(self):
        """Yield the customers that owe something, batch by batch, each with its plan and facts."""
        accounts, company = self.env["dunning.account"], self.company_id
        customers = accounts._owing_customers(company)
        for begin in range(0, len(customers), BATCH):
            batch = customers[begin : begin + BATCH]
            plans = self.env["dunning.plan"]._of_customers(company, batch)
            facts = accounts._read_facts(company, batch, self.date)
            yield {partner: (plans.get(partner), found) for partner, (_plan, found) in facts.items()}

    def _starts(self):
        """Return ``{item id: (customer, amount, Start)}`` of the overdue items that were never reminded."""
        policies = self.env["dunning.plan"]._policies(self.company_id, self.date)
        starts = {}
        for batch in self._customers():
            for partner, (plan, facts) in batch.items():
                levels = policies[plan].levels if plan in policies else ()
                for item in facts.items:
                    if item.level is None and not item.excluded and item.due < self.date:
                        found = start(levels, item.due, self.date, self.firmest)
                        if found:
                            starts[item.id] = partner, item.amount, found
        return starts

    def _summary(self, starts):
        """Return the commands of the lines: per level, how many customers, items and how much."""
        customers, items, amounts = defaultdict(set), defaultdict(int), defaultdict(Decimal)
        for partner, amount, found in starts.values():
            customers[found.level].add(partner)
            items[found.level] += 1
            amounts[found.level] += amount
        levels = self.env["dunning.level"].browse(items).sorted(lambda level: (level.plan_id.id, level.sequence))
        return [
            Command.create({
                "level_id": level.id, "customer_count": len(customers[level.id]), "item_count": items[level.id],
                "amount": float(amounts[level.id]),
            })
            for level in levels
        ]  # fmt: skip

    def _days(self, starts):
        """Return the commands of the table: the next message of every customer, as it would leave day by day."""
        company, engine = self.company_id, self.env["dunning.engine"].with_company(self.company_id)
        policies = self.env["dunning.plan"]._policies(company, self.date)
        done = {item: (found.done, found.done_on) for item, (_partner, _amount, found) in starts.items() if found.done}

        def taken_over(_partner, facts, policy):
            return facts._replace(items=tuple(
                item._replace(level=done[item.id][0], level_date=done[item.id][1]) if item.id in done else item
                for item in facts.items
            )), policy  # fmt: skip

        new = defaultdict(int)
        for batch in self._customers():
            plans = {partner: plan for partner, (plan, _facts) in batch.items()}
            for decision in engine._decide_all(
                company, policies, self.date, list(batch), plans, change=taken_over
            ).values():
                if decision.send:
                    new[self.date] += 1
                elif decision.next_date:
                    new[decision.next_date] += 1
        new[self.date] += self._prepared()
        table = flow(new, self.daily_cap, company._dunning_calendar(self.date), self.date, DAYS)
        last = max((number for number, day in enumerate(table) if day.new or day.leaves), default=-1)
        return [
            Command.create({"date": day.date, "new": day.new, "leaves": day.leaves, "waits": day.waits})
            for day in table[: last + 1]
        ]

    def _prepared(self):
        """Return how many reminders wait already."""
        return self.env["dunning.reminder"].search_count(
            [("company_id", "=", self.company_id.id), ("state", "in", ("draft", "ready"))]
        )

    # === BUTTONS === #

    def action_propose(self):
        """Look at the books again."""
        self._check_state("draft", self.env._("What was applied is not changed: undo it, and make another one."))
        self._propose()

    def action_apply(self):
        """Write the starting levels; nothing is sent."""
        self.ensure_one()
        self.check_access("write")
        self._check_state("draft", self.env._("This take-over was applied already."))
        own = self.sudo()
        own._clear_the_way()
        starts = own._starts()
        rows = [(item, found.done, found.done_on) for item, (_p, _a, found) in starts.items() if found.done]
        taken = self.env.execute_query(queries.take_over(self.env, self, rows)) if rows else []
        self.env.execute_query(queries.customers_know(self.env, starts))
        own._propose()
        own.company_id.dunning_daily_cap = self.daily_cap
        own.state = "done"
        own._after_writing()
        words = (
            self.env._(
                "1 old invoice or instalment was given the level it starts from. Nothing was sent. The customer is "
                "taken to have this invoice, whether Odoo has sent it or not."
            )
            if len(taken) == 1
            else self.env._(
                "%(count)s old invoices or instalments were given the level they start from. Nothing was sent. The "
                "customers are taken to have these invoices, whether Odoo has sent them or not.",
                count=len(taken),
            )
        )
        self.message_post(body=words, subtype_xmlid="mail.mt_note")
        return True

    def _clear_the_way(self):
        """Give up the drafts of a first run, made as if nobody had ever reminded; the next night makes others.

        :raise UserError: when other reminders wait
        """
        drafts = self.env["dunning.reminder"].with_context(tracking_disable=True).search([
            ("company_id", "=", self.company_id.id), ("state", "=", "draft"), ("draft_reason", "=", "first_run"),
        ])  # fmt: skip
        drafts._set_state("cancelled", reason=self.env._("The old invoices were taken over."))
        if waiting := self._prepared():
            raise UserError(
                self.env._("1 reminder was prepared before: send or cancel it first.")
                if waiting == 1
                else self.env._("%(count)s reminders were prepared before: send or cancel them first.", count=waiting)
            )

    def action_undo(self):
        """Take the levels back, as long as no reminder has left on the strength of them."""
        self.ensure_one()
        self.check_access("write")
        self._check_state("done", self.env._("Only what was applied can be undone."))
        if left := self.env.execute_query(queries.reminded_since(self.env, self)):
            raise UserError(self.env._(
                "The reminder %(name)s has left since: this cannot be undone any more.", name=left[0][0]
            ))  # fmt: skip
        self.env.execute_query(queries.undo_take_over(self.env, self))
        own = self.sudo()
        own.state = "undone"
        own._after_writing()
        return True

    def _after_writing(self):
        """Have the accounts decided again by the next run, and what is shown read again."""
        self.env.execute_query(queries.forget_fingerprints(self.env, self.company_id))
        self.env["dunning.account"].invalidate_model(["fingerprint"])
        self.env["dunning.takeover.item"].invalidate_model()
        self.env["account.move.line"].invalidate_model(
            ["dunning_level_id", "dunning_date", "dunning_due", "dunning_known_on"]
        )
        self.env["account.move"].invalidate_model(["dunning_level_id", "dunning_date", "dunning_has_it"])
        self.invalidate_recordset(["item_count"])


class DunningTakeoverLine(models.Model):
    _name = "dunning.takeover.line"
    _description = "First Messages of a Take-Over"
    _order = "id"

    takeover_id = fields.Many2one("dunning.takeover", required=True, index=True, ondelete="cascade")
    currency_id = fields.Many2one(related="takeover_id.currency_id")
    level_id = fields.Many2one("dunning.level", "First Message", readonly=True, ondelete="cascade")
    plan_id = fields.Many2one(related="level_id.plan_id")
    stage = fields.Selection(related="level_id.stage")
    customer_count = fields.Integer("Customers", readonly=True)
    item_count = fields.Integer("Invoices or Instalments", readonly=True)
    amount = fields.Monetary(readonly=True)


class DunningTakeoverDay(models.Model):
    _name = "dunning.takeover.day"
    _description = "Day of a Take-Over"
    _order = "date, id"

    takeover_id = fields.Many2one("dunning.takeover", required=True, index=True, ondelete="cascade")
    date = fields.Date("Day", readonly=True)
    new = fields.Integer("Come Up", readonly=True)
    leaves = fields.Integer("Leave", readonly=True)
    waits = fields.Integer("Still Wait", readonly=True, aggregator=None)


class DunningTakeoverItem(models.Model):
    """What a take-over wrote on an item, to be able to take it back."""

    _name = "dunning.takeover.item"
    _description = "Item Taken Over"
    _log_access = False

    takeover_id = fields.Many2one("dunning.takeover", required=True, index=True, ondelete="cascade")
    move_line_id = fields.Many2one("account.move.line", "Item", required=True, index=True, ondelete="cascade")
    level_id = fields.Many2one("dunning.level", required=True, ondelete="restrict")
    date = fields.Date(required=True)
