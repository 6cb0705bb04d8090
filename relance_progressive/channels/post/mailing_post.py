from odoo import fields, models


class DunningMailingPostWizard(models.TransientModel):
    """On which day the letters were taken to the post, when it was not today."""

    _name = "dunning.mailing.post.wizard"
    _inherit = ["dunning.pointing"]
    _description = "Day of Posting"

    mailing_id = fields.Many2one("dunning.mailing", required=True, readonly=True, ondelete="cascade")
    date = fields.Date("Posted On", required=True, default=lambda self: self.env.company._dunning_today())

    def action_record(self):
        """Record that the letters were posted on that day."""
        self.ensure_one()
        self.mailing_id._record_posted(self.date)
        return {"type": "ir.actions.act_window_close"}
