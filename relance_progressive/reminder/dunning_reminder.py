from odoo import api, fields, models
from odoo.exceptions import UserError

from ..settings.inside import Mark, is_marked, marked
from . import queries

STATES = [
    ("draft", "To Approve"),
    ("ready", "Ready"),
    ("sent", "Sent"),
    ("failed", "Failed"),
    ("uncertain", "Uncertain"),
    ("cancelled", "Cancelled"),
]
# Who may follow whom. Every "uncertain" ends by a person's word, or by news that proves one or the other.
MOVES = {
    "draft": {"ready", "cancelled"},
    "ready": {"draft", "sent", "failed", "uncertain", "cancelled"},
    "failed": {"ready", "cancelled"},
    "uncertain": {"ready", "sent", "failed", "cancelled"},
    "sent": {"ready", "failed", "cancelled"},  # it came back
    "cancelled": set(),
}
# A contact that was made, may have been made, or was given up: nobody alters it.
FROZEN_STATES = ("sent", "uncertain", "cancelled")
FROZEN_FIELDS = {
    "account_id", "company_id", "partner_id", "level_id", "date", "currency_id", "amount_total", "amount_covered",
    "covered_in", "amount_notice", "notice_in", "line_ids", "delivery_ids", "message_id", "contact_id", "lang",
    "own_subject", "own_text", "own_short_text", "own_script", "dropped_item_ids", "postponed", "penalty_day",
}  # fmt: skip


