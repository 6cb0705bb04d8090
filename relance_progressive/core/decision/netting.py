"""Money on its way against debts, each in the currency of its document.

Money pays debts in its own currency first: what the customer chose, then the oldest. A dollar pays a dollar, at
whatever rates the two were booked: the difference of exchange is the company's affair, nobody is asked for it.
What money is left over then pays debts in other currencies, at the rate of the day on which the money came: it is the
one that Odoo takes when they are matched, and it stays the same from one night to the next.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from ..said.share import CENT, rounded, share
from .facts import ZERO, AccountFacts, Credit, Item


def owed_of(document: Item | Credit) -> Decimal:
    """Return the amount of an item, or of money, in the currency of its document."""
    return document.amount if document.currency is None else max(ZERO, document.own)


def unit_of(units: Mapping[int | None, Decimal], document: Item | Credit) -> Decimal:
    """Return the smallest amount of the currency of a document."""
    return units.get(document.currency, CENT)


class Purse:
    """A credit, and what is left of it."""

    def __init__(self, credit: Credit):
        self.credit = credit
        self.left = owed_of(credit)

    def pay(self, amount: Decimal) -> Decimal:
        """Pay ``amount``, or as much of it as there is; return what was paid."""
        paid = min(amount, self.left)
        self.left -= paid
        return paid

    def buys(self, item: Item, units: Mapping[int | None, Decimal]) -> Decimal:
        """Return how much what is left pays of an item in another currency."""
        credit = self.credit
        if self.left <= 0 or credit.amount <= 0:
            return ZERO
        return rounded(self.left * credit.amount / owed_of(credit) * self._rate(item), unit_of(units, item))

    def exchange(self, item: Item, amount: Decimal, units: Mapping[int | None, Decimal]) -> Decimal:
        """Pay ``amount`` of an item in another currency, or as much of it as there is; return what was paid."""
        credit, bought = self.credit, self.buys(item, units)
        if self.left <= 0 or credit.amount <= 0:
            return ZERO
        if bought <= amount:
            self.left = ZERO
            return bought
        spent = amount / self._rate(item) * owed_of(credit) / credit.amount
        self.left -= min(self.left, rounded(spent, unit_of(units, credit)))
        return amount

    def _rate(self, item: Item) -> Decimal:
        """Return what one unit of the company's currency buys of an item: where nobody knows it, as it was booked."""
        if item.currency is None:
            return Decimal(1)
        return self.credit.rates.get(item.currency) or item.own / item.amount


def purses_of(credits: Iterable[Credit]) -> list[Purse]:
    """Return the purses of ``credits``, oldest money first, whatever their order."""
    return [Purse(credit) for credit in sorted(credits, key=_oldest_first)]


def _oldest_first(credit: Credit):
    return (credit.day or date.max, credit.kind, credit.currency or 0, credit.amount, credit.own or ZERO,
            credit.meant_for, sorted(credit.rates.items()))  # fmt: skip


def netted(free: list[Decimal], items: Sequence[Item], facts: AccountFacts):
    """Return claims and covers in the company's currency, then both in those of the documents.

    :param free: what is not held of ``items``, in the currencies of the documents; it is used up
    """
    covers = [ZERO] * len(items)
    purses, units = purses_of(facts.credits), facts.units
    _pay_chosen(free, covers, items, purses, units)
    for same in (True, False):
        for index, item in enumerate(items):
            for purse in purses:
                if not free[index]:
                    break
                if (purse.credit.currency == item.currency) is same:
                    paid = purse.pay(free[index]) if same else purse.exchange(item, free[index], units)
                    free[index] -= paid
                    covers[index] += paid
    claims, covered = [], []
    for item, claim, cover in zip(items, free, covers, strict=True):
        claimed, paid = _in_company_currency(item, claim, cover, units.get(None, CENT))
        claims.append(claimed)
        covered.append(paid)
    own = [claim if item.currency is not None else None for item, claim in zip(items, free, strict=True)]
    return claims, covered if facts.credits else None, own, covers


def _pay_chosen(free, covers, items: Sequence[Item], purses: Sequence[Purse], units):
    """Pay the items that money is meant for, even if they are held; what is not claimed uses its money up."""
    indexes = {item.id: index for index, item in enumerate(items)}
    for purse in purses:
        for number, amount in purse.credit.meant_for:
            if (index := indexes.get(number)) is None:
                continue
            item = items[index]
            left = owed_of(item) - covers[index]
            if purse.credit.currency == item.currency:
                paid = purse.pay(min(amount, left))
            else:
                aside, purse.left = purse.left, min(amount, purse.left)
                begun = purse.left
                paid = purse.exchange(item, left, units)
                purse.left = aside - (begun - purse.left)
            if not item.excluded:
                covers[index] += paid
                free[index] = max(ZERO, free[index] - paid)


def _in_company_currency(item: Item, claim: Decimal, cover: Decimal, unit: Decimal) -> tuple[Decimal, Decimal]:
    """Return what is claimed and covered of ``item`` in the company's currency; both together never exceed it.

    Something is claimed exactly when something is owed: a smallest part at least.
    """
    if item.currency is None:
        return claim, cover
    whole = owed_of(item)
    claimed = share(claim, whole, item.amount, unit)
    if claim and not claimed:
        claimed = min(unit, item.amount)
    paid = min(share(cover, whole, item.amount, unit), item.amount - claimed)
    if claim + cover == whole:
        paid = item.amount - claimed
    return claimed, paid
