from odoo import models

from ..core.decision.facts import ZERO
from . import dunning_engine, queries
from .stored import reasons_as_data


class DunningEngine(models.AbstractModel):
    """The preview: the decisions of the run for any day, with their reasons; nothing is written."""

    _inherit = "dunning.engine"

    def _preview_company(self, company, day, partners):
        """Return the decisions of a day, and whether each message that would be prepared leaves on that day.

        ``go_ahead`` tells that the first run waits for a person's word; ``leaves_on`` is the day on which it leaves by
        itself, a later one when the limit of messages a day is reached or its mailbox has received another customer's
        message (``shared_mailbox``), empty when it waits for a person.
        """
        rows = self._decided_rows(company, day, partners)
        self._add_days_of_leaving(company, day, partners, rows)
        return rows

    def _decided_rows(self, company, day, partners):
        ids = (
            self.env["dunning.account"]._owing_customers(company)
            if partners is None
            else partners.commercial_partner_id.ids
        )
        policies = self.env["dunning.plan"]._policies(company, day)
        engine = self.with_context(  # what the night finds out when it begins
            dunning_books=(company.id, day, company._dunning_books_stop(day)),
            dunning_sending=(company._dunning_sending_for(day),),
        )
        rows = []
        for start in range(0, len(ids), dunning_engine.BATCH):
            batch = ids[start : start + dunning_engine.BATCH]
            plans = self.env["dunning.plan"]._of_customers(company, batch)
            decisions = engine._decide_all(company, policies, day, batch, plans)
            if freed := engine._given_up(company, batch, day):
                decisions |= engine._decide_all(company, policies, day, freed, plans, change=_nothing_pending)
            rows += self._preview_rows(company, decisions)
        return rows

    def _preview_rows(self, company, decisions):
        accounts = dict(self.env.execute_query(queries.account_ids(self.env, company, list(decisions))))
        levels = self.env["dunning.level"].browse({d.level for d in decisions.values() if d.level})
        channels = {level.id: level.channel_ids.mapped("channel") for level in levels}
        in_words = self.env["dunning.account"]._reasons_in_words
        return [
            {
                "company_id": company.id,
                "partner_id": partner,
                "account_id": accounts.get(partner),
                "send": decision.send,
                "level_id": decision.level,
                "channels": channels.get(decision.level, []),
                "approval": decision.approval,
                "amount": sum((line.amount for line in decision.lines if not line.upcoming), ZERO),
                "lines": [line._asdict() for line in decision.lines],
                "reasons": reasons_as_data(decision),
                "reason_text": in_words(reasons_as_data(decision), company.currency_id),
                "next_date": decision.next_date,
                "next_level_id": decision.next_level,
                "amount_due": decision.due,
                "amount_overdue": decision.overdue,
                "amount_covered": decision.covered,
            }
            for partner, decision in decisions.items()
        ]


def _nothing_pending(_partner, facts, policy):
    """Return the facts of a customer whose open reminder the run gives up before it decides."""
    return facts._replace(pending=""), policy
