from odoo import fields, models

from ..settings.internal import READERS


class AccountMove(models.Model):
    _inherit = "account.move"

    dunning_reminder_count = fields.Integer("Reminders", compute="_compute_dunning_reminder_count", groups=READERS)

    def _compute_dunning_reminder_count(self):
        counts = dict.fromkeys(self.ids, 0)
        groups = self.env["dunning.reminder.line"]._read_group(
            [("move_line_id.move_id", "in", self.ids), ("reminder_id.state", "=", "sent")],
            ["reminder_id", "move_line_id"],
        )
        for _reminder, invoice in {(reminder, item.move_id) for reminder, item in groups}:
            counts[invoice.id] += 1
        for move in self:
            move.dunning_reminder_count = counts.get(move.id, 0)

    def action_dunning_reminders(self):
        """Show the reminders that claimed this invoice."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("relance_progressive.dunning_reminder_action")
        return action | {
            "name": self.env._("Reminders of %(invoice)s", invoice=self.name),
            "domain": [("line_ids.move_line_id", "in", self.line_ids.ids)],
            "context": {},
        }
