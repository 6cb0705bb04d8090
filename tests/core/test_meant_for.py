"""Money that is meant for certain items covers these, not the oldest ones."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from relance_progressive.core.decision.claims import claimable
from relance_progressive.core.decision.facts import AccountFacts, Credit, Hold, Item

TODAY = date(2026, 3, 2)
OLD, YOUNG = Item(1, TODAY - timedelta(days=40), Decimal(1000)), Item(2, TODAY - timedelta(days=5), Decimal(600))


def claims(*credits, items=(OLD, YOUNG), holds=()):
    found, covers = claimable(items, AccountFacts(tuple(items), tuple(credits), tuple(holds)), TODAY)
    return [int(one) for one in found], covers and [int(one) for one in covers]


def paid(amount, *meant_for):
    return Credit("transaction", Decimal(amount), TODAY, tuple((item, Decimal(part)) for item, part in meant_for))


def test_money_without_a_purpose_covers_the_oldest():
    assert claims(paid(600)) == ([400, 600], [600, 0])


def test_money_covers_what_it_is_meant_for():
    assert claims(paid(600, (2, 600))) == ([1000, 0], [0, 600])
    assert claims(paid(500, (1, 300), (2, 200))) == ([700, 400], [300, 200])


def test_what_is_too_much_for_its_item_covers_the_oldest():
    assert claims(paid(800, (2, 800))) == ([800, 0], [200, 600])
    assert claims(paid(600, (9, 600))) == ([400, 600], [600, 0])


def test_money_with_and_without_a_purpose():
    assert claims(paid(100), paid(600, (2, 600))) == ([900, 0], [100, 600])
    assert claims(paid(300, (2, 300)), paid(400, (2, 400))) == ([900, 0], [100, 600])


def test_a_promised_item_that_was_paid_is_paid():
    """Else the page would ask for it once more."""
    assert claims(paid(600, (2, 600)), holds=[Hold("promise", 2)]) == ([1000, 0], [0, 600])
    assert claims(paid(600, (2, 600)), holds=[Hold("archived")]) == ([0, 0], [0, 600])


def test_a_part_that_is_contested_stays_so():
    """Of 1,000, 400 are contested: who pays the other 600 owes nothing that may be claimed."""
    assert claims(paid(600, (1, 600)), holds=[Hold("dispute", 1, Decimal(400))]) == ([0, 600], [600, 0])


def test_who_pays_what_is_not_claimed_pays_nothing_else():
    """The page lets him: his money is no payment of another item, but for what is too much."""
    items = (OLD._replace(excluded="blocked"), YOUNG)
    assert claims(paid(600, (1, 600)), items=items) == ([0, 600], [0, 0])
    assert claims(paid(1200, (1, 1200)), items=items) == ([0, 400], [0, 200])


def test_the_same_in_currencies():
    items = (OLD._replace(excluded="blocked", currency=7, own=Decimal(2000)), YOUNG)
    assert claims(paid(600, (1, 600))._replace(currency=7, own=Decimal(600)), items=items) == ([0, 600], [0, 0])


amounts = st.integers(1, 500).map(Decimal)


@given(st.lists(amounts, min_size=1, max_size=5), st.lists(st.tuples(st.integers(0, 6), amounts), max_size=5))
def test_no_money_is_lost_and_no_item_covered_twice(owed, payments):
    items = [Item(number, TODAY + timedelta(days=number), amount) for number, amount in enumerate(owed)]
    credits = [Credit("transaction", amount, TODAY, ((item, amount),)) for item, amount in payments]
    found, covers = claimable(items, AccountFacts(tuple(items), tuple(credits)), TODAY)
    covers = covers or [Decimal(0)] * len(items)
    assert sum(covers) == min(sum(owed), sum(amount for _item, amount in payments))
    assert all(0 <= cover <= item.amount for cover, item in zip(covers, items, strict=True))
    assert [item.amount - cover for item, cover in zip(items, covers, strict=True)] == found
