import csv

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import file_open, float_compare, format_date
from odoo.tools.translate import LazyTranslate

from ...core.law.rates import REFERENCES

MANAGER = "relance_progressive.dunning_group_manager"
DIGITS = 4
SAID = {"reference", "date_from", "value"}  # what a person who verifies a rate has read
# Where a rate is published, for people who check it.
PAGES = {
    "ecb_mro": "https://www.ecb.europa.eu/stats/policy_and_exchange_rates/key_ecb_interest_rates/html/index.en.html",
    "fr_legal_professional": "https://www.legifrance.gouv.fr/search/jorf?query=taux+de+l%27int%C3%A9r%C3%AAt+l%C3%A9gal",
    "fr_legal_individual": "https://www.legifrance.gouv.fr/search/jorf?query=taux+de+l%27int%C3%A9r%C3%AAt+l%C3%A9gal",
    "de_base": "https://www.bundesbank.de/",
    "at_base": "https://www.oenb.at/",
    "boe_base": "https://www.bankofengland.co.uk/monetary-policy/the-interest-rate-bank-rate",
    "be_legal": "https://finances.belgium.be/",
    "lu_consumer": "https://mj.gouvernement.lu/",
    "nl_consumer": "https://www.rijksoverheid.nl/",
}

_lt = LazyTranslate(__name__)
SHIPPED = "relance_progressive/relance_progressive/law/rates/interest_rates.csv"
# The sources of the file that are more than names, in the language of the reader.
SOURCES = {
    "Bank of England, open data": _lt("Bank of England, open data"),
    "Rentetool (its table)": _lt("Rentetool (its table)"),
    "glama.ai decisionscalc (11.75 %)": _lt("glama.ai decisionscalc (11.75 %)"),
    "ecb.europa.eu (others publish 10.40 % for Spain, 10.52 % for Germany)": _lt(
        "ecb.europa.eu (others publish 10.40 % for Spain, 10.52 % for Germany)"
    ),
    "livesquawk.com (MPC, June 2026), glama.ai decisionscalc (11.75 %)": _lt(
        "livesquawk.com (MPC, June 2026), glama.ai decisionscalc (11.75 %)"
    ),
    "rijksoverheid.nl (doubtful: 2.40 + 2.25 rounds to 5)": _lt("rijksoverheid.nl (doubtful: 2.40 + 2.25 rounds to 5)"),
    "versurmer.fr (copy of service-public.fr F23211), bid-coburg.de": _lt(
        "versurmer.fr (copy of service-public.fr F23211), bid-coburg.de"
    ),
}


class DunningInterestRate(models.Model):
    """A person vouches for a value that came here unread: who, when, and where to look."""

    _inherit = "dunning.interest.rate"

    check_url = fields.Char("Where to Check", compute="_compute_check_url")
    verified_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    verified_on = fields.Date(readonly=True, copy=False, help="The day on which that person read it at its source.")

    @api.depends("reference")
    def _compute_check_url(self):
        for rate in self:
            rate.check_url = PAGES.get(rate.reference, False)

    def write(self, vals):
        """Forget who vouched for a value when it changes, or is said to be that of another period."""
        changed = self.filtered(lambda rate: rate._is_another(vals))
        res = super().write(vals)
        if changed and "verified_on" not in vals:  # by the system: nobody types who vouched for a value
            super(DunningInterestRate, changed.sudo()).write({"verified_by_id": False, "verified_on": False})
        return res

    def _is_another(self, vals):
        """Tell whether values, as anybody may send them, say another rate, another period or another percentage."""
        said = {name: self._fields[name].convert_to_cache(vals[name], self) for name in SAID & vals.keys()}
        if float_compare(self.value, said.pop("value", self.value) or 0.0, precision_digits=DIGITS):
            return True
        return any(self._fields[name].convert_to_cache(self[name], self) != value for name, value in said.items())

    def action_verify(self):
        """Vouch for these values: they were read where they are published.

        Who works for some companies only vouches for a value of those: their own, equal to the shared one.

        :raise AccessError: if the person is no manager
        """
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only a manager of reminders verifies interest rates."))
        self.check_access("read")
        day, vouched = self.env.company._dunning_today(), {"verified_by_id": self.env.uid}
        for rate in self.filtered(lambda rate: not rate.verified):
            if not rate.company_id and not self.env["dunning.shared"]._may_share():
                rate = self.create({
                    "reference": rate.reference, "date_from": rate.date_from, "value": rate.value,
                    "origin": rate.origin, "source": rate.source, "company_id": self.env.company.root_id.id,
                })  # fmt: skip
            rate.sudo().write({**vouched, "verified_on": day})
            rate.sudo()._message_log(body=self.env._(
                "Verified by %(user)s on %(day)s: %(value)s %%", user=self.env.user.name,
                day=format_date(self.env, day), value=self.env["res.company"]._dunning_percent(rate.value),
            ))  # fmt: skip
        self.env.registry.clear_cache()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    # === WHERE IT MATTERS === #

    @api.model
    def _to_verify(self, company, first, last=None, references=None):
        """Return ``[(reference, first day of the period)]`` of the values that count and that nobody has read.

        :param first, last: the days for which they count; by default one day
        :param references: codes; by default those that the customers of the company need
        """
        known, last = self._rates(company), last or first
        found = []
        for reference in sorted(references or REFERENCES):
            day = first
            while day <= last:
                begin, end = self._period(reference, day)
                if known.covers(reference, day) and not self._was_read(company, reference, day):
                    found.append((reference, begin))
                day = fields.Date.add(end, days=1)
        if found and references is None:
            needed = company._dunning_references()
            found = [(reference, begin) for reference, begin in found if reference in needed]
        return found

    @api.model
    def _names(self, periods):
        """Return in words ``[(reference, day)]``, such as ``ECB main refinancing rate 2026-S2``."""
        labels = self._labels()
        return ", ".join(f"{labels[reference]} {self._period_of(reference, day)}" for reference, day in periods)

    # === SHIPPED RATES === #
    # They are read again at each update.

    source_text = fields.Char(
        "Source in Words", compute="_compute_source_text", help="Where the value was read, or where to check it."
    )

    @api.depends("source")
    @api.depends_context("lang")
    def _compute_source_text(self):
        for rate in self:
            known = SOURCES.get(rate.source)
            rate.source_text = self.env._(known) if known else rate.source  # pylint: disable=translation-not-lazy

    @api.model
    def _load_shipped(self):
        """Bring what is shipped up to date; what people entered is left alone."""
        rates = self.sudo().with_context(mail_create_nolog=True, mail_create_nosubscribe=True)
        known = {(rate.reference, rate.date_from): rate for rate in rates.search([("shipped", "=", True)])}
        fresh = []
        for vals in self._read_shipped():
            rate = known.pop((vals["reference"], vals["date_from"]), None)
            if rate is None:
                fresh.append({**vals, "shipped": True})
            elif any(rate[name] != value for name, value in vals.items()):
                rate.write(vals)
        rates.create(fresh)
        rates.browse([rate.id for rate in known.values()]).unlink()

    @api.model
    def _read_shipped(self):
        """Return the values of the file; its comments say what the columns mean."""
        with file_open(SHIPPED) as file:
            rows = csv.DictReader((line for line in file if not line.startswith("#")), delimiter=";")
            return [
                {
                    "reference": row["reference"],
                    "date_from": self._fields["date_from"].to_date(row["date_from"]),
                    "value": float(row["value"]),
                    "origin": row["origin"],
                    "source": row["source"],
                }
                for row in rows
            ]
