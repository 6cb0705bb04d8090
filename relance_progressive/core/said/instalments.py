"""What is promised: an amount shared out over items and over days, before it is a promise (:mod:`.promise`)."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from ..decision.facts import ZERO
from ..plain.days import months_later
from .share import CENT, first_ones_first

DAY = timedelta(days=1)


def longest_wait(start: date, days: Iterable[date]) -> int:
    """Return the longest time without a payment, in days, of a plan agreed on ``start``.

    >>> longest_wait(date(2026, 1, 1), [date(2026, 2, 15), date(2026, 1, 10)])
    36
    """
    ordered = sorted({start, *days})
    return max(((later - day).days for day, later in zip(ordered, ordered[1:], strict=False)), default=0)


def allocate(amount: Decimal, free: Iterable[tuple[int, Decimal]]) -> list[tuple[int, Decimal]]:
    """Share ``amount`` out over items, in their order.

    >>> allocate(Decimal(150), [(1, Decimal(100)), (2, Decimal(100))])
    [(1, Decimal('100')), (2, Decimal('50'))]
    """
    free = list(free)
    shares = first_ones_first(amount, (available for _item, available in free))
    return [(item, share) for (item, _available), share in zip(free, shares, strict=True) if share]


def instalments(
    amount: Decimal, first: date, count: int, every: str = "month", unit: Decimal = CENT
) -> list[tuple[date, Decimal]]:
    """Return ``count`` equal instalments, every "month" or "week" from ``first`` on; the last takes the remainder.

    >>> [str(part) for _day, part in instalments(Decimal(100), date(2026, 1, 31), 3)]
    ['33.33', '33.33', '33.34']
    """
    share = amount / count // unit * unit
    days = [first + 7 * number * DAY if every == "week" else months_later(first, number) for number in range(count)]
    return [*((day, share) for day in days[:-1]), (days[-1], amount - share * (count - 1))]


def spread(
    dates: Iterable[tuple[date, Decimal]], free: Iterable[tuple[int, Decimal]]
) -> list[tuple[int, Decimal, date]]:
    """Share the amounts of ``dates`` out over items: the oldest items are paid by the earliest dates."""
    free, spread_out = list(free), []
    for day, amount in sorted(dates):
        shares = allocate(amount, free)
        spread_out += [(item, share, day) for item, share in shares]
        taken = dict(shares)
        free = [(item, available - taken.get(item, ZERO)) for item, available in free]
    return spread_out
