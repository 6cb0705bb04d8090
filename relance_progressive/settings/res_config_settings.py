from babel.dates import get_day_names

from odoo import api, fields, models
from odoo.tools import format_date, format_time
from odoo.tools.misc import babel_locale_parse, get_lang

from ..core.law import place
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
    dunning_stale_days = fields.Integer(related="company_id.dunning_stale_days", readonly=False)
    dunning_stale_mode = fields.Selection(related="company_id.dunning_stale_mode", readonly=False, required=True)
    dunning_books_text = fields.Char("Books", compute="_compute_dunning_books_text")
    dunning_sending = fields.Selection(related="company_id.dunning_sending", readonly=False)
    dunning_habits_text = fields.Char("How Invoices Leave", compute="_compute_dunning_habits_text")
    dunning_hourly_cap = fields.Integer(related="company_id.dunning_hourly_cap", readonly=False)
    dunning_sms_folder = fields.Boolean(related="company_id.dunning_sms_folder", readonly=False)
    dunning_letter_provider = fields.Selection(related="company_id.dunning_letter_provider", readonly=False)
    dunning_lre_provider = fields.Selection(related="company_id.dunning_lre_provider", readonly=False)
    dunning_last_run = fields.Date(related="company_id.dunning_last_run")
    dunning_doubt = fields.Char(compute="_compute_dunning_doubt")
    dunning_doubt_text = fields.Char(compute="_compute_dunning_doubt")
    dunning_leaving = fields.Integer(compute="_compute_dunning_doubt")
    dunning_pause_text = fields.Char(related="company_id.dunning_pause_text")
    dunning_daily_cap = fields.Integer(related="company_id.dunning_daily_cap", readonly=False)
    dunning_digest = fields.Boolean(related="company_id.dunning_digest", readonly=False)
    dunning_digest_hours = fields.Integer(related="company_id.dunning_digest_hours", readonly=False)
    dunning_other_warning = fields.Char("Something Else Reminds", compute="_compute_dunning_other_warning")
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
    dunning_interest_account_id = fields.Many2one(
        related="company_id.dunning_interest_account_id", readonly=False, check_company=True
    )
    dunning_indemnity_account_id = fields.Many2one(
        related="company_id.dunning_indemnity_account_id", readonly=False, check_company=True
    )
    dunning_penalty_journal_id = fields.Many2one(
        related="company_id.dunning_penalty_journal_id", readonly=False, check_company=True
    )
    dunning_carriage = fields.Boolean(related="company_id.dunning_carriage", readonly=False)
    dunning_portal_days = fields.Integer(related="company_id.dunning_portal_days", readonly=False)
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

    @api.depends("company_id")
    def _compute_dunning_habits_text(self):
        for settings in self:
            looked_at, sent = settings.company_id._dunning_habits(settings.company_id._dunning_today())
            words = self.env._("Of the last %(count)s invoices, Odoo has sent %(sent)s.", count=looked_at, sent=sent)
            settings.dunning_habits_text = words if looked_at else False

    @api.depends("company_id")
    def _compute_dunning_books_text(self):
        for settings in self:
            stop = settings.company_id._dunning_books_stop(settings.company_id._dunning_today())
            settings.dunning_books_text = stop and self.env._(
                "The bank statements stop on %(day)s.", day=format_date(self.env, stop)
            )

    @api.depends("company_id")
    def _compute_dunning_doubt(self):
        for settings in self:
            company = settings.company_id.root_id
            doubt = company._dunning_doubt()
            settings.dunning_doubt = doubt if doubt == "copy" or company.dunning_automatic else ""
            settings.dunning_doubt_text = company._dunning_doubt_text(settings.dunning_doubt)
            settings.dunning_leaving = len(settings._dunning_leaving_here()) if doubt == "copy" else 0

    def action_dunning_right(self):
        """Go on: this is the real database, or today is right."""
        self.check_access("write")
        self.company_id.root_id.sudo()._dunning_say_right()
        return {"type": "ir.actions.client", "tag": "reload"}

    def _dunning_leaving_here(self):
        """Return, of what would leave from this copy, what the user may see."""
        companies = self.env.user.company_ids
        return self.company_id._dunning_leaving().filtered(lambda reminder: reminder.company_id in companies)

    def action_dunning_leaving(self):
        """Show what would leave from this copy, and what is known of it."""
        action = self.env["ir.actions.act_window"]._for_xml_id("relance_progressive.dunning_reminder_copied_action")
        context = {"allowed_company_ids": self.env.user.company_ids.ids}
        return {**action, "domain": [("id", "in", self._dunning_leaving_here().ids)], "context": context}

    def action_dunning_drop(self):
        """Go on, this is the real database, without what was prepared before."""
        self.check_access("write")
        company = self.company_id.root_id
        company.sudo()._dunning_drop_prepared(company._dunning_leaving())
        return self.action_dunning_right()

    def action_dunning_wrong(self):
        """Stay silent: this is a copy, or the clock is wrong."""
        self.check_access("write")
        company = self.company_id.root_id.sudo()
        company.dunning_automatic = False
        company._dunning_tell("")
        return {"type": "ir.actions.client", "tag": "reload"}

    def action_dunning_take_back(self):
        """Take a night of the future back."""
        self.check_access("write")
        self.company_id.root_id.sudo()._dunning_take_back()
        return {"type": "ir.actions.client", "tag": "reload"}

    def action_dunning_pause(self):
        """Ask until when nothing at all is prepared or sent."""
        return self.env["dunning.pause"].with_company(self.company_id).action_pause_company()

    def action_dunning_end_pause(self):
        """Let the reminders of the company go on."""
        pauses = self.company_id._dunning_pauses(self.company_id._dunning_today())
        self.env["dunning.pause"].browse(pauses.ids).action_end()
        return {"type": "ir.actions.client", "tag": "reload"}

    @api.depends_context("lang")
    def _compute_dunning_other_warning(self):
        self.dunning_other_warning = self.env["res.company"]._dunning_other_warning()

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
