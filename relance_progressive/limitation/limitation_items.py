from collections import defaultdict
from functools import lru_cache
from typing import NamedTuple

from odoo import api, models

from ..core.limitation import SUSPENDING, Facts, Interruption, Limitation, Suspension, limitation
from ..core.regimes import STATUSES, Regime, regime_of
from . import limitation_queries


class Rule(NamedTuple):
    """Which law says how long a claim can be brought to court."""

    regime: Regime | None
    country: str  # whose law it is
    assumed: bool = False  # the status of the customer is not known: the shortest of that country


class Claim(NamedTuple):
    """An item, the law it is under, and until when it can be brought to court."""

    rule: Rule
    found: Limitation


@lru_cache(maxsize=4096)
def rule_of(country: str, status: str, own: str) -> Rule:
    """Return the rule for a customer; where none is known for its country, that of the creditor's.

    :param country: code of the customer's country, that of the company if empty
    :param status: one of STATUSES, or empty: the shortest period is taken
    :param own: code of the company's country
    """
    for law in dict.fromkeys((country or own, own)):
        regimes = [regime_of(law, one) for one in ([status] if status else STATUSES)]
        known = [regime for regime in regimes if regime and regime.limitation]
        if known:
            return Rule(min(known, key=lambda regime: regime.limitation.years), law, not status)
    return Rule(None, country or own, not status)


class DunningLimitation(models.AbstractModel):
    """Until when each claim can be brought to court, set-wise."""

    _name = "dunning.limitation"
    _description = "Limitation of Claims"

    @api.model
    def _of_items(self, company, item_ids):
        """Return ``{item id: Claim}`` of journal items, in two queries.

        :param company: a main company
        """
        if not item_ids:
            return {}
        interruptions, suspensions = defaultdict(list), defaultdict(list)
        for item, kind, day, until, void in self.env.execute_query(limitation_queries.events(self.env, item_ids)):
            if kind in SUSPENDING:
                suspensions[item].append(Suspension(kind, day, until))
            else:
                interruptions[item].append(Interruption(kind, day, until, void))
        codes, own = self._country_codes(), company.country_id.code or ""
        claims = {}
        for item, due, invoiced, delivered, status, country in self.env.execute_query(
            limitation_queries.facts(self.env, item_ids)
        ):
            rule = rule_of(codes.get(country, ""), status or "", own)
            facts = Facts(due, invoiced, delivered)
            claims[item] = Claim(
                rule, limitation(facts, rule.regime, interruptions.get(item, ()), suspensions.get(item, ()))
            )
        return claims

    @api.model
    def _country_codes(self):
        return {country.id: country.code for country in self.env["res.country"].sudo().search_fetch([], ["code"])}

    @api.model
    def _rules(self, company):
        """Return the rules of every country and status, as :func:`limitation_queries.near_accounts` takes them."""
        own, rows = company.country_id.code or "", []
        for country, code in [(0, ""), *self._country_codes().items()]:
            for status in ("", *STATUSES):
                regime = rule_of(code, status, own).regime
                if regime:
                    limit = regime.limitation
                    rows.append({
                        "country": country, "status": status, "years": limit.years, "next_year": limit.next_year,
                    })  # fmt: skip
        return rows
