from odoo import api, models

from ..core.costs import waiting_until
from ..core.facts import Hold
from ..core.regimes import REGIMES, regime_of
from . import costs_queries

# Where a consumer is owed a free reminder and a waiting time before anything is charged (BE, NL).
COUNTRIES = tuple(sorted({code[:2].upper() for code, regime in REGIMES.items() if regime.costs}))


class DunningAccount(models.Model):
    """A level that claims costs leaves a consumer alone until the law allows it.

    In Belgium (CDE, book XIX) and the Netherlands (BW 6:96) the first reminder is free, and a waiting time follows.
    Only the items whose next level would charge something are held, and no longer than that.
    """

    _inherit = "dunning.account"

    @api.model
    def _holds(self, company, partners, day):
        """Also hold what cannot be charged yet."""
        holds = super()._holds(company, partners, day)
        rows = self.env.execute_query(costs_queries.free_reminders(self.env, company, partners, COUNTRIES))
        if not rows:
            return holds
        policies = self.env["dunning.plan"].sudo()._policies(company, day)
        claiming = set(self.env["dunning.level"].sudo().search([("penalties", "=", "claim")]).ids)
        for partner, item, due, level, plan, country, status, first, channel in rows:
            policy = policies.get(plan)
            following = policy and _next_level(policy, level, due, day)
            if following not in claiming:
                continue
            until = waiting_until(regime_of(country, status), first, channel or "")
            if until is None:
                holds.setdefault(partner, []).append(Hold("costs", item))
            elif until >= day:
                holds.setdefault(partner, []).append(Hold("costs", item, None, until, since=first))
        return holds


def _next_level(policy, level, due, day):
    """Return the id of the level that an item reaches next, empty if there is none."""
    rest = policy.levels[policy.position(level) if level else 0 :]
    return next((own.id for own in rest if own.delay >= 0 or due >= day), None)
