"""Money that settles other money before it covers any invoice: what was paid back, entries outside follow-up."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from ..decision.facts import ZERO, Credit
from ..decision.netting import owed_of, unit_of
from ..said.share import CENT, share

Units = Mapping[int | None, Decimal]  # smallest amounts of currencies, a cent for those not named


def less_refunds(credits: Iterable[Credit], refunds: Iterable[Credit], units: Units) -> list[Credit]:
    """Return what is left of ``credits`` once money paid back to the customer has used them up.

    In its own currency first, whatever the rates of the two days; then at what it was worth. The newest money goes
    back: who pays twice gets the second payment back.
    """
    left = sorted(credits, key=_newest_first)
    for refund in sorted(refunds, key=_newest_first):
        for same in (True, False):
            for index, credit in enumerate(left):
                if (credit.currency == refund.currency) is same:
                    left[index], refund = _settled(credit, refund, units)
    return [credit for credit in left if credit.amount > 0]


def _newest_first(credit: Credit):
    return (-(credit.day or date.min).toordinal(), credit.kind, credit.currency or 0, -credit.amount, credit.meant_for)


def settled_among(entries: Iterable[Credit], units: Units) -> list[Credit]:
    """Return the money that is left of entries, one of each currency, once the negative ones have used up others.

    Several settle one another, so no day is left of them.
    """
    entries = list(entries)
    debts = [
        entry._replace(amount=-entry.amount, own=entry.own and -entry.own) for entry in entries if entry.amount < 0
    ]
    sums: dict[int | None, Credit] = {}
    for credit in less_refunds([entry for entry in entries if entry.amount > 0], debts, units):
        known = sums.get(credit.currency)
        sums[credit.currency] = credit if known is None else credit._replace(
            amount=known.amount + credit.amount, own=credit.own and known.own + credit.own
        )  # fmt: skip
    return list(sums.values())


def _settled(credit: Credit, refund: Credit, units: Units) -> tuple[Credit, Credit]:
    """Return what is left of the one and of the other."""
    same = credit.currency == refund.currency
    here, there = (owed_of(credit), owed_of(refund)) if same else (credit.amount, refund.amount)
    used = min(here, there)
    if used <= 0:
        return credit, refund
    return _less(credit, used, here, units), _less(refund, used, there, units)


def _less(credit: Credit, used: Decimal, whole: Decimal, units: Units) -> Credit:
    """Return ``credit`` less ``used`` of ``whole``, its amount in one of its currencies."""
    if credit.own is None:
        return credit._replace(amount=credit.amount - used)
    return credit._replace(
        amount=max(ZERO, credit.amount - share(used, whole, credit.amount, units.get(None, CENT))),
        own=max(ZERO, credit.own - share(used, whole, credit.own, unit_of(units, credit))),
    )
