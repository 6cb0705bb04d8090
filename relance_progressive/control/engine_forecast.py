from datetime import timedelta

from odoo import models

from . import queries


class DunningEngine(models.AbstractModel):
    """What the preview adds of what happens after the night: the brake of the first run, the limit of the day."""

    _inherit = "dunning.engine"

    def _preview_company(self, company, day, partners):
        """Also tell of each message that would be prepared whether it leaves on that day.

        Adds ``go_ahead`` (the first run waits for a person's word) and ``leaves_on``: the day on which it leaves by
        itself, a later one when the limit of messages a day is reached, empty when it waits for a person.
        """
        rows = super()._preview_company(company, day, partners)
        whole = rows
        if partners is not None and (company.dunning_daily_cap or not company.dunning_started):
            whole = super()._preview_company(company, day, None)  # the others count as well
        brake = not company.dunning_started and self._brakes(company, whole)
        leaving = [row for row in whole if row["send"] and not row["approval"] and not brake]
        days = self._days_of_leaving(company, day, leaving)
        for row in rows:
            row["go_ahead"] = bool(row["send"] and brake)
            row["leaves_on"] = days.get(row["partner_id"])
        return rows

    def _brakes(self, company, rows):
        """Tell whether a first run that prepares these rows waits for a person's word."""
        waiting = self.env["dunning.reminder"].search_count([
            ("company_id", "=", company.id), ("state", "=", "draft"), ("draft_reason", "=", "first_run"),
        ])  # fmt: skip
        return waiting + sum(row["send"] for row in rows) > company.dunning_brake

    def _days_of_leaving(self, company, day, rows):
        """Return ``{customer id: day}``: the oldest debts leave first, as many a day as the limit allows."""
        if not company.dunning_daily_cap:
            return {row["partner_id"]: day for row in rows}
        cap, today = company.dunning_daily_cap, company._dunning_today()
        oldest = dict(self.env.execute_query(queries.due_dates(self.env, [row["lines"][0]["item"] for row in rows])))
        line = sorted((due, 0, 0) for (due,) in self.env.execute_query(queries.ready_debts(self.env, company, day)))
        calendar, room = company._dunning_calendar(day), max(0, cap - self._left_on(company, min(day, today)))
        for moment in _days(today, day):  # what is ready leaves first
            if calendar.is_open(moment):
                del line[:room]
                room = cap
        days, moment = {}, day
        for _due, _new, partner in sorted(line + [
            (oldest[row["lines"][0]["item"]], 1, row["partner_id"]) for row in rows
        ]):  # fmt: skip
            if not room:
                moment, room = calendar.next_open(moment + timedelta(days=1)), cap
            room -= 1
            days[partner] = moment
        return days


def _days(first, end):
    """Return the days from ``first`` on that come before ``end``."""
    return [first + timedelta(days=number) for number in range((end - first).days)]
