import logging
from collections import Counter, defaultdict
from datetime import date as Date
from functools import partial

import psycopg2

from odoo import api, fields, models

from ...core.plain.trouble import is_disk_full
from ...settings.apart import CONFLICTS, behind
from ...settings.inside import without_ours
from ..transactions import Pace
from . import delivery_queries as queries
from . import limits
from .attempt import Attempt
from .journal import Journal

_logger = logging.getLogger(__name__)

BATCH = 250  # reminders locked, handed over and recorded together
ITEMS = 2500  # of all reminders of a batch together, but one reminder is never divided
BEGINNING = (Date.min, 0)


class Progress:
    """What a delivery has done so far, and how much of its limit is left."""

    def __init__(self, limit, only=None):
        self.counts = defaultdict(Counter)
        self.only = only  # ids of the reminders to deliver, empty for all
        self.left_out = 0  # that others change all the time: they stay ready
        self.complete = False  # whether all that could be claimed was done
        self._left = limit

    def at_most(self, size):
        """Return the size of the next batch."""
        return size if self._left is None else min(size, self._left)

    def add(self, counts, handled):
        """Add the counts of one batch, ``{channel: Counter}``."""
        for channel, states in counts.items():
            self.counts[channel].update(states)
        if self._left is not None:
            self._left -= handled

    def as_dict(self):
        """Return the counts as plain dicts."""
        return {channel: dict(states) for channel, states in self.counts.items()}


