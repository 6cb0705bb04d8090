"""What is promised: amounts shared out over items and days."""

import doctest
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from ledger import TODAY

from relance_progressive.core.plain import days as months
from relance_progressive.core.said import chance
from relance_progressive.core.said import instalments as core


def test_the_examples_of_the_documentation():
    for module in (chance, core, months):
        failed, attempted = doctest.testmod(module)
        assert attempted and not failed


free = st.lists(st.integers(1, 500), min_size=1, max_size=5).map(
    lambda rows: [(item, Decimal(amount)) for item, amount in enumerate(rows)]
)


@given(free, st.integers(1, 3000), st.integers(1, 12), st.sampled_from(["month", "week"]))
def test_instalments_are_spread_over_the_items_oldest_first(items, cents, count, every):
    amount = min(Decimal(cents), sum(part for _item, part in items))
    dates = core.instalments(amount, TODAY, count, every)
    assert sum(part for _day, part in dates) == amount
    assert len({day for day, _part in dates}) == count
    rows = core.spread(dates, items)
    assert sum(part for _item, part, _day in rows) == amount
    for item, available in items:
        assert sum(part for own, part, _day in rows if own == item) <= available
    assert [item for item, _part, _day in rows] == sorted(item for item, _part, _day in rows)
    assert [day for _item, _part, day in rows] == sorted(day for _item, _part, day in rows)


def test_instalments_at_the_end_of_the_month():
    first = TODAY.replace(month=1, day=31)
    days_ = [day for day, _amount in core.instalments(Decimal(400), first, 4)]
    assert [(day.month, day.day) for day in days_] == [(1, 31), (2, 28), (3, 31), (4, 30)]
