"""The next day on which a message leaves, if nothing changes but the date; how a backlog of messages flows off."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from heapq import heappop, heappush
from typing import NamedTuple

from ..plain.days import Calendar
from .claims import claimable
from .facts import ZERO, AccountFacts, Item
from .schedule import FIRM, FOREVER, Plan, Span

Stretch = tuple[int, int, list[Decimal]]


def stretches(
    items: Sequence[Item],
    facts: AccountFacts,
    claims: list[Decimal],
    ends: Sequence[date],
    first: int,
) -> Iterator[Stretch]:
    """Cut the days from ``first`` on where a hold ends: (first day, day after the last, claims)."""
    for until in ends:
        stop = until.toordinal() + 1
        if first < stop <= FOREVER:
            yield first, stop, claims
            first = stop
        claims = claimable(items, facts, date.fromordinal(min(stop, FOREVER)))[0]
    yield first, FOREVER + 1, claims


def first_message(
    plan: Plan, spans: Sequence[Span], gross: Decimal, stretch: Stretch, rank: int = 0
) -> tuple[int, int] | None:
    """Return the first day of ``stretch`` on which a message would leave, and the level that is due.

    :param rank: how firm the message must be at least; from *firm* on no due date is announced
    """
    first, stop, claims = stretch
    if rank >= FIRM:
        spans = [span for span in spans if not plan.pre_due[span[2]]]
    day = stop
    for start, last, _level, index in spans:
        if start < day and claims[index]:
            start = plan.roll(max(start, first))
            if start < day and start <= last:
                day = start
    if day == stop:
        return None
    totals: dict[int, Decimal] = {}
    for start, last, level, index in spans:
        if start <= day <= last and claims[index]:
            totals[level] = totals.get(level, ZERO) + claims[index]
    found = plan.message_level(totals, gross)
    if found is None:  # the first item alone is too small: see what the others add to it
        return _sweep(plan, spans, gross, stretch)
    return day, found


def _sweep(plan: Plan, spans: Sequence[Span], gross: Decimal, stretch: Stretch):
    """Do the same, adding up in the order of time what is due.

    What is due only grows when a span begins, so these days are enough, each put off to a working
    day. One pass: an account may have thousands of items.
    """
    first, stop, claims = stretch
    events = []
    for start, last, level, index in spans:
        day = plan.roll(max(start, first))
        if claims[index] and day <= last and day < stop:
            events.append((day, last, level, claims[index]))
    events.sort()
    totals: dict[int, Decimal] = {}
    closing: list[tuple[int, int, Decimal]] = []
    for position, (day, last, level, amount) in enumerate(events):
        totals[level] = totals.get(level, ZERO) + amount
        heappush(closing, (last, level, amount))
        if position + 1 < len(events) and events[position + 1][0] == day:
            continue
        while closing[0][0] < day:
            _, closed, amount = heappop(closing)
            totals[closed] -= amount
        found = plan.message_level(totals, gross)
        if found is not None:
            return day, found
    return None


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
