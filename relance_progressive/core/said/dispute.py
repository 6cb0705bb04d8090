"""What is still contested of an item once payments and credit notes have done their work."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from ..decision.facts import ZERO

RESUME_DAYS = 5  # a customer whose dispute is rejected is left in peace for these days more


class Contested(NamedTuple):
    """An amount of an item that a customer contests, in the currency of the item.

    ``amount`` is empty for the whole item; ``credited`` is what credit notes made for this very
    dispute have settled of the item.
    """

    id: int
    amount: Decimal | None
    credited: Decimal = ZERO


def still_contested(claims: Sequence[Contested], credited: Decimal, residual: Decimal) -> dict[int, Decimal]:
    """Return ``{id: amount}`` of what is still contested of one item, its disputes oldest first.

    :param credited: what other credit notes have settled of the item since it is contested; they
        answer the oldest disputes first
    :param residual: what is still owed of the item: no more than that can be contested
    """
    left, spare = {}, credited
    for claim in claims:
        if claim.amount is None:
            left[claim.id] = max(ZERO, residual)
            continue
        amount = max(ZERO, claim.amount - claim.credited)
        used = min(amount, spare)
        spare -= used
        left[claim.id] = amount - used
    free = max(ZERO, residual)
    for claim in claims:
        left[claim.id] = min(left[claim.id], free)
        free -= left[claim.id]
    return left
