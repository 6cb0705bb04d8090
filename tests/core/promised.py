"""Promises and debts as tests make them."""

from decimal import Decimal

from hypothesis import strategies as st
from ledger import TODAY, later

from relance_progressive.core.said.promise import Debt, Part, Promise, Settlement, holds_of, states_of

GRACE = 3


CHANCE = 8  # days from a warning on


def promised(*parts, **values):
    """Return a promise of ``(item, amount, days from TODAY)``, made today."""
    values = {"id": 1, "day": TODAY, "grace": GRACE, **values}
    rows = (Part(n, item, Decimal(amount), later(day)) for n, (item, amount, day) in enumerate(parts, start=1))
    return Promise(parts=tuple(rows), **values)


def debt(amount, *settlements):
    """Return an item of ``amount`` of which ``(days from TODAY, amount[, money])`` was settled."""
    rows = tuple(Settlement(later(day), Decimal(part), *money) for day, part, *money in settlements)
    return Debt(Decimal(amount), Decimal(amount) - sum(row.amount for row in rows), rows)


def seen(promise, debts, day):
    return states_of([promise], debts, later(day))[promise.id]


def held(promise, debts, day):
    """Return ``{item: amount}`` held on a day."""
    amounts = {}
    for hold in holds_of([seen(promise, debts, day)], debts, later(day)):
        if later(day) <= hold.until:
            amounts[hold.item] = amounts.get(hold.item, 0) + hold.amount
    return amounts


def three_dates(**values):
    return promised((1, 100, 0), (1, 100, 30), (1, 100, 60), **values)


days = st.integers(-20, 80)


amounts = st.integers(1, 120)


kinds = st.sampled_from([True, True, True, False])


parts = st.lists(st.tuples(st.integers(1, 3), amounts, st.integers(0, 60)), min_size=1, max_size=5)


promises = st.builds(
    lambda rows, accelerates, grace, before, chance, warned: promised(
        *rows, accelerates=accelerates, grace=grace, chance=chance, warned=warned
    )._replace(
        parts=tuple(
            Part(n, item, Decimal(amount), later(day), Decimal(before.get(item, 0)))
            for n, (item, amount, day) in enumerate(rows)
        )
    ),
    parts, st.booleans(), st.integers(0, 5), st.dictionaries(st.integers(1, 3), st.integers(0, 50)),
    st.sampled_from([0, 0, CHANCE]), st.dictionaries(st.integers(0, 70).map(later), st.none(), max_size=8),
)  # fmt: skip


@st.composite
def ledgers(draw):
    """Draw three items, each settled in any way, never by more than its amount."""
    debts = {}
    for item in (1, 2, 3):
        left = total = draw(st.integers(0, 300))
        rows = []
        for day, amount, money in draw(st.lists(st.tuples(days, amounts, kinds), max_size=5)):
            part = min(left, amount)
            left -= part
            rows += [(day, part, money)] if part else []
        debts[item] = debt(total, *rows)
    return debts
