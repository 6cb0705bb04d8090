from odoo import fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    dunning_reminder_count = fields.Integer("Reminders", compute="_compute_dunning_reminder_count")

    def _compute_dunning_reminder_count(self):
        groups = self.env["dunning.reminder.line"]._read_group(
            [("move_id", "in", self.ids), ("reminder_id.state", "=", "sent")],
            ["move_id"],
            ["reminder_id:count_distinct"],
        )
        counts = dict(groups)
        for move in self:
            move.dunning_reminder_count = counts.get(move._origin, 0)

    def action_dunning_reminders(self):
        """Show the reminders that claimed this invoice."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("relance_progressive.dunning_reminder_action")
        return action | {
            "name": self.env._("Reminders of %(invoice)s", invoice=self.name),
            "domain": [("line_ids.move_id", "=", self.id)],
            "context": {},
        }
