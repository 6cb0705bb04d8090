"""Money that is there and that nobody has matched yet: what it pays of which item, and since when."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from ..decision.claims import owed
from ..decision.facts import ZERO, AccountFacts
from ..law.discount import discounted

THERE = frozenset({"payment", "bank_line", "credit_note"})  # the others are only on their way


class Part(NamedTuple):
    """What one document pays of an item, in the currency of the item."""

    day: date
    amount: Decimal
    credit_note: bool


def received(facts: AccountFacts, today: date) -> dict[int, list[Part]]:
    """Return ``{item id: [Part]}`` of what has come in by ``today``.

    It pays what :func:`..decision.claims.claimable` says. The documents are taken one after the other, the oldest
    first.
    """
    facts = discounted(facts, today)
    there = sorted(
        (credit for credit in facts.credits if credit.kind in THERE and credit.day and credit.day <= today),
        key=lambda credit: credit.day,
    )
    if not there:
        return {}
    items = sorted((item for item in facts.items if item.amount > 0), key=lambda item: (item.due, item.id))
    found: dict[int, list[Part]] = {}
    before = [ZERO] * len(items)
    for number, credit in enumerate(there, start=1):
        result = owed(items, facts._replace(credits=tuple(there[:number])), today)
        covers = result.own_covers or result.covers or before
        for item, now, then in zip(items, covers, before, strict=True):
            if now > then:
                found.setdefault(item.id, []).append(Part(credit.day, now - then, credit.kind == "credit_note"))
        before = covers
    return found
