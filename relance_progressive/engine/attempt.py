from datetime import datetime
from typing import NamedTuple


class Attempt(NamedTuple):
    """What became of one reminder over one channel."""

    channel: str
    state: str  # "sent", "failed", "uncertain" or "delayed"
    reason: str = ""
    failure: str = ""
    content: dict = {}  # noqa: RUF012 -- read only
    until: datetime | None = None  # a moment in UTC before which a delayed one may not be tried
