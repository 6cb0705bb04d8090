from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext, is_html_empty


class DunningReminderWords(models.TransientModel):
    """The text of one reminder, in a person's own words; nothing in it is worked out by a machine."""

    _name = "dunning.reminder.words"
    _description = "Text of a Reminder"

    reminder_id = fields.Many2one("dunning.reminder", required=True, readonly=True, ondelete="cascade")
    partner_id = fields.Many2one(related="reminder_id.partner_id")
    has_own_words = fields.Boolean(compute="_compute_has_own_words")
    subject = fields.Char(required=True)
    body = fields.Html("Text")

    def _compute_has_own_words(self):
        for words in self:
            words.has_own_words = words.reminder_id._has_own_words()

    def _get_window(self, title):
        return {
            "type": "ir.actions.act_window", "name": title, "res_model": self._name, "res_id": self.id,
            "view_mode": "form", "target": "new",
        }  # fmt: skip

    def action_save(self):
        """Keep what differs from the words of the level: the rest goes on following it."""
        self.ensure_one()
        self._check_reminder()
        if is_html_empty(self.body):
            raise UserError(self.env._("A reminder without text cannot leave."))
        subject, body = self.reminder_id._present_words(own=False)
        same_body = html2plaintext(body or "").split() == html2plaintext(self.body).split()
        return self._keep({
            "own_subject": self.subject if self.subject.strip() != subject else False,
            "own_text": False if same_body else self.body,
        })  # fmt: skip

    def action_standard(self):
        """Go back to the words of the level."""
        self.ensure_one()
        return self._keep({"own_subject": False, "own_text": False})

    def _keep(self, vals):
        self._check_reminder()
        self.reminder_id.write(vals)
        return {"type": "ir.actions.act_window_close"}

    def _check_reminder(self):
        """Refuse to write a reminder that is not one's own to write, or that is leaving or has left.

        :raise UserError: naming it
        """
        refusal = self.env._("Only what has not left can be written again.")
        self.reminder_id._check_selection(("draft", "ready", "failed"), refusal)
        self.reminder_id._check_not_leaving()
