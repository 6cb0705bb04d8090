"""What may be claimed of each item: its amount, less what is held, less what money covers.

The debt is in the currency of its document, and so is what is claimed of it: see :mod:`.netting`. Accounts that
know the company's currency only, nearly all of them, take the short way.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from ..said.share import share
from .facts import ZERO, AccountFacts, Credit, Hold, Item
from .netting import netted, owed_of, unit_of


class Owed(NamedTuple):
    """What is claimed of items, in the order in which they were given."""

    claims: list[Decimal]  # in the company's currency; zero exactly when nothing is owed in that of the document
    covers: list[Decimal] | None  # by money on its way, in the company's currency; None when there is no money
    own: list[Decimal | None] | None = None  # the claims in the currency of the document; None when none is foreign
    own_covers: list[Decimal] | None = None  # the covers in that currency; None when none is foreign


def is_active(hold: Hold, today: date) -> bool:
    """Tell whether ``hold`` still holds ``today``; its last day counts."""
    return hold.until is None or today <= hold.until


def held_amount(hold: Hold, item: Item) -> Decimal:
    """Return what ``hold``, of the account or of this item, takes out of ``item`` by itself."""
    if item.excluded:
        return ZERO
    if hold.item is None or hold.amount is None:
        return item.amount
    return min(hold.amount, item.amount)


def claimable(items: Sequence[Item], facts: AccountFacts, today: date) -> tuple[list[Decimal], list[Decimal] | None]:
    """Return what may be claimed of each of ``items``, oldest first, and what money covers of each.

    Money covers what the customer chose, even if it is held; else the oldest items first, whether late or
    not, but none that is excluded or held: it is more likely meant for the others. The covers are None when
    there is no money.
    """
    if _is_foreign(items, facts.credits):
        return owed(items, facts, today)[:2]
    free = [ZERO if item.excluded else item.amount for item in items]
    if facts.holds:
        _take_out(free, items, facts.holds, today)
    money = sum((credit.amount for credit in facts.credits), ZERO) if facts.credits else ZERO
    if money <= 0:
        return free, None
    covers = [ZERO] * len(items)
    if any(credit.meant_for for credit in facts.credits):
        money -= _cover_chosen(free, covers, items, facts.credits, money)
    for index, amount in enumerate(free):
        cover = min(amount, money)
        money -= cover
        free[index] -= cover
        covers[index] += cover
    return free, covers


def owed(items: Sequence[Item], facts: AccountFacts, today: date) -> Owed:
    """Return the same as :func:`claimable`, and both in the currencies of the documents."""
    if _is_foreign(items, facts.credits):
        claims, covers, own, own_covers = netted(free_of(items, facts, today), items, facts)
        return Owed(claims, covers, own, own_covers) if _is_foreign(items) else Owed(claims, covers)
    return Owed(*claimable(items, facts, today))


def _is_foreign(*found: Sequence[Item] | Sequence[Credit]) -> bool:
    """Tell whether one of these documents is in a foreign currency."""
    for documents in found:
        for document in documents:
            if document.currency is not None:
                return True
    return False


def free_of(items: Sequence[Item], facts: AccountFacts, today: date) -> list[Decimal]:
    """Return what is not held of each of ``items``, in the currency of its document."""
    by_item: dict[int | None, list[Hold]] = {}
    for hold in facts.holds:
        if is_active(hold, today):
            by_item.setdefault(hold.item, []).append(hold)
    return [
        ZERO if item.excluded or None in by_item
        else owed_of(item) - held_own(by_item.get(item.id, ()), item, facts.units)
        for item in items
    ]  # fmt: skip


def held_own(holds: Sequence[Hold], item: Item, units: Mapping[int | None, Decimal]) -> Decimal:
    """Return what ``holds`` take out of ``item`` together, in the currency of the item.

    What is known in the company's currency only is added up there, so that all of it is all of the item.
    """
    own = owed_of(item)
    if item.excluded or not holds:
        return ZERO
    if any(hold.amount is None for hold in holds):
        return own
    named = sum((hold.own for hold in holds if hold.own is not None), ZERO)
    booked = sum((hold.amount for hold in holds if hold.own is None), ZERO)
    if item.currency is not None:
        booked = share(booked, item.amount, own, unit_of(units, item))
    return min(own, named + booked)


def _cover_chosen(free: list[Decimal], covers: list[Decimal], items: Sequence[Item], credits, money: Decimal):
    """Cover the items that money is meant for, and return how much of it is used for them, ``money`` at most.

    What is meant for an item that is not claimed is used for that one, and covers nothing that is.
    """
    indexes, used = {item.id: index for index, item in enumerate(items)}, ZERO
    for credit in credits:
        for item, amount in credit.meant_for:
            if (index := indexes.get(item)) is not None:
                cover = min(amount, items[index].amount - covers[index], money - used)
                used += cover
                if not items[index].excluded:
                    covers[index] += cover
                    free[index] = max(ZERO, free[index] - cover)
    return used


def _take_out(free: list[Decimal], items: Sequence[Item], holds: Sequence[Hold], today: date):
    """Reduce ``free`` by the ``holds`` that are active ``today``."""
    active = [hold for hold in holds if is_active(hold, today)]
    if not active:
        return
    if any(hold.item is None for hold in active):
        free[:] = [ZERO] * len(free)
        return
    indexes = {item.id: index for index, item in enumerate(items)}
    for hold in active:
        index = indexes.get(hold.item)
        if index is not None:
            free[index] = max(ZERO, free[index] - held_amount(hold, items[index]))


def hold_ends(items: Sequence[Item], facts: AccountFacts, today: date) -> list[date]:
    """Return the last days, in order, of the active holds that will end by themselves."""
    if not facts.holds:
        return []
    known = {item.id for item in items if not item.excluded}
    known.add(None)
    return sorted(
        {hold.until for hold in facts.holds if hold.until is not None and hold.until >= today and hold.item in known}
    )
