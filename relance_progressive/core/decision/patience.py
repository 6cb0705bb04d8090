"""How long one waits for who carries messages, and when one waits no longer. Pure: the moments are arguments."""

from datetime import datetime, timedelta

# Between two attempts of a service that is out of order: a little longer each time, then every hour.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (5, 10, 15, 20, 30, 60))
# One that leaves messages in doubt costs a customer's message each time it is tried.
WAITS_AFTER_DOUBT = tuple(timedelta(minutes=minutes) for minutes in (30, 60, 120, 240))
FEW = 3  # messages that end badly one after another, before the service is held to be the cause
DAY = timedelta(days=1)  # nothing that may still leave is given up before


def wait(tries: int, doubt: bool = False) -> timedelta:
    """Return how long to wait after so many attempts in vain.

    >>> wait(0), wait(100)
    (datetime.timedelta(seconds=300), datetime.timedelta(seconds=3600))
    """
    waits = WAITS_AFTER_DOUBT if doubt else WAITS
    return waits[min(tries, len(waits) - 1)]


def is_over(now: datetime, since: datetime | None, tries: int, enough: int = len(WAITS)) -> bool:
    """Tell whether a day and enough attempts have passed in vain: a night without attempts is no attempt.

    >>> is_over(datetime(2026, 3, 3, 9), datetime(2026, 3, 2, 8), tries=7)
    True
    >>> is_over(datetime(2026, 3, 3, 9), datetime(2026, 3, 2, 8), tries=2)
    False
    """
    return bool(since) and now - since >= DAY and tries >= enough
