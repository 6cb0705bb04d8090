"""Working days and the public holidays of France."""

from datetime import date, timedelta
from typing import NamedTuple

SATURDAY, SUNDAY = 5, 6


class Calendar(NamedTuple):
    """Days on which nothing leaves: two days of the week and the public holidays given."""

    holidays: frozenset[date] = frozenset()
    weekend: tuple[int, ...] = (SATURDAY, SUNDAY)

    def is_open(self, day: date) -> bool:
        """Tell whether ``day`` is a working day."""
        return day.weekday() not in self.weekend and day not in self.holidays

    def next_open(self, day: date) -> date:
        """Return ``day`` itself, or the first working day after it."""
        while not self.is_open(day):
            day += timedelta(days=1)
        return day
