"""Promises to pay: what became of each date, and what of each item is still held.

Everything follows from what was settled of the items, and on which day; nothing is remembered from one day
to the next. So a payment that is allocated late, undone or allocated again gives the state it should give.
Amounts are ``Decimal`` in the company's currency, days are ``date``.

Whether and how long a customer is warned before a payment plan ends: see :mod:`.chance`.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from ..decision.facts import ZERO, Hold
from ..plain.days import Calendar
from .instalments import DAY

OPEN, KEPT, PARTLY, BROKEN, CANCELLED = "open", "kept", "partly", "broken", "cancelled"
MISSED = (PARTLY, BROKEN)
GRACE_DAYS = 3  # of an account without a plan


class Settlement(NamedTuple):
    """A part of an item that was settled on a day, by money, or else by a credit note or a write-off."""

    day: date
    amount: Decimal
    money: bool = True


class Debt(NamedTuple):
    """An item: what was invoiced (nothing while the invoice is not posted), what is left, what was settled."""

    amount: Decimal = ZERO
    residual: Decimal = ZERO
    settlements: tuple[Settlement, ...] = ()

    def paid(self, day: date) -> Decimal:
        """Return the money received until the end of ``day``."""
        return sum((one.amount for one in self.settlements if one.money and one.day <= day), ZERO)

    def credited(self, day: date) -> Decimal:
        """Return what credit notes and write-offs took off until the end of ``day``."""
        return sum((one.amount for one in self.settlements if not one.money and one.day <= day), ZERO)


class Part(NamedTuple):
    """An amount of an item promised for a day; ``paid_before`` is what had been paid of the item until then."""

    id: int
    item: int
    amount: Decimal
    day: date
    paid_before: Decimal = ZERO
    cancelled: bool = False


class Promise(NamedTuple):
    """What a customer promised on one occasion; several days make a payment plan."""

    id: int
    day: date  # on which it was made
    grace: int  # days after each date before it counts as missed
    parts: tuple[Part, ...]
    accelerates: bool = False  # one date missed ends the whole plan
    cancelled: bool = False
    chance: int = 0  # days after a written warning before it ends (:mod:`.chance`)
    # The day on which a date was known to be missed -> the day the warning left, None if it could not leave.
    warned: Mapping[date, date | None] = MappingProxyType({})
    calendar: Calendar | None = None  # of the days on which a warning leaves

    @property
    def is_plan(self) -> bool:
        """Tell whether there are several dates."""
        return len({part.day for part in self.parts}) > 1

    @property
    def clause(self) -> bool:
        """Tell whether it is a plan that ends when a date is missed."""
        return self.accelerates and self.is_plan

    @property
    def warns(self) -> bool:
        """Tell whether the customer is warned before it ends."""
        return self.clause and self.chance > 0

    def warned_on(self, missed_on: date) -> date | None:
        """Return the day on which the warning about a missed date left or, as things stand, will leave."""
        if missed_on in self.warned:
            return self.warned[missed_on]
        return self.calendar.next_open(missed_on) if self.calendar else missed_on


class PartState(NamedTuple):
    """What became of a part, as seen on a day."""

    part: Part
    state: str
    due: Decimal  # what is to be paid of it: less than promised when a credit note came instead
    kept: Decimal  # paid in time
    missing: Decimal  # missed, and still not paid
    until: date  # the last day on which it holds
    ends: bool = True  # whether missing it ends a plan with the clause


class Late(NamedTuple):
    """A date of a plan that was missed, and that the customer is warned of before the plan ends."""

    missed_on: date  # the day on which that was known
    amount: Decimal  # still missing
    known: bool  # whether a warning of it is noted


class PromiseState(NamedTuple):
    """What became of a promise, as seen on a day."""

    promise: Promise
    state: str
    parts: tuple[PartState, ...]
    broken_on: date | None  # the day on which the latest missed date was known to be missed
    next_day: date | None  # the next promised date
    check_date: date | None  # nothing changes by the calendar before this day
    late: tuple[Late, ...] = ()

    def total(self, name: str) -> Decimal:
        """Return the sum of ``due``, ``kept`` or ``missing`` over the parts."""
        return sum((getattr(part, name) for part in self.parts if part.state != CANCELLED), ZERO)


def states_of(promises: Sequence[Promise], debts: Mapping[int, Debt], today: date) -> dict[int, PromiseState]:
    """Return ``{promise id: what became of it}``, as seen on ``today``; ``promises`` are all those of some customers.

    Money that was received until the promised day and its grace counts, whenever it was allocated. Money already
    paid when the promise was made does not. Money serves the earliest date first, one euro one promise. A credit
    note takes what it settles out of the promises, the last dates first: the customer owes it no more.
    """
    parts: dict[int, list[PartState]] = {promise.id: [] for promise in promises}
    late: dict[int, dict[date, Decimal]] = {promise.id: {} for promise in promises}
    served: dict[int, list[tuple[date, Decimal]]] = {}  # of each item: the deadlines seen so far, and up to which euro
    for day, promise, part in _by_day(promises):
        if promise.cancelled or part.cancelled:
            parts[promise.id].append(PartState(part, CANCELLED, ZERO, ZERO, ZERO, day))
            continue
        debt, earlier = debts.get(part.item, Debt()), served.setdefault(part.item, [])
        # What was known to be paid when the promise was made, or less if some of it was undone since;
        # then come the other amounts that were promised at that time for earlier dates.
        known = min(part.paid_before, debt.paid(promise.day))
        start = max([known, *(end for deadline, end in earlier if deadline >= promise.day)])
        earlier.append((day, start + part.amount))
        state = _part_state(promise, part, start, debt, today)
        parts[promise.id].append(state)
        if promise.warns and today > day and (amount := _unpaid(state, start, debt, today)):
            late[promise.id][day + DAY] = late[promise.id].get(day + DAY, ZERO) + amount
    return {
        promise.id: _whole(promise, parts[promise.id], debts, today)._replace(
            late=tuple(Late(day, amount, day in promise.warned) for day, amount in sorted(late[promise.id].items()))
        )
        for promise in promises
    }


def _by_day(promises: Iterable[Promise]) -> list[tuple[date, Promise, Part]]:
    """Return the parts of all promises, the earliest promised day first, each with its promise and its deadline."""
    rows = [(part.day, promise.id, part.id, promise, part) for promise in promises for part in promise.parts]
    return [(_deadline(promise, part), promise, part) for _day, _id, _part, promise, part in sorted(rows)]


def _part_state(promise: Promise, part: Part, start: Decimal, debt: Debt, today: date) -> PartState:
    """Return the state of a part, which is for the money that comes once ``start`` has been paid of the item."""
    deadline, ends = _last_chance(promise, part)
    due, kept = _progress(part, start, debt, min(deadline, today))
    if not due:
        state = CANCELLED
    elif kept == due:
        state = KEPT
    elif today <= deadline:
        state = OPEN
    else:
        state = PARTLY if kept else BROKEN
    due_now, paid_now = _progress(part, start, debt, today)
    missing = max(ZERO, due_now - paid_now) if state in MISSED else ZERO
    return PartState(part, state, due, kept, missing, deadline, ends)


def _unpaid(state: PartState, start: Decimal, debt: Debt, today: date) -> Decimal:
    """Return what is still to be paid of a part."""
    due, paid = _progress(state.part, start, debt, today)
    return due - paid


def _progress(part: Part, start: Decimal, debt: Debt, day: date) -> tuple[Decimal, Decimal]:
    """Return what is to be paid for ``part``, and what of it is paid, at the end of ``day``."""
    owed = debt.amount - debt.credited(day)
    due = max(ZERO, min(part.amount, owed - start))
    return due, min(due, max(ZERO, debt.paid(day) - start))


def _deadline(promise: Promise, part: Part) -> date:
    """Return the last day on which money for ``part`` is no matter of a warning."""
    return part.day + promise.grace * DAY


def _last_chance(promise: Promise, part: Part) -> tuple[date, bool]:
    """Return the last day on which money for ``part`` comes in time, and whether missing it ends the plan.

    A warning that could not leave gives the same time, and ends nothing.
    """
    deadline = _deadline(promise, part)
    if not promise.warns:
        return deadline, True
    warned_on = promise.warned_on(deadline + DAY)
    return max(deadline, (warned_on or deadline + DAY) + promise.chance * DAY), warned_on is not None


def _whole(promise: Promise, parts: list[PartState], debts: Mapping[int, Debt], today: date) -> PromiseState:
    """Return the state of the whole promise from those of its parts."""
    missed = [part.until + DAY for part in parts if part.state in MISSED]
    ended = [part.until + DAY for part in parts if part.state in MISSED and part.ends and promise.accelerates]
    broken_on = min(ended) if ended else max(missed, default=None)
    checks = [_next_check(promise, part, today) for part in parts if part.state == OPEN]
    open_until = [part.until for part in parts if part.state == OPEN and part.ends]
    if ended:
        parts = [_fallen_due(part) if part.state == OPEN else part for part in parts]
    elif promise.accelerates and open_until:
        # As things stand the first open date will be missed, and the others will end with it.
        parts = [part._replace(until=min(part.until, min(open_until))) for part in parts]
    parts = _capped(parts, debts)
    days = [part.part.day for part in parts if part.state == OPEN]
    return PromiseState(
        promise, _whole_state(promise, parts, bool(ended)), tuple(parts), broken_on,
        next_day=min(days, default=None), check_date=min(checks) if days else None,
    )  # fmt: skip


def _next_check(promise: Promise, part: PartState, today: date) -> date:
    """Return the day on which an open part is known to be missed: to warn the customer first, or to tell it."""
    deadline = _deadline(promise, part.part)
    return (deadline if today <= deadline else part.until) + DAY


def _fallen_due(part: PartState) -> PartState:
    """Return a later date of a plan in default: no longer promised, owed at once."""
    return part._replace(state=PARTLY if part.kept else BROKEN, missing=part.due - part.kept)


def _capped(parts: list[PartState], debts: Mapping[int, Debt]) -> list[PartState]:
    """Return ``parts`` with no more missing of an item than what is left of it."""
    left: dict[int, Decimal] = {}
    capped = []
    for part in parts:
        item = part.part.item
        rest = left.get(item, debts[item].residual if item in debts else ZERO)
        missing = min(part.missing, rest)
        left[item] = rest - missing
        capped.append(part._replace(missing=missing))
    return capped


def _whole_state(promise: Promise, parts: Sequence[PartState], ended: bool) -> str:
    states = {part.state for part in parts} - {CANCELLED}
    if not states:
        return CANCELLED
    if ended and promise.is_plan:
        return BROKEN
    if OPEN in states:
        return OPEN
    if states == {KEPT}:
        return KEPT
    return PARTLY if any(part.kept for part in parts) else BROKEN


def holds_of(states: Iterable[PromiseState], debts: Mapping[int, Debt], today: date) -> list[Hold]:
    """Return what promises hold ``today``: the amounts still to come, never more than what is left of an item."""
    left = {item: debt.residual for item, debt in debts.items()}
    holds = []
    for state in states:
        if today < state.promise.day:
            continue
        reason = "plan" if state.promise.is_plan else "promise"
        for part in state.parts:
            amount = min(part.due - part.kept, left.get(part.part.item, ZERO)) if part.state == OPEN else ZERO
            if amount > 0:
                left[part.part.item] -= amount
                holds.append(Hold(reason, part.part.item, amount, part.until, part.part.day))
    return holds
