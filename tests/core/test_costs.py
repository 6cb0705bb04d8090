"""What can be charged for collection, and when."""

import doctest
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from late import RATES

from relance_progressive.core.law import costs
from relance_progressive.core.law.costs import highest_costs, notice_day, waiting_until
from relance_progressive.core.law.interest import Debt, Move, Terms, fixed_indemnity, late_interest
from relance_progressive.core.law.regimes import (
    BE_CONSUMER,
    BE_PROFESSIONAL,
    CH_CONSUMER,
    FR_CONSUMER,
    FR_PROFESSIONAL,
    NL_CONSUMER,
    NL_PROFESSIONAL,
    REGIMES,
)
from relance_progressive.core.plain.days import Calendar

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
    assert waiting_until(regime, TUESDAY, "email") is None


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


# === FROM WHEN, OF WHAT === #


def charged(regime, day, *debts, **terms):
    """Return the fixed sum on ``day`` of debts of 1,000 that were due on 1 February, first reminded on the Tuesday."""
    debts = debts or (debt(regime),)
    terms = Terms(regime, **{"costs_agreed": True} | terms)
    found = fixed_indemnity(debts, terms, day)
    if len(debts) == 1:
        assert late_interest(debts[0], terms, RATES, day).indemnity == found
    return found


def debt(regime, amount=1000, moves=(), free=True, due=date(2026, 2, 1)):
    waiting = waiting_until(regime, TUESDAY, "email") if free is True else free
    return Debt(Decimal(amount), due, tuple(Move(day, Decimal(paid)) for day, paid in moves), free=waiting)


def test_on_the_last_day_of_the_waiting_and_on_the_next():
    for regime, most in ((BE_CONSUMER, 90), (NL_CONSUMER, 150)):
        assert charged(regime, date(2026, 3, 17)) == 0
        assert charged(regime, date(2026, 3, 18)) == charged(regime, date(2026, 12, 31)) == most


def test_before_any_reminder():
    assert charged(BE_CONSUMER, date(2026, 12, 31), debt(BE_CONSUMER, free=None)) == 0


def test_a_belgian_consumer_owes_no_costs_that_the_contract_does_not_provide_for():
    assert charged(BE_CONSUMER, date(2026, 12, 31), costs_agreed=False) == 0
    assert charged(NL_CONSUMER, date(2026, 12, 31), costs_agreed=False) == 150


def test_costs_are_those_of_what_was_left_when_the_waiting_was_over():
    """Paid in time or in part: nothing or less. Paid later: owed for good, once for all instalments."""
    day = date(2026, 4, 30)
    assert charged(BE_CONSUMER, day, debt(BE_CONSUMER, moves=[(date(2026, 3, 17), 1000)])) == 0
    assert charged(BE_CONSUMER, day, debt(BE_CONSUMER, moves=[(date(2026, 3, 17), 750)])) == 40
    assert charged(BE_CONSUMER, day, debt(BE_CONSUMER, moves=[(date(2026, 3, 18), 750)])) == 90
    half = debt(BE_CONSUMER, 500)
    assert charged(BE_CONSUMER, day, half, half) == 90
    assert charged(BE_CONSUMER, day, half, debt(BE_CONSUMER, 500, free=None)) == 65
    assert charged(BE_CONSUMER, day, half, debt(BE_CONSUMER, 500, due=day)) == 65, "not due yet"


def test_insolvency_comes_before_the_costs():
    """Nothing that would begin then; what was owed before is for the claim that the creditor lodges."""
    assert charged(BE_CONSUMER, date(2026, 4, 30), stopped=date(2026, 3, 18)) == 0
    assert charged(BE_CONSUMER, date(2026, 4, 30), stopped=date(2026, 3, 20)) == 90


