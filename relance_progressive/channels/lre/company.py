from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    dunning_lre_provider = fields.Selection(
        [], "Electronic Registered Letters", help="Who sends them. Without a provider they leave on paper."
    )

    @api.model
    def _dunning_setting_names(self):
        return (*super()._dunning_setting_names(), "dunning_lre_provider")
