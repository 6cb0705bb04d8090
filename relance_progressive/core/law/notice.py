"""The dates that matter legally in the life of a registered letter, on paper or electronic.

No statute says from when a private letter of formal notice has its effects (C. civ. art. 1344 asks for
no form). What this module says, and what it is based on:

- received: the day of receipt;
- not claimed: a creditor's letter is no act of procedure, so the rules on notifications that were not
  received (CPC art. 665 to 670-3) do not apply, and it stays valid (Cass. 1re civ., 20 Jan. 2021,
  no. 19-20.680); from the first presentation, a prudent reading;
- refused: the day of the refusal, a prudent reading as well: no text and no case about it was found;
- returned without having been refused or left unclaimed, to an unknown address: no effect;
- on paper the item waits 15 calendar days at the post office (CPCE art. R1-1-6); an electronic one can
  be accepted for 15 days from the day after the addressee was told of it (CPCE art. R53-3);
- the time to pay that the letter gives is contractual: it is counted in full days from the day of the
  effect and not moved (CPC art. 640 to 642 are about procedure).

>>> life = [Event("handed_in", date(2026, 3, 2)), Event("presented", date(2026, 3, 4))]
>>> read(life).claim_until
datetime.date(2026, 3, 19)
>>> read([*life, Event("unclaimed", date(2026, 3, 20))], days_to_pay=8)[:4]
(datetime.date(2026, 3, 4), 'unclaimed', datetime.date(2026, 3, 19), datetime.date(2026, 3, 12))
>>> [problem.code for problem in check([*life, Event("delivered", date(2026, 3, 1))])]
['before_hand_in', 'before_presentation']
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

HANDED_IN, PRESENTED, DELIVERED, REFUSED, UNCLAIMED, RETURNED = KINDS = (
    "handed_in", "presented", "delivered", "refused", "unclaimed", "returned",
)  # fmt: skip
ENDS = (DELIVERED, REFUSED, UNCLAIMED)

DAYS_AT_THE_POST_OFFICE = 15  # CPCE art. R1-1-6, calendar days
DAYS_TO_ACCEPT = 15  # CPCE art. R53-3, from the day after the addressee was told

# How the notice stands -> the texts that say so; none was found about a letter that is refused.
BASIS = {
    "delivered": "C. civ. 1344",
    "unclaimed": "C. civ. 1344, Cass. 1re civ. 20/01/2021, 19-20.680",
    "claim_paper": "CPCE R1-1-6",
    "claim_electronic": "CPCE R53-3",
}


class Event(NamedTuple):
    """Something that happened to the item."""

    kind: str
    day: date
    proof: bool = False  # whether a document shows it


class Problem(NamedTuple):
    """Two events that cannot both be true, or one that says two things."""

    code: str
    kind: str
    day: date
    other: str  # the kind of the event it contradicts
    other_day: date


class Notice(NamedTuple):
    """Where the formal notice stands."""

    effective: date | None  # the day it takes effect
    why: str  # "delivered", "refused", "unclaimed"; without a day: "not_sent", "waiting", "no_presentation", "unknown"
    claim_until: date | None  # the last day on which the addressee can still collect or accept it
    pay_until: date | None  # the last day of the time to pay that the letter gives
    missing: tuple[str, ...]  # what a judge would ask for: "number", "presented", or an event without its proof


def read(events: Iterable[Event], *, days_to_pay: int = 0, number: str = "", electronic: bool = False) -> Notice:
    """Return where the notice stands; the order of the events does not matter.

    Contradictions are not looked for: see :func:`check`.

    :param days_to_pay: what the letter gives, in days from the day it takes effect; 0 if it says nothing
    """
    events = list(events)
    first = _first_days(events)
    effective, why = _effect(first)
    claim_until = None
    if PRESENTED in first and outcome(events) in ("", UNCLAIMED):
        kept = DAYS_TO_ACCEPT if electronic else DAYS_AT_THE_POST_OFFICE
        claim_until = first[PRESENTED] + timedelta(days=kept)
    pay_until = effective + timedelta(days=days_to_pay) if effective and days_to_pay else None
    return Notice(effective, why, claim_until, pay_until, _missing(events, first, number))


def outcome(events: Iterable[Event]) -> str:
    """Return how the item ended: "delivered", "refused", "unclaimed", "returned", or nothing yet.

    >>> outcome([Event("unclaimed", date(2026, 3, 20)), Event("returned", date(2026, 3, 23))])
    'unclaimed'
    """
    kinds = {event.kind for event in events}
    return next((kind for kind in (DELIVERED, REFUSED, UNCLAIMED, RETURNED) if kind in kinds), "")


def check(events: Iterable[Event]) -> list[Problem]:
    """Return the contradictions between events; an item is handed in, presented, then ends in one way."""
    events = sorted({Event(event.kind, event.day) for event in events}, key=_in_order)
    first = _first_days(events)
    problems = _twice(events)
    for event in events:
        for kind, code in ((HANDED_IN, "before_hand_in"), (PRESENTED, "before_presentation")):
            later = KINDS.index(event.kind) > KINDS.index(kind)
            if later and kind in first and event.day < first[kind]:
                problems.append(Problem(code, event.kind, event.day, kind, first[kind]))
    return problems + _two_ends(first)


def _in_order(event):
    return event.day, KINDS.index(event.kind)


def _first_days(events):
    """Return the first day of each kind of event."""
    days = {}
    for event in events:
        days[event.kind] = min(days.get(event.kind, event.day), event.day)
    return days


def _effect(first):
    """Return the day of the effect, or why there is none yet."""
    if DELIVERED in first:
        return first[DELIVERED], DELIVERED
    if REFUSED in first:
        return first[REFUSED], REFUSED
    if UNCLAIMED in first:
        return (first[PRESENTED], UNCLAIMED) if PRESENTED in first else (None, "no_presentation")
    if RETURNED in first:
        return None, "unknown"
    return None, "waiting" if first else "not_sent"


def _missing(events, first, number):
    """Return what is missing to prove the dates, in the order of the life of the item."""
    missing = [] if number or not first else ["number"]
    proven = {event.kind for event in events if event.proof}
    if first and HANDED_IN not in proven:
        missing.append(HANDED_IN)
    if UNCLAIMED in first and PRESENTED not in first:
        missing.append(PRESENTED)
    end = outcome(events)
    # The envelope that comes back shows the refusal, or that nobody claimed it.
    if end and end not in proven and not (end != DELIVERED and RETURNED in proven):
        missing.append(end)
    return tuple(missing)


def _twice(events):
    """Return the kinds that happened on two days; an item may be presented more than once."""
    first, problems = {}, []
    for event in events:
        known = first.setdefault(event.kind, event.day)
        if known != event.day and event.kind != PRESENTED:
            problems.append(Problem("twice", event.kind, event.day, event.kind, known))
    return problems


def _two_ends(first):
    """Return the ends that exclude one another.

    What lay unclaimed may still be collected on the last day, and what nobody took comes back.
    """
    problems = []
    for kind, others in ((DELIVERED, (REFUSED, RETURNED)), (UNCLAIMED, (REFUSED,))):
        for other in others:
            if kind in first and other in first:
                problems.append(Problem("two_ends", kind, first[kind], other, first[other]))
    if DELIVERED in first and UNCLAIMED in first and first[DELIVERED] < first[UNCLAIMED]:
        problems.append(Problem("two_ends", UNCLAIMED, first[UNCLAIMED], DELIVERED, first[DELIVERED]))
    for kind in (REFUSED, UNCLAIMED):
        if RETURNED in first and kind in first and first[RETURNED] < first[kind]:
            problems.append(Problem("after_return", kind, first[kind], RETURNED, first[RETURNED]))
    return problems
