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

    def action_record_promise(self):
        """Ask what the customer promised of the items that this reminder claims."""
        self.ensure_one()
        lines = self.line_ids.filtered(lambda line: not line.upcoming) or self.line_ids
        return self.env["dunning.promise.record"]._open(self.account_id, lines.move_line_id)

    def action_record_dispute(self):
        """Ask what of this reminder the customer contests."""
        self.ensure_one()
        items = self.line_ids.move_line_id.filtered(lambda line: line.amount_residual > 0)
        return self.account_id._new_dispute_action(items if len(items) == 1 else items[:0])
