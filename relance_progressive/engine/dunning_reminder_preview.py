from odoo import fields, models


class DunningReminderPreview(models.TransientModel):
    """The message of a reminder, to be read before it leaves."""

    _name = "dunning.reminder.preview"
    _description = "Preview of a Reminder"

    reminder_id = fields.Many2one("dunning.reminder", required=True, readonly=True, ondelete="cascade")
    state = fields.Selection(related="reminder_id.state")
    problem = fields.Char("Why It Cannot Leave", readonly=True)
    address = fields.Char("To", readonly=True)
    subject = fields.Char(readonly=True)
    # Made by a template of this add-on, shown as the customer's mail program would.
    body = fields.Html("Message", readonly=True, sanitize=False)

    def action_approve(self):
        """Approve the reminder that was read."""
        self.reminder_id.action_approve()
        return {"type": "ir.actions.act_window_close"}
