"""Days: those of work, the public holidays of France, the same day of another month, how late something is."""

from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

SATURDAY, SUNDAY = 5, 6
WEEK = 7

# C. trav. art. L3133-1: the holidays on a fixed day, as (month, day).
FIXED_HOLIDAYS = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
# The same article, as days after Easter Sunday: Easter Monday, Ascension, Whit Monday.
EASTER_HOLIDAYS = (1, 39, 50)
GOOD_FRIDAY = -2
BOUNDS = (0, 30, 60, 90)  # the last day of each bracket but the last, which has no end


class Calendar(NamedTuple):
    """Days on which nothing leaves: two days of the week and the public holidays given."""

    holidays: frozenset[date] = frozenset()
    weekend: tuple[int, ...] = (SATURDAY, SUNDAY)

    def is_open(self, day: date) -> bool:
        """Tell whether ``day`` is a working day."""
        return day.weekday() not in self.weekend and day not in self.holidays

    def next_open(self, day: date) -> date:
        """Return ``day`` itself, or the first working day after it.

        :raises OverflowError: if the calendar has no working day left.
        """
        if len(set(self.weekend)) >= WEEK:
            raise OverflowError("no day of the week is a working day")
        while not self.is_open(day):
            day += timedelta(days=1)
        return day

    def older_than(self, day: date, limit: int, today: date) -> bool:
        """Tell whether more than ``limit`` working days have passed since ``day``, ``today`` included.

        >>> Calendar().older_than(date(2026, 3, 6), 1, date(2026, 3, 9))  # a Friday, seen on Monday
        False
        >>> Calendar().older_than(date(2026, 3, 6), 1, date(2026, 3, 10))
        True
        """
        passed = 0
        while passed <= limit and day < today:
            day += timedelta(days=1)
            passed += self.is_open(day)
        return passed > limit


def easter(year: int) -> date:
    """Return Easter Sunday of a Gregorian ``year`` (algorithm of Meeus, Jones and Butcher).

    >>> easter(2026)
    datetime.date(2026, 4, 5)
    """
    century, rest = divmod(year, 100)
    golden = year % 19
    correction = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - century // 4 - correction + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % WEEK
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=256)
def french_holidays(year: int, *, alsace_moselle: bool = False) -> frozenset[date]:
    """Return the public holidays of France in ``year`` (C. trav. art. L3133-1).

    ``alsace_moselle`` adds Good Friday and 26 December (C. trav. art. L3134-13).

    >>> len(french_holidays(2026)), len(french_holidays(2026, alsace_moselle=True))
    (11, 13)
    """
    sunday = easter(year)
    days = {date(year, month, day) for month, day in FIXED_HOLIDAYS}
    days.update(sunday + timedelta(days=shift) for shift in EASTER_HOLIDAYS)
    if alsace_moselle:
        days.update((sunday + timedelta(days=GOOD_FRIDAY), date(year, 12, 26)))
    return frozenset(days)


def months_later(day: date, months: int) -> date:
    """Return the same day of a later month, or its last day.

    >>> months_later(date(2026, 11, 30), 3)
    datetime.date(2027, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def bracket(days: int) -> int:
    """Return the bracket of a number of days late (0 or less: not due yet).

    >>> [bracket(days) for days in (-3, 0, 1, 30, 31, 90, 91)]
    [0, 0, 1, 1, 2, 3, 4]
    """
    return sum(days > bound for bound in BOUNDS)