class DunningReminder(models.Model):
    """One contact act: an account, a level, the items claimed and, once sent, the text as it left."""

    _name = "dunning.reminder"
    _inherit = ["dunning.life", "dunning.guarded", "mail.thread", "mail.activity.mixin", "dunning.pointing"]
    _description = "Payment Reminder"
    _order = "date DESC, id DESC"
    _check_company_auto = True
    _moves = MOVES
    _number = "REL"

    name = fields.Char("Number", readonly=True, copy=False, help="Made from the id when it is created.")
    account_id = fields.Many2one("dunning.account", required=True, readonly=True, ondelete="restrict")
    company_id = fields.Many2one(related="account_id.company_id", store=True, precompute=True)
    partner_id = fields.Many2one(
        string="Customer", related="account_id.partner_id", store=True, precompute=True, index=True
    )
    user_id = fields.Many2one(
        string="Person in Charge", related="account_id.user_id", store=True, precompute=True, tracking=False
    )
    level_id = fields.Many2one(
        "dunning.level", required=True, readonly=True, ondelete="restrict"
    )
    stage = fields.Selection(related="level_id.stage")
    date = fields.Date(
        required=True, readonly=True, default=lambda self: self.env.company._dunning_today(),
        help="The day it is to leave; once sent, the day it left.",
    )  # fmt: skip
    state = fields.Selection(STATES, "Status", required=True, readonly=True, default="draft", tracking=True, copy=False)
    draft_reason = fields.Selection(
        [("approval", "The level asks for a person's approval"), ("first_run", "First run: waits for the go-ahead")],
        "Waits For", readonly=True, copy=False,
    )  # fmt: skip
    reason = fields.Text(
        readonly=True, copy=False, help="Why it failed, is uncertain or was cancelled.", erased="account_id"
    )

    currency_id = fields.Many2one(related="company_id.currency_id")
    amount_total = fields.Monetary("Claimed", readonly=True, help="In the currency of the company.")
    amount_covered = fields.Monetary("On Its Way", readonly=True, help="Money on its way, not claimed.")
    covered_in = fields.Json(readonly=True, copy=False)  # [[currency, amount]] of it, if a debt is in a foreign one
    amount_notice = fields.Monetary(
        "Under Formal Notice", readonly=True, help="Still owed under formal notices: named, not claimed again."
    )
    notice_in = fields.Json(readonly=True, copy=False)  # likewise
    line_ids = fields.One2many("dunning.reminder.line", "reminder_id", "Items", readonly=True, copy=False)
    delivery_ids = fields.One2many("dunning.delivery", "reminder_id", "Deliveries", readonly=True, copy=False)

    # The text as sent cannot be deleted while its reminder stands.
    message_id = fields.Many2one(
        "mail.message", "Message as Sent", readonly=True, index="btree_not_null", ondelete="restrict", copy=False,
        proof="account_id",
    )  # fmt: skip
    contact_id = fields.Many2one("res.partner", "Sent To", readonly=True, ondelete="set null", copy=False)
    lang = fields.Char("Language", readonly=True, copy=False)
    retry_at = fields.Datetime("Next Attempt", readonly=True, copy=False)
    attempts = fields.Integer(readonly=True, copy=False, aggregator=None)
    delayed_since = fields.Datetime("Tried in Vain Since", readonly=True, copy=False)
    retried_at = fields.Datetime(
        "Sent Again On", readonly=True, copy=False,
        help="When a person asked to send it again: older bounces of the address are forgiven.",
    )  # fmt: skip

    _one_open = models.UniqueIndex(
        "(account_id) WHERE state IN ('draft', 'ready', 'failed', 'uncertain')",
        "This customer already has an open reminder.",
    )
    _by_account = models.Index("(account_id, date)")
    _open_by_state = models.Index("(state, date, id) WHERE state IN ('draft', 'ready', 'failed', 'uncertain')")

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.get("state", "draft") not in ("draft", "ready") for vals in vals_list):
            raise UserError(self.env._("A reminder is made as a draft or ready to be sent."))
        return super().create(vals_list)

    def write(self, vals):
        move = is_marked(self.env, Mark.MOVING)
        if "state" in vals and not move:
            raise UserError(self.env._("The status of a reminder changes through its buttons only."))
        if FROZEN_FIELDS & vals.keys() and not move:
            self._check_not_frozen()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_drafts(self):
        if any(reminder.state != "draft" for reminder in self):
            raise UserError(self.env._("Only reminders that were never sent can be deleted: cancel them instead."))

    def _check_not_frozen(self):
        """Refuse to alter what the customer received, or may have received.

        :raise UserError: naming the reminders concerned
        """
        if frozen := self.filtered(lambda reminder: reminder.state in FROZEN_STATES):
            raise UserError(self.env._("Nobody alters a reminder that has left: %(names)s", names=frozen._names()))

    def _names(self):
        """Return the names of a few reminders, for a message to a person."""
        names = ", ".join(self[:5].mapped("name"))
        return f"{names}…" if len(self) > 5 else names

    # === LIFE CYCLE === #

    def _set_state(self, state, **vals):
        """Move to ``state`` and carry out what it means for the items and the account.

        :raise UserError: if the life cycle forbids it
        """
        self._check_move(state)
        was_sent = self.filtered(lambda reminder: reminder.state == "sent")
        in_doubt = self.filtered(lambda reminder: reminder.state == "uncertain" and state == "sent")
        marked(self.sudo(), Mark.MOVING).write({"state": state, **vals})
        self.flush_recordset(["state"])  # an account that is released may get its next reminder at once
        if state == "sent":
            self._mark_done()
        was_sent._mark_undone()
        self._follow_state(state, vals.get("reason"))
        for reminder in in_doubt.sudo():  # it has arrived: the other channels follow
            reminder.to_continue = self.env["dunning.engine"]._has_steps_left(reminder)

    def _mark_done(self):
        """Give each item of these reminders the level that was carried out."""
        if self:
            self._update_items([queries.mark_items_done(self.env, self.ids)])

    def _mark_undone(self):
        """Take back the levels of these reminders, that did not reach the customer after all; last one first."""
        if self:
            last_first = self.sorted(lambda reminder: (reminder.date, reminder.id), reverse=True)
            undone = [queries.mark_items_undone(self.env, reminder.id) for reminder in last_first]
            self._update_items([*undone, queries.mark_claims(self.env, self.ids)])

    def _update_items(self, updates):
        for update in updates:
            self.env.execute_query(update)
        self.env.execute_query(queries.mark_contacts(self.env, self.account_id.ids))
        self.env["account.move.line"].invalidate_model([
            "dunning_level_id", "dunning_date", "dunning_due", "dunning_stage", "dunning_stage_due",
        ])  # fmt: skip
        self.env["dunning.reminder.line"].invalidate_model(["previous_level_id", "previous_date", "previous_due"])
        self.env["dunning.account"].invalidate_model(["last_contact_date", "fingerprint"])

    def _reduce(self, lines, **vals):
        """Claim only ``lines`` from now on, a sequence of ``core.facts.Line``."""
        self.ensure_one()
        self._check_not_frozen()
        self.line_ids.unlink()
        moves = {item.id: item for item in self.env["account.move.line"].browse([line.item for line in lines])}
        self.env["dunning.reminder.line"].create([
            {
                "reminder_id": self.id,
                "move_line_id": line.item,
                "move_name": moves[line.item].dunning_name,
                "date_maturity": moves[line.item].date_maturity or moves[line.item].date,
                "currency_id": moves[line.item].currency_id.id,
                "amount_residual": float(line.amount),
                "amount_currency": float(line.claimed),
                "level_id": line.level,
                "upcoming": line.upcoming,
            }
            for line in lines
        ])
        self.write({**vals, "amount_total": float(sum(line.amount for line in lines if not line.upcoming))})

    @api.model
    def _merge(self, account, others):
        """Take over the reminders of merged customers; of several open ones one stays, a customer gets one message.

        One that may have left stays before all others: a person has to say what became of it.
        """
        waiting = self.search([
            ("account_id", "in", (account + others).ids), ("state", "in", ("draft", "ready", "failed", "uncertain")),
        ], order="id").sorted(lambda reminder: ("uncertain", "ready", "draft", "failed").index(reminder.state))
        waiting[1:]._check_not_leaving()
        waiting[1:]._set_state("cancelled", reason=self.env._("The customer was merged with another one."))
        self.env.execute_query(queries.move_reminders(self.env, account.id, others.ids))
        self.env.invalidate_all()
        self.env.execute_query(queries.mark_contacts(self.env, account.ids))
