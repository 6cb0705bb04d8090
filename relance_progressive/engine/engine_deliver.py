import logging
from collections import Counter, defaultdict
from datetime import date as Date
from datetime import timedelta
from typing import NamedTuple

from psycopg2 import errors

from odoo import api, fields, models

from ..core import reasons
from . import delivery_queries as queries
from .journal import Journal

_logger = logging.getLogger(__name__)

BATCH = 100  # reminders locked, handed over and recorded together
SECONDS = 20  # a batch that a slow server holds longer than this is recorded as far as it went
BEGINNING = (Date.min, 0)
CONFLICTS = (errors.SerializationFailure, errors.DeadlockDetected)


class Attempt(NamedTuple):
    """What became of one reminder over one channel."""

    channel: str
    state: str  # "sent", "failed", "uncertain" or "delayed"
    reason: str = ""
    failure: str = ""
    content: dict = {}  # noqa: RUF012 -- read only


class DunningEngine(models.AbstractModel):
    """Hand over what is ready: claim, decide again, hand over, record, commit; batch by batch."""

    _inherit = "dunning.engine"

    @api.model
    @api.private
    def deliver(self, limit=None, date=None, company=None):
        """Hand over the reminders that are ready; any number of processes share the work.

        Commits batch by batch, but inside a test's transaction.

        :param limit: how many reminders at most
        :param date: the day it counts for, each reminder's own day if empty
        :param company: a company (its branches included), all of them if empty
        :return: ``{channel: {state: n}}``; ``delayed`` are those that stay ready
        """
        return self._deliver(limit, fields.Date.to_date(date), company)[0]

    def _deliver(self, limit, day, company):
        """Return the counts of :meth:`deliver`, and whether everything claimable was done."""
        engine = self.sudo().with_context(tracking_disable=True)
        companies = engine._companies(company).ids
        counts, after, left = defaultdict(Counter), BEGINNING, limit
        engine._checkpoint()
        with Journal(engine.env, separate=engine._can_commit()) as journal:
            while left is None or left > 0:
                size = BATCH if left is None else min(BATCH, left)
                claimed = engine._claim(size, companies, day, after)
                if not claimed:
                    return {channel: dict(states) for channel, states in counts.items()}, True
                after = max((row_day, row_id) for row_id, row_day in claimed)
                engine._deliver_claimed([row_id for row_id, _day in claimed], day, journal, counts)
                left = left and left - len(claimed)
                if not engine._checkpoint(len(claimed)):
                    break
                journal.forget()
        return {channel: dict(states) for channel, states in counts.items()}, False

    def _claim(self, size, companies, day, after):
        """Lock the next reminders; the first query of its transaction, so that it sees the latest state."""
        while True:
            try:
                rows = self.env.execute_query(queries.claim(size, companies, day, after))
            except CONFLICTS:
                if not self._can_commit():
                    raise
                self.env.cr.rollback()  # another process has just finished with some of them
            else:
                self.env.invalidate_all()
                return [(row_id, row_day) for row_id, row_day in rows]
