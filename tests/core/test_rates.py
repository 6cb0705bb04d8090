"""Published rates: each period needs its own."""

from datetime import date
from decimal import Decimal

import pytest
from late import RATES, halves, interest

from relance_progressive.core.law import rates as rates_code
from relance_progressive.core.law.rates import MissingRate, Rates
from relance_progressive.core.law.regimes import FR_CONSUMER, FR_PUBLIC

JANUARY = date(2026, 1, 1)


def test_a_missing_half_year_raises_where_it_matters():
    with pytest.raises(MissingRate) as raised:
        interest("1000", date(2026, 12, 20), date(2027, 1, 1))
    assert (raised.value.reference, raised.value.day) == ("ecb_mro", date(2027, 1, 1))


@pytest.mark.parametrize(
    "moves", [[(date(2026, 12, 31), "1000")], [(date(2026, 12, 1), "600"), (date(2026, 12, 30), "400")]]
)
def test_a_missing_half_year_does_not_matter_once_the_debt_is_paid(moves):
    assert interest("1000", date(2026, 11, 20), date(2027, 5, 1), moves=moves).amount > 0


def test_a_missing_half_year_does_not_matter_to_who_owes_nothing_yet():
    assert interest("1000", date(2027, 5, 1), date(2027, 5, 1)).amount == 0
    assert interest("1000", date(2026, 5, 1), date(2027, 5, 1), FR_CONSUMER).amount == 0
    assert interest("1000", date(2026, 5, 1), date(2027, 5, 1), stopped=date(2026, 10, 1)).amount > 0
    assert interest("1000", date(2026, 5, 1), date(2027, 5, 1), FR_PUBLIC).amount > 0


def test_a_rate_that_changed_within_a_period_waits_for_the_next():
    rows = [*halves(["2.15"], 2026), (date(2026, 6, 17), Decimal("2.40"))]
    rates = Rates({"ecb_mro": rows})
    assert rates.rate("ecb_mro", date(2026, 6, 30)) == Decimal("2.15")
    assert not rates.covers("ecb_mro", date(2026, 7, 1))


@pytest.mark.parametrize(
    ("day", "months", "first", "last"),
    [
        (date(2026, 1, 1), 6, date(2026, 1, 1), date(2026, 6, 30)),
        (date(2026, 6, 30), 6, date(2026, 1, 1), date(2026, 6, 30)),
        (date(2026, 7, 1), 6, date(2026, 7, 1), date(2026, 12, 31)),
        (date(2026, 12, 31), 12, date(2026, 1, 1), date(2026, 12, 31)),
        (date(2024, 2, 29), 1, date(2024, 2, 1), date(2024, 2, 29)),
        (date(2026, 11, 5), 1, date(2026, 11, 1), date(2026, 11, 30)),
        (date(2026, 9, 30), 3, date(2026, 7, 1), date(2026, 9, 30)),
    ],
)
def test_periods_are_counted_from_the_first_of_january(day, months, first, last):
    assert rates_code.period(day, months) == (first, last)


def test_the_first_day_without_a_rate():
    assert RATES.first_gap("ecb_mro", date(2026, 11, 22)) == date(2027, 1, 1)
    assert RATES.first_gap("be_legal", date(2025, 11, 22)) == date(2027, 1, 1)
    assert RATES.first_gap("ecb_mro", date(2028, 2, 3)) == date(2028, 2, 3)
    assert Rates({}).first_gap("ecb_mro", JANUARY) == JANUARY
