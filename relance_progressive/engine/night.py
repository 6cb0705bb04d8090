"""The night of a company, whole, from top to bottom: :func:`run`, then :func:`after` once it is complete.

Everything is called as superuser, in this order. Each step is committed, and done again when somebody else was faster;
whoever stops in the middle is begun again from the top: a step that was done finds nothing to do. Who adds a step from
another add-on extends ``dunning.engine._begin`` or ``_after_night`` by Odoo's inheritance.
"""

import logging
from collections import Counter

from odoo.exceptions import UserError

from . import queries

_logger = logging.getLogger(__name__)


def run(engine, company, day):
    """Decide a day for all customers of a company and prepare their reminders; nothing is sent.

    :param engine: ``dunning.engine`` as superuser, in the company
    :return: ``{"levels": {level id: reminders}, "reasons": {code: accounts}, "complete": bool, "stale": date or None}``
    :raise UserError: if a later day was decided already
    """
    _check_day(engine.env, company, day)
    # How far the bank's statements reach stands by itself: what comes next may meet a conflict.
    stale = engine._retrying(lambda: company._dunning_follow_books(day))
    engine._checkpoint()
    if stale:
        _logger.info("The bank statements of %s stop on %s (decided for %s)", company.name, stale, day)
    nightly = engine.with_context(dunning_books=(company.id, day, stale))
    todo = nightly._retrying(lambda: _begin(nightly, company, day))
    policies, levels = nightly.env["dunning.plan"]._policies(company, day), Counter()
    complete = nightly._by_batches(todo, lambda batch: decide(nightly, company, policies, day, batch), levels.update)
    if complete:  # a first run is released whole, or not at all
        engine._retrying(lambda: release_or_brake(engine.env, company))
        engine._checkpoint()
        engine._retrying(lambda: note_day(company, "dunning_night_done", day))
        engine._checkpoint()
    reasons = Counter(dict(engine.env.execute_query(queries.count_reasons(engine.env, company))))
    # Those that were decided have had these two looked at; the others only where a rate or a day has changed.
    complete = complete and penalties(engine, company, day) and limitations(engine, company, day)
    return {"levels": levels, "reasons": reasons, "complete": complete, "stale": stale}


def _check_day(env, company, day):
    if company.dunning_last_run and day < company.dunning_last_run:
        raise UserError(env._(
            "Reminders of %(company)s were already decided for %(last)s: an earlier day (%(day)s) cannot be "
            "decided any more. Use the preview to look at another day.",
            company=company.name, last=company.dunning_last_run, day=day,
        ))  # fmt: skip


# === BEFORE === #


def _begin(engine, company, day):
    """Have :func:`begin` done, and the steps of other add-ons; return the accounts that are to be decided."""
    engine._begin(company, day)
    engine.env.flush_all()
    return engine.env["dunning.account"]._changed(company, day)


def begin(env, company, day):
    """Bring up to date what time or money has changed since the last night, before anything is decided.

    What money has settled comes first: what is asked of people afterwards, and what is held, follows from it.
    """
    env["dunning.penalty.waiver"]._follow_payments(company, day)  # given up if paid in time
    env["dunning.insolvency"]._follow(company)  # what can only be declared, and by when
    env["dunning.decision"]._follow(company, day)  # notices that have expired: their items are held from now on
    env["dunning.dispute"]._follow_paid(company)  # what was paid in a way that leaves no trace, such as an import
    env["dunning.promise.warning"]._put_off(company, day)
    env["dunning.promise"]._follow_dates(company, day)  # of which a date has passed
    env["dunning.pause"]._follow_odoo(company)  # items excluded in Odoo in a way that leaves no trace
    note_day(company, "dunning_last_run", day)  # no earlier day is decided any more
    give_up_announcements(env, company, day)  # what comes next matters more
    env["dunning.plan"]._assign(company)  # a plan for every account, before it is decided by it
    company._dunning_follow_sending(day)
    env["dunning.account"]._follow_unsent(company, day)  # invoices that the customer never got
    env["dunning.sent.back"]._follow(company, day)  # money that the bank sent back


