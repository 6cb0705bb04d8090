from datetime import datetime, timedelta
from typing import NamedTuple

# When a server that cannot be reached is tried again; after the last time, the fallback takes over or a person looks.
RETRIES = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))


class Attempt(NamedTuple):
    """What became of one reminder over one channel."""

    channel: str
    state: str  # "sent", "failed", "uncertain" or "delayed"
    reason: str = ""
    failure: str = ""
    content: dict = {}  # noqa: RUF012 -- read only
    until: datetime | None = None  # a moment in UTC before which a delayed one may not be tried
