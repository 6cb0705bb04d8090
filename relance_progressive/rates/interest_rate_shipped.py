import csv

from odoo import api, models
from odoo.tools import file_open

SHIPPED = "relance_progressive/relance_progressive/rates/interest_rates.csv"


class DunningInterestRate(models.Model):
    """The rates that come with the add-on, read again at each update."""

    _inherit = "dunning.interest.rate"

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