def test_a_dutch_professional_owes_forty_euros_at_once_and_the_scale_after_a_reminder():
    """BW 6:96: the forty without any reminder; what exceeds them pays for something that was done."""
    assert charged(NL_PROFESSIONAL, date(2026, 2, 1)) == 0
    assert charged(NL_PROFESSIONAL, date(2026, 2, 2)) == charged(NL_PROFESSIONAL, TUESDAY) == 40
    assert charged(NL_PROFESSIONAL, TUESDAY + timedelta(1)) == 150
    assert charged(NL_PROFESSIONAL, date(2026, 4, 30), debt(NL_PROFESSIONAL, free=None)) == 40
    assert charged(NL_PROFESSIONAL, date(2026, 4, 30), debt(NL_PROFESSIONAL, 100)) == 40


def test_dutch_costs_are_those_of_all_that_the_first_reminder_claimed():
    """Three debts of 50: 40 in all, and not 40 for each; a Belgian debt is taken by itself."""
    day = date(2026, 4, 30)
    three = debt(NL_CONSUMER, 50)._replace(reminded=Decimal(150))
    assert charged(NL_CONSUMER, day, three) == Decimal("13.33")
    assert charged(NL_CONSUMER, day, debt(NL_CONSUMER, 50)) == 40
    assert charged(NL_CONSUMER, day, debt(NL_CONSUMER, 2500)._replace(reminded=Decimal(5000))) == Decimal("312.50")
    assert charged(NL_PROFESSIONAL, day, debt(NL_PROFESSIONAL, 50)._replace(reminded=Decimal(150))) == 40
    assert charged(BE_CONSUMER, day, debt(BE_CONSUMER, 50)._replace(reminded=Decimal(150))) == 20


@given(st.lists(DEBTS, min_size=1, max_size=5))
def test_the_shares_never_exceed_the_costs_of_all(amounts):
    debts = [debt(NL_CONSUMER, amount)._replace(reminded=sum(amounts)) for amount in amounts]
    shares = sum(charged(NL_CONSUMER, date(2026, 4, 30), one) for one in debts)
    assert abs(shares - highest_costs(NL_CONSUMER, sum(amounts))) <= Decimal("0.005") * len(debts)


def test_costs_of_a_debt_in_another_currency():
    """1,000 that are worth 500 EUR: 15 % of those, in EUR."""
    assert fixed_indemnity([debt(NL_CONSUMER)], Terms(NL_CONSUMER), date(2026, 4, 30), Decimal("0.5")) == 75


@given(st.sampled_from(sorted(REGIMES)), DEBTS, st.dates(date(2026, 2, 1), date(2026, 9, 1)), st.booleans())
def test_no_consumer_is_charged_a_fixed_sum_elsewhere_and_nobody_more_than_the_caps(code, amount, day, agreed):
    """Whatever the amount and the day; in France never (CPCE L111-8)."""
    regime = REGIMES[code]
    found = charged(regime, day, debt(regime, amount), costs_agreed=agreed)
    if regime.costs:
        assert found <= max(Decimal(40) * bool(regime.indemnity), highest_costs(regime, amount))
    elif regime.indemnity is None:
        assert found == 0
    if code.startswith("fr_") and code not in ("fr_professional", "fr_public"):
        assert found == 0


@given(DEBTS, DEBTS, st.integers(-40, 60), st.sampled_from([BE_CONSUMER, NL_CONSUMER, NL_PROFESSIONAL]))
def test_a_payment_never_raises_the_costs(amount, paid, shift, regime):
    day = date(2026, 5, 1)
    less = debt(regime, amount, [(TUESDAY + timedelta(shift), min(paid, amount))])
    assert charged(regime, day, less) <= charged(regime, day, debt(regime, amount))


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
        assert charged(regime, sent + timedelta(shift), debt(regime, free=until, due=sent)) == 0
    assert charged(regime, until + timedelta(1), debt(regime, free=until, due=sent)) > 0


@given(STAGED, st.dates(date(2015, 1, 1), date(2040, 1, 1)))
def test_a_letter_never_waits_less_than_an_email(regime, sent):
    assert waiting_until(regime, sent, "letter") > waiting_until(regime, sent, "email")
