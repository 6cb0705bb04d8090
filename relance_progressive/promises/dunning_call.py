from odoo import api, fields, models

# What became of a promise, in the words of a call.
STATES = {"open": "open", "kept": "kept", "partly": "broken", "broken": "broken"}


class DunningCall(models.Model):
    """A customer who says on the phone that he will pay makes a promise."""

    _inherit = "dunning.call"

    promise_ids = fields.One2many("dunning.promise", "call_id", readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        calls = super().create(vals_list)
        for call in calls.filtered(lambda call: call.outcome == "will_pay"):
            call._record_promise()
        return calls

    def _record_promise(self):
        """Record what was promised of the items that the reminder claims; the call brings the account up to date."""
        lines = self.reminder_id.line_ids.filtered(lambda line: not line.upcoming) or self.reminder_id.line_ids
        items = lines.move_line_id.filtered(lambda item: item.amount_residual > 0)
        open_amount = sum(min(line.amount_residual, line.move_line_id.amount_residual) for line in lines)
        self.env["dunning.promise"]._record(
            self.reminder_id.account_id, [(self.promise_date, self.promise_amount or open_amount)], items, self.day,
            show=False, source="call", words=self.note, call_id=self.id,
        )  # fmt: skip

    @api.depends("promise_ids.state", "promise_ids.amount_missing")
    def _compute_promise_state(self):
        """Say what became of the promise that the call made: the days of grace count."""
        res = super()._compute_promise_state()
        for call in self.filtered("promise_ids"):
            promise = call.promise_ids[:1]
            state = STATES.get(promise.state, False)
            call.promise_state = "late" if state == "broken" and not promise.amount_missing else state
        return res
