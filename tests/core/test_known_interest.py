"""Late interest where a rate is not known: what is known stays, and where it ends is said."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from late import AMOUNTS, DAYS, LAST, MRO, RATES, halves

from relance_progressive.core.law import interest as code
from relance_progressive.core.law.interest import Debt, Move, Terms, known_interest, late_interest
from relance_progressive.core.law.rates import Rates
from relance_progressive.core.law.regimes import FR_PROFESSIONAL, REGIMES

DUE = date(2026, 1, 31)


def known(amount, due, until, regime="fr_professional", moves=(), notice=None, **terms):
    debt = Debt(Decimal(amount), due, tuple(Move(day, Decimal(paid)) for day, paid in moves), notice)
    return known_interest(debt, Terms(REGIMES[regime], **terms), RATES, until)


def test_a_missing_half_year_takes_nothing_else_away():
    """The rate of 2027-S1 is not known: interest until 31 December, the indemnity, and no more than that."""
    found, missing = known("1000", date(2026, 11, 30), date(2027, 1, 20))
    (segment,) = found.segments
    assert (segment.last, segment.days) == (date(2026, 12, 31), 31)
    assert (found.indemnity, found.per_day) == (40, 0)
    assert (missing.reference, missing.day) == ("ecb_mro", date(2027, 1, 1))
    assert found.amount == late_interest(Debt(Decimal(1000), date(2026, 11, 30)), Terms(FR_PROFESSIONAL), RATES,
                                         date(2026, 12, 31)).amount  # fmt: skip


@pytest.mark.parametrize(
    ("regime", "due", "days", "day"),
    [
        ("fr_professional", date(2027, 1, 5), 0, date(2027, 1, 6)),  # all of the delay lies in the gap
        ("fr_public", date(2027, 1, 5), 0, date(2027, 1, 6)),  # one rate for the whole delay, and it is missing
        ("fr_public", date(2026, 12, 1), 50, None),  # and it is known
        ("ie_professional", date(2026, 6, 30), 184, date(2027, 1, 1)),  # the rate of the day of payment
    ],
)
def test_from_which_day_on_nothing_is_known(regime, due, days, day):
    found, missing = known("1000", due, date(2027, 1, 20), regime)
    assert sum(segment.days for segment in found.segments) == days
    assert (missing and missing.day) == day
    assert found.indemnity > 0


def test_paid_before_the_gap_nothing_is_missing():
    found, missing = known("1000", DUE, date(2027, 3, 1), moves=[(date(2026, 3, 2), "1000")])
    assert (found.amount, missing) == (Decimal("9.99"), None)


@pytest.mark.parametrize(("paid", "settled"), [("400", None), ("5", Decimal(5))])
def test_what_is_paid_in_the_gap_settles_first_the_interest_that_is_known(paid, settled):
    """C. civ. 1343-1: nobody claims again what a payment has settled, whatever the rate turns out to be."""
    moves = [(date(2027, 1, 10), paid)]
    found, missing = known("1000", date(2026, 11, 30), date(2027, 1, 20), moves=moves, interest_first=True)
    assert found.paid == (found.amount if settled is None else settled)
    assert missing
    assert known("1000", date(2026, 11, 30), date(2027, 1, 20), moves=moves)[0].paid == 0


def test_a_consumer_without_a_notice_misses_no_rate():
    assert known("1000", DUE, date(2027, 3, 1), "fr_consumer") == (code.NOTHING, None)
    found, missing = known("1000", DUE, date(2027, 3, 1), "fr_consumer", notice=date(2026, 12, 21))
    assert ([segment.days for segment in found.segments], found.indemnity) == ([10], 0)
    assert missing.reference == "fr_legal_professional"


def test_insolvency_before_the_gap_misses_no_rate():
    found, missing = known("1000", DUE, date(2027, 3, 1), stopped=date(2026, 3, 3))
    assert (found.amount, missing) == (Decimal("9.99"), None)


@given(amount=AMOUNTS, due=DAYS, days=st.integers(0, 400), gap=st.sampled_from([3, 6, 9]))
def test_what_is_known_is_the_interest_until_the_day_before_the_gap(amount, due, days, gap):
    """Whatever half-year is missing: what is computed is what would be computed the day before it."""
    rows = [row for number, row in enumerate(halves(MRO)) if number % gap]
    rates, until = Rates({"ecb_mro": rows}), min(due + timedelta(days=days), LAST)
    debt, terms = Debt(amount, due), Terms(FR_PROFESSIONAL)
    found, missing = known_interest(debt, terms, rates, until)
    whole = late_interest(debt, terms, RATES, until)
    assert found.indemnity == whole.indemnity
    if missing is None:
        assert found == whole
    else:
        assert due < missing.day <= until and not rates.covers("ecb_mro", missing.day)
        until = missing.day - timedelta(days=1)
        assert found.segments == late_interest(debt, terms, RATES, until).segments
