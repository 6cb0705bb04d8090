"""Where old items start when reminders are switched on: at the level of their age, never at a formal notice."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from .facts import Level
from .schedule import is_pre_due, start_of

# The firmest first message that may be chosen; a formal notice always follows other messages.
STAGES = ("friendly", "firm")


class Start(NamedTuple):
    """The level of the first message about an item, and the level that counts as done before it."""

    level: int
    done: int | None = None
    done_on: date | None = None


def start(levels: Sequence[Level], due: date, today: date, firmest: str) -> Start | None:
    """Return where an item due on ``due`` starts, or None when no level is reached yet.

    :param firmest: the firmest stage of the first message, one of ``STAGES``

    >>> plan = [Level(1, 3), Level(2, 10, stage="firm"), Level(3, 30, stage="formal_notice")]
    >>> start(plan, date(2026, 1, 1), date(2026, 3, 2), "firm")
    Start(level=2, done=1, done_on=datetime.date(2026, 1, 4))
    """
    allowed = STAGES[: STAGES.index(firmest) + 1]
    before, found = None, None
    for level in levels:
        if is_pre_due(level):
            continue
        if level.stage not in allowed or start_of(level, due) > today.toordinal():
            break
        before, found = found, level
    if found is None:
        return None
    if before is None:
        return Start(found.id)
    return Start(found.id, before.id, date.fromordinal(start_of(before, due)))
