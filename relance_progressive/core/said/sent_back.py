"""Which invoice is due again when the bank takes a payment back."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

# Eight weeks to ask a direct debit back, some days for the bank to book it: an older payment is a second choice.
RECENT = timedelta(days=70)
# What a bank adds for sending money back, in any currency that a small business meets.
FEE = Decimal(60)


class Paid(NamedTuple):
    """A payment of the customer, and the invoice item that it settled, the oldest of them if there are several."""

    item: int
    due: date
    amount: Decimal
    day: date
    items: int = 1  # how many it settled
    named: bool = False  # the bank's label names the invoice


def due_again(
    amount: Decimal, day: date, paid: Iterable[Paid], taken: Collection[int] = (), contested: Collection[int] = ()
) -> int | None:
    """Return the item that ``amount``, sent back on ``day``, makes due again, or None: a person has to say.

    What the bank's label names comes first, then the recent payments of that amount, then the one payment of which
    this may be a part, or to which the bank has added its fee. Of several invoices it is the oldest that is not
    contested, and that no other money sent back has made due again (``taken``).

    >>> jan, mar = date(2026, 1, 5), date(2026, 3, 5)
    >>> due_again(Decimal(100), date(2026, 3, 9), [Paid(1, jan, Decimal(100), jan), Paid(2, mar, Decimal(100), mar)])
    1
    >>> due_again(Decimal(100), date(2026, 3, 9), [Paid(1, jan, Decimal(250), jan, items=2)])
    """
    found = list(paid)
    found = [own for own in found if own.named] or found
    found = [own for own in found if own.day >= day - RECENT] or found
    same = [own for own in found if own.amount == amount]
    if not same:
        with_fee = [own for own in found if own.amount < amount <= own.amount + FEE]
        part = [own for own in found if own.amount > amount]
        same = with_fee if with_fee else part
        if len({own.item for own in same}) != 1:
            return None
    if any(own.items > 1 for own in same):
        return None
    same = [own for own in same if own.item not in taken] or same
    best = min(same, key=lambda own: (own.item in contested, own.due, own.item))
    return best.item
