import re
from datetime import date, datetime, time

import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..core.law import place
from ..core.plain import days as workdays

try:
    import holidays  # optional: the public holidays of countries other than France
except ImportError:
    holidays = None

# The labour code (C. trav. L3133-1) gives the same holidays to these parts of France.
FRENCH_COUNTRIES = ("FR", "GP", "GF", "MQ", "RE", "YT", "PM", "BL", "MF")
ALSACE_MOSELLE = ("57", "67", "68")
# Legal forms as names of companies tell them.
FORMS = ("SA", "SARL", "SAS", "SASU", "EURL", "SNC", "SCOP", "SCI", "EI", "EIRL", "SELARL", "GIE")

# What a branch has of its main company, by the pages of the settings.
SETTINGS = (
    "dunning_automatic", "dunning_hour_from", "dunning_hour_to", "dunning_spacing_days", "dunning_brake",
    "dunning_user_id", "dunning_mailbox", "dunning_tolerance", "dunning_daily_cap", "dunning_hourly_cap",
    "dunning_stale_days", "dunning_stale_mode", "dunning_sending", "dunning_digest", "dunning_digest_hours",
    "dunning_letter_provider", "dunning_lre_provider", "dunning_sms_folder", "dunning_portal_days",
    "dunning_legal_form", "dunning_share_capital", "dunning_rcs_city", "dunning_mediator_name",
    "dunning_mediator_address", "dunning_mediator_website", "dunning_privacy_contact",
    "dunning_interest_rate", "dunning_day_count", "dunning_interest_first", "dunning_uk_reading", "dunning_ie_reading",
    "dunning_nl_compound", "dunning_costs_agreed", "dunning_carriage", "dunning_interest_account_id",
    "dunning_indemnity_account_id", "dunning_penalty_journal_id",
)  # fmt: skip


