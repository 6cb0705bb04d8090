"""The days on which interest runs, cut into pieces of one balance and one rate (:mod:`.interest`)."""

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from ..plain.days import months_later
from .rates import Rates
from .regime import EACH
from .scale import DAY, ZERO, Source, Terms, scale_of, thirty

PAID, CREDITED = "payment", "credit_note"


class Move(NamedTuple):
    """What lowers a debt, from the day after ``day`` on; ``amount`` is positive."""

    day: date  # on which the money was at the creditor's disposal, or of the credit note
    amount: Decimal
    kind: str = PAID  # or CREDITED


class Segment(NamedTuple):
    """Some days on which balance and rate do not change."""

    first: date
    last: date
    days: int
    balance: Decimal
    rate: Decimal
    base: int | None  # days of a year
    amount: Decimal
    source: Source
    compounded: Decimal = ZERO  # interest of past years that is in the balance


class Run:
    """The days from ``first`` to ``last`` on which interest runs, and what has accrued."""

    def __init__(self, terms: Terms, rates: Rates, first: date, last: date, unit: Decimal):
        self.terms, self.rates = terms, rates
        self.first, self.last, self.unit = first, last, unit
        self.agreed = terms.contract_rate is not None and terms.regime.agreed
        self.segments: list[Segment] = []
        self.paid = ZERO
        self.years = 0  # that are over: the interest of each is added to what bears interest (Terms.compounds)
        self.compounded = ZERO  # of that interest, what is not paid

    def by_balance(self, balance: Decimal, moves: Iterable[Move]) -> Decimal:
        """Let the balance bear interest from move to move; return what is left of it."""
        each = self.agreed or self.terms.regime.rate.applies == EACH
        self.scale = scale_of(self.terms, self.rates, None if each else self.first)
        first = self.first
        for move in moves:
            self._accrue(balance, first, min(move.day, self.last))
            first, amount = move.day + DAY, move.amount
            if self.terms.interest_first and move.kind == PAID:
                share = min(amount, self._accrued() - self.paid)
                self.paid += share
                self.compounded = max(ZERO, self.compounded - share)
                amount -= share
            balance -= amount
            if balance <= 0:
                return ZERO  # prudent: what is left of the interest alone bears none
        self._accrue(balance, first, self.last)
        return balance + self.compounded

    def by_payment(self, balance: Decimal, moves: Iterable[Move]) -> Decimal:
        """Let each part of the debt bear interest at the rate of the day it is paid; return what is left of it.

        Payments settle the debt first: what interest they could settle depends on payments to come.
        """
        for move in moves:
            share = min(move.amount, balance)
            self.scale = scale_of(self.terms, self.rates, move.day)
            self._accrue(share, self.first, min(move.day, self.last))
            balance -= share
            if not balance:
                return ZERO
        self.scale = scale_of(self.terms, self.rates, self.last)
        self._accrue(balance, self.first, self.last)
        return balance

    def per_day(self, balance: Decimal, day: date) -> Decimal:
        """Return what ``day`` adds, as the balance stands after it."""
        suspended = self.terms.suspended
        if suspended and any(first <= day <= last for first, last in suspended):
            return ZERO
        piece = self.scale.at(day)
        return (balance * piece.rate / piece.divisor).quantize(self.unit, ROUND_HALF_UP)

    def _accrued(self) -> Decimal:
        return sum((segment.amount for segment in self.segments), ZERO)

    def _accrue(self, balance: Decimal, first: date, last: date):
        """Add the segments of ``balance`` from ``first`` to ``last``, year by year where interest bears interest."""
        if self.terms.compounds:
            while (end := months_later(self.first - DAY, 12 * (self.years + 1))) <= last:
                self._accrue_simply(balance, first, end)
                first = max(first, end + DAY)
                self.years += 1
                self.compounded = self._accrued() - self.paid
        self._accrue_simply(balance, first, last)

    def _accrue_simply(self, balance: Decimal, first: date, last: date):
        """Add the segments of ``balance`` from ``first`` to ``last``, less the days that are suspended."""
        if self.terms.suspended:
            for begin, end in sorted(self.terms.suspended):
                if end >= first:
                    self._add(balance, first, min(last, begin - DAY))
                    first = end + DAY
        self._add(balance, first, last)

    def _add(self, balance, first, last):
        bearing = balance + self.compounded
        for begin, end, days, (_last, rate, base, divisor, source) in self.scale.between(first, last):
            amount = (bearing * days * rate / divisor).quantize(self.unit, ROUND_HALF_UP)
            self.segments.append(Segment(begin, end, days, bearing, rate, base, amount, source, self.compounded))


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
