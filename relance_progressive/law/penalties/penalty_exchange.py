"""Rates of exchange of many days, from one query: Odoo asks the database once a day."""

from bisect import bisect_right
from collections import defaultdict
from operator import itemgetter

from odoo import models

DAY = itemgetter(0)


class DunningPenalty(models.AbstractModel):
    _inherit = "dunning.penalty"

    def _exchange(self, source, target, company):
        """Return the function ``(amount, day)`` that converts as ``res.currency._convert`` does.

        The rates of the company come before those of all companies; before the first rate, the first one counts.
        """
        rates = self.env["res.currency.rate"].sudo().search_fetch(
            [("currency_id", "in", (source | target).ids), ("company_id", "in", (False, company.root_id.id))],
            ["company_id", "currency_id", "name", "rate"],
        )
        known = defaultdict(list)  # {(currency id, whether of the company): [(day, rate)] oldest first}
        for rate in rates.sorted("name"):
            known[rate.currency_id.id, bool(rate.company_id)].append((rate.name, rate.rate))

        def rate_on(currency, day):
            lists = [known[currency.id, True], known[currency.id, False]]
            for own in lists:
                if place := bisect_right(own, day, key=DAY):
                    return own[place - 1][1]
            return next((own[0][1] for own in lists if own), 1.0)

        return lambda amount, day: target.round(amount * (rate_on(target, day) / rate_on(source, day)))
