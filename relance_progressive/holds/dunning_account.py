from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..core.decision.facts import STAGES
from ..core.said.share import as_decimal
from .pauses import queries

DEFAULT_STAGE = "friendly"
OVER = ("kept", "partly", "broken")


class DunningAccount(models.Model):
    """What is paused, promised and contested of an account."""

    _inherit = "dunning.account"

    pause_ids = fields.One2many("dunning.pause", "account_id", "Pauses", readonly=True)
    running_pause_ids = fields.Many2many("dunning.pause", string="Running Pauses", compute="_compute_running_pause_ids")
    whole_pause = fields.Boolean("Paused as a Whole", compute="_compute_running_pause_ids")

    @api.depends("pause_ids.ended_on", "pause_ids.until")
    def _compute_running_pause_ids(self):
        pauses = self.env["dunning.pause"]
        found = pauses.search(
            pauses._domain_running_now()
            & (
                Domain("account_id", "in", self.ids)
                | (Domain("scope", "=", "company") & Domain("company_id", "in", self.company_id.ids))
            )
        )
        by_account = found.grouped("account_id")
        of_companies = by_account.get(self.env["dunning.account"], pauses)
        for account in self:
            of_company = of_companies.filtered(lambda pause, account=account: pause.company_id == account.company_id)
            own = by_account.get(account._origin, pauses)
            account.running_pause_ids = of_company | own
            account.whole_pause = any(pause.scope == "account" for pause in own)

    @api.model
    def _decide_company_again(self, company):
        """Have every account of a company decided again by the next run."""
        self._forget_fingerprint(SQL("company_id = %s", company.id))

    # === BUTTONS === #

    def action_pause(self):
        """Ask until when this customer is not reminded."""
        self.ensure_one()
        return self.env["dunning.pause"]._new_action(scope="account", account_id=self.id)

    def action_end_pause(self):
        """Lift what pauses this customer as a whole."""
        self.running_pause_ids.filtered(lambda pause: pause.scope == "account").action_end()

    # === NOT TO LOSE === #
    # From a stage on, a person reads every message to such a customer before it leaves.

    protected = fields.Boolean(
        "Do Not Lose This Customer", tracking=True, people=True,
        help="Above the chosen stage no message leaves by itself: it waits for a person's approval.",
    )  # fmt: skip
    protected_stage = fields.Selection(
        [
            ("pre_due", "Reminders before the due date"),
            ("friendly", "Friendly reminders"),
            ("firm", "Firm reminders"),
        ],
        "Without Approval Up To", tracking=True, people=True, help="Friendly reminders if empty.",
    )  # fmt: skip

    def write(self, vals):
        marks = {"protected", "protected_stage"} & vals.keys()
        if marks and not self.env.su and not self.env.user.has_group("relance_progressive.dunning_group_manager"):
            self._check_more_careful(vals)
        res = super().write(vals)
        if marks:
            self._ask_above_the_cap()
            self.sudo()._decide_again()
            for company, own in self.grouped("company_id").items():
                self.env["dunning.account"]._refresh_live(company, own.partner_id)
        return res

    def _check_more_careful(self, vals):
        """Let a user be more careful with a customer; only a manager may be less.

        :raise UserError: if the mark is taken off or its stage raised
        """
        for account in self.filtered("protected"):
            rank = STAGES.index(vals.get("protected_stage", account.protected_stage) or DEFAULT_STAGE)
            if not vals.get("protected", True) or rank > account._rank_without_approval():
                raise UserError(self.env._("Only a manager takes this mark off, or lets firmer messages go."))

    def _is_above_cap(self, level):
        """Tell whether a message of this level needs a person's approval for this customer."""
        return self.protected and STAGES.index(level.stage) > self._rank_without_approval()

    def _rank_without_approval(self):
        return STAGES.index(self.protected_stage or DEFAULT_STAGE)

    def _ask_above_the_cap(self):
        """Have what is ready and too firm wait for an approval: nobody has given one for this customer."""
        ready = self.env["dunning.reminder"].sudo().search([("account_id", "in", self.ids), ("state", "=", "ready")])
        firm = ready.filtered(lambda reminder: reminder.account_id._is_above_cap(reminder.level_id))
        firm._check_not_leaving()
        firm._set_state("draft", draft_reason="approval")

    @api.model
    def _careful_stages(self, company, partners):
        """Return ``{customer id: the firmest stage that leaves without approval}`` of those not to lose."""
        rows = self.env.execute_query(queries.protected_stages(self.env, company, partners))
        return {partner: stage or DEFAULT_STAGE for partner, stage in rows}

    @api.model
    def _careful_policies(self, company, partners):
        """Return the function ``(customer, policy) -> policy`` that asks for an approval above the stage of each."""
        stages, careful = self._careful_stages(company, partners), {}

        def policy_for(partner, policy):
            stage = stages.get(partner)
            if not policy or not stage:
                return policy
            key = (id(policy), stage)
            if key not in careful:  # one policy for each: the core makes each ready once
                careful[key] = policy.asking_above(stage)
            return careful[key]

        return policy_for

    # The promises of a customer: what they hold, what was missed, how far to trust the next one.

    promise_ids = fields.One2many("dunning.promise", "account_id", "Promises", readonly=True)
    broken_promise_date = fields.Date(
        "Promise Broken On", readonly=True, help="Since when a broken promise waits for someone to follow it up."
    )
    promise_rate_amount = fields.Float("Kept (Amount)", compute="_compute_promise_rates", aggregator=None)
    promise_text = fields.Char("Promises Kept", compute="_compute_promise_rates")

    @api.depends("promise_ids.state", "promise_ids.amount_kept", "promise_ids.amount_due")
    @api.depends_context("lang")
    def _compute_promise_rates(self):
        """Tell which share of the promises that are over was kept on time, by number and by amount."""
        groups = self.env["dunning.promise"]._read_group(
            [("account_id", "in", self.ids), ("state", "in", OVER)],
            ["account_id", "state"], ["__count", "amount_due:sum", "amount_kept:sum"],
        )  # fmt: skip
        over = defaultdict(list)
        for account, state, count, due, kept in groups:
            over[account].append((count, count if state == "kept" else 0, due, kept))
        for account in self:
            count, kept, due, paid = map(sum, zip(*over.get(account._origin, [(0, 0, 0, 0)]), strict=True))
            account.promise_rate_amount = paid / due if due else 0
            account.promise_text = self.env._(
                "%(kept)s of %(count)s promises kept on time (%(rate)s%% of the amounts)",
                kept=kept, count=count, rate=round(100 * account.promise_rate_amount),
            ) if count else False  # fmt: skip

    # === RECORDING === #

    def _promisable(self, items=None):
        """Return the items of the account that can be promised, oldest first.

        :param items: those that are meant, all of them by default
        :raise UserError: if one is settled or belongs to another account
        """
        self.ensure_one()
        found = self.env["account.move.line"].search(
            [*self._open_item_domain(), ("amount_residual", ">", 0)], order="date_maturity, id"
        )
        if items and (others := items.sudo() - found):
            names = ", ".join(others.mapped("dunning_name"))
            raise UserError(self.env._("Settled meanwhile, or not of this customer: %(names)s", names=names))
        return found & items.sudo() if items else found

    def _promised_of_items(self, day):
        """Return ``{item id: amount}`` of what open promises of the account still hold on a day."""
        amounts = defaultdict(lambda: as_decimal(0))
        for _customer, hold in self.env["dunning.promise"].sudo()._holds_of(self.company_id, self.partner_id.ids, day):
            amounts[hold.item] += hold.amount
        return amounts

    def _contested_of_items(self, items, day):
        """Return ``{item id: amount}`` of what customers contest of ``items`` and nobody has answered yet."""
        holds = self.env["dunning.account"].sudo()._holds(self.company_id, self.partner_id.ids, day)
        owed = {item.id: as_decimal(item.amount_residual) for item in items.sudo()}
        amounts = {}
        for hold in holds.get(self.partner_id.id, ()):
            if hold.reason == "dispute" and hold.item in owed and hold.until is None:
                amount = amounts.get(hold.item, 0) + (owed[hold.item] if hold.amount is None else hold.amount)
                amounts[hold.item] = min(owed[hold.item], amount)
        return amounts

    def action_record_promise(self):
        """Ask what the customer promised."""
        self.ensure_one()
        return self.env["dunning.promise.record"]._open(self)

    def action_broken_followed_up(self):
        """Record that the broken promises of these accounts are taken care of."""
        self.promise_ids.filtered("amount_missing").action_followed_up()

    # === DISPUTES === #

    dispute_ids = fields.One2many("dunning.dispute", "account_id", "Disputes", readonly=True)
    dispute_count = fields.Integer("Number of Open Disputes", compute="_compute_dispute_count")

    @api.depends("dispute_ids.state")
    def _compute_dispute_count(self):
        counts = dict(self.env["dunning.dispute"]._read_group(
            [("account_id", "in", self.ids), ("state", "=", "open")], ["account_id"], ["__count"]
        ))  # fmt: skip
        for account in self:
            account.dispute_count = counts.get(account._origin, 0)

    # === BUTTONS === #

    def _new_dispute_action(self, items):
        """Return the dialog that records a dispute; one item is proposed as a whole."""
        self.ensure_one()
        lines = [fields.Command.create({"move_line_id": item.id, "whole": len(items) == 1}) for item in items]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Record a Dispute"),
            "res_model": "dunning.dispute",
            "view_mode": "form",
            "views": [(self.env.ref("relance_progressive.dunning_dispute_view_form_new").id, "form")],
            "target": "new",
            "context": {"default_account_id": self.id, "default_line_ids": lines},
        }

    def action_record_dispute(self):
        """Ask what the customer contests."""
        items = self.move_line_ids.filtered(lambda line: line.amount_residual > 0)
        return self._new_dispute_action(items if len(items) == 1 else items[:0])

    def action_open_disputes(self):
        """Show the disputes of the account, answered ones too."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("relance_progressive.dunning_dispute_action")
        return action | {
            "name": self.env._("Disputes of %(customer)s", customer=self.partner_id.display_name),
            "domain": [("account_id", "=", self.id)],
            "context": {},
        }
