from odoo import fields, models


class DunningPromiseCancel(models.TransientModel):
    """Why a promise is given up."""

    _name = "dunning.promise.cancel"
    _inherit = ["dunning.pointing"]
    _description = "Cancel a Promise"

    promise_ids = fields.Many2many("dunning.promise", required=True)
    reason = fields.Char(required=True)

    def action_cancel(self):
        """Cancel the promises: what they held is reminded again."""
        self.promise_ids._cancel(self.reason)
        return {"type": "ir.actions.act_window_close"}
