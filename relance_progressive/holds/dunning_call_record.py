from odoo import api, fields, models

from .promises.record import MANAGER


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
