from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

from ...settings.inside import Mark, is_marked, marked

STATES = [
    ("open", "To Decide"),
    ("delay", "New Delay"),
    ("case", "Handed Over to a Case"),
    ("given_up", "Given Up"),
    ("closed", "Paid"),
    ("void", "Overtaken"),
]
MOVES = {
    "open": {"delay", "case", "given_up", "closed", "void"},
    # A person may have been wrong; a payment closes whatever was decided.
    "delay": {"open", "closed", "void"},
    "case": {"open", "closed", "void"},
    "given_up": {"open", "closed", "void"},
    "closed": set(),
    "void": set(),
}
STANDING = ("open", "delay", "case", "given_up")
FOR_MANAGERS = ("case", "given_up")


class DunningDecision(models.Model):
    """What a person decides once the time to pay of a formal notice is over.

    Nothing goes on by itself for the items concerned. Each time a notice or a new delay expires there is a
    decision of its own; none is deleted.
    """

    _name = "dunning.decision"
    _inherit = ["dunning.life", "mail.thread"]
    _description = "Decision After a Formal Notice"
    _order = "id DESC"
    _check_company_auto = True
    _moves = MOVES

    account_id = fields.Many2one("dunning.account", required=True, readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="account_id.company_id", store=True, precompute=True)
    partner_id = fields.Many2one(
        string="Customer", related="account_id.partner_id", store=True, precompute=True, index=True
    )
    user_id = fields.Many2one(string="Person in Charge", related="account_id.user_id", store=True, tracking=False)
    currency_id = fields.Many2one(related="company_id.currency_id")
    reminder_id = fields.Many2one(
        "dunning.reminder", "Formal Notice", required=True, readonly=True, index=True, ondelete="restrict"
    )
    item_ids = fields.Many2many(
        "account.move.line", "dunning_decision_item", "decision_id", "line_id", "Invoices", readonly=True
    )
    asked_on = fields.Date(required=True, readonly=True, help="The day after the time to pay was over.")
    pay_until = fields.Date("To Be Paid By", required=True, readonly=True)
    amount = fields.Monetary("Unpaid Then", readonly=True, help="What was still claimed the day it was asked.")
    amount_open = fields.Monetary("Still Unpaid", compute="_compute_amount_open", compute_sudo=True)
    state = fields.Selection(
        STATES, "Decision", required=True, readonly=True, default="open", tracking=True, group_expand=True
    )
    until = fields.Date("New Delay Until", readonly=True, tracking=True)
    reason = fields.Char("In Words", readonly=True, tracking=True)
    decided_on = fields.Date(readonly=True)
    decided_by = fields.Many2one("res.users", readonly=True, ondelete="set null")
    pause_id = fields.Many2one("dunning.pause", "Exclusion", readonly=True, ondelete="set null")
    escalated_on = fields.Date(
        "Manager Told On", readonly=True, help="Nobody had decided for the working days that the plan gives."
    )
    sentence = fields.Char("In Short", compute="_compute_sentence")

    _delay_has_an_end = models.Constraint("CHECK (state <> 'delay' OR until IS NOT NULL)", "Say until when.")
    _standing = models.Index("(company_id, account_id) WHERE state IN ('open', 'delay', 'case', 'given_up')")

    # === WORDS === #

    @api.depends("item_ids.amount_residual")
    def _compute_amount_open(self):
        for decision in self:
            decision.amount_open = sum(decision.item_ids.mapped("amount_residual"))

    @api.depends("state", "until", "reason", "pay_until", "item_ids.amount_residual")
    @api.depends_context("lang")
    def _compute_sentence(self):
        for decision in self:
            decision.sentence = decision._in_words()

    def _in_words(self):
        values = {
            "amount": format_amount(self.env, self.amount_open, self.currency_id),
            "day": format_date(self.env, self.pay_until),
            "until": format_date(self.env, self.until) if self.until else "",
        }
        words = {
            "open": self.env._("Formal notice expired on %(day)s without payment: decide about %(amount)s", **values),
            "delay": self.env._("New delay until %(until)s after the formal notice: %(amount)s", **values),
            "case": self.env._("Handed over after the formal notice: %(amount)s", **values),
            "given_up": self.env._("Given up after the formal notice: %(amount)s", **values),
        }
        return words.get(self.state) or dict(self._fields["state"]._description_selection(self.env))[self.state]

    @api.depends("partner_id", "reminder_id")
    def _compute_display_name(self):
        for decision in self:
            decision.display_name = f"{decision.reminder_id.name or ''} {decision.partner_id.name or ''}".strip()

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        if not is_marked(self.env, Mark.MOVING):
            raise UserError(self.env._("The night run asks for decisions, when a formal notice expires."))
        return super().create(vals_list)

    def write(self, vals):
        if "state" in vals and not is_marked(self.env, Mark.MOVING):
            raise UserError(self.env._("A decision is taken with its buttons only."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A decision is not deleted: it is part of the history of the customer."))

    # === LIFE CYCLE === #

    @api.model
    def _ask(self, rows):
        """Record that something is to be decided; return the decisions.

        :param rows: values of the decisions: ``account_id``, ``reminder_id``, ``item_ids``, ``asked_on``,
            ``pay_until``, ``amount``
        """
        return marked(self.with_context(tracking_disable=True), Mark.MOVING).create(rows)

    def _set_state(self, state, **vals):
        """Move to ``state``.

        :raise UserError: if the life cycle forbids it
        """
        self._check_move(state)
        marked(self.sudo(), Mark.MOVING).write({"state": state, **vals})
        self._has_changed()

    def _decide(self, state, until=False, reason=False):
        """Record what a person decided: "delay" (``until``), "case" or "given_up" (``reason``).

        :raise UserError: without the rights, the day or the reason it takes
        """
        self._check_may_decide(state)
        today = self.company_id._dunning_days()
        if state == "delay" and (not until or any(until <= today[decision.company_id] for decision in self)):
            raise UserError(self.env._("Choose a day to come: until then nothing goes on."))
        if state == "given_up" and not (reason or "").strip():
            raise UserError(self.env._("Say why it is given up."))
        for decision in self:
            pause = decision._exclude(reason) if state == "given_up" else False
            decision._set_state(
                state, until=until if state == "delay" else False, reason=(reason or "").strip() or False,
                decided_on=today[decision.company_id], decided_by=self.env.uid, pause_id=pause and pause.id,
            )  # fmt: skip
        if state == "case":
            self._hand_over()

    def _check_may_decide(self, state):
        self.check_access("read")
        self.account_id.check_access("write")
        manager = self.env.su or self.env.user.has_group("relance_progressive.dunning_group_manager")
        if state in FOR_MANAGERS and not manager:
            raise UserError(self.env._("Opening a case and giving up need a manager; you may give a new delay."))

    def _hand_over(self):
        """Hook: open a case for these decisions; until a case takes them up, their items stay held."""

    def _exclude(self, reason):
        """Exclude the items for good; writing them off is Odoo's."""
        items = self.sudo().item_ids.filtered(lambda item: item.amount_residual > 0)
        return self.env["dunning.pause"].create({
            "scope": "items", "account_id": self.account_id.id, "line_ids": [fields.Command.set(items.ids)],
            "kind": "given_up", "reason": reason, "until": False,
        })  # fmt: skip

    def action_reopen(self):
        """Take a decision back: it is to be taken again."""
        for decision in self:
            decision._check_may_decide(decision.state)
            if decision.pause_id.state == "running":
                decision.pause_id.action_end()
            decision._set_state(
                "open", until=False, reason=False, decided_on=False, decided_by=False, pause_id=False
            )  # fmt: skip
        self.sudo()._give_to_do()

    # === BUTTONS === #

    def _open_wizard(self, act):
        titles = {
            "case": self.env._("Hand Over to a Case"),
            "delay": self.env._("New Delay"),
            "given_up": self.env._("Give Up the Claim"),
        }
        return {
            "type": "ir.actions.act_window",
            "name": titles[act],
            "res_model": "dunning.decision.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_act": act, "default_decision_ids": self.ids},
        }

    def action_hand_over(self):
        """Ask for the words that go with a case."""
        return self._open_wizard("case")

    def action_new_delay(self):
        """Ask until when the customer gets more time."""
        return self._open_wizard("delay")

    def action_give_up(self):
        """Ask why it is given up."""
        return self._open_wizard("given_up")

    def action_open_account(self):
        """Show the account of the customer."""
        self.ensure_one()
        return self.account_id.get_formview_action()


class DunningPause(models.Model):
    _inherit = "dunning.pause"

    kind = fields.Selection(
        selection_add=[("given_up", "Given up after a formal notice")], ondelete={"given_up": "set default"}
    )


class DunningDecisionWizard(models.TransientModel):
    """What is decided, until when, and why."""

    _name = "dunning.decision.wizard"
    _inherit = ["dunning.pointing"]
    _description = "Decide After a Formal Notice"

    decision_ids = fields.Many2many("dunning.decision", required=True, readonly=True)
    act = fields.Selection(
        [("case", "Hand over to a case"), ("delay", "Give a new delay"), ("given_up", "Give up")],
        required=True, readonly=True,
    )  # fmt: skip
    until = fields.Date()
    reason = fields.Char("In Words")

    def action_decide(self):
        """Record the decision."""
        self.decision_ids._decide(self.act, self.until, self.reason)
        return {"type": "ir.actions.act_window_close"}
