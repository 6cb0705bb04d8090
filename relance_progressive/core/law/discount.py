"""A cash discount that was taken in time is not owed.

Who pays what is asked for less the discount, on the last day at the latest, has paid all of it, whether or not his
money is matched yet, and whether or not somebody has written the rest off; who pays later owes the whole. Several
payments in time count together, and one may pay several invoices.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from ..decision.claims import free_of
from ..decision.facts import ZERO, AccountFacts, Credit, Item, Offer
from ..decision.netting import Purse, owed_of, purses_of, unit_of
from ..said.share import CENT, rounded, share


def discounted(facts: AccountFacts, today: date) -> AccountFacts:
    """Return the facts with what is owed once the discounts that were taken in time are off.

    Money that is exactly what settles certain items with their discount is meant for these. For the rest it is as
    always: what the customer chose, then the oldest items, but none that is excluded or held.
    """
    if not facts.offers:
        return facts
    items = sorted(facts.items, key=lambda item: (item.due, item.id))
    by_item = {offer.item: offer for offer in facts.offers}
    offers = [
        (item, offer)
        for item in items
        if (offer := by_item.get(item.id)) and not item.excluded and offer.amount < owed_of(item)
    ]
    saved = {item.id: owed_of(item) for item, offer in offers if offer.amount <= 0}
    offers = [(item, offer) for item, offer in offers if offer.amount > 0]
    facts = facts._replace(credits=tuple(_recognised(facts, offers)), offers=())
    if facts.credits:
        saved |= _saved(items, {item.id: offer for item, offer in offers}, facts, today)
    if not saved:
        return facts
    unit = facts.units.get(None, CENT)
    return facts._replace(items=tuple(_less(item, saved.get(item.id, ZERO), unit) for item in facts.items))


def _less(item: Item, saved: Decimal, unit: Decimal) -> Item:
    """Return ``item`` less the discount ``saved``, which is in its currency."""
    if not saved:
        return item
    left = owed_of(item) - saved
    if item.currency is None:
        return item._replace(amount=left)
    return item._replace(amount=share(left, item.own, item.amount, unit), own=left)


def _recognised(facts: AccountFacts, offers: Sequence[tuple[Item, Offer]]) -> list[Credit]:
    """Return the credits, those that settle items exactly with their discount being meant for these."""
    waiting, found = list(offers), []
    for credit in (purse.credit for purse in purses_of(facts.credits)):
        if not credit.meant_for and credit.kind != "credit_note":
            own = [(item, offer) for item, offer in waiting if item.currency == credit.currency]
            if settled := _settled_exactly(credit, own):
                credit = credit._replace(meant_for=tuple((item.id, offer.amount) for item, offer in settled))
                waiting = [pair for pair in waiting if pair not in settled]
        found.append(credit)
    return found


def _settled_exactly(credit: Credit, offers: Sequence[tuple[Item, Offer]]) -> Sequence[tuple[Item, Offer]]:
    """Return the items of which a credit is the discounted amount: one in time, all in time, or all of them.

    The last if it is in time for some: who pays all of his invoices at once may be late for one.
    """
    amount, in_time = owed_of(credit), [pair for pair in offers if _is_in_time(credit, pair[1])]
    for pair in in_time:
        if pair[1].amount == amount:
            return [pair]
    for together in (in_time, offers):
        if in_time and sum((offer.amount for _item, offer in together), ZERO) == amount:
            return together
    return ()


def _saved(items: Sequence[Item], offers: Mapping[int, Offer], facts: AccountFacts, today: date) -> dict[int, Decimal]:
    """Return the discount that was taken of items, by item: money is given out as :mod:`..decision.netting` does.

    Money in another currency counts for what it buys on its day, once each currency has paid its own.
    """
    purses = purses_of(facts.credits)
    early = _chosen_in_time(items, offers, purses)
    free, saved = free_of(items, facts, today), {}
    paid, in_time = {}, {}
    for index, item in enumerate(items):
        paid[item.id], in_time[item.id] = early.get(item.id, (ZERO, ZERO))
        free[index] = max(ZERO, min(free[index], owed_of(item) - paid[item.id]))
    for same in (True, False):
        for index, item in enumerate(items):
            offer, left = offers.get(item.id), free[index]
            some = [purse for purse in purses if purse.left and (purse.credit.currency == item.currency) is same]
            if offer and item.id not in saved and (left or in_time[item.id]):
                whole = min(owed_of(item), left + paid[item.id])
                need = rounded(whole * offer.amount / owed_of(item), unit_of(facts.units, item))
                early_money = [purse for purse in some if _is_in_time(purse.credit, offer)]
                if need < whole and in_time[item.id] + _worth(early_money, item, same, facts) >= need:
                    saved[item.id] = min(left, whole - need)
                    left -= saved[item.id]
            for purse in some:
                part = purse.pay(left) if same else purse.exchange(item, left, facts.units)
                left -= part
                paid[item.id] += part
                if offer and _is_in_time(purse.credit, offer):
                    in_time[item.id] += part
            free[index] = left
    return {item: amount for item, amount in saved.items() if amount}


def _worth(purses: Sequence[Purse], item: Item, same: bool, facts: AccountFacts) -> Decimal:
    """Return how much of ``item`` the money in ``purses`` pays."""
    if same:
        return sum((purse.left for purse in purses), ZERO)
    return sum((purse.buys(item, facts.units) for purse in purses), ZERO)


def _chosen_in_time(items: Sequence[Item], offers: Mapping[int, Offer], purses: Sequence[Purse]):
    """Give out what customers chose to pay; return ``{item: (all of it, what of it came in time)}``."""
    by_id, early = {item.id: item for item in items if not item.excluded}, {}
    for purse in purses:
        for number, amount in purse.credit.meant_for:
            item = by_id.get(number)
            if item is None or item.currency != purse.credit.currency:
                continue
            paid, in_time = early.get(number, (ZERO, ZERO))
            more = purse.pay(min(amount, owed_of(item) - paid))
            timely = number in offers and _is_in_time(purse.credit, offers[number])
            early[number] = (paid + more, in_time + more if timely else in_time)
    return early


def _is_in_time(credit: Credit, offer: Offer) -> bool:
    return credit.day is not None and credit.day <= offer.until
