"""Which rate of interest holds on which day, where it comes from, and how days are counted."""

from calendar import isleap
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import NamedTuple

from .rates import REFERENCES, Rates, period
from .regime import ACT_365, ACT_ACT, DAY_COUNTS, THIRTY_360, Rate, Regime

ZERO = Decimal(0)
DAY = timedelta(days=1)
KEPT = 256  # scales
KEPT_SPANS = 4096  # of one scale


class Terms(NamedTuple):
    """What interest is computed by."""

    regime: Regime
    contract_rate: Decimal | None = None  # the rate that was agreed
    day_count: str = ACT_365
    interest_first: bool = False  # part payments settle interest before the debt (C. civ. 1343-1)
    stopped: date | None = None  # opening of insolvency: no interest from this day on (C. com. L622-28)
    suspended: tuple[tuple[date, date], ...] = ()  # first and last days without interest: payment plans
    costs_agreed: bool = False  # the contract provides for costs of collection (regime.Costs.clause)
    compound: bool = False  # interest on interest, once a year, where the law gives it (regime.compound)

    @property
    def compounds(self) -> bool:
        """Tell whether interest bears interest: only that of the law does, an agreed rate takes its place."""
        agreed = self.contract_rate is not None and self.regime.agreed
        return self.compound and bool(self.regime.compound) and not agreed


class Source(NamedTuple):
    """Where a rate comes from."""

    kind: str  # "legal", "agreed", or "void": legal, because more was agreed than the law allows
    article: str  # empty when the contract alone says it
    reference: str = ""  # the published rate it is made of, if any,
    day: date | None = None  # the first day of the period it was published for,
    value: Decimal | None = None  # and what it is
    margin: Decimal = ZERO  # points on top of it


def rate_on(terms: Terms, rates: Rates, day: date) -> tuple[Decimal, Source]:
    """Return the rate of interest on ``day``, in percent per year, and where it comes from.

    A clause that asks for more than the law allows is void as a whole: the legal rate holds, not the highest allowed
    one (CDE XIX.4, so says Schoups; leuropeinfo.eu/?p=1197).

    :raises MissingRate: if it is not known
    """
    regime, agreed = terms.regime, terms.contract_rate
    if agreed is None or not regime.agreed:
        return _published(regime.rate, rates, day)
    if regime.ceiling is not None:
        most, _source = _published(regime.ceiling, rates, day)
        if most < agreed:
            legal, source = _published(regime.rate, rates, day)
            return legal, source._replace(kind="void")
    return agreed, Source("agreed", regime.floor.article if regime.floor else "")


class Piece(NamedTuple):
    """Days of one rate and one length of the year."""

    last: date
    rate: Decimal
    base: int
    divisor: Decimal
    source: Source


class Span(NamedTuple):
    """Days from ``first`` to ``last`` that are in one piece, and how many of them count."""

    first: date
    last: date
    days: int
    piece: Piece


class Scale:
    """The rates of some terms, in pieces that are found once: a night asks for them a million times."""

    def __init__(self, terms: Terms, rates: Rates, day: date | None):
        if terms.day_count not in DAY_COUNTS:
            raise ValueError(f"no such way to count days: {terms.day_count}")
        self.terms, self.rates = terms, rates
        self.day = day  # the one whose rate holds for the whole delay, if there is one
        self.pieces: dict[int, Piece] = {}
        self.spans: dict[tuple[date, date], tuple[Span, ...]] = {}
        regime, count = terms.regime, terms.day_count
        changing = regime.ceiling if terms.contract_rate is not None and regime.agreed else regime.rate
        reference = changing.reference if changing and day is None else ""
        self.months = REFERENCES[reference].months if reference else 12 if count == ACT_ACT else 0
        self.thirty = count == THIRTY_360

    def at(self, day: date) -> Piece:
        """Return the piece that ``day`` is in."""
        number = (day.year * 12 + day.month - 1) // self.months if self.months else 0
        piece = self.pieces.get(number)
        if piece is None:
            piece = self.pieces[number] = self._piece(day)
        return piece

    def _piece(self, day: date) -> Piece:
        rate, source = rate_on(self.terms, self.rates, self.day or day)
        base = 360 if self.thirty else 365
        if self.terms.day_count == ACT_ACT and isleap(day.year):
            base = 366
        last = period(day, self.months)[1] if self.months else date.max
        return Piece(last, rate, base, Decimal(100 * base), source)

    def between(self, first: date, last: date) -> tuple[Span, ...]:
        """Return the days from ``first`` to ``last``, both included, piece by piece; many debts have the same ones."""
        spans = self.spans.get((first, last))
        if spans is None:
            if len(self.spans) >= KEPT_SPANS:
                self.spans.clear()
            spans = self.spans[first, last] = tuple(self._between(first, last))
        return spans

    def _between(self, first: date, last: date) -> Iterator[Span]:
        while first <= last:
            piece = self.at(first)
            end = min(last, piece.last)
            if days := self.days(first, end):
                yield Span(first, end, days, piece)
            first = end + DAY

    def days(self, first: date, last: date) -> int:
        """Return how many days count from ``first`` to ``last``, both included."""
        if self.thirty:
            return thirty(last) - thirty(first - DAY)
        return (last - first).days + 1


def _published(rate: Rate, rates: Rates, day: date) -> tuple[Decimal, Source]:
    """Return the legal rate of ``day`` and where it comes from."""
    if not rate.reference:
        return rate.margin, Source("legal", rate.article, margin=rate.margin)
    value = rates.rate(rate.reference, day)
    percent = value + rate.margin
    if rate.step:
        percent = (percent / rate.step).to_integral_value(ROUND_CEILING) * rate.step
    first, _last = period(day, REFERENCES[rate.reference].months)
    return percent, Source("legal", rate.article, rate.reference, first, value, rate.margin)


def thirty(day: date) -> int:
    """Return the number of a day in years of twelve months of thirty days.

    The last day of any month is its 30th, the 28th or 29th of February too (30E/360 ISDA): "ein Monat hat immer 30
    Tage" (de-jure.ch).

    >>> thirty(date(2026, 2, 28)) - thirty(date(2026, 1, 31)), thirty(date(2024, 3, 31)) - thirty(date(2024, 2, 29))
    (30, 30)
    """
    last = (day + DAY).day == 1 if day < date.max else True
    return day.year * 360 + day.month * 30 + (30 if last else min(day.day, 30))


def scale_of(terms: Terms, rates: Rates, day: date | None) -> Scale:
    """Return the scale of ``terms``; the rates keep it."""
    regime = terms.regime
    if day is not None:
        day = period(day, REFERENCES[regime.rate.reference].months)[0]
    # The scale keeps its regime alive, so that no other takes its id.
    key = (id(regime), terms.contract_rate, terms.day_count, day)
    scale = rates.kept.get(key)
    if scale is None:
        if len(rates.kept) >= KEPT:
            rates.kept.clear()
        scale = rates.kept[key] = Scale(terms, rates, day)
    return scale
