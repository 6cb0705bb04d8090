import random
import time

from odoo import api, models, modules
from odoo.tools import config, gc

from ..settings.apart import CONFLICTS

TRIES = 5  # of the same work in conflict with others
BATCH = 5000  # rows of a long list that are done and committed together


class Pace:
    """How many of a long list are done together: half as many after a conflict, more again after what went well."""

    def __init__(self, most):
        self._most = self.size = most
        self.tries = 0  # of the one that is tried alone

    def goes_on(self, count):
        """Note a conflict of ``count`` of them; tell whether to try again, else the one that it was is left out."""
        self.size, self.tries = max(1, count // 2), self.tries + (count == 1)
        if self.tries < TRIES:
            return True
        self.tries = 0
        return False

    def went_well(self):
        """Note that what was tried is done."""
        self.size, self.tries = min(self._most, self.size * 2), 0


class DunningTransactions(models.AbstractModel):
    """Work that is done piece by piece, each committed, and begun again when another transaction was faster."""

    _name = "dunning.transactions"
    _description = "Work in Pieces"

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
