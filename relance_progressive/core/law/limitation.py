"""The last day on which a claim can be brought to court, step by step.

It starts when the creditor could have sued: the performance, not the invoice (Cass. com. 26/02/2020, 18-25.036;
Cass. 1re civ. 19/05/2021, 20-12.520). Here it is the earliest of performance, invoice and due date, and the last
day has the same number as the first (C. civ. 2228, 2229): where texts leave a doubt, the earlier day is kept, and
it is not moved to the next working day.

A reminder or a formal notice, even by registered letter, does not interrupt it (Cass. com. 18/05/2022, 20-23.204).

>>> from relance_progressive.core.law.regimes import FR_PROFESSIONAL
>>> limitation(Facts(due=date(2021, 4, 1)), FR_PROFESSIONAL.limitation).last_day
datetime.date(2026, 4, 1)
>>> period_of(FR_PROFESSIONAL, Special(AGREED, 18)).limit.length
18
"""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from ..plain.days import months_later
from .regime import Limit, Regime

YEAR = 12
DAY = timedelta(days=1)
TITLE = "title"
TITLE_YEARS = 10  # CPCE L111-4
LEAST_MONTHS = 6  # C. civ. 2238: what remains at least after a suspension

# What interrupts a limitation, so that it begins again (C. civ. 2231) -> the text.
INTERRUPTING = {
    "acknowledgement": "C. civ. 2240",  # a written promise, a request for time
    "part_payment": "C. civ. 2240",
    "court_claim": "C. civ. 2241, 2242",  # even in summary proceedings, or to a court that has no jurisdiction
    "declaration": "C. com. L622-25-1",  # in insolvency proceedings; until they close: Cass. com. 24/03/2021, 19-23.413
    "order_served": "C. civ. 2241",  # of an order for payment: Cass. 10/07/1990, 89-13.345
    "enforcement": "C. civ. 2244",
    TITLE: "CPCE L111-4",
}
# What interrupts nothing, whatever people think. -> the text that says so.
WITHOUT_EFFECT = {
    "reminder": "Cass. com. 18/05/2022, 20-23.204",
    "formal_notice": "Cass. com. 18/05/2022, 20-23.204",
    "petition": "Cass. 10/07/1990, 89-13.345",  # for an order for payment: its service interrupts
    "written_claim": "Cass. com. 18/05/2022, 20-23.204",  # but for a public debtor: Limit.written_claim
}
KINDS = {**INTERRUPTING, **WITHOUT_EFFECT}
SUSPENDING = ("mediation", "conciliation", "small_claim")  # the last: the debtor agreed to it (CPCE L125-1)
SUSPENDED = "C. civ. 2238"

# Periods that take the place of that of the regime, as a person enters them.
CARRIAGE, AGREED = "carriage", "agreed"  # or "other": what another text says
LONGEST = 30 * YEAR  # months; longer is a slip of the pen
# Why an entered period does not hold.
NO_RULE, FORBIDDEN, BOUNDS, LONGER = "no_rule", "forbidden", "bounds", "longer"


class Special(NamedTuple):
    """A period that a person entered; ``kind`` is CARRIAGE, AGREED or another text."""

    kind: str
    months: int = 0  # unless it is CARRIAGE
    text: str = ""  # where it is written, if it is another text


class Period(NamedTuple):
    """How long a claim can be brought to court."""

    limit: Limit | None  # None if no rule is known
    refused: str = ""  # why the entered period does not hold: NO_RULE, FORBIDDEN, BOUNDS, LONGER
    article: str = ""  # the text that refuses it, if one does


def period_of(regime: Regime | None, special: Special | None = None) -> Period:
    """Return the period that holds: the entered one where the law allows it, else that of the regime.

    :param regime: of the law of the contract and of the debtor's status, None if none is known
    """
    legal = regime.limitation if regime else None
    if special is None:
        return Period(legal)
    if special.kind == CARRIAGE:
        known = regime.carriage if regime else None
        return Period(known) if known else Period(legal, NO_RULE)
    forbidden = regime.no_agreement if regime else ""
    if special.kind == AGREED:
        agreement = regime.agreement if regime else None
        if not agreement:
            return Period(legal, FORBIDDEN if forbidden else NO_RULE, forbidden)
        if not agreement.least <= special.months <= agreement.most:
            return Period(legal, BOUNDS, agreement.article)
        return Period(_limit(special.months, agreement.article))
    if not 1 <= special.months <= LONGEST:
        return Period(legal, BOUNDS)
    if forbidden and legal and special.months > legal.length:
        return Period(legal, LONGER, forbidden)
    return Period(_limit(special.months, special.text, verified=False))


def _limit(months: int, article: str, verified: bool = True) -> Limit:
    years, months = divmod(months, YEAR)
    return Limit(years, article, verified, months=months)


class Facts(NamedTuple):
    """From when the claim could have been brought to court."""

    due: date
    invoiced: date | None = None
    delivered: date | None = None


class Interruption(NamedTuple):
    """Something that happened to a claim; ``kind`` is one of KINDS."""

    kind: str
    day: date
    ended: date | None = None  # of a claim in court: the end of the proceedings
    void: bool = False  # withdrawn, lapsed or dismissed (C. civ. 2243)


class Suspension(NamedTuple):
    """A time during which a claim does not lapse; ``kind`` is one of SUSPENDING."""

    kind: str
    first: date
    last: date | None = None  # None while it lasts


