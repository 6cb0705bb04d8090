from odoo import Command, api, fields, models

from ..core import calls
from ..core.share import as_decimal, share


class DunningCall(models.Model):
    """A customer who contests on the phone: the call makes a dispute, which holds its own amount."""

    _inherit = "dunning.call"

    dispute_reason_id = fields.Many2one("dunning.dispute.reason", "Reason", readonly=True, ondelete="restrict")
    dispute_ids = fields.One2many("dunning.dispute", "call_id", readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        recorded = super().create(vals_list)
        for call in recorded.filtered(lambda call: call.outcome == calls.CONTESTS):
            call._record_dispute()
        return recorded

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
            self.env["dunning.dispute"].with_context(dunning_no_refresh=True).create({
                "account_id": self.account_id.id, "reason_id": reason.id, "line_ids": lines, "call_id": self.id,
                "contact_id": self.contact_id.id, "statement": self.dispute_reason, "opened_on": self.day,
            })  # fmt: skip

    def action_close_dispute(self):
        """Also withdraw the dispute: what was contested is claimed again."""
        super().action_close_dispute()
        self.sudo().dispute_ids.filtered(lambda dispute: dispute.state == "open")._set_state("withdrawn")


class DunningCallRecord(models.TransientModel):
    _inherit = "dunning.call.record"

    dispute_reason_id = fields.Many2one(
        "dunning.dispute.reason", "Reason",
        default=lambda self: self.env.ref("relance_progressive.dispute_reason_other", raise_if_not_found=False),
    )  # fmt: skip

    def _answers(self):
        """Also ask for the reason of a dispute: it says who answers."""
        answers = super()._answers()
        if self.outcome == calls.CONTESTS:
            answers["dispute_reason_id"] = self.dispute_reason_id.id
        return answers


class DunningDispute(models.Model):
    _inherit = "dunning.dispute"

    def _set_state(self, state, **vals):
        """Also settle what was contested in a call, or open it again."""
        res = super()._set_state(state, **vals)
        opened = state == "open"
        for call in self.sudo().call_id.filtered(lambda call: bool(call.dispute_closed_at) == opened):
            call.write({
                "dispute_closed_at": False if opened else fields.Datetime.now(),
                "dispute_closed_by": False if opened else self.env.uid,
            })  # fmt: skip
        return res


class DunningAccount(models.Model):
    _inherit = "dunning.account"

    @api.depends("dispute_ids.state")
    def _compute_call_ids(self):
        """Leave to the disputes what they settle."""
        super()._compute_call_ids()
        for account in self:
            account.dispute_call_ids = account.dispute_call_ids.filtered(lambda call: not call.dispute_ids)
