from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...settings.inside import Mark, is_marked

STATES = [
    ("open", "To Answer"),
    ("accepted", "Accepted"),
    ("partly", "Partly Accepted"),
    ("rejected", "Rejected"),
    ("withdrawn", "Withdrawn"),
    ("closed", "Closed by Payment or Credit"),
]
MOVES = {
    "open": {"accepted", "partly", "rejected", "withdrawn", "closed"},
    # A person may have been wrong, and a payment that closed it may come back.
    "accepted": {"open"},
    "partly": {"open"},
    "rejected": {"open"},
    "withdrawn": {"open"},
    "closed": {"open"},
}
# What follows from the life of a dispute, hence is not typed.
LIFE_FIELDS = {"state", "resolved_on", "resolved_by", "days_to_resolution", "held_until", "answer"}


class DunningDispute(models.Model):
    """What a customer contests, why, who answers and what came of it. It holds its own amount only."""

    _name = "dunning.dispute"
    _inherit = ["dunning.life", "dunning.guarded", "mail.thread", "mail.activity.mixin", "dunning.pointing"]
    _description = "Dispute"
    _order = "id DESC"
    _mail_post_access = "read"  # the owner, a salesperson perhaps, answers in the thread
    _check_company_auto = True
    _moves = MOVES
    _number = "LIT"

    name = fields.Char("Number", readonly=True, copy=False)
    account_id = fields.Many2one(
        "dunning.account", required=True, index=True, ondelete="restrict", people="create"
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True, index=True, precompute=True)
    partner_id = fields.Many2one(
        string="Customer", related="account_id.partner_id", store=True, index=True, precompute=True
    )
    contact_id = fields.Many2one(
        "res.partner", domain="[('commercial_partner_id', '=', partner_id)]", people=True,
        help="Who said so: the answer goes to this person.",
    )  # fmt: skip
    currency_id = fields.Many2one(related="company_id.currency_id")
    reason_id = fields.Many2one(
        "dunning.dispute.reason", required=True, tracking=True, ondelete="restrict", people=("open",),
        domain="[('company_id', 'in', [False, company_id])]",
    )  # fmt: skip
    call_id = fields.Many2one("dunning.call", readonly=True, index="btree_not_null", ondelete="restrict")
    statement = fields.Text("What the Customer Says", people="once", proof="account_id")
    attachment_ids = fields.Many2many("ir.attachment", string="Files", people=True)
    line_ids = fields.One2many("dunning.dispute.line", "dispute_id", "Invoices", people=("open",))
    amount_total = fields.Monetary(
        "Contested", compute="_compute_amount_total", store=True, help="In the currency of the company."
    )
    user_id = fields.Many2one(
        "res.users", "Owner", compute="_compute_owner", store=True, readonly=False, precompute=True, tracking=True,
        domain="[('share', '=', False)]", ondelete="set null", help="Who finds the answer.", people=("open",),
    )  # fmt: skip
    target_date = fields.Date(
        "Answer Before", compute="_compute_owner", store=True, readonly=False, precompute=True, tracking=True,
        people=("open",),
    )  # fmt: skip
    state = fields.Selection(
        STATES, "Status", required=True, readonly=True, default="open", tracking=True, copy=False,
        group_expand=True,
    )  # fmt: skip
    opened_on = fields.Date(required=True, readonly=True, default=lambda self: self.env.company._dunning_today())
    resolved_on = fields.Date(readonly=True, copy=False)
    resolved_by = fields.Many2one("res.users", readonly=True, copy=False, ondelete="set null")
    days_to_resolution = fields.Integer(
        compute="_compute_days_to_resolution", store=True, aggregator="avg",
        help="From the day it was opened to the day it was answered.",
    )  # fmt: skip
    held_until = fields.Date(
        "Not Reminded Until", readonly=True, copy=False,
        help="The last day of peace after a refusal: what was contested is claimed again from the next day on.",
    )  # fmt: skip
    answer = fields.Html(readonly=True, copy=False, help="What the customer was told.", proof="account_id")

    _by_state = models.Index("(company_id, account_id) WHERE state IN ('open', 'accepted', 'partly', 'rejected')")

    @api.depends("line_ids.amount_company")
    def _compute_amount_total(self):
        for dispute in self:
            dispute.amount_total = sum(dispute.line_ids.mapped("amount_company"))

    @api.depends("opened_on", "resolved_on")
    def _compute_days_to_resolution(self):
        for dispute in self:
            resolved = dispute.resolved_on and dispute.opened_on
            dispute.days_to_resolution = max(0, (dispute.resolved_on - dispute.opened_on).days) if resolved else 0

    @api.depends("reason_id")
    def _compute_owner(self):
        """Have the reason say who answers, and within how many days; a person may say otherwise."""
        for dispute in self:
            reason = dispute.reason_id
            dispute.user_id = dispute._owner()
            opened = dispute.opened_on or dispute.company_id._dunning_today()
            dispute.target_date = reason and opened + timedelta(days=reason.days)

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(LIFE_FIELDS & vals.keys() for vals in vals_list):
            raise UserError(self.env._("A dispute begins as open: its status follows from what is decided."))
        disputes = super().create(vals_list)
        for dispute in disputes:
            dispute.attachment_ids.filtered(lambda file: not file.res_id).write({
                "res_model": self._name, "res_id": dispute.id,
            })  # fmt: skip
        disputes._check_has_lines()
        disputes.sudo()._tell_people()
        disputes._has_changed()
        return disputes

    def write(self, vals):
        if not self.env.su:
            self._check_written(vals)
        res = super().write(vals)
        if {"user_id", "target_date"} & vals.keys():
            self.sudo()._follow_owner()
        if "line_ids" in vals:
            self._check_has_lines()
            self._has_changed()
        return res

    def _check_written(self, vals):
        """Refuse what only a decision or a payment changes.

        :raise UserError: saying how it changes
        """
        if LIFE_FIELDS & vals.keys():
            raise UserError(self.env._("The status of a dispute changes through its buttons only."))
        if {"account_id", "company_id", "opened_on"} & vals.keys():
            raise UserError(self.env._("A dispute stays with its customer: withdraw it and record another one."))
        if "line_ids" in vals and any(dispute.state != "open" for dispute in self):
            raise UserError(self.env._("This dispute is answered: what it was about is not altered."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A dispute is not deleted: withdraw it, its history stays."))

    def _check_has_lines(self):
        if any(not dispute.line_ids for dispute in self):
            raise ValidationError(self.env._("Say which invoice is contested."))

    # === LIFE CYCLE === #

    def _set_state(self, state, **vals):
        """Move to ``state``.

        :raise UserError: if the life cycle forbids it
        """
        self._check_move(state)
        for company, own in self.grouped("company_id").items():
            resolved = {"resolved_on": False, "resolved_by": False, "held_until": False, "answer": False}
            if state != "open":
                resolved |= {"resolved_on": company._dunning_today(), "resolved_by": self.env.uid}
            own.sudo().write({**resolved, "state": state, **vals})
        if state == "open":
            self.sudo().line_ids.amount_accepted = 0.0
            self.sudo()._follow_owner()
        else:
            words = dict(self._fields["state"]._description_selection(self.env))
            self.sudo()._end_activities(words[state])
        if state in ("withdrawn", "rejected"):
            self.sudo().line_ids.amount_open = 0.0
        self.line_ids.sudo()._follow()
        self._has_changed()
        self._settle_calls(opened=state == "open")

    def _settle_calls(self, opened):
        """Settle what was contested in a call, or open it again."""
        for call in self.sudo().call_id.filtered(lambda call: bool(call.dispute_closed_at) == opened):
            call.write({
                "dispute_closed_at": False if opened else fields.Datetime.now(),
                "dispute_closed_by": False if opened else self.env.uid,
            })  # fmt: skip

    def _has_changed(self):
        """Decide again what these disputes hold or held."""
        accounts = self.account_id.sudo()
        accounts._decide_again()
        if is_marked(self.env, Mark.DECIDED_LATER):
            return  # the call that made the dispute is still being recorded: it brings the account up to date
        for company, own in accounts.grouped("company_id").items():
            self.env["dunning.account"].sudo()._refresh_live(company, own.partner_id)

    def action_withdraw(self):
        """Record that the customer contests no more: all of it is claimed again."""
        self.check_access("write")
        self._set_state("withdrawn")

    def action_reopen(self):
        """Open again what was answered by mistake: its draft credit note goes, one that was posted stands."""
        self.check_access("write")
        notes = self.line_ids.credit_note_id
        if notes.filtered("posted_before"):
            raise UserError(self.env._("A credit note was posted for this dispute: record a new one for the rest."))
        notes.unlink()  # another answer makes another one
        self._set_state("open")

    def action_saved(self):
        """Close the dialog: the dispute holds."""
        return {"type": "ir.actions.act_window_close"}

    def action_resolve(self):
        """Ask what is decided (``dunning_decision`` in the context: accepted or rejected)."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Answer the Dispute"),
            "res_model": "dunning.dispute.resolve",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_dispute_id": self.id,
                "default_decision": self.env.context.get("dunning_decision", "accepted"),
            },
        }


class DunningDisputeReason(models.Model):
    """Why a customer contests, who answers, and within how many days."""

    _name = "dunning.dispute.reason"
    # Who may point there is asked first; a value of the present company only is no change of what is shared.
    _inherit = ["dunning.pointing", "dunning.shared", "dunning.guarded"]
    _description = "Reason of a Dispute"
    _people_settings = True
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=20)
    company_id = fields.Many2one(
        "res.company", index=True, ondelete="cascade", domain="[('parent_id', '=', False)]",
        default=lambda self: self.env["dunning.shared"]._default_company(),
        help="Leave empty to share the reason between all companies.",
    )  # fmt: skip
    owner_kind = fields.Selection(
        [("sales", "Sales"), ("logistics", "Logistics"), ("accounts", "Accounts")],
        "Who Answers", required=True, default="accounts",
        help="Sales: the customer's salesperson. Accounts: the person in charge of the customer's reminders. "
        "Logistics: the person below. When nobody is found, the person in charge.",
    )  # fmt: skip
    user_id = fields.Many2one(
        "res.users", "Always This Person", company_dependent=True, domain="[('share', '=', False)]",
        help="This person answers every dispute with this reason, in the present company.",
    )  # fmt: skip
    days = fields.Integer("Days to Answer", default=5, aggregator=None)

    _days_positive = models.Constraint("CHECK (days >= 0)", "The number of days cannot be negative.")
