from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dunning_daily_cap = fields.Integer(related="company_id.dunning_daily_cap", readonly=False)
    dunning_digest = fields.Boolean(related="company_id.dunning_digest", readonly=False)
    dunning_digest_hours = fields.Integer(related="company_id.dunning_digest_hours", readonly=False)
