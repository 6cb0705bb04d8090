from odoo import fields, models


class DunningReminderPreview(models.TransientModel):
    """The messages of a reminder over its channels, to be read before they leave."""

    _name = "dunning.reminder.preview"
    _description = "Preview of a Reminder"

    reminder_id = fields.Many2one("dunning.reminder", required=True, readonly=True, ondelete="cascade")
    state = fields.Selection(related="reminder_id.state")
    # Made by templates of this add-on.
    body = fields.Html("Message", readonly=True, sanitize=False)

    def action_approve(self):
        """Approve the reminder that was read."""
        self.reminder_id.action_approve()
        return {"type": "ir.actions.act_window_close"}
