"""What may be claimed of each item: its amount, less what is held, less what money covers."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from .facts import ZERO, AccountFacts, Hold, Item


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


def _cover_chosen(free: list[Decimal], covers: list[Decimal], items: Sequence[Item], credits, money: Decimal):
    """Cover the items that money is meant for, and return how much of it did so, ``money`` at most."""
    indexes, used = {item.id: index for index, item in enumerate(items) if not item.excluded}, ZERO
    for credit in credits:
        for item, amount in credit.meant_for:
            if (index := indexes.get(item)) is not None:
                cover = min(amount, items[index].amount - covers[index], money - used)
                used += cover
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
