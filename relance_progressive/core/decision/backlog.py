"""How a backlog of messages flows off when only so many leave on a day."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

from ..plain.workdays import Calendar


class Day(NamedTuple):
    """One working day: messages that come up, that leave, and that still wait in the evening."""

    date: date
    new: int
    leaves: int
    waits: int


def flow(new: Mapping[date, int], cap: int, calendar: Calendar, first: date, days: int) -> list[Day]:
    """Return the ``days`` working days from ``first`` on.

    :param new: messages by the day on which they come up; those of days off wait for the next working day
    :param cap: how many leave on a day at most, 0 for no limit

    >>> flow({date(2026, 3, 2): 5}, 3, Calendar(), date(2026, 3, 2), 2)[1]
    Day(date=datetime.date(2026, 3, 3), new=0, leaves=2, waits=0)
    """
    table, waits, since = [], 0, date.min
    day = calendar.next_open(first)
    for _number in range(days):
        came = sum(count for when, count in new.items() if since < when <= day)
        waiting = waits + came
        leaves = min(waiting, cap) if cap else waiting
        waits = waiting - leaves
        table.append(Day(day, came, leaves, waits))
        since, day = day, calendar.next_open(day + timedelta(days=1))
    return table
