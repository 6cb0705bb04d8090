"""What follows a phone call, and when to make one."""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from ..plain.days import SATURDAY, SUNDAY, Calendar

# Outcomes of a call.
WILL_PAY = "will_pay"
CONTESTS = "contests"
CALL_BACK = "call_back"
NO_ANSWER = "no_answer"
WRONG_NUMBER = "wrong_number"
REFUSED = "refused"

# No law says how long a creditor may wait, nor until when to call back: the customer gets a month,
# as long as between two levels; beyond, it is a payment plan, that someone has to agree to.
FARTHEST_DAYS = 30
# No text sets hours for the collection of a debt. Good practice is to keep to those of canvassing, which
# C. conso. D223-9 (decree 2022-1313) sets for canvassing only: from Monday to Friday, never on a public holiday.
CALL_HOURS = ((time(10), time(13)), (time(14), time(20)))


class Next(NamedTuple):
    """What becomes of a call after one attempt."""

    state: str  # "done", "again" (on ``day``) or "failed"
    day: date | None = None
    failure: str = ""


def next_step(
    outcome: str,
    day: date,
    calendar: Calendar,
    *,
    wanted: date | None = None,
    new_number: bool = False,
    tried: int = 1,
    tries: int = 1,
) -> Next:
    """Return what follows an attempt made on ``day``.

    :param calendar: the working days of the company
    :param wanted: the day on which the customer asked to be called back
    :param new_number: whether the right number was given, after a wrong one
    :param tried: how often nobody answered at this number, this time included
    :param tries: how often it is tried in all

    >>> next_step(NO_ANSWER, date(2026, 3, 6), Calendar(), tried=1, tries=3)
    Next(state='again', day=datetime.date(2026, 3, 9), failure='')
    """
    if outcome == CALL_BACK:
        return Next("again", wanted)
    if outcome == NO_ANSWER:
        if tried >= tries:
            return Next("failed", failure="no_answer")
        return Next("again", calendar.next_open(day + timedelta(days=1)))
    if outcome == WRONG_NUMBER:
        return Next("again", day) if new_number else Next("failed", failure="missing")
    return Next("done")


def misfit(day: date, asked: date, farthest: int | None = FARTHEST_DAYS) -> str:
    """Return why a day cannot be promised, or asked for, on ``day``: "past", "far", or nothing.

    :param farthest: how many days ahead it may be; empty if someone else decides
    """
    if asked < day:
        return "past"
    return "far" if farthest is not None and asked > day + timedelta(days=farthest) else ""


def bad_time(local: datetime, holidays: frozenset[date] = frozenset()) -> str:
    """Return why nobody should be called at this local time: "hour", "weekend", "holiday", or nothing."""
    if local.date() in holidays:
        return "holiday"
    if local.weekday() in (SATURDAY, SUNDAY):
        return "weekend"
    return "" if any(first <= local.time() < last for first, last in CALL_HOURS) else "hour"
