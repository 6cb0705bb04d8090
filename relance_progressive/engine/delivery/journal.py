"""The journal of what is being handed over, written outside the transaction that records it."""

import json
from contextlib import contextmanager
from datetime import timedelta

from odoo import fields

from . import delivery_queries as queries
from . import service_queries
from .services import Services

HOUR = timedelta(hours=1)


class Journal:
    """Rows committed one by one, so that a killed worker leaves its last words.

    One statement per message: it closes the previous one and opens the next one. Inside a test's
    transaction, where nothing may be committed, the rows go through the main cursor.
    """

    def __init__(self, env, separate):
        self._env = env
        self._separate = separate
        self._cr = env.cr
        self._closing = []
        self._written = set()
        self.services = Services(self)
        self.left_over = {}  # what was made and could not be handed over in time

    def __enter__(self):
        if self._separate:
            self._cr = self._env.registry.cursor()
            self._cr.connection.autocommit = True
            self._cr.execute(queries.durable(local=False))
        return self

    def __exit__(self, *exc_info):
        if self._separate:
            if not self._cr.connection.closed:
                self._cr.execute("RESET synchronous_commit")  # the connection goes back to the pool
            self._cr.connection.autocommit = False
            self._cr.close()

    # === MAKING === #

    def making(self, reminder_ids, channel, day, alone):
        """Note that messages are being made, their text and their PDF: together, or alone for one that is suspected."""
        self._execute(queries.journal_making(reminder_ids, channel, day, alone))
        self._written.update(reminder_ids)

    def made(self, reminder_ids, channel=None):
        """Note that they are made, or that it was not their making that was broken off: over all channels."""
        self._execute(queries.journal_made(reminder_ids, channel))

    def died_making(self, reminder_ids):
        """Return ``{reminder id: whether it was alone}`` of what was being made when a worker died or gave up."""
        self._execute(queries.journal_died_making(reminder_ids))
        return dict(self._cr.fetchall())

    # === SERVICES === #

    def outages(self):
        """Return what is known of the services that were out of order."""
        self._execute(service_queries.outages())
        return self._cr.fetchall()

    def stop(self, company_id, service, reason, now, until):
        """Note that a service is out of order; return ``(since, until, tries)``."""
        self._execute(service_queries.stop(company_id, service, reason, now, until))
        return self._cr.fetchone()

    def well(self, company_id, key):
        """Note that a service works again."""
        self._execute(service_queries.well(company_id, key))

    @contextmanager
    def turn(self, company_id, channel, limit):
        """Give how many messages may still leave within the hour, and when the next one may, to one worker at a time.

        What begins meanwhile counts for the next one. Without a limit nobody waits.
        """
        if not limit:
            yield float("inf"), None
            return
        self.flush()
        self._execute(service_queries.take_turn(company_id))
        try:
            self._execute(service_queries.gone_since(company_id, channel, fields.Datetime.now() - HOUR))
            moments = [moment for (moment,) in self._cr.fetchall()]
            left = limit - len(moments)
            yield max(0, left), (moments[limit - 1] + HOUR if left <= 0 else None)
        finally:
            self._execute(service_queries.end_turn(company_id))

    # === HAND-OVER === #

    @property
    def statements(self):
        """Tell how many statements were run on the separate cursor."""
        return self._cr.sql_log_count if self._separate else 0

    def begin(self, reminder_id, channel, day, content, residuals=None):
        """Note that a message starts to leave, and what became of the one before.

        :param residuals: ``{journal item id: amount}`` of what is open of its items, as far as the caller knows
        :return: whether it may leave: not when somebody has paid meanwhile, or is just about to
        """
        content = json.dumps(content)
        self._execute(queries.journal_begin(self._closing, reminder_id, channel, day, content, residuals or {}))
        self._closing = []
        if not self._cr.rowcount:
            return False
        self._written.add(reminder_id)
        return True

    def outcome(self, reminder_id, channel, state, reason):
        """Remember the outcome of a message, or of several that left in one request; the next statement writes them."""
        self._closing.append((reminder_id, channel, state, reason))

    def flush(self):
        """Write the outcomes that are not written yet."""
        if self._closing:
            self._execute(queries.journal_outcomes(self._closing))
            self._closing = []

    def adopt(self, reminder_ids):
        """Take over rows that a killed worker left: they are dropped with ours."""
        self._written.update(reminder_ids)

    def rows(self, reminder_ids):
        """Return what killed workers left about reminders, as dicts; their locks are ours now.

        Read here and not in the main transaction, that may not see the last of them.
        """
        self._execute(queries.journal_rows(reminder_ids))
        return self._cr.dictfetchall()

    def forget(self, reminder_ids):
        """Drop our rows of these reminders: their outcome is committed, or they were not begun.

        Those of others stay: a batch that met a conflict may have handed over more than is recorded by now.
        """
        if done := self._written.intersection(reminder_ids):
            self._execute(queries.journal_forget(done))
            self._written -= done

    def sweep(self):
        """Drop what a worker left that was killed after its outcome was committed."""
        self._execute(queries.journal_sweep())

    def _execute(self, query):
        self._cr.execute(query)