class Step(NamedTuple):
    """How the last day came about."""

    code: str  # "due", "invoiced", "delivered", a kind, "no_effect", "void", "too_late", "too_early"
    day: date
    last_day: date  # as it stands after this step
    article: str
    kind: str = ""  # of what had no effect


class Limitation(NamedTuple):
    """Until when the claim can be brought to court; no day if no rule is known."""

    last_day: date | None
    steps: tuple[Step, ...]


def limitation(
    facts: Facts,
    limit: Limit | None,
    interruptions: Iterable[Interruption] = (),
    suspensions: Iterable[Suspension] = (),
) -> Limitation:
    """Return the last day on which a claim can be brought to court, and how it came about.

    :param limit: the period, None if no rule is known
    :raises ValueError: for an unknown kind of interruption, or a suspension that ends before it begins
    """
    if limit is None:
        return Limitation(None, ())
    known = [(facts.delivered, "delivered"), (facts.invoiced, "invoiced"), (facts.due, "due")]
    start, code = min([one for one in known if one[0]], key=lambda one: one[0])
    clock = _Clock(limit, start, suspensions)
    clock.begin(code, start, start, limit.article)
    for event in sorted(interruptions, key=_in_order):
        clock.run_to(event.day)
        clock.hear(event)
    clock.run_to(date.max)
    return Limitation(clock.last_day, tuple(clock.steps))


@lru_cache(maxsize=4096)
def turning_days(last_day: date, months: tuple[int, ...]) -> tuple[date, ...]:
    """Return the days on which something is to be said of a claim, in order: each warning, and that it has lapsed.

    A warning of some months holds from the first day on which ``last_day`` is not farther away than that.

    >>> [day.isoformat() for day in turning_days(date(2026, 8, 31), (1, 3, 6))]
    ['2026-03-01', '2026-05-31', '2026-07-31', '2026-09-01']
    """
    days = [last_day + DAY]
    for count in months:
        day = months_later(last_day, -count)
        days.append(day if day.day == last_day.day else day + DAY)
    return tuple(sorted(days))


class _Clock:
    """The period that runs, as the days go by."""

    def __init__(self, limit: Limit, earliest: date, suspensions: Iterable[Suspension]):
        self.limit, self.earliest = limit, earliest
        self.months, self.next_year = limit.length, limit.next_year
        self.suspensions = _merged(suspensions)
        self.to_come = list(self.suspensions)
        self.start = self.last_day = date.min
        self.steps: list[Step] = []

    def begin(self, code: str, day: date, start: date, article: str):
        """Let the whole period begin again on ``start``, because of what happened on ``day``."""
        if self.next_year:
            start = date(start.year + 1, 1, 1)
        self.start = max(self.start, start)
        self.last_day = months_later(self.start, self.months)
        if self.next_year:
            self.last_day -= DAY
        self.steps.append(Step(code, day, self.last_day, article))
        for suspension in self.suspensions:
            if suspension.first < self.start < suspension.last:
                self._stop(suspension)

    def run_to(self, day: date):
        """Let the suspensions that begin before ``day`` stop the clock."""
        while self.to_come and self.to_come[0].first < day:
            suspension = self.to_come.pop(0)
            if self.start <= suspension.first <= self.last_day:
                self._stop(suspension)

    def _stop(self, suspension: Suspension):
        """Add the days of ``suspension`` that are within the period; some months remain after it."""
        days = suspension.last - max(suspension.first, self.start)
        self.last_day = max(self.last_day + days, months_later(suspension.last, LEAST_MONTHS))
        self.steps.append(Step(suspension.kind, suspension.first, self.last_day, SUSPENDED))

    def hear(self, event: Interruption):
        """Begin again because of ``event``, or say why not."""
        if event.kind not in KINDS:
            raise ValueError(f"no such interruption: {event.kind}")
        claimed = event.kind == "written_claim" and self.limit.written_claim
        if event.kind in WITHOUT_EFFECT and not claimed:
            return self._ignore("no_effect", event, WITHOUT_EFFECT[event.kind])
        if event.void:
            return self._ignore("void", event, "C. civ. 2243")
        if event.day < self.earliest:
            return self._ignore("too_early", event, "C. civ. 2231")
        if event.kind == TITLE:
            # The judge has found the claim in time.
            self.months, self.next_year = TITLE_YEARS * YEAR, False
        elif event.day > self.last_day:
            return self._ignore("too_late", event, "C. civ. 2231")
        article = self.limit.article if self.limit.written_claim else INTERRUPTING[event.kind]
        self.begin(event.kind, event.day, max(event.day, event.ended or event.day), article)

    def _ignore(self, code: str, event: Interruption, article: str):
        self.steps.append(Step(code, event.day, self.last_day, article, event.kind))


def _in_order(event: Interruption):
    return event.day, event.kind, event.void, event.ended or date.min


def _merged(suspensions: Iterable[Suspension]) -> list[Suspension]:
    """Return the suspensions in order, those that overlap as one.

    Of one that lasts only its first day is certain: after it some months remain, whenever it ends.
    """
    merged: list[Suspension] = []
    known = [(first, last or first, kind) for kind, first, last in suspensions]
    for first, last, kind in sorted(known):
        if last < first:
            raise ValueError(f"a suspension ends on {last}, before it begins")
        if merged and first <= merged[-1].last:
            merged[-1] = merged[-1]._replace(last=max(last, merged[-1].last))
        else:
            merged.append(Suspension(kind, first, last))
    return merged
