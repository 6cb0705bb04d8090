from odoo import api, fields, models
from odoo.exceptions import ValidationError

MOST_DAYS = 365


class DunningLevel(models.Model):
    _inherit = "dunning.level"

    notice_days = fields.Integer(
        "Days to Pay From Receipt", default=8,
        help="A registered letter gives this many days from the day it is received, whatever the day it is printed. "
        "0: it names a day, as the other messages do.",
    )  # fmt: skip

    @api.constrains("notice_days")
    def _check_notice_days(self):
        if any(not 0 <= level.notice_days <= MOST_DAYS for level in self):
            raise ValidationError(self.env._("A letter gives between 0 and %(days)s days to pay.", days=MOST_DAYS))


class DunningReminder(models.Model):
    """What a registered letter says differently, and what became of it."""

    _inherit = "dunning.reminder"

    notice_text = fields.Text("Registered Letters", compute="_compute_notice_text")

    @api.depends("date", "user_id", "company_id", "partner_id", "line_ids.amount_currency", "line_ids.upcoming")
    @api.depends_context("lang", "dunning_registered")
    def _compute_texts(self):
        """Count the deadline from the receipt, which nobody knows when the letter is printed."""
        res = super()._compute_texts()
        if self.env.context.get("dunning_registered"):
            for reminder in self.filtered("level_id.notice_days"):
                reminder.deadline_text = self.env._(
                    "day %(days)s after receipt of this letter", days=reminder.level_id.notice_days
                )
        return res

    @api.depends("delivery_ids.notice_text")
    def _compute_notice_text(self):
        for reminder in self:
            reminder.notice_text = "\n".join(reminder.delivery_ids.filtered("notice_text").mapped("notice_text"))
