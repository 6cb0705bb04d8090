from odoo import models

from ..settings.inside import Mark, is_marked


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def write(self, vals):
        """Also tell what someone excludes from follow-up in Odoo, or includes again."""
        res = super().write(vals)
        if "no_followup" in vals and not is_marked(self.env, Mark.SYNCING):
            self.move_id._dunning_follow_flags()
        return res

    def unlink(self):
        """Close the disputes of items that are no more: their invoice, a draft again, has fewer instalments."""
        lines = self.env["dunning.dispute.line"].sudo().search([("move_line_id", "in", self.ids)])
        res = super().unlink()
        if lines:
            lines.amount_open = 0.0
            lines.dispute_id._follow_amounts()
        return res
