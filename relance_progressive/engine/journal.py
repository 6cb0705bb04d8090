"""The journal of what is being handed over, written outside the transaction that records it."""

import json

from . import delivery_queries as queries


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

    def __enter__(self):
        if self._separate:
            self._cr = self._env.registry.cursor()
            self._cr.connection.autocommit = True
        return self

    def __exit__(self, *exc_info):
        if self._separate:
            self._cr.connection.autocommit = False
            self._cr.close()

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

    def forget(self):
        """Drop our rows: their outcome is committed."""
        if self._written:
            self._execute(queries.journal_forget(self._written))
            self._written.clear()

    def sweep(self):
        """Drop what a worker left that was killed after its outcome was committed."""
        self._execute(queries.journal_sweep())

    def _execute(self, query):
        self._cr.execute(query)
