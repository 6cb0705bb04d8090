from odoo import models


class DunningReminder(models.Model):
    _inherit = "dunning.reminder"

    def action_pause(self):
        """Ask until when the customer, or the invoices of this reminder, are not reminded."""
        self.ensure_one()
        items = self.line_ids.move_line_id.filtered(lambda line: line.amount_residual > 0)
        return self.env["dunning.pause"]._new_action(
            scope="items" if items else "account", account_id=self.account_id.id, line_ids=items.ids
        )
