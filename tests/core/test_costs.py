"""What a consumer can be charged for collection, and when."""

import doctest
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relance_progressive.core import costs
from relance_progressive.core.costs import costs_allowed, highest_costs, notice_day, waiting_until
from relance_progressive.core.regimes import (
    BE_CONSUMER,
    BE_PROFESSIONAL,
    CH_CONSUMER,
    FR_CONSUMER,
    FR_PROFESSIONAL,
    NL_CONSUMER,
)
from relance_progressive.core.workdays import Calendar

TUESDAY = date(2026, 3, 3)
STAGED = st.sampled_from([BE_CONSUMER, NL_CONSUMER])
CHANNELS = st.sampled_from(["email", "lre", "letter", "registered"])
DEBTS = st.integers(1, 100_000_000).map(lambda number: number * Decimal("0.01"))


def test_the_examples_of_the_documentation():
    failed, attempted = doctest.testmod(costs)
    assert attempted and not failed


@pytest.mark.parametrize(
    ("debt", "most"),
    [
        ("0", "0"), ("0.01", "20"), ("150", "20"), ("150.01", "30.00"), ("250", "40"), ("500", "65"),
        ("500.01", "65.00"), ("1000", "90"), ("39200", "2000"), ("100000", "2000"),
    ],
)  # fmt: skip
def test_what_a_belgian_consumer_can_be_charged(debt, most):
    assert highest_costs(BE_CONSUMER, Decimal(debt)) == Decimal(most)


@pytest.mark.parametrize(
    ("debt", "most"),
    [
        ("0", "0"), ("100", "40"), ("266.67", "40.00"), ("1000", "150"), ("2500", "375"), ("5000", "625"),
        ("10000", "875"), ("200000", "2775"), ("200000.50", "2775.00"), ("400000", "3775"),
        ("1000000", "6775"), ("2000000", "6775"), ("999.99", "150.00"),
    ],
)  # fmt: skip
def test_what_a_dutch_consumer_can_be_charged(debt, most):
    assert highest_costs(NL_CONSUMER, Decimal(debt)) == Decimal(most)


@pytest.mark.parametrize("regime", [FR_CONSUMER, FR_PROFESSIONAL, BE_PROFESSIONAL, CH_CONSUMER])
def test_others_are_charged_nothing_of_the_kind(regime):
    """In France what is done without an enforceable title is at the creditor's cost (CPCE L111-8)."""
    assert highest_costs(regime, Decimal(1000)) == 0
    assert costs_allowed(regime, TUESDAY, "email", date(2030, 1, 1), Decimal(1000)) == (0, 0, "none", None)


def test_fourteen_days_after_an_email():
    """From the next calendar day: 4 to 17 March."""
    assert waiting_until(BE_CONSUMER, TUESDAY, "email") == date(2026, 3, 17)
    assert waiting_until(NL_CONSUMER, TUESDAY, "email") == date(2026, 3, 17)


def test_fourteen_days_after_a_letter():
    """From the third working day after it was sent: Friday 6 to Thursday 19 March."""
    assert waiting_until(BE_CONSUMER, TUESDAY, "letter") == date(2026, 3, 19)
    assert waiting_until(BE_CONSUMER, TUESDAY, "registered") == date(2026, 3, 19)


def test_a_week_end_and_holidays_are_no_working_days():
    thursday = date(2026, 4, 2)
    # Friday 3, Tuesday 7 after Easter Monday, Wednesday 8.
    assert waiting_until(BE_CONSUMER, thursday, "letter") == date(2026, 4, 21)
    # Good Friday counts as one more in the Netherlands.
    assert waiting_until(NL_CONSUMER, thursday, "letter") == date(2026, 4, 22)


@pytest.mark.parametrize(
    ("country", "days"),
    [
        ("be", "01-01 04-06 05-01 05-14 05-25 07-21 08-15 11-01 11-11 12-25"),
        ("nl", "01-01 04-03 04-06 04-27 05-05 05-14 05-25 12-25 12-26"),
    ],
)
def test_holidays_of_2026(country, days):
    assert [day.strftime("%m-%d") for day in sorted(costs.working_days(country, 2026).holidays)] == days.split()


def test_the_national_day_of_belgium():
    monday = date(2026, 7, 20)
    assert waiting_until(BE_CONSUMER, monday, "letter") == date(2026, 7, 24) + timedelta(13)
    assert waiting_until(NL_CONSUMER, monday, "letter") == date(2026, 7, 23) + timedelta(13)


def test_holidays_of_the_year_that_comes():
    """Tuesday 30 December; Friday 1 January is none of the three."""
    assert waiting_until(BE_CONSUMER, date(2025, 12, 30), "letter") == date(2026, 1, 5) + timedelta(13)


def test_a_calendar_of_ones_own():
    every_day = Calendar(weekend=())
    assert waiting_until(BE_CONSUMER, TUESDAY, "letter", every_day) == date(2026, 3, 19)
    assert waiting_until(BE_CONSUMER, date(2026, 3, 6), "letter", every_day) == date(2026, 3, 22)


@pytest.mark.parametrize("channel", ["sms", "call", "note", ""])
def test_what_leaves_no_lasting_text_begins_no_waiting(channel):
    assert waiting_until(BE_CONSUMER, TUESDAY, channel) is None
    found = costs_allowed(BE_CONSUMER, TUESDAY, channel, date(2030, 1, 1), Decimal(1000))
    assert found == (0, 0, "no_reminder", None)


def test_before_any_reminder():
    assert costs_allowed(BE_CONSUMER, None, "email", date(2030, 1, 1), Decimal(1000))[2:] == ("no_reminder", None)


def test_on_the_last_day_of_the_waiting_and_on_the_next():
    before = costs_allowed(BE_CONSUMER, TUESDAY, "email", date(2026, 3, 17), Decimal(1000))
    assert before == (0, 0, "waiting", date(2026, 3, 18))
    after = costs_allowed(BE_CONSUMER, TUESDAY, "email", date(2026, 3, 18), Decimal(1000))
    assert after == (90, Decimal("7.50"), "allowed", date(2026, 3, 18))


def test_from_when_interest_can_run():
    assert notice_day(BE_CONSUMER, TUESDAY, "email") == date(2026, 3, 17)
    assert notice_day(BE_CONSUMER, TUESDAY, "sms") is None
    assert notice_day(FR_CONSUMER, TUESDAY, "registered") == TUESDAY
    assert notice_day(FR_CONSUMER, None, "registered") is None


@given(STAGED, DEBTS, DEBTS)
def test_who_owes_more_is_charged_at_least_as_much(regime, debt, more):
    assert highest_costs(regime, debt) <= highest_costs(regime, debt + more)


@given(STAGED, DEBTS)
def test_never_more_than_the_most(regime, debt):
    assert regime.costs.least <= highest_costs(regime, debt) <= regime.costs.most


@given(STAGED, CHANNELS, st.dates(date(2015, 1, 1), date(2040, 1, 1)))
def test_fourteen_whole_days_at_least(regime, channel, sent):
    until = waiting_until(regime, sent, channel)
    assert until - sent >= timedelta(14)
    for shift in range(15):
        assert costs_allowed(regime, sent, channel, sent + timedelta(shift), Decimal(1000)).costs == 0
    assert costs_allowed(regime, sent, channel, until + timedelta(1), Decimal(1000)).costs > 0


@given(STAGED, st.dates(date(2015, 1, 1), date(2040, 1, 1)))
def test_a_letter_never_waits_less_than_an_email(regime, sent):
    assert waiting_until(regime, sent, "letter") > waiting_until(regime, sent, "email")
