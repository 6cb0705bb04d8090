from datetime import datetime, timedelta
from typing import NamedTuple

# When a message is tried again that may leave later; every two hours then, until a day has passed.
RETRIES = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
AGAIN = timedelta(minutes=1)  # when a reminder is decided again whose items somebody was just changing


class Attempt(NamedTuple):
    """What became of one reminder over one channel."""

    channel: str
    state: str  # "sent", "failed", "uncertain" or "delayed"
    reason: str = ""
    failure: str = ""
    content: dict = {}  # noqa: RUF012 -- read only
    until: datetime | None = None  # a moment in UTC before which a delayed one may not be tried