def note_day(company, name, day):
    """Note a day of the night, which means nothing to Odoo's own companies, in their field ``name``."""
    if company[name] != day:
        company.env.execute_query(queries.note_day(company, name, day))
        company.invalidate_recordset([name])


def give_up_announcements(env, company, day):
    """Cancel the messages before the due date that could not leave in time: what comes next matters more."""
    failed = env["dunning.reminder"].search([
        ("company_id", "=", company.id), ("state", "=", "failed"), ("stage", "=", "pre_due"),
    ])  # fmt: skip
    late = failed._announced_before(day)
    late._set_state("cancelled", reason=env._("The due date has passed."))
    late.account_id._decide_again()


# === A BATCH OF ACCOUNTS === #


def decide(engine, company, policies, day, batch):
    """Decide one batch of ``(account, customer, fingerprint)`` and write what follows.

    :return: how many reminders were prepared, ``{level id: count}``
    """
    env = engine.env
    accounts = env["dunning.account"].browse([row[0] for row in batch if row[0]])
    # Who is at work on one of them ends first. A conflict shows here, before anything is done: no line in the log.
    env.cr.execute(queries.wait_for(accounts.ids), log_exceptions=False)
    known = dict(env.cr.fetchall())
    partners = [partner for _account, partner, _fingerprint in batch]
    env["dunning.promise"]._follow_customers(company, day, partners, tell=True)  # what they paid may keep one
    engine._drop_overtaken(accounts, day)
    newcomers = [partner for account, partner, _fingerprint in batch if not account]
    plans = env["dunning.plan"]._of_customers(company, newcomers) if newcomers else {}
    decisions = engine._decide_all(company, policies, day, partners, plans)
    # What being late costs and when a claim lapses are stored with the decision: one write per account and night.
    figures = engine._penalties(company, day, decisions)
    rows = [(partner, plans.get(partner), new, decisions[partner]) for _account, partner, new in batch]
    # A claim that has not changed lapses when it was to.
    same = {partner for account, partner, new in batch if new and known.get(account) == new}
    changed = [partner for partner in partners if partner not in same]
    for partner, own in accounts._limitation_figures(company, day, changed).items():
        figures[partner].update(own)
    engine._store(company, [row for row in rows if row[0] in same], figures)
    engine._store(company, [row for row in rows if row[0] not in same], figures)
    accounts._tell_limitations(company, changed)
    return prepare(env, company, day, {partner: one for partner, one in decisions.items() if one.send})


def prepare(env, company, day, decisions):
    """Insert the reminders of these decisions, one per account at most; return counts by level."""
    if not decisions:
        return Counter()
    first_run = not company.dunning_started
    rows = env.execute_query(queries.insert_reminders(env, company, day, decisions, first_run))
    return Counter(level for (level,) in rows)


# === ONCE ALL ARE DECIDED === #


def release_or_brake(env, company):
    """Let a small first run go; above the brake, leave it to a person."""
    if company.dunning_started:
        return
    waiting = env["dunning.reminder"].search_count([
        ("company_id", "=", company.id), ("state", "=", "draft"), ("draft_reason", "=", "first_run"),
    ])  # fmt: skip
    if 0 < waiting <= company.dunning_brake:
        env["dunning.reminder"]._release_first_run(company)


def penalties(engine, company, day):
    """Compute those of the others where a rate, a notice or a status has changed; tell whether all were done."""
    accounts = engine.env["dunning.account"]
    todo = engine._retrying(lambda: accounts._stale_penalties(company, day))
    return engine._by_batches(todo, lambda batch: accounts._store_penalties(company, batch, day))


def limitations(engine, company, day):
    """Look at the other claims whose day has come; tell whether all of them were."""
    accounts = engine.env["dunning.account"]
    todo = engine._retrying(lambda: accounts._due_limitations(company, day))
    return engine._by_batches(todo, lambda batch: accounts._follow_limitations(company, day, batch))


# === AFTER === #


def after(env, company):
    """Do what follows once the night is complete; it may be called more than once a night."""
    env["dunning.account"]._note_settled(company)  # payments that no one saw when they were made: imports, SQL
    env["dunning.digest"]._send_due(company)  # what the day will bring, for the persons in charge
