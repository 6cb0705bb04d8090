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
        for partner, outcome, until in self.env.execute_query(queries.holds(self.env, company, partners, day)):
            holds.setdefault(partner, []).append(Hold(REASONS[outcome], None, None, until))
        return holds

