from odoo import api, fields, models

REGISTERED = ("registered", "lre")  # channels whose letters have words of their own


class DunningLevel(models.Model):
    """What a level says on paper."""

    _inherit = "dunning.level"

    letter_template_id = fields.Many2one(
        "mail.template", "Text of the Letter", domain="[('model', '=', 'dunning.reminder')]", ondelete="set null",
        help="Empty: the letter says what the e-mail says.",
    )  # fmt: skip
    letter_preview_subject = fields.Char("Example of Subject of the Letter", compute="_compute_letter_preview")
    letter_preview_body = fields.Html("Example of Text of the Letter", compute="_compute_letter_preview")

    def _letter_text(self):
        """Return the template of the letter."""
        return self.letter_template_id or self.template_id

    @api.depends("letter_template_id", "template_id", "delay_days", "channel_ids.channel", "channel_ids.fallback")
    @api.depends_context("lang", "uid", "company")
    def _compute_letter_preview(self):
        """Show the letter's text with the figures of an imaginary customer, in the words of a registered one."""
        for level in self:
            registered = any(code in REGISTERED for code in level.channel_ids.mapped("channel"))
            subject, body = level._preview_of(level._letter_text(), registered)
            level.letter_preview_subject, level.letter_preview_body = subject, body

    @api.constrains("letter_template_id")
    def _check_letter_template(self):
        self.letter_template_id._dunning_check_of_reminders()
