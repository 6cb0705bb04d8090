import doctest
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relance_progressive.core.plain.days import Calendar, french_holidays
from relance_progressive.core.said import calls
from relance_progressive.core.said.calls import FARTHEST_DAYS, Next, bad_time, misfit, next_step

FRIDAY = date(2026, 3, 6)
FRANCE = Calendar(french_holidays(2026))


@pytest.mark.parametrize("outcome", ["will_pay", "contests", "refused"])
def test_the_customer_was_reached(outcome):
    assert next_step(outcome, FRIDAY, FRANCE) == Next("done")


def test_call_back_on_the_day_the_customer_wants():
    assert next_step("call_back", FRIDAY, FRANCE, wanted=date(2026, 3, 12)) == Next("again", date(2026, 3, 12))


@pytest.mark.parametrize(
    ("day", "tried", "expected"),
    [
        (FRIDAY, 1, Next("again", date(2026, 3, 9))),
        (date(2026, 4, 30), 2, Next("again", date(2026, 5, 4))),  # not on the first of May, nor on the week-end
        (FRIDAY, 3, Next("failed", failure="no_answer")),
    ],
)
def test_nobody_answers(day, tried, expected):
    assert next_step("no_answer", day, FRANCE, tried=tried, tries=3) == expected


def test_wrong_number():
    assert next_step("wrong_number", FRIDAY, FRANCE, new_number=True) == Next("again", FRIDAY)
    assert next_step("wrong_number", FRIDAY, FRANCE) == Next("failed", failure="missing")


@given(st.dates(date(2026, 1, 1), date(2026, 11, 30)), st.integers(1, 9))
def test_unanswered_calls_come_to_an_end(day, tries):
    """As many working days as tries, then the next channel."""
    days = []
    for tried in range(1, tries + 1):
        step = next_step("no_answer", day, FRANCE, tried=tried, tries=tries)
        days.append(day)
        if step.state == "failed":
            break
        assert step.day > day and FRANCE.is_open(step.day)
        day = step.day
    assert len(days) == tries


@given(st.integers(-60, 60))
def test_days_that_can_be_promised(shift):
    expected = "past" if shift < 0 else "far" if shift > FARTHEST_DAYS else ""
    assert misfit(FRIDAY, FRIDAY + timedelta(days=shift)) == expected


@pytest.mark.parametrize(
    ("moment", "why"),
    [
        (datetime(2026, 3, 6, 9, 59), "hour"),
        (datetime(2026, 3, 6, 10), ""),
        (datetime(2026, 3, 6, 12, 59), ""),
        (datetime(2026, 3, 6, 13), "hour"),
        (datetime(2026, 3, 6, 14), ""),
        (datetime(2026, 3, 6, 19, 59), ""),
        (datetime(2026, 3, 6, 20), "hour"),
        (datetime(2026, 3, 7, 12), "weekend"),
        (datetime(2026, 3, 8, 12), "weekend"),
        (datetime(2026, 5, 1, 12), "holiday"),
    ],
)
def test_when_nobody_is_called(moment, why):
    assert bad_time(moment, french_holidays(2026)) == why


def test_examples():
    assert doctest.testmod(calls).failed == 0
