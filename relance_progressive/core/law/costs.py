"""What can be charged for the collection of a debt, and the waiting time that comes first.

In Belgium (CDE, book XIX) and the Netherlands (BW 6:96) the first reminder of a consumer is free, and nothing can be
claimed for fourteen days after it. In France a consumer is charged nothing (CPCE L111-8).

>>> from relance_progressive.core.law.regimes import BE_CONSUMER
>>> waiting_until(BE_CONSUMER, date(2026, 3, 3), "email")
datetime.date(2026, 3, 17)
>>> highest_costs(BE_CONSUMER, Decimal(250))
Decimal('40.00')
"""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from ..plain.days import Calendar, easter
from .regime import Regime

ZERO = Decimal(0)
CENT = Decimal("0.01")
DAY = timedelta(days=1)

# Channels that leave a text which lasts; by any other no waiting time begins.
BY_POST = ("letter", "registered")
BY_EMAIL = ("email", "lre")

# Public holidays: (month, day), and days after Easter Sunday. Not verified: more of them only wait longer.
HOLIDAYS = {
    "be": (((1, 1), (5, 1), (7, 21), (8, 15), (11, 1), (11, 11), (12, 25)), (1, 39, 50)),  # AR 18/04/1974
    "nl": (((1, 1), (4, 27), (5, 5), (12, 25), (12, 26)), (-2, 1, 39, 50)),  # Algemene termijnenwet, art. 3
}


def highest_costs(regime: Regime, debt: Decimal) -> Decimal:
    """Return the most that can be charged for the collection of ``debt``, in the currency of the regime.

    >>> from relance_progressive.core.law.regimes import NL_CONSUMER
    >>> highest_costs(NL_CONSUMER, Decimal(3000))
    Decimal('425.00')
    """
    costs = regime.costs
    if costs is None or debt <= 0:
        return ZERO
    lower = ZERO
    for limit, fixed, percent in costs.bands:
        if limit is None or debt <= limit:
            amount = fixed + (debt - lower) * percent / 100
            return min(max(amount, costs.least), costs.most).quantize(CENT, ROUND_HALF_UP)
        lower = limit
    raise ValueError(f"{regime.code}: no costs for {debt}")


def waiting_until(
    regime: Regime, first_notice: date | None, channel: str, calendar: Calendar | None = None
) -> date | None:
    """Return the last day of the waiting time; None if there is none, or if nothing has made it begin.

    :param first_notice: the day on which the first reminder left
    :param channel: by which it did; a text message or a call begins nothing
    :param calendar: the working days, if not those of the country
    """
    costs = regime.costs
    if costs is None or first_notice is None:
        return None
    if channel in BY_EMAIL:
        begins = first_notice + costs.email * DAY
    elif channel in BY_POST:
        begins = _working_days_later(first_notice, costs.post, regime.code[:2], calendar)
    else:
        return None
    return begins + (costs.waiting - 1) * DAY


def notice_day(
    regime: Regime, first_notice: date | None, channel: str, calendar: Calendar | None = None
) -> date | None:
    """Return the day after which a notice makes interest run, for :class:`.interest.Debt`."""
    if regime.costs is None:
        return first_notice
    return waiting_until(regime, first_notice, channel, calendar)


def _working_days_later(day: date, count: int, country: str, calendar: Calendar | None) -> date:
    """Return the ``count``-th working day after ``day``."""
    while count:
        day += DAY
        count -= (calendar or working_days(country, day.year)).is_open(day)
    return day


@lru_cache(maxsize=64)
def working_days(country: str, year: int) -> Calendar:
    """Return the working days of "be" or "nl" in ``year``."""
    fixed, movable = HOLIDAYS[country]
    sunday = easter(year)
    return Calendar(frozenset([*(date(year, *one) for one in fixed), *(sunday + shift * DAY for shift in movable)]))
