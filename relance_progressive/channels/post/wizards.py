from datetime import datetime, time

from odoo import fields, models
from odoo.exceptions import UserError


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


class DunningLetterReturnWizard(models.TransientModel):
    """Why one or several letters came back, as a person tells it."""

    _name = "dunning.letter.return.wizard"
    _inherit = ["dunning.pointing"]
    _description = "Letters That Came Back"

    delivery_ids = fields.Many2many("dunning.delivery", string="Letters", readonly=True)
    reason = fields.Char(required=True, default=lambda self: self.env._("Not known at this address"))
    date = fields.Date("Came Back On", required=True, default=lambda self: self.env.company._dunning_today())

    def action_record(self):
        """Undo the levels of these letters, and let the fallback go.

        :raise UserError: if one of them cannot have come back, naming it
        """
        self.ensure_one()
        letters = self.delivery_ids._check_may_follow()
        if not letters:
            raise UserError(self.env._("Select at least one letter."))
        today = max(company._dunning_today() for company in letters.company_id)
        if self.date > today:
            raise UserError(self.env._("Letters cannot have come back on a day to come."))
        if wrong := letters.filtered(lambda letter: not letter.may_come_back or letter.date_done > self.date):
            names = ", ".join(wrong.reminder_id.mapped("name"))
            raise UserError(self.env._("These are no letters posted by that day: %(names)s", names=names))
        reason = self.env._("The letter came back: %(why)s", why=self.reason)
        letters.with_context(tracking_disable=True)._bounced(reason)
        if self.date < today:
            letters.news_at = datetime.combine(self.date, time(12))
        return {"type": "ir.actions.act_window_close"}
