from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dunning_interest_rate = fields.Float(related="company_id.dunning_interest_rate", readonly=False)
    dunning_day_count = fields.Selection(related="company_id.dunning_day_count", readonly=False)
    dunning_interest_first = fields.Boolean(related="company_id.dunning_interest_first", readonly=False)
    dunning_costs_agreed = fields.Boolean(related="company_id.dunning_costs_agreed", readonly=False)
    dunning_uk_reading = fields.Selection(related="company_id.dunning_uk_reading", readonly=False, required=True)
    dunning_ie_reading = fields.Selection(related="company_id.dunning_ie_reading", readonly=False, required=True)
    dunning_nl_compound = fields.Boolean(related="company_id.dunning_nl_compound", readonly=False)
    dunning_rates_to_verify = fields.Char(compute="_compute_dunning_rates_to_verify")
    dunning_interest_words = fields.Char("Late Interest", compute="_compute_dunning_interest")
    dunning_interest_warning = fields.Char("Warning About the Rate", compute="_compute_dunning_interest")

    @api.depends("company_id")
    def _compute_dunning_rates_to_verify(self):
        rates = self.env["dunning.interest.rate"]
        for settings in self:
            company = settings.company_id.root_id
            found = rates.sudo()._to_verify(company, company._dunning_today())
            settings.dunning_rates_to_verify = rates._names(found)

    @api.depends("company_id", "dunning_interest_rate")
    def _compute_dunning_interest(self):
        for settings in self:
            words = settings.company_id._dunning_interest_words(settings.dunning_interest_rate)
            settings.dunning_interest_words, settings.dunning_interest_warning = words
