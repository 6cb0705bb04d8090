from odoo import Command, api, fields, models

from ..core.said import calls
from ..core.said.share import as_decimal, share
from ..settings.inside import Mark, marked
from .promises.record import MANAGER

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

    # A customer who contests on the phone: the call makes a dispute, which holds its own amount.

    dispute_reason_id = fields.Many2one("dunning.dispute.reason", "Reason", readonly=True, ondelete="restrict")
    dispute_ids = fields.One2many("dunning.dispute", "call_id", readonly=True)

    def _record_dispute(self):
        """Record what is contested of the items that the reminder claims, oldest first."""
        lines, left = [], as_decimal(self.dispute_amount) if self.dispute_amount else None
        items = self.reminder_id.line_ids.filtered(lambda line: not line.upcoming).move_line_id
        for item in items.filtered(lambda item: item.amount_residual > 0).sorted("date_maturity"):
            booked, own = as_decimal(item.amount_residual), as_decimal(item.amount_residual_currency)
            taken = as_decimal(self.env["dunning.dispute.line"]._free_of(item))
            if left is not None:
                taken = min(taken, share(left, booked, own, as_decimal(item.currency_id.rounding)))
            if not item.currency_id.is_zero(float(taken)):
                lines.append(Command.create({"move_line_id": item.id, "whole": left is None, "amount": float(taken)}))
            if left is not None:
                left -= min(left, share(taken, own, booked, as_decimal(item.company_currency_id.rounding)))
                if not left:
                    break
        if lines:
            other = self.env.ref("relance_progressive.dispute_reason_other", raise_if_not_found=False)
            reason = self.dispute_reason_id or other or self.env["dunning.dispute.reason"].search([], limit=1)
            marked(self.env["dunning.dispute"], Mark.DECIDED_LATER).create({
                "account_id": self.account_id.id, "reason_id": reason.id, "line_ids": lines, "call_id": self.id,
                "contact_id": self.contact_id.id, "statement": self.dispute_reason, "opened_on": self.day,
            })  # fmt: skip

    def action_close_dispute(self):
        """Record that what the customer contested is settled: its dispute is withdrawn, and it is claimed again."""
        self.reminder_id.check_access("write")
        opened = self.sudo().filtered(lambda call: call.outcome == calls.CONTESTS and not call.dispute_closed_at)
        opened.write({"dispute_closed_at": fields.Datetime.now(), "dispute_closed_by": self.env.uid})
        opened.reminder_id.account_id._show_now()
        self.sudo().dispute_ids.filtered(lambda dispute: dispute.state == "open")._set_state("withdrawn")


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

    dispute_reason_id = fields.Many2one(
        "dunning.dispute.reason", "Reason",
        default=lambda self: self.env.ref("relance_progressive.dispute_reason_other", raise_if_not_found=False),
    )  # fmt: skip
