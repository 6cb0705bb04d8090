from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    _inherit = "res.company"

    dunning_portal_days = fields.Integer(
        "Days a Link Opens", default=60,
        help="The link in a message opens the customer's page for this many days.",
    )  # fmt: skip

    @api.constrains("dunning_portal_days")
    def _check_dunning_portal_days(self):
        for company in self:
            if not 1 <= company.dunning_portal_days <= 730:
                raise ValidationError(self.env._("The link in a message opens for 1 to 730 days."))