class DunningEngine(models.AbstractModel):
    """Hand over what is ready: claim, decide again, hand over, record, commit; batch by batch."""

    _inherit = "dunning.engine"

    # === ENTRY POINTS === #

    @api.model
    @api.private
    def deliver(self, limit=None, date=None, company=None, reminders=None):
        """Hand over the reminders that are ready; any number of processes share the work.

        Commits batch by batch, but inside a test's transaction.

        :param limit: how many reminders at most
        :param date: the day it counts for, each reminder's own day if empty
        :param company: a company (its branches included), all of them if empty
        :param reminders: those to hand over, all that are ready if empty
        :return: ``{channel: {state: n}}``; ``delayed`` and ``waiting`` are those that stay ready
        """
        only = None if reminders is None else reminders.ids
        return self._deliver(limit, fields.Date.to_date(date), company, only).as_dict()

    # === BATCHES === #

    def _deliver(self, limit, day, company, only=None):
        """Return the :class:`Progress` of a delivery."""
        progress = Progress(limit, only)
        self._checkpoint()
        with Journal(self.env, separate=self._can_commit()) as journal:
            journal.sweep()
            journal.services.load()
            for root in self.sudo()._companies(company):
                # Why something failed is read in the company, in its language.
                lang = root.partner_id.lang or self.env.lang
                engine = without_ours(self.sudo()).with_company(root).with_context(tracking_disable=True, lang=lang)
                if not engine._deliver_company(root, day, journal, progress):
                    return progress
        progress.complete = True
        return progress

    def _deliver_company(self, company, day, journal, progress):
        """Deliver for one company: what is ready, what goes on after a channel that failed, warnings and thanks.

        :return: whether all reminders that could be claimed were done
        """
        if progress.only is None:  # what a person sends now leaves now
            self._retrying(lambda: limits.spread_mailboxes(self.env, company, day or company._dunning_today()))
            self._checkpoint()
        done = self._deliver_ready(company, day, journal, progress) and self._deliver_all(
            queries.TO_CONTINUE, company, day, journal, progress
        )
        self._checkpoint()  # see what this delivery and the others found out
        self._retrying(lambda: self.env["dunning.outage"]._tell_of(company))
        self._checkpoint()
        today = day or company._dunning_today()
        if done and progress.only is None and company._dunning_calendar(today).is_open(today):
            if not journal.services.is_waiting(company, "email"):
                self.env["dunning.promise.warning"]._send_due(company, today)
            self.env["dunning.thanks"]._send(company, journal)
        return done

    def _deliver_ready(self, company, day, journal, progress):
        """Deliver what is ready within the limit of the day; what a person sends now is not held back by it.

        :return: whether all that could be claimed was done
        """
        if not company.dunning_daily_cap or progress.only is not None:
            return self._deliver_all(queries.READY, company, day, journal, progress)
        with limits.one_at_a_time(self, company) as mine:
            return not mine or limits.deliver_capped(self, company, day, journal, progress)

    def _deliver_all(self, which, company, day, journal, progress):
        """Deliver batch by batch until nothing is left to claim; return whether that was reached.

        After a conflict half as many are taken, down to one; the one that is changed all the time waits for the next
        delivery. What was handed over before the conflict is in the journal: it is recorded, and does not leave again.
        """
        pace, after, alone = Pace(BATCH), BEGINNING, 0
        while size := progress.at_most(1 if alone else pace.size):
            claimed = _not_too_many(self._claim(which, size, company.ids, day, after, progress.only))
            if not claimed:
                return True
            try:
                counts, unhandled = self._deliver_batch([row[0] for row in claimed], day, journal)
                seconds = self._checkpoint(len(claimed) - len(unhandled))
            except Exception as error:
                conflict = self._undo(error)
                journal.flush()  # what is known of those that had left
                if conflict:
                    journal.made(row[0] for row in claimed)  # its text did not stop a worker
                    self._begin_again(pace.tries)
                    if not pace.goes_on(len(claimed)):
                        progress.left_out += 1
                        after, alone = _last_of(claimed), max(0, alone - 1)
                    continue
                if len(claimed) > 1:
                    alone = len(claimed)  # find the one it fails for
                    continue
                give_up = partial(self._give_up, claimed[0][0], error, journal)
                counts, unhandled, seconds = self._retrying(give_up), [], 1
            journal.forget(row[0] for row in claimed)
            progress.add(counts, len(claimed) - len(unhandled))
            pace.went_well()
            alone = max(0, alone - 1)
            if not unhandled:
                after = _last_of(claimed)
            if not seconds:
                return False
        return False

    def _claim(self, which, size, companies, day, after, only=None):
        """Lock the next reminders; the first query of its transaction, so that it sees the latest state."""
        today = self.env.company._dunning_today()
        query = queries.claim(which, size, companies, day, today, after, only)

        def claim():  # another one may just have finished with some of them: no line in the log
            self.env.cr.execute(query, log_exceptions=False)
            return self.env.cr.fetchall()

        rows = self._retrying(claim)
        self.env.invalidate_all()
        return rows

    def _deliver_batch(self, ids, day, journal):
        """Deliver reminders that are locked; return the counts and the reminders that a slow server left over."""
        counts = defaultdict(Counter)
        reminders = self.env["dunning.reminder"].browse(ids)
        fresh = reminders - self._recover(reminders, journal, counts)
        fresh -= self._leave_to_a_person(fresh, day, counts)
        to_send = self._decide_again(fresh, day, counts)
        attempts, unhandled = self._hand_over(to_send, day, journal)
        self._record(attempts, {reminder: day or reminder.date for reminder in attempts}, counts)
        for own_day, own in (reminders - unhandled).grouped(lambda reminder: day or reminder.date).items():
            self._refresh(own.account_id, own_day, drop=False)  # they were decided a moment ago
        self.env.execute_query(queries.durable(local=True))
        self.env.flush_all()
        return counts, unhandled

    def _recover(self, reminders, journal, counts):
        """Record what killed workers had handed over; return the reminders concerned.

        A message that was accepted is sent. One that was begun, or whose outcome the server did not tell,
        may have left: a person has to say.
        """
        found, days = defaultdict(list), {}
        for row in journal.rows(reminders.ids):
            if row["state"] in ("accepted", "begun", "uncertain"):
                reminder = reminders.browse(row["reminder_id"])
                days[reminder] = row["date"]
                state, words = "sent", ""
                if row["state"] != "accepted":
                    state = "uncertain"
                    words = row["reason"] or self.env._("The server stopped while it was being sent.")
                found[reminder].append(Attempt(row["channel"], state, words, "", row["content"]))
        journal.adopt(reminder.id for reminder in found)
        self._record(found, days, counts)
        for reminder in found:
            if reminder.state == "sent" and self._has_steps_left(reminder):
                reminder.to_continue = True  # it was killed between two channels
        return reminders.browse(reminder.id for reminder in found)

    def _leave_to_a_person(self, reminders, day, counts):
        """Put in doubt what another copy of this database has sent: an e-mail has come in to it. Return those."""
        signs = reminders._signs_of_leaving()
        doubtful = reminders.filtered(lambda reminder: signs.get(reminder.id) == "answered")
        reason = self.env._("An e-mail has come in to it: it may have left before this database was restored.")
        for reminder in doubtful:
            attempt = Attempt("email", "uncertain", reason)
            self._record_delivery(reminder, attempt, attempt.state, day or reminder.date)
            counts[attempt.channel][attempt.state] += 1
        doubtful._set_state("uncertain", reason=reason)
        return doubtful

    def _undo(self, error):
        """Roll back a batch that failed, if it may be tried again; tell whether somebody else was in the way.

        :raise Exception: the error itself, when the database is out of reach, the disk is full, or a test runs
        """
        conflict = bool(behind(error, CONFLICTS))
        lost = isinstance(error, (psycopg2.OperationalError, psycopg2.InterfaceError)) or is_disk_full(error)
        if not self._can_commit() or (lost and not conflict):
            raise error
        if not conflict:
            _logger.exception("A batch of reminders could not be delivered")
        self.env.cr.rollback()
        self.env.invalidate_all()
        return conflict

    def _give_up(self, reminder_id, error, journal):
        """Leave to a person the reminder that fails even alone; it may have left if the journal has it."""
        reminder = self.env["dunning.reminder"].browse(reminder_id).exists().try_lock_for_update()
        if reminder.state not in ("ready", "sent") or (reminder.state == "sent" and not reminder.to_continue):
            return {}  # another worker, or a person, has dealt with it meanwhile
        words = str(error).strip().splitlines() or [type(error).__name__]
        reason = self.env._("Unexpected error: %(error)s", error=words[0])
        state = "failed"
        for row in journal.rows([reminder_id]):
            if row["state"] in ("making", "refused", "delayed"):
                continue
            state = "uncertain"
            attempt = Attempt(row["channel"], state, reason, "", row["content"])
            self._record_delivery(reminder, attempt, state, row["date"])
        if reminder.state == "sent":
            reminder.write({"to_continue": False, "reason": reason})  # what it did before stands
        else:
            reminder._set_state(state, reason=reason)
        self._checkpoint(1)
        journal.adopt([reminder_id])
        return {reminder.level_id.channel_ids[:1].channel or "": {state: 1}}


def _last_of(claimed):
    """Return the place of the last of the reminders claimed, in their order."""
    return max((day, id_) for id_, day, _items in claimed)


def _not_too_many(claimed):
    """Return the first of the reminders claimed that have no more than ``ITEMS`` items together, one at least."""
    total = 0
    for count, (_id, _day, items) in enumerate(claimed):
        total += items
        if total > ITEMS and count:
            return claimed[:count]
    return claimed
