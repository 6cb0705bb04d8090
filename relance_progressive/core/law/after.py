"""Late interest after the days that were invoiced already."""

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from .accrual import Segment
from .scale import DAY, thirty


def after(segments: Iterable[Segment], day: date | None, digits: int = 2) -> tuple[Segment, ...]:
    """Return the segments of interest of the days after ``day``; one that it cuts is computed again for its rest.

    :param day: the last day that was invoiced, None if nothing was
    :param digits: decimal places of the currency
    """
    if day is None:
        return tuple(segments)
    unit = Decimal(1).scaleb(-digits)
    later = (segment for segment in segments if segment.last > day)
    rest = (_rest(segment, day, unit) if segment.first <= day else segment for segment in later)
    return tuple(segment for segment in rest if segment.days)


def _rest(segment: Segment, day: date, unit: Decimal) -> Segment:
    first = day + DAY
    # Only years of twelve months of thirty days have 360 days.
    days = thirty(segment.last) - thirty(day) if segment.base == 360 else (segment.last - day).days
    amount = (segment.balance * days * segment.rate / Decimal(100 * segment.base)).quantize(unit, ROUND_HALF_UP)
    return segment._replace(first=first, days=days, amount=amount)
