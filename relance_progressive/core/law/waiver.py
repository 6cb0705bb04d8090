"""Waiving a part of what lateness has cost: which of the claims it takes."""

from collections.abc import Iterable
from decimal import Decimal

ZERO = Decimal(0)


def spread(amount: Decimal, claims: Iterable[Decimal]) -> list[Decimal]:
    """Return what ``amount`` takes of each claim, the first ones first.

    The sum is ``amount``, or all of the claims if they are less.

    >>> spread(Decimal(50), [Decimal(40), Decimal(0), Decimal(30)])
    [Decimal('40'), Decimal('0'), Decimal('10')]
    >>> spread(Decimal(100), [Decimal(40), Decimal(30)])
    [Decimal('40'), Decimal('30')]
    """
    taken = []
    for claim in claims:
        part = max(ZERO, min(amount, claim))
        taken.append(part)
        amount -= part
    return taken
