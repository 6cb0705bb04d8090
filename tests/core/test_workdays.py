"""Working days and the public holidays of France."""

import doctest
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ledger import WORKDAYS

from relance_progressive.core.plain import days as workdays
from relance_progressive.core.plain.days import Calendar, easter, french_holidays

EASTERS = [
    date(1818, 3, 22), date(1943, 4, 25), date(1981, 4, 19), date(2000, 4, 23), date(2008, 3, 23),
    date(2019, 4, 21), date(2024, 3, 31), date(2025, 4, 20), date(2026, 4, 5), date(2027, 3, 28),
    date(2028, 4, 16), date(2038, 4, 25), date(2049, 4, 18), date(2076, 4, 19), date(2285, 3, 22),
]  # fmt: skip


@pytest.mark.parametrize("sunday", EASTERS, ids=str)
def test_easter_of_known_years(sunday):
    assert easter(sunday.year) == sunday


@given(st.integers(1583, 4000))
def test_easter_is_the_sunday_after_the_full_moon_of_spring(year):
    sunday = easter(year)
    assert sunday.weekday() == 6
    assert date(year, 3, 22) <= sunday <= date(year, 4, 25)


def test_holidays_of_the_labour_code():
    assert sorted(french_holidays(2026)) == [
        date(2026, 1, 1),
        date(2026, 4, 6),  # Easter Monday
        date(2026, 5, 1),
        date(2026, 5, 8),
        date(2026, 5, 14),  # Ascension
        date(2026, 5, 25),  # Whit Monday
        date(2026, 7, 14),
        date(2026, 8, 15),
        date(2026, 11, 1),
        date(2026, 11, 11),
        date(2026, 12, 25),
    ]


def test_alsace_and_moselle_have_two_more():
    assert french_holidays(2026, alsace_moselle=True) - french_holidays(2026) == {
        date(2026, 4, 3),  # Good Friday
        date(2026, 12, 26),
    }


def test_two_holidays_may_fall_on_one_day():
    """In 2008 Ascension was on 1 May."""
    assert len(french_holidays(2008)) == 10


def test_the_next_working_day_skips_week_end_and_holidays():
    assert WORKDAYS.next_open(date(2026, 4, 3)) == date(2026, 4, 3)
    assert WORKDAYS.next_open(date(2026, 4, 4)) == date(2026, 4, 7)  # over Easter Monday


@given(st.dates(date(2025, 1, 1), date(2028, 12, 1)))
def test_the_next_working_day_is_the_first_one(day):
    found = WORKDAYS.next_open(day)
    assert WORKDAYS.is_open(found)
    assert not any(WORKDAYS.is_open(day + timedelta(n)) for n in range((found - day).days))


@given(st.dates(date(2025, 1, 1), date(2028, 12, 1)), st.integers(0, 12), st.integers(-3, 40))
def test_older_than_counts_working_days_as_one_does_on_a_calendar(day, limit, passed):
    """Count with a finger: each working day after ``day``, up to today, is one."""
    today = day + timedelta(passed)
    worked = sum(WORKDAYS.is_open(day + timedelta(n)) for n in range(1, passed + 1))
    assert WORKDAYS.older_than(day, limit, today) == (worked > limit)


@given(st.dates(date(2025, 1, 1), date(2028, 12, 1)), st.integers(0, 12), st.integers(0, 40))
def test_older_than_once_is_for_good_and_never_over_a_week_end(day, limit, passed):
    """What is too old stays so, a higher limit is never stricter, and nothing ages on a day off."""
    today = day + timedelta(passed)
    old = WORKDAYS.older_than(day, limit, today)
    tomorrow = today + timedelta(1)
    assert not old or WORKDAYS.older_than(day, limit, tomorrow)
    assert old or not WORKDAYS.older_than(day, limit + 1, today)
    assert WORKDAYS.is_open(tomorrow) or WORKDAYS.older_than(day, limit, tomorrow) == old


def test_a_calendar_without_working_days_says_so():
    with pytest.raises(OverflowError):
        Calendar(frozenset(), tuple(range(7))).next_open(date(2026, 6, 10))


def test_the_examples_of_the_documentation():
    failed, attempted = doctest.testmod(workdays)
    assert attempted and not failed