class ResCompany(models.Model):
    _name = "res.company"
    _inherit = ["res.company", "dunning.internal"]

    dunning_automatic = fields.Boolean(
        "Automatic Reminders",
        help="Every night the customers to remind are chosen, and what is ready leaves by itself during "
        "the sending hours. When this is off nothing leaves by itself: reminders are prepared and sent "
        "by hand only.",
    )
    dunning_hour_from = fields.Float(
        "Send From",
        default=8.0,
        help="No message leaves before this hour, in the timezone of the company.",
    )
    dunning_hour_to = fields.Float(
        "Send Until",
        default=18.0,
        help="No message leaves from this hour on, in the timezone of the company.",
    )
    dunning_spacing_days = fields.Integer(
        "Days Between Two Messages",
        default=5,
        help="What a new reminder plan starts with: a customer is left in peace for this many days after "
        "each message, whatever the number of invoices. Existing plans keep their own number.",
    )
    dunning_brake = fields.Integer(
        "First Run Limit",
        default=100,
        help="When the very first run prepares more messages than this, it stops and asks: every message "
        "waits as a draft until someone has looked at them. 0: even one message waits.",
    )
    dunning_tolerance = fields.Monetary(
        "Nobody Writes For Less Than",
        default=1.0,
        help="Nobody is reminded of less than this, in the currency of the company: bank charges, rounding, cents.",
    )
    dunning_started = fields.Boolean(
        "First Run Released", copy=False, help="The messages of the first run were looked at and released."
    )
    dunning_last_run = fields.Date("Last Run of Reminders", copy=False)
    dunning_user_id = fields.Many2one(
        "res.users",
        "Person in Charge of Reminders",
        domain="[('share', '=', False)]",
        help="Customers reply to this person, unless their account has a person in charge of its own.",
    )
    dunning_mailbox = fields.Selection(
        [("each", "One message for each customer"), ("spread", "One message a day, the others on the following days")],
        "Several Customers With One Mailbox", default="each", required=True,
        help="When reminders of several customers go to one e-mail address, that of a head office for example.",
    )  # fmt: skip
    dunning_tz = fields.Selection(
        related="partner_id.tz", string="Time Zone", readonly=False,
        help="Which day it is and which hour, for reminders. Empty: that of the country.",
    )  # fmt: skip

    # What letters and e-mails must say of who writes them (C. com. R123-237, R123-238).
    dunning_legal_form = fields.Char("Legal Form", help="SARL, SAS, EI, ... Empty: taken from the name, if it tells.")
    dunning_share_capital = fields.Monetary("Share Capital", help="0: there is none to name.")
    dunning_rcs_city = fields.Char(
        "Town of the Trade Register",
        help="The town of the registry (greffe) that holds the register: “123 456 789 RCS Lyon”.",
    )
    # C. conso L616-1, R616-1: to be named, with their addresses.
    dunning_mediator_name = fields.Char("Consumer Mediator")
    dunning_mediator_address = fields.Char("Postal Address of the Mediator")
    dunning_mediator_website = fields.Char("Website of the Mediator")
    # GDPR art. 13.
    dunning_privacy_contact = fields.Char(
        "Contact for Personal Data", help="Whom customers write to about their data. Empty: the company's e-mail."
    )

    _dunning_share_capital_positive = models.Constraint(
        "CHECK (dunning_share_capital >= 0)", "A share capital cannot be negative."
    )

    @api.model
    def _dunning_setting_names(self):
        """Name the settings of reminders: a branch has those of its main company."""
        return SETTINGS

    def _get_company_root_delegated_field_names(self):
        return super()._get_company_root_delegated_field_names() + list(self._dunning_setting_names())

    @api.constrains("dunning_hour_from", "dunning_hour_to")
    def _check_dunning_hours(self):
        for company in self:
            if not 0 <= company.dunning_hour_from < company.dunning_hour_to <= 24:
                raise ValidationError(
                    self.env._(
                        "Reminders are sent between two hours of one day: the first must be earlier than the "
                        "second, and both between 00:00 and 24:00."
                    )
                )

    @api.constrains("dunning_spacing_days", "dunning_brake", "dunning_tolerance")
    def _check_dunning_numbers(self):
        for company in self:
            if company.dunning_spacing_days < 1:
                raise ValidationError(
                    self.env._("At least one day must pass between two messages to the same customer.")
                )
            if company.dunning_brake < 0:
                raise ValidationError(self.env._("The limit of the first run cannot be negative."))
            if company.dunning_tolerance < 0:
                raise ValidationError(self.env._("The amount below which nobody writes cannot be negative."))

    @api.model_create_multi
    def create(self, vals_list):
        """Leave the time zone of a new company to its country: Odoo would give it that of whoever creates it."""
        own_contact = [bool(vals.get("partner_id")) for vals in vals_list]  # Odoo adds the one that it makes
        companies = super().create(vals_list)
        for company, is_own in zip(companies, own_contact, strict=True):
            if not is_own and company.partner_id.tz:
                company.partner_id.tz = False
        return companies

    def write(self, vals):
        """Give a branch all the settings of its main company at once.

        Odoo hands them on one after the other, and refuses the first as long as the second one differs.
        """
        delegated = self._get_company_root_delegated_field_names()
        if vals.keys().isdisjoint(delegated):
            return super().write(vals)
        res = super(ResCompany, self.filtered(lambda company: not company.parent_id)).write(vals)
        for root, branches in self.filtered("parent_id").grouped("root_id").items():
            behind = {
                name: self._fields[name].convert_to_write(root[name], root) for name in delegated
                if any(branch[name] != root[name] for branch in branches)
            }  # fmt: skip
            res = super(ResCompany, branches).write(behind | vals)
        return res

    # === DAY AND HOUR === #

    def _dunning_zone(self):
        """Return the name of the time zone of the company: the one of its contact, else that of its country."""
        company = (self or self.env.company).root_id.sudo()
        if company.partner_id.tz:
            return company.partner_id.tz
        country = company._dunning_territory()
        zones = pytz.country_timezones.get(country) or () if country else ()
        return place.CAPITALS.get(country) or next(iter(zones), "Europe/Paris")

    def _dunning_territory(self):
        """Return the code of the country of the company, or of the part of France overseas where it is."""
        return place.territory(self.country_id.code or "", self.zip or "")

    def _dunning_local(self, moment=None):
        """Return a moment (naive, in UTC; now if empty) as the clocks of the company show it."""
        clock = self.with_context(tz=self._dunning_zone())
        return fields.Datetime.context_timestamp(clock, moment or fields.Datetime.now())

    def _dunning_today(self):
        """Return the day it is where the company is; without a company, where the present one is.

        Whatever is late, due, past or of today is so by this day: for the night, on every screen and on the page
        of the customer. The day of whoever looks is another one for some hours.
        """
        return self._dunning_local().date()

    def _dunning_midnight(self):
        """Return the moment (naive, in UTC) at which the present day of the company began."""
        midnight = pytz.timezone(self._dunning_zone()).localize(datetime.combine(self._dunning_today(), time.min))
        return midnight.astimezone(pytz.UTC).replace(tzinfo=None)

    def _dunning_days(self):
        """Return ``{company: today}`` of several companies, and of no company: where the present one is."""
        return {company: company._dunning_today() for company in (*self, self.browse())}

    @api.model
    def _dunning_days_of_all(self):
        """Return ``{day: main companies}``: which day it is where, for searches across companies."""
        companies = self.sudo().with_context(active_test=False).search([("parent_id", "=", False)])
        return companies.grouped(lambda company: company._dunning_today())

    # === PEOPLE === #

    def _dunning_person(self, *users, without=()):
        """Return the first of these users who still works here, else the company's person in charge of reminders.

        Whoever has left (is archived), is no internal user or does not see the company any more is passed over:
        nobody writes, is called or gets something to do in that name. Empty if the company has nobody either.

        :param without: users who are about to leave
        """
        for user in (*users, self.sudo().dunning_user_id):
            if user not in without and self._dunning_works_here(user):
                return user.with_env(self.env)
        return self.env["res.users"]

    def _dunning_works_here(self, user):
        """Tell whether a user is at work for the company."""
        user = user.sudo()
        return bool(user and user.active and not user.share and self in user.company_ids)

    def _dunning_people(self):
        """Return all who are at work for the company."""
        return self.env["res.users"].sudo().search([("company_ids", "in", self.ids), ("share", "=", False)])

    # === WHO WRITES === #

    def _dunning_form(self):
        """Return the legal form of the company: the one that was entered, else the one that stands in its name."""
        self.ensure_one()
        words = re.sub(r"[^\w\s]", "", self.name or "").upper().split()
        return (self.dunning_legal_form or "").strip() or next((word for word in words if word in FORMS), "")

    def _dunning_mediator(self):
        """Return the consumer mediator with name and addresses, empty as long as one of them is missing."""
        parts = (self.dunning_mediator_name, self.dunning_mediator_address, self.dunning_mediator_website)
        parts = [" ".join((part or "").split()) for part in parts]
        return ", ".join(parts) if all(parts) else ""

    # === WORKING DAYS === #

    def _dunning_calendar(self, today):
        """Return the working days of the company, from last year to the year after next.

        :param date today: the day of the decision
        :rtype: relance_progressive.core.plain.days.Calendar
        """
        years = range(today.year - 1, today.year + 3)
        return workdays.Calendar(
            holidays=frozenset(self._dunning_holidays(years)), weekend=place.weekend_of(self._dunning_territory())
        )

    def _dunning_holidays(self, years):
        """Return the public holidays of the company's country, as far as they are known."""
        self.ensure_one()
        country, days = self._dunning_territory(), None
        if country not in FRENCH_COUNTRIES:
            days = self._dunning_holidays_abroad(country, self.state_id.code, years)
        if days is None and (country in FRENCH_COUNTRIES or self.country_id.code == "FR"):
            east = country == "FR" and (self.zip or "").strip()[:2] in ALSACE_MOSELLE
            days = {day for year in years for day in workdays.french_holidays(year, alsace_moselle=east)}
            if own := place.ABOLITION_DAYS.get(country):
                days |= {date(year, *own) for year in years}
        return days or ()

    @api.model
    def _dunning_holidays_abroad(self, country, state, years):
        """Return the public holidays of a country, or ``None`` when nothing here knows them."""
        if holidays is None or not country:
            return None
        for subdivision in [state, None] if state else [None]:
            try:
                return set(holidays.country_holidays(country, subdiv=subdivision, years=list(years)))
            except NotImplementedError:
                continue  # a state that is not known: the country may be
        return None
