from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    dunning_daily_cap = fields.Integer(
        "Messages a Day", default=0,
        help="No more reminders than this leave by themselves on one day, those of the oldest debts first; the rest "
        "leaves on the following days. 0: no limit.",
    )  # fmt: skip

    dunning_digest = fields.Boolean(
        "Morning Digest", default=True,
        help="After the night, every person in charge receives what leaves today, what waits for an approval, what "
        "failed and what is to do. Nothing is sent when there is nothing to say.",
    )  # fmt: skip
    dunning_digest_on = fields.Date("Last Digest", copy=False)

    _dunning_daily_cap_positive = models.Constraint(
        "CHECK (dunning_daily_cap >= 0)", "The limit of messages a day cannot be negative."
    )

    @api.model
    def _dunning_setting_names(self):
        return (*super()._dunning_setting_names(), "dunning_daily_cap", "dunning_digest")
