from datetime import timedelta

from odoo import api, fields, models

from ...core.said import calls

DEFAULT_PROMISE_DAYS = 7


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
