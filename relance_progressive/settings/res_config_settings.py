from babel.dates import get_day_names

from odoo import api, fields, models
from odoo.tools import format_date, format_time
from odoo.tools.misc import babel_locale_parse, get_lang

from ..core import place
from .res_company import FRENCH_COUNTRIES


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dunning_automatic = fields.Boolean(related="company_id.dunning_automatic", readonly=False)
    dunning_hour_from = fields.Float(related="company_id.dunning_hour_from", readonly=False)
    dunning_hour_to = fields.Float(related="company_id.dunning_hour_to", readonly=False)
    dunning_spacing_days = fields.Integer(related="company_id.dunning_spacing_days", readonly=False)
    dunning_brake = fields.Integer(related="company_id.dunning_brake", readonly=False)
    dunning_tolerance = fields.Monetary(
        related="company_id.dunning_tolerance", currency_field="dunning_currency_id", readonly=False
    )
    dunning_currency_id = fields.Many2one(related="company_id.currency_id", string="Currency of Reminders")
    dunning_started = fields.Boolean(related="company_id.dunning_started")
    dunning_user_id = fields.Many2one(related="company_id.dunning_user_id", readonly=False)
    dunning_mailbox = fields.Selection(related="company_id.dunning_mailbox", readonly=False, required=True)
    dunning_tz = fields.Selection(related="company_id.dunning_tz", readonly=False)
    dunning_clock_text = fields.Char("Clock of the Company", compute="_compute_dunning_clock_text")
    dunning_legal_form = fields.Char(related="company_id.dunning_legal_form", readonly=False)
    dunning_share_capital = fields.Monetary(related="company_id.dunning_share_capital", readonly=False)
    dunning_rcs_city = fields.Char(related="company_id.dunning_rcs_city", readonly=False)
    dunning_mediator_name = fields.Char(related="company_id.dunning_mediator_name", readonly=False)
    dunning_mediator_address = fields.Char(related="company_id.dunning_mediator_address", readonly=False)
    dunning_mediator_website = fields.Char(related="company_id.dunning_mediator_website", readonly=False)
    dunning_privacy_contact = fields.Char(related="company_id.dunning_privacy_contact", readonly=False)
    dunning_holidays_text = fields.Char("Days Without Messages", compute="_compute_dunning_holidays_text")
    group_dunning_user = fields.Boolean(
        "Whoever Invoices Also Reminds", implied_group="relance_progressive.dunning_group_user",
        group="account.group_account_invoice",
    )  # fmt: skip

    @api.depends("company_id", "dunning_tz")
    def _compute_dunning_clock_text(self):
        """Say what time it is where the company is: reminders follow that clock."""
        for settings in self:
            company = settings.company_id
            now = company._dunning_local()
            words = {
                "hour": format_time(self.env, now.time(), time_format="short"),
                "day": format_date(self.env, now.date()),
                "zone": company._dunning_zone(), "country": company.country_id.name or "",
            }  # fmt: skip
            settings.dunning_clock_text = (
                self.env._("It is %(hour)s there, on %(day)s (%(zone)s).", **words)
                if settings.dunning_tz or not company.country_id
                else self.env._("It is %(hour)s there, on %(day)s (%(zone)s, that of %(country)s).", **words)
            )

    @api.depends("company_id")
    def _compute_dunning_holidays_text(self):
        for settings in self:
            settings.dunning_holidays_text = settings._dunning_rest_in_words()

    def _dunning_rest_in_words(self):
        """Return on which days nothing leaves."""
        company, country = self.company_id, self.company_id.country_id
        if company._dunning_territory() in FRENCH_COUNTRIES:
            text = self.env._("Nothing leaves on week-ends and on French public holidays.")
        elif company._dunning_holidays([company._dunning_today().year]):
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
        weekend = place.weekend_of(company._dunning_territory())
        if weekend == place.SATURDAY_AND_SUNDAY:
            return text
        names = get_day_names("wide", locale=babel_locale_parse(get_lang(self.env).code))
        days = ", ".join(names[day] for day in weekend)
        return f"{text} {self.env._('The week-end there: %(days)s.', days=days)}"

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
