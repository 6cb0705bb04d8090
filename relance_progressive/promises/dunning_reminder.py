from odoo import models


class DunningReminder(models.Model):
    _inherit = "dunning.reminder"

    def action_record_promise(self):
        """Ask what the customer promised of the items that this reminder claims."""
        self.ensure_one()
        return self.env["dunning.promise.record"]._open(self.account_id, self.line_ids.move_line_id)
