"""What is left of late interest once some of it was invoiced or waived."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from relance_progressive.core.law.accrual import after
from relance_progressive.core.law.interest import Debt, Move, Terms, late_interest
from relance_progressive.core.law.rates import Rates
from relance_progressive.core.law.regime import DAY_COUNTS
from relance_progressive.core.law.regimes import FR_PROFESSIONAL
from relance_progressive.core.said.share import first_ones_first

RATES = Rates({"ecb_mro": [
    (date(2026, 1, 1), Decimal("2.15")), (date(2026, 7, 1), Decimal("2.40")), (date(2027, 1, 1), Decimal("2.65")),
]})  # fmt: skip
DEBT = Debt(Decimal(1200), due=date(2026, 1, 31), moves=(Move(date(2026, 4, 10), Decimal(500)),))
amounts = st.decimals(0, 10_000, places=2)


def interest(until, debt=DEBT, day_count="act/365"):
    return late_interest(debt, Terms(FR_PROFESSIONAL, day_count=day_count), RATES, until)


def test_nothing_was_invoiced():
    segments = interest(date(2026, 8, 31)).segments
    assert after(segments, None) == segments


def test_the_rest_of_a_segment_is_computed_again():
    """1 200 from 1 to 10 April after an invoice up to 31 March, then 700 up to the change of rate, and after it."""
    rest = after(interest(date(2026, 8, 31)).segments, date(2026, 3, 31))
    assert [(one.first, one.last, one.days, one.balance, one.rate, one.amount) for one in rest] == [
        (date(2026, 4, 1), date(2026, 4, 10), 10, 1200, Decimal("12.15"), Decimal("3.99")),
        (date(2026, 4, 11), date(2026, 6, 30), 81, 700, Decimal("12.15"), Decimal("18.87")),
        (date(2026, 7, 1), date(2026, 8, 31), 62, 700, Decimal("12.40"), Decimal("14.74")),
    ]


def test_all_of_it_was_invoiced():
    assert after(interest(date(2026, 3, 31)).segments, date(2026, 3, 31)) == ()


@given(st.integers(1, 200), st.integers(0, 200), st.sampled_from(DAY_COUNTS))
def test_two_invoices_claim_what_one_would_have(first, more, day_count):
    """To the cents that rounding one more segment may cost."""
    until = DEBT.due + timedelta(days=first)
    whole = interest(until + timedelta(days=more), day_count=day_count)
    rest = after(whole.segments, until)
    claimed = interest(until, day_count=day_count).amount + sum(one.amount for one in rest)
    assert abs(claimed - whole.amount) <= Decimal("0.01")
    days = sum(one.days for one in whole.segments) - sum(one.days for one in rest)
    assert days == sum(one.days for one in interest(until, day_count=day_count).segments)


@given(amounts, st.lists(amounts, max_size=6))
def test_a_waived_amount_is_taken_once_and_of_the_oldest_first(amount, claims):
    taken = first_ones_first(amount, claims)
    assert sum(taken) == min(amount, sum(claims))
    assert all(0 <= part <= claim for part, claim in zip(taken, claims, strict=True))
    for index in range(1, len(taken)):
        assert not taken[index] or taken[index - 1] == claims[index - 1]
