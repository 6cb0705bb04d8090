from odoo import models


class DunningReminder(models.Model):
    _inherit = "dunning.reminder"

    def _to_approve(self):
        """Also those that are too firm for a customer not to lose."""
        careful = self.filtered(lambda reminder: reminder.account_id._is_above_cap(reminder.level_id))
        return super()._to_approve() | careful

    def action_pause(self):
        """Ask until when the customer, or the invoices of this reminder, are not reminded."""
        self.ensure_one()
        items = self.line_ids.move_line_id.filtered(lambda line: line.amount_residual > 0)
        return self.env["dunning.pause"]._new_action(
            scope="items" if items else "account", account_id=self.account_id.id, line_ids=items.ids
        )

    def _delivered_words(self, states):
        """Also say that a pause of the company holds everything back."""
        paused = self.env.companies.root_id.dunning_pause_id
        words = super()._delivered_words(states)
        return "\n".join([words, *paused.mapped("sentence")]) if paused else words
