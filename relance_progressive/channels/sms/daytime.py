"""When a text message may ring at somebody's place. No Odoo, no clock."""

from datetime import datetime, time, timedelta, timezone
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

# No text of law sets hours for the messages of a creditor. The window of the decree on canvassing
# by phone (C. conso. D223-9: Monday to Friday, 10 to 13 and 14 to 20) is about calls, that disturb a meal;
# a text is read when one likes, but it rings: by day only, Saturdays included, never on a Sunday.
FIRST_HOUR = time(8)
LAST_HOUR = time(20)
SUNDAY = 6
STEP = timedelta(minutes=15)  # time zones differ by whole quarters of an hour
DAYS = 7


class Office(NamedTuple):
    """The sending hours of a company, on its own clock."""

    zone: str
    hour_from: float
    hour_to: float

    def is_open(self, moment):
        """Tell whether messages leave at a moment in UTC."""
        local = _local(moment, self.zone)
        return self.hour_from <= local.hour + local.minute / 60 < self.hour_to


def is_daytime(moment, zones):
    """Tell whether a moment (UTC, naive) falls by day, and not on a Sunday, in all of these time zones."""
    for zone in zones:
        local = _local(moment, zone)
        if local.weekday() == SUNDAY or not FIRST_HOUR <= local.time() < LAST_HOUR:
            return False
    return True


def next_moment(now, zones, office):
    """Return the next moment (UTC, naive) by day in all the zones, while the office is open.

    :rtype: datetime.datetime | None -- none within a week, so none at all
    """
    return _next_quarter(now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0), zones, office)


@lru_cache(maxsize=1000)
def _next_quarter(quarter, zones, office):
    for step in range(1, DAYS * 24 * 4 + 1):
        moment = quarter + step * STEP
        if is_daytime(moment, zones) and office.is_open(moment):
            return moment
    return None


def _local(moment: datetime, zone: str) -> datetime:
    return moment.replace(tzinfo=timezone.utc).astimezone(ZoneInfo(zone))
