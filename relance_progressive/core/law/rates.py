"""The published rates that late interest is computed from, and the error when one is not known.

A rate is published for a half-year or for a year, and holds for that period only: in France the one in
force on 1 January or on 1 July holds for the six months that follow (C. com. art. L441-10 II), whatever the
bank decides meanwhile. So each period needs a value of its own, dated its first day. A period without one
is unknown: nothing is carried over from the period before.

>>> rates = Rates({"ecb_mro": [(date(2026, 1, 1), Decimal("2.15"))]})
>>> rates.rate("ecb_mro", date(2026, 6, 30))
Decimal('2.15')
>>> rates.rate("ecb_mro", date(2026, 7, 1))
Traceback (most recent call last):
    ...
relance_progressive.core.law.rates.MissingRate: no rate of ecb_mro for 2026-07-01
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

YEAR = 12  # months
DAY = timedelta(days=1)


def period(day: date, months: int) -> tuple[date, date]:
    """Return the first and the last day of the period of ``day``; periods are counted from 1 January.

    >>> period(date(2026, 11, 22), 6)
    (datetime.date(2026, 7, 1), datetime.date(2026, 12, 31))
    """
    month = day.month - (day.month - 1) % months
    following = month + months
    last = date(day.year, following, 1) - DAY if following <= YEAR else date(day.year, YEAR, 31)
    return date(day.year, month, 1), last


class Reference(NamedTuple):
    """A rate that somebody publishes, in percent per year."""

    code: str
    months: int  # how long a value holds: 6 or 12, counted from 1 January
    article: str  # the text it is published under, or that makes it matter
    verified: bool = True  # whether that text, or one that quotes it, was read


REFERENCES = {
    reference.code: reference
    for reference in (
        Reference("ecb_mro", 6, "C. com. L441-10 II"),  # the ECB's main refinancing operations
        Reference("fr_legal_professional", 6, "CMF L313-2, D313-1-A"),  # "tous les autres cas"
        Reference("fr_legal_individual", 6, "CMF L313-2, D313-1-A"),  # the creditor is an individual, not in business
        Reference("de_base", 6, "BGB 247"),
        Reference("at_base", 6, "UGB 456"),
        Reference(
            "boe_base", 6, "SI 2002/1675", False
        ),  # Bank Rate of 31 December and 30 June, for the six months after
        Reference("be_legal", 12, "L. 05/05/1865 art. 2", False),
        Reference("lu_consumer", 12, "L. 18/04/2004"),
        Reference("nl_consumer", 6, "BW 6:119"),
    )
}


class MissingRate(LookupError):
    """No rate is known for a day on which interest runs."""

    def __init__(self, reference: str, day: date):
        super().__init__(f"no rate of {reference} for {day}")
        self.reference = reference  # code of a Reference
        self.day = day


class Rates:
    """Published rates, in percent per year.

    :param values: ``{reference code: [(first day of the period, percent)]}``; a value that is not dated the first
        day of a period is what the rate became within one, and has no effect
    """

    def __init__(self, values: Mapping[str, Iterable[tuple[date, Decimal]]]):
        self._values = {reference: dict(rows) for reference, rows in values.items()}
        self.kept: dict = {}  # what others compute from these rates and need again

    def rate(self, reference: str, day: date) -> Decimal:
        """Return the rate that holds on ``day``.

        :raises MissingRate: if it is not known
        """
        first, _last = period(day, REFERENCES[reference].months)
        try:
            return self._values[reference][first]
        except KeyError:
            raise MissingRate(reference, day) from None

    def covers(self, reference: str, day: date) -> bool:
        """Tell whether the rate of ``day`` is known."""
        return period(day, REFERENCES[reference].months)[0] in self._values.get(reference, ())

    def first_gap(self, reference: str, day: date) -> date:
        """Return ``day`` if its rate is not known, else the first day after it for which none is."""
        while self.covers(reference, day):
            day = period(day, REFERENCES[reference].months)[1] + DAY
        return day
