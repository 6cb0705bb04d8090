from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

from ...core.said import calls
from ...core.said.calls import CALL_BACK, CONTESTS, NO_ANSWER, REFUSED, WILL_PAY, WRONG_NUMBER

OUTCOMES = [
    (WILL_PAY, "Will pay"),
    (CONTESTS, "Contests"),
    (CALL_BACK, "Asks to be called back"),
    (NO_ANSWER, "No answer"),
    (WRONG_NUMBER, "Wrong number"),
    (REFUSED, "Refuses to pay"),
]
# What a person may still say of a call: that what was contested is settled.
CLOSING_FIELDS = {"dispute_closed_at", "dispute_closed_by"}
DEFAULT_PROMISE_DAYS = 7


class DunningCall(models.Model):
    """One attempt to call a customer and what came of it: a proof, that nobody alters."""

    _name = "dunning.call"
    _inherit = ["dunning.guarded"]
    _description = "Reminder Call"
    _order = "id DESC"
    _rec_name = "summary"

    delivery_id = fields.Many2one("dunning.delivery", required=True, readonly=True, index=True, ondelete="restrict")
    reminder_id = fields.Many2one(related="delivery_id.reminder_id", store=True, index=True)
    account_id = fields.Many2one(related="reminder_id.account_id")
    partner_id = fields.Many2one(string="Customer", related="reminder_id.partner_id")
    company_id = fields.Many2one(related="reminder_id.company_id")
    currency_id = fields.Many2one(related="reminder_id.currency_id")
    user_id = fields.Many2one("res.users", "Called By", required=True, readonly=True, ondelete="restrict")
    called_at = fields.Datetime(required=True, readonly=True)
    day = fields.Date(required=True, readonly=True, help="The day it counts for.")
    contact_id = fields.Many2one("res.partner", readonly=True, ondelete="set null")
    number = fields.Char(
        "Number Called", readonly=True, index="btree_not_null", erased="reminder_id.account_id"
    )
    outcome = fields.Selection(OUTCOMES, required=True, readonly=True)
    note = fields.Text(readonly=True, proof="reminder_id.account_id")

    promise_date = fields.Date("Promised For", readonly=True)
    promise_amount = fields.Monetary("Promised", readonly=True, help="0: all that was claimed.")
    dispute_amount = fields.Monetary("Contested", readonly=True, help="0: all that was claimed.")
    dispute_reason = fields.Text("What Is Contested", readonly=True, proof="reminder_id.account_id")
    dispute_closed_at = fields.Datetime("Settled At", readonly=True)
    dispute_closed_by = fields.Many2one("res.users", "Settled By", readonly=True, ondelete="restrict")
    call_back_date = fields.Date("To Be Called Back On", readonly=True)
    new_number = fields.Char("Right Number", readonly=True, erased="reminder_id.account_id")
    summary = fields.Char("Outcome in Words", compute="_compute_summary")

    _promise_has_a_day = models.Constraint(
        "CHECK (outcome <> 'will_pay' OR promise_date IS NOT NULL)", "A promise needs a day."
    )
    _dispute_has_words = models.Constraint(
        "CHECK (outcome <> 'contests' OR dispute_reason IS NOT NULL)", "Say what is contested."
    )
    _call_back_has_a_day = models.Constraint(
        "CHECK (outcome <> 'call_back' OR call_back_date IS NOT NULL)", "Say when to call back."
    )
    _promised = models.Index("(promise_date, reminder_id) WHERE outcome = 'will_pay'")
    _contested = models.Index("(reminder_id) WHERE outcome = 'contests' AND dispute_closed_at IS NULL")

    def write(self, vals):
        if vals.keys() - CLOSING_FIELDS:
            raise UserError(self.env._("What came of a call is a proof: nobody alters it."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("What came of a call is a proof: nobody deletes it."))

    @api.model_create_multi
    def create(self, vals_list):
        """Also record what was promised or contested: it holds what it covers, no more."""
        made = super().create(vals_list)
        for call in made:
            if call.outcome == WILL_PAY:
                call._record_promise()
            elif call.outcome == CONTESTS:
                call._record_dispute()
        return made

    # === WORDS === #

    @api.depends("outcome", "promise_date", "promise_amount", "dispute_reason", "call_back_date", "new_number")
    @api.depends_context("lang")
    def _compute_summary(self):
        for call in self:
            call.summary = call._in_words()

    def _in_words(self):
        if self.outcome == WILL_PAY:
            day, amount = format_date(self.env, self.promise_date), self._money(self.promise_amount)
            if self.promise_amount:
                return self.env._("Will pay %(amount)s by %(day)s", amount=amount, day=day)
            return self.env._("Will pay by %(day)s", day=day)
        if self.outcome == CONTESTS:
            if self.dispute_amount:
                amount = self._money(self.dispute_amount)
                return self.env._("Contests %(amount)s: %(reason)s", amount=amount, reason=self.dispute_reason)
            return self.env._("Contests: %(reason)s", reason=self.dispute_reason)
        if self.outcome == CALL_BACK:
            return self.env._("Asks to be called back on %(day)s", day=format_date(self.env, self.call_back_date))
        if self.outcome == NO_ANSWER:
            return self.env._("No answer at %(number)s", number=self.number)
        if self.outcome == WRONG_NUMBER and self.new_number:
            return self.env._("Wrong number, the right one is %(number)s", number=self.new_number)
        if self.outcome == WRONG_NUMBER:
            return self.env._("Wrong number: %(number)s", number=self.number)
        return self.env._("Refuses to pay")

    def _money(self, amount):
        return format_amount(self.env, amount, self.currency_id)


class DunningCallRecord(models.TransientModel):
    """What the outcome of a call needs: a day, an amount, a few words or a number."""

    _name = "dunning.call.record"
    _inherit = ["dunning.pointing"]
    _description = "Outcome of a Call"

    delivery_id = fields.Many2one("dunning.delivery", required=True, readonly=True, ondelete="cascade")
    outcome = fields.Selection(
        lambda self: self.env["dunning.call"]._fields["outcome"]._description_selection(self.env),
        required=True, readonly=True,
    )  # fmt: skip
    currency_id = fields.Many2one(related="delivery_id.currency_id")
    promise_date = fields.Date("Pays By", compute="_compute_days", store=True, readonly=False, precompute=True)
    promise_amount = fields.Monetary("Amount", help="Leave 0 for all that is claimed.")
    dispute_reason = fields.Text("What Is Contested, and Why")
    dispute_amount = fields.Monetary("Amount Contested", help="Leave 0 for all that is claimed.")
    call_back_date = fields.Date("Call Back On", compute="_compute_days", store=True, readonly=False, precompute=True)
    new_number = fields.Char("Right Number", help="Leave empty if nobody knows it: the next channel takes over.")

    @api.depends("delivery_id")
    def _compute_days(self):
        """Propose a week for a promise and the next working day for another call."""
        for record in self:
            today = record.delivery_id.company_id._dunning_today()
            calendar = record.delivery_id.company_id._dunning_calendar(today)
            record.promise_date = calendar.next_open(today + timedelta(days=DEFAULT_PROMISE_DAYS))
            record.call_back_date = calendar.next_open(today + timedelta(days=1))

    def _answers(self):
        """Return what was asked for this outcome; beyond the limits of the plan, also why a manager agrees."""
        beyond = ("promise_override",) if self.promise_limit_text else ()
        names = {
            calls.WILL_PAY: ("promise_date", "promise_amount", *beyond),
            calls.CONTESTS: ("dispute_reason", "dispute_reason_id", "dispute_amount"),
            calls.CALL_BACK: ("call_back_date",),
            calls.WRONG_NUMBER: ("new_number",),
        }
        own = {name: self._fields[name] for name in names.get(self.outcome, ())}
        return {name: field.convert_to_write(self[name], self) for name, field in own.items()}

    def action_save(self):
        """Record the outcome, and show what became of the call."""
        return self.delivery_id._record_and_stay(self.outcome, **self._answers())

    def action_save_and_next(self):
        """Record the outcome, and show the next call."""
        return self.delivery_id._record_and_go_on(self.outcome, **self._answers())
