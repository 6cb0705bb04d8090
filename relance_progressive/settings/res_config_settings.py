from odoo import api, fields, models

from .res_company import FRENCH_COUNTRIES


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dunning_automatic = fields.Boolean(related="company_id.dunning_automatic", readonly=False)
    dunning_hour_from = fields.Float(related="company_id.dunning_hour_from", readonly=False)
    dunning_hour_to = fields.Float(related="company_id.dunning_hour_to", readonly=False)
    dunning_spacing_days = fields.Integer(related="company_id.dunning_spacing_days", readonly=False)
    dunning_brake = fields.Integer(related="company_id.dunning_brake", readonly=False)
    dunning_started = fields.Boolean(related="company_id.dunning_started")
    dunning_user_id = fields.Many2one(related="company_id.dunning_user_id", readonly=False)
    dunning_holidays_text = fields.Char("Days Without Messages", compute="_compute_dunning_holidays_text")

    @api.depends("company_id")
    def _compute_dunning_holidays_text(self):
        year = fields.Date.context_today(self).year
        for settings in self:
            country = settings.company_id.country_id
            if country.code in FRENCH_COUNTRIES:
                text = self.env._("Nothing leaves on week-ends and on French public holidays.")
            elif settings.company_id._dunning_holidays([year]):
                text = self.env._(
                    "Nothing leaves on week-ends and on the public holidays of %(country)s.", country=country.name
                )
            elif not country:
                text = self.env._("Nothing leaves on week-ends. Set the company's country to skip its public holidays.")
            else:
                text = self.env._(
                    "Nothing leaves on week-ends. The public holidays of %(country)s are not known: for them, "
                    "install the Python package “holidays” on the server.",
                    country=country.name,
                )
            settings.dunning_holidays_text = text

    @api.onchange("dunning_hour_from", "dunning_hour_to")
    def _onchange_dunning_hours(self):
        """Warn before saving: the company would refuse these hours."""
        if not 0 <= self.dunning_hour_from < self.dunning_hour_to <= 24:
            return {
                "warning": {
                    "title": self.env._("Sending hours"),
                    "message": self.env._("The first hour must be earlier than the second."),
                }
            }
        return None
