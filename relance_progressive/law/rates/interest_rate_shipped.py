import csv

from odoo import api, fields, models
from odoo.tools import file_open
from odoo.tools.translate import LazyTranslate

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
    """The rates that come with the add-on, read again at each update."""

    _inherit = "dunning.interest.rate"

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
