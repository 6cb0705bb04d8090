from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dunning_portal_days = fields.Integer(related="company_id.dunning_portal_days", readonly=False)
