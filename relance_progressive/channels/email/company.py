from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    dunning_hourly_cap = fields.Integer(
        "E-mails an Hour", default=0,
        help="No more reminders than this leave by e-mail within an hour, for mail servers that take no more; the "
        "rest follows by itself. 0: no limit.",
    )  # fmt: skip

    _dunning_hourly_cap_positive = models.Constraint(
        "CHECK (dunning_hourly_cap >= 0)", "The limit of e-mails an hour cannot be negative."
    )

    @api.model
    def _dunning_setting_names(self):
        return (*super()._dunning_setting_names(), "dunning_hourly_cap")
