from odoo import models


class DunningReminder(models.Model):
    _inherit = "dunning.reminder"

    def action_record_promise(self):
        """Ask what the customer promised of the items that this reminder claims."""
        self.ensure_one()
        lines = self.line_ids.filtered(lambda line: not line.upcoming) or self.line_ids
        return self.env["dunning.promise.record"]._open(self.account_id, lines.move_line_id)
