"""An amount that is known in two currencies, and what a part of it is worth in the other one."""

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


def as_decimal(amount) -> Decimal:
    """Return an amount of the database, to the cent or whatever its currency has, as an exact number."""
    return amount if isinstance(amount, Decimal) else Decimal(str(round(amount, 6)))
