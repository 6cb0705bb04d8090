import logging
from collections import Counter
from datetime import timedelta

from odoo import api, fields, models

from ..core.decision import reasons
from ..core.decision.decide import decide
from ..core.decision.facts import ZERO, Decision, Reason
from . import night, queries

_logger = logging.getLogger(__name__)


class DunningEngine(models.AbstractModel):
    """Collect the facts, decide, prepare: the one path of the night run, the preview and the recheck."""

    _name = "dunning.engine"
    _inherit = ["dunning.transactions"]
    _description = "Payment Reminder Engine"

    # === ENTRY POINTS === #

    @api.model
    @api.private
    def run(self, date=None, company=None):
        """Decide and prepare the reminders of all accounts; nothing is sent.

        :param date: the day to decide for, today in the company if empty.
        :param company: a company (its branches included), all of them if empty.
        :return: ``{"reminders": n, "levels": {level id: n}, "reasons": {code: n}, "complete": bool, "stale": {...}}``;
            ``levels`` counts what this call prepared, ``reasons`` the decisive reason of every account,
            ``stale`` tells on which day the bank statements of a company stop, if its books are late, and ``paused``
            why a company is paused as a whole: ``{company id: sentence}``.
        :raise UserError: if a run of a later day took place.
        """
        report = {
            "reminders": 0, "levels": Counter(), "reasons": Counter(), "complete": True, "stale": {}, "paused": {},
        }  # fmt: skip
        for root in self._companies(company):
            engine, day = self.with_company(root).sudo(), fields.Date.to_date(date) or root._dunning_today()
            done = night.run(engine, root, day)
            report["reminders"] += sum(done["levels"].values())
            report["levels"] += done["levels"]
            report["reasons"] += done["reasons"]
            report["complete"] &= done["complete"]
            if done["stale"]:
                report["stale"][root.id] = done["stale"]
            if pause := root._dunning_pauses(day)[:1]:
                report["paused"][root.id] = pause.sentence
        return report

    @api.model
    @api.private
    def preview(self, date=None, partners=None, company=None):
        """Return the decisions of a day with their reasons; nothing is written.

        :param partners: customers (any contact of theirs), all that owe something if empty.
        :return: a list of dicts, one per customer and company.
        """
        result = []
        for root in self._companies(company):
            engine = self.with_company(root).sudo()
            day = fields.Date.to_date(date) or root._dunning_today()
            result += engine._preview_company(root, day, partners)
        return result

    @api.model
    def _companies(self, company=None):
        """Return the main companies to work on; an archived one is closed and left alone."""
        companies = company or self.env["res.company"].sudo().search([("parent_id", "=", False)])
        return companies.root_id.filtered("active")

    # === STEPS OF THE NIGHT THAT OTHER ADD-ONS EXTEND === #

    @api.model
    def _begin(self, company, day):
        """Bring up to date what time or money has changed, before the decisions of a night."""
        night.begin(self.env, company, day)

    @api.model
    def _after_night(self, company):
        """Do what follows once the night of a company is complete."""
        night.after(self.sudo().env, company)

    # === DECIDE === #

    def _decide_all(self, company, policies, day, partners, plans=None, change=None):
        """Return ``{customer: Decision}`` for customers (commercial partner ids) of one company.

        :param plans: ``{customer: plan id}`` of those that have no account yet.
        :param change: a function ``(customer, facts, policy) -> (facts, policy)`` that the recheck uses.
        """
        if not partners:
            return {}
        facts_by_partner = self.env["dunning.account"]._read_facts(company, partners, day)
        pending = dict(self.env.execute_query(queries.pending_reminders(self.env, company, partners)))
        holds = self.env["dunning.account"]._holds(company, partners, day)
        policy_for = self.env["dunning.account"]._careful_policies(company, partners)
        decisions = {}
        for partner, (plan, facts) in facts_by_partner.items():
            if partner in pending or partner in holds:
                facts = facts._replace(
                    pending=pending.get(partner, ""), holds=facts.holds + tuple(holds.get(partner, ()))
                )
            policy = policy_for(partner, policies.get(plans.get(partner, plan) if plans else plan))
            if change:
                facts, policy = change(partner, facts, policy)
            decisions[partner] = self._decide_one(partner, facts, policy, day)
        return decisions

    def _decide_one(self, partner, facts, policy, day):
        try:
            return decide(facts, policy, day)
        except Exception:  # one account with broken data must not stop the night; it says so itself
            _logger.exception("The account of customer %s could not be decided", partner)
            return broken_decision(day)

    def _refresh(self, accounts, date=None, drop=True):
        """Store the present decision of these accounts; nothing is prepared.

        The next run decides them again in any case: the fingerprint is forgotten.

        :param drop: also drop what waits for a person and is not to be done any more
        """
        for company, own in accounts.grouped("company_id").items():
            engine = self.with_company(company).sudo()
            day = date or company._dunning_today()
            engine.env["dunning.promise"]._follow_customers(company, day, own.partner_id.ids)
            if drop:
                engine._drop_overtaken(own, day)
            policies = self.env["dunning.plan"]._policies(company, day)
            decisions = engine._decide_all(company, policies, day, own.partner_id.ids)
            rows = [(partner, None, None, decision) for partner, decision in decisions.items()]
            # A message that has just left changed no debt.
            engine._store(company, rows, engine._penalties(company, day, decisions) if drop else {})

    def _penalties(self, company, day, decisions):
        """Return ``{customer: {column: value}}`` of what being late costs."""
        overdue = {partner: decision.overdue for partner, decision in decisions.items()}
        covered = [partner for partner, decision in decisions.items() if decision.covered]
        return self.env["dunning.account"]._penalty_figures(company, day, overdue, covered)

    def _store(self, company, rows, figures):
        """Write ``(customer, plan of a new account, fingerprint, Decision)`` and ``figures`` at once, silently."""
        if rows:
            self.env.cr.execute(queries.store_decisions(self.env, company, rows, figures))
            self.env["dunning.account"].invalidate_model()


def broken_decision(day):
    """Return the decision of an account that cannot be decided: look again tomorrow."""
    tomorrow = day + timedelta(days=1)
    reason = (Reason(reasons.FACTS_ERROR),)
    return Decision(False, None, (), reason, None, None, tomorrow, False, ZERO, ZERO, ZERO, None, None)
