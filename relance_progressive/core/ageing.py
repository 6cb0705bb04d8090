"""What is owed by how late it is."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

BOUNDS = (0, 30, 60, 90)  # the last day of each bracket but the last, which has no end


def ageing(owed: Iterable[tuple[int, Decimal]], bounds: Sequence[int] = BOUNDS) -> tuple[Decimal, ...]:
    """Return the sum of each bracket of ``owed``, pairs of days late (0 or less: not due yet) and an amount.

    >>> [int(part) for part in ageing([(-3, Decimal(5)), (1, Decimal(7)), (30, Decimal(1)), (91, Decimal(2))])]
    [5, 8, 0, 0, 2]
    """
    sums = [Decimal(0)] * (len(bounds) + 1)
    for days, amount in owed:
        sums[sum(days > bound for bound in bounds)] += amount
    return tuple(sums)
