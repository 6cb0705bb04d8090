from collections import defaultdict
from datetime import date
from typing import NamedTuple

from odoo import api, models

from ...core.law.limitation import SUSPENDING, Facts, Interruption, Limitation, Suspension, limitation
from . import limitation_queries
from .limitation_rules import CUSTOMER, INVOICE, Rule, entered_by


class Claim(NamedTuple):
    """An item, the law it is under, and until when it can be brought to court."""

    rule: Rule
    found: Limitation
    due: date | None = None


class DunningLimitation(models.AbstractModel):
    """Until when each claim can be brought to court, set-wise."""

    _inherit = "dunning.limitation"

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
        rule_of, carriage, claims = self._rules(company), company.root_id.sudo().dunning_carriage, {}
        for item, *days, status, country, law, on_invoice, on_account in self.env.execute_query(
            limitation_queries.facts(self.env, company, item_ids)
        ):
            entered = entered_by(carriage, (INVOICE, *on_invoice), (CUSTOMER, *on_account))
            rule = rule_of(status or "", country, law, entered)
            facts = Facts(*days)
            claims[item] = Claim(rule, limitation(
                facts, rule.period.limit, interruptions.get(item, ()), suspensions.get(item, ())
            ), facts.due)  # fmt: skip
        return claims
