import logging
import random
import time
from collections import Counter
from datetime import timedelta

from odoo import api, fields, models, modules
from odoo.exceptions import UserError
from odoo.tools import config, gc

from ..core.decision import reasons
from ..core.decision.decide import decide
from ..core.decision.facts import ZERO, Decision, Reason
from ..settings.apart import CONFLICTS
from . import night, queries
from .pace import TRIES, Pace

_logger = logging.getLogger(__name__)

BATCH = 5000  # accounts decided, written and committed together


class DunningEngine(models.AbstractModel):
    """Collect the facts, decide, prepare: the one path of the night run, the preview and the recheck."""

    _name = "dunning.engine"
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
            done = engine._run_company(root, day)
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

    # === RUN === #

    def _run_company(self, company, day):
        if company.dunning_last_run and day < company.dunning_last_run:
            raise UserError(self.env._(
                "Reminders of %(company)s were already decided for %(last)s: an earlier day (%(day)s) cannot be "
                "decided any more. Use the preview to look at another day.",
                company=company.name, last=company.dunning_last_run, day=day,
            ))  # fmt: skip
        stale = self._retrying(lambda: company._dunning_follow_books(day))
        self._checkpoint()  # a conflict of what comes next does not undo it
        if stale:
            _logger.info("The bank statements of %s stop on %s (decided for %s)", company.name, stale, day)
        done = self.with_context(dunning_books=(company.id, day, stale))._run_batches(company, day, stale)
        if done["complete"]:
            done["complete"] = self._run_penalties(company, day) and self._run_limitations(company, day)
        return done

    def _run_batches(self, company, day, stale):
        todo = self._retrying(lambda: self._begin(company, day))
        policies = self.env["dunning.plan"]._policies(company, day)
        levels = Counter()
        complete = self._by_batches(
            todo, lambda batch: self._run_batch(company, policies, day, batch), levels.update
        )  # fmt: skip
        if complete:
            self._retrying(lambda: self._release_or_brake(company))
            self._checkpoint()
            self._retrying(lambda: self._note_decided(company, day))
        return {"levels": levels, "reasons": self._count_reasons(company), "complete": complete, "stale": stale}

    def _note_decided(self, company, day):
        """Note that a day was decided to its end."""
        self._note_day(company, "dunning_night_done", day)
        self._checkpoint()

    def _note_day(self, company, name, day):
        """Note a day of the night, which means nothing to Odoo's own companies, in their field ``name``."""
        if company[name] != day:
            self.env.execute_query(queries.note_day(company, name, day))
            company.invalidate_recordset([name])

    def _begin(self, company, day):
        """Bring up to date what has changed since the last night; return what is to be decided."""
        night.begin(self.env, company, day)
        self.env.flush_all()
        return self.env["dunning.account"]._changed(company, day)

    def _run_penalties(self, company, day):
        """Compute those of the others where a rate, a notice or a status has changed; tell whether all were done."""
        accounts = self.env["dunning.account"]
        todo = self._retrying(lambda: accounts._stale_penalties(company, day))
        return self._by_batches(todo, lambda batch: accounts._store_penalties(company, batch, day))

    def _run_limitations(self, company, day):
        """Look at the other claims whose day has come; tell whether all of them were."""
        accounts = self.env["dunning.account"]
        todo = self._retrying(lambda: accounts._due_limitations(company, day))
        return self._by_batches(todo, lambda batch: accounts._follow_limitations(company, day, batch))

    def _run_batch(self, company, policies, day, batch):
        """Decide one batch of ``(account, customer, fingerprint)``, write what follows, count it by level."""
        accounts = self.env["dunning.account"].browse([row[0] for row in batch if row[0]])
        # Who is at work on one of them ends first. A conflict shows here, before anything is done: no line in the log.
        self.env.cr.execute(queries.wait_for(accounts.ids), log_exceptions=False)
        known = dict(self.env.cr.fetchall())
        partners = [partner for _account, partner, _fingerprint in batch]
        self.env["dunning.promise"]._follow_customers(company, day, partners, tell=True)  # what they paid may keep one
        self._drop_overtaken(accounts, day)
        newcomers = [partner for account, partner, _fingerprint in batch if not account]
        plans = self.env["dunning.plan"]._of_customers(company, newcomers) if newcomers else {}
        decisions = self._decide_all(company, policies, day, partners, plans)
        figures = self._penalties(company, day, decisions)
        rows = [(partner, plans.get(partner), new, decisions[partner]) for _account, partner, new in batch]
        # A claim that has not changed lapses when it was to.
        same = {partner for account, partner, new in batch if new and known.get(account) == new}
        changed = [partner for partner in partners if partner not in same]
        for partner, own in accounts._limitation_figures(company, day, changed).items():
            figures[partner].update(own)
        self._store(company, [row for row in rows if row[0] in same], figures)
        self._store(company, [row for row in rows if row[0] not in same], figures)
        accounts._tell_limitations(company, changed)
        return self._prepare(company, day, {
            partner: decision for partner, decision in decisions.items() if decision.send
        })  # fmt: skip

    def _prepare(self, company, day, decisions):
        """Insert the reminders of these decisions, one per account at most; return counts by level."""
        if not decisions:
            return Counter()
        first_run = not company.dunning_started
        rows = self.env.execute_query(queries.insert_reminders(self.env, company, day, decisions, first_run))
        return Counter(level for (level,) in rows)

    def _release_or_brake(self, company):
        """Let a small first run go; above the brake, leave it to a person."""
        if company.dunning_started:
            return
        waiting = self.env["dunning.reminder"].search_count([
            ("company_id", "=", company.id), ("state", "=", "draft"), ("draft_reason", "=", "first_run"),
        ])  # fmt: skip
        if 0 < waiting <= company.dunning_brake:
            self.env["dunning.reminder"]._release_first_run(company)

    def _count_reasons(self, company):
        return Counter(dict(self.env.execute_query(queries.count_reasons(self.env, company))))

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

    # === TRANSACTIONS === #

    @api.model
    def _can_commit(self):
        """Tell whether the engine may commit: always, but inside a test's transaction."""
        return not (config["test_enable"] or modules.module.current_test)

    def _retrying(self, work):
        """Return what ``work`` gives, written; when another transaction was faster, do it again on what it wrote."""
        for attempt in range(TRIES):
            try:
                result = work()
                self.env.flush_all()
                return result
            except CONFLICTS as conflict:
                if not self._can_commit():
                    raise
                failure = conflict
                self._begin_again(attempt)
        raise failure

    def _by_batches(self, todo, work, take=None):
        """Have ``work`` done for the rows of ``todo``, batch by batch, each committed.

        After a conflict half as many are tried, down to one; the one that is changed all the time is left out.

        :param take: is given what ``work`` returned, once it is committed
        :return: whether all was done: the time was enough, and nothing was left out
        """
        if todo:
            self._checkpoint(remaining=len(todo))
        start, pace, left = 0, Pace(BATCH), 0
        while start < len(todo):
            batch = todo[start : start + pace.size]
            try:
                with gc.disabling_gc():  # plain values by the hundred thousand, freed with the batch
                    result = work(batch)
                seconds = self._checkpoint(len(batch))
            except CONFLICTS:
                if not self._can_commit():
                    raise
                self._begin_again(pace.tries)
                if pace.goes_on(len(batch)):
                    continue
                left += 1
            else:
                if take:
                    take(result)
                pace.went_well()
                if seconds <= 0 and start + len(batch) < len(todo):
                    return False
            start += len(batch)
        return not left

    def _begin_again(self, attempt):
        """Forget what a conflict has spoilt, and let the other one end: up to a few seconds."""
        self.env.cr.rollback()
        self.env.invalidate_all(flush=False)
        time.sleep(random.uniform(0, 0.05 * 4**attempt))  # noqa: S311  nothing secret

    @api.model
    def _checkpoint(self, processed=0, remaining=None):
        """Commit what is done; return the seconds left to the scheduled action (endless elsewhere)."""
        if self._can_commit():
            return self.env["ir.cron"]._commit_progress(processed, remaining=remaining)
        self.env.flush_all()
        return float("inf")


def broken_decision(day):
    """Return the decision of an account that cannot be decided: look again tomorrow."""
    tomorrow = day + timedelta(days=1)
    reason = (Reason(reasons.FACTS_ERROR),)
    return Decision(False, None, (), reason, None, None, tomorrow, False, ZERO, ZERO, ZERO, None, None)
