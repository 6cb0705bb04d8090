from odoo import api, models

from ..core import calls
from ..core.facts import Hold
from . import call_queries as queries

# Outcome of a call -> why the account is held.
REASONS = {calls.WILL_PAY: "promise", calls.CONTESTS: "dispute"}


class DunningAccount(models.Model):
    _inherit = "dunning.account"

    @api.model
    def _holds(self, company, partners, day):
        """Hold the accounts of those who promised on the phone, until that day, and of those who contest."""
        holds = super()._holds(company, partners, day)
        outcomes = self._call_outcomes_that_hold()
        if outcomes:
            rows = self.env.execute_query(queries.holds(self.env, company, partners, day, outcomes))
            for partner, outcome, until in rows:
                holds.setdefault(partner, []).append(Hold(REASONS[outcome], None, None, until))
        return holds

    @api.model
    def _call_outcomes_that_hold(self):
        """Hook: name the outcomes that hold an account by themselves; a feature that takes one over removes it."""
        return set(REASONS)

