"""Parts of an amount: what one is worth in another currency, in proportion, or the first ones first."""

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal

ZERO = Decimal(0)
CENT = Decimal("0.01")


def rounded(amount: Decimal, unit: Decimal = CENT) -> Decimal:
    """Return ``amount`` in whole ``unit``: the smallest amount of its currency."""
    return (amount / unit).quantize(Decimal(1), ROUND_HALF_UP) * unit


def share(part: Decimal, whole: Decimal, other: Decimal, unit: Decimal = CENT) -> Decimal:
    """Return what ``part`` of ``whole`` is in the currency in which the whole is ``other``.

    The whole gives exactly the other, whatever the rates; a part gives something between nothing and all of it. Of
    nothing there is no part: a difference of exchange is an amount in one currency and none in the other.

    >>> share(Decimal(500), Decimal(1000), Decimal("909.09"))
    Decimal('454.55')
    """
    if part <= 0 or whole <= 0 or other <= 0:
        return ZERO
    if part >= whole:
        return other
    return min(rounded(part * other / whole, unit), other)


def in_proportion(total: Decimal, parts: Sequence[Decimal], step: Decimal) -> list[Decimal]:
    """Return ``total`` shared in proportion to ``parts``, in multiples of ``step``; the shares add up to it.

    The largest part takes what rounding leaves, hence nothing goes to a part that is zero.
    """
    whole = sum(parts, ZERO)
    shares = [(total * part / whole / step).to_integral_value() * step if whole else ZERO for part in parts]
    if whole:
        largest = max(range(len(parts)), key=lambda index: abs(parts[index]))
        shares[largest] += total - sum(shares, ZERO)
    return shares


def first_ones_first(amount: Decimal, free: Iterable[Decimal]) -> list[Decimal]:
    """Return what ``amount`` takes of each of the amounts that are ``free``; the sum is ``amount``, or all of them.

    >>> first_ones_first(Decimal(50), [Decimal(40), Decimal(0), Decimal(30)])
    [Decimal('40'), Decimal('0'), Decimal('10')]
    >>> first_ones_first(Decimal(100), [Decimal(40), Decimal(30)])
    [Decimal('40'), Decimal('30')]
    """
    taken = []
    for available in free:
        part = max(ZERO, min(amount, available))
        taken.append(part)
        amount -= part
    return taken


def as_decimal(amount) -> Decimal:
    """Return an amount of the database, to the cent or whatever its currency has, as an exact number."""
    return amount if isinstance(amount, Decimal) else Decimal(str(round(amount, 6)))
