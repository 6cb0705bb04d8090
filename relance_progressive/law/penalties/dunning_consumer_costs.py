from odoo import api, models

from ...core.decision.facts import Hold
from ...core.law.costs import waiting_until
from ...core.law.regimes import NOTICE, REGIMES
from . import costs_queries

# Where a consumer is owed a free reminder and a waiting time before anything is charged (BE, NL).
COUNTRIES = tuple(sorted({
    code[:2].upper() for code, regime in REGIMES.items() if regime.costs and regime.starts == NOTICE
}))  # fmt: skip


def _next_level(policy, level, due, day):
    """Return the id of the level that an item reaches next, empty if there is none."""
    rest = policy.levels[policy.position(level) if level else 0 :]
    return next((own.id for own in rest if own.delay >= 0 or due >= day), None)


class DunningConsumerCosts(models.AbstractModel):
    """A level that claims costs leaves a consumer alone until the law allows it.

    In Belgium (CDE, book XIX) and the Netherlands (BW 6:96) the first reminder is free, and a waiting time follows.
    Only the items whose next level would charge something are held, and no longer than that.
    """

    _name = "dunning.consumer.costs"
    _description = "Costs That Consumers Are Asked For"

    @api.model
    def _holds_of(self, company, partners, day):
        """Yield ``(customer id, hold)`` of what cannot be charged yet."""
        own = company.root_id.sudo()
        at_home = (own.country_id or own.account_fiscal_country_id).code in COUNTRIES
        rows = self.env.execute_query(
            costs_queries.free_reminders(self.env, company, partners, COUNTRIES, at_home)
        )  # fmt: skip
        if not rows:
            return
        regimes = company._dunning_regimes(self.env["res.partner"].browse({row[0] for row in rows}))
        policies = self.env["dunning.plan"].sudo()._policies(company, day)
        claiming = set(self.env["dunning.level"].sudo().search([("penalties", "=", "claim")]).ids)
        for partner, item, due, level, plan, first, channel in rows:
            regime, policy = regimes.get(partner), policies.get(plan)
            if not regime or not regime.costs or not policy or _next_level(policy, level, due, day) not in claiming:
                continue
            until = waiting_until(regime, first, channel or "")
            if until is None:
                yield partner, Hold("costs", item)
            elif until >= day:
                yield partner, Hold("costs", item, None, until, since=first)
