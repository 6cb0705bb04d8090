from odoo import api, fields, models

from .promise_record import MANAGER

# What became of a promise, in the words of a call.
STATES = {"open": "open", "kept": "kept", "partly": "broken", "broken": "broken"}


class DunningCall(models.Model):
    """A customer who says on the phone that he will pay makes a promise."""

    _inherit = "dunning.call"

    promise_ids = fields.One2many("dunning.promise", "call_id", readonly=True)
    promise_override = fields.Char("Why Beyond the Limits", readonly=True, erased="reminder_id.account_id")
    promise_state = fields.Selection(
        [("open", "To come"), ("kept", "Kept"), ("late", "Kept late"), ("broken", "Broken")],
        "What Became of It", compute="_compute_promise_state", compute_sudo=True,
    )  # fmt: skip

    def _record_promise(self):
        """Record what was promised of the items that the reminder claims; the call brings the account up to date."""
        lines = self.reminder_id.line_ids.filtered(lambda line: not line.upcoming) or self.reminder_id.line_ids
        items = lines.move_line_id.filtered(lambda item: item.amount_residual > 0)
        open_amount = sum(min(line.amount_residual, line.move_line_id.amount_residual) for line in lines)
        self.env["dunning.promise"]._record(
            self.reminder_id.account_id, [(self.promise_date, self.promise_amount or open_amount)], items, self.day,
            show=False, source="call", words=self.note, call_id=self.id, override=self.promise_override or "",
        )  # fmt: skip

    @api.depends("promise_ids.state", "promise_ids.amount_missing")
    def _compute_promise_state(self):
        """Say what became of the promise that the call made: the days of grace count."""
        for call in self:
            promise = call.promise_ids[:1]
            state = STATES.get(promise.state, False)
            call.promise_state = "late" if state == "broken" and not promise.amount_missing else state


class DunningCallRecord(models.TransientModel):
    """A customer may promise beyond the limits on the phone too: the manager says why."""

    _inherit = "dunning.call.record"

    promise_limit_text = fields.Char(compute="_compute_promise_limit_text")
    may_override = fields.Boolean(compute="_compute_promise_limit_text")
    promise_override = fields.Char("Why Beyond the Limit")

    @api.depends("delivery_id", "outcome", "promise_date")
    def _compute_promise_limit_text(self):
        promises = self.env["dunning.promise"].sudo()
        for record in self:
            reminder = record.delivery_id.sudo().reminder_id
            asked = record.outcome == "will_pay" and record.promise_date
            record.promise_limit_text = asked and promises._beyond_limits(
                reminder.account_id, reminder.company_id._dunning_today(), [asked], reminder.line_ids.move_line_id.ids
            )
            record.may_override = self.env.user.has_group(MANAGER)
