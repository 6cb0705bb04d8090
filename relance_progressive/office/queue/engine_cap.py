from contextlib import contextmanager

from odoo import models
from odoo.fields import Domain

from ...engine.delivery.delivery_queries import READY
from .. import queries


class DunningEngine(models.AbstractModel):
    """A limit of messages a day: the oldest debts leave first, the rest on the following days."""

    _inherit = "dunning.engine"

    def _deliver_capped(self, company, day, journal, progress, cap):
        """Deliver the oldest debts, as many as are left of the limit; those that turn out void make room for others."""
        tried = []
        while (left := cap - self._left_on(company, day)) > 0:
            rows = self.env.execute_query(queries.oldest_debts(self.env, company, day, tried, left))
            if not rows:
                break
            progress.only = [reminder_id for (reminder_id,) in rows]
            tried += progress.only
            try:
                if not self._deliver_all(READY, company, day, journal, progress):
                    return False
            finally:
                progress.only = None
        return True

    def _left_on(self, company, day):
        """Return how many reminders left on a day, or may have.

        Each counts for its own day when the delivery names none: then those of the present day by the clock count.
        """
        left = Domain("company_id", "=", company.id) & Domain("state", "in", ("sent", "uncertain"))
        if day:
            return self.env["dunning.reminder"].search_count(left & Domain("date", "=", day))
        midnight = company._dunning_midnight()
        return self.env["dunning.reminder"].search_count(left & Domain("delivery_ids.sent_at", ">=", midnight))

    @contextmanager
    def _one_at_a_time(self, company):
        """Tell whether this process is the only one to count the limit of a company.

        The lock lives in a transaction of its own: the deliveries commit theirs batch by batch.
        """
        if not self._can_commit():
            yield True
            return
        with self.env.registry.cursor() as cr:
            cr.execute(queries.try_to_count(company))
            (mine,) = cr.fetchone()
            self._checkpoint()  # see what the others have sent
            yield mine
