"""No step back: what a customer has been told decides how firm the next message is, and whether one may leave.

A *notice* is an item that a formal notice claimed and of which something is still owed. It runs until its last day
to pay, then it waits for a person's decision, for some working days. As long as it does nothing leaves for the
account; afterwards the other items are reminded again, in the firm tone. A notice is told by a hold:

- ``notice``: it runs; ``until`` is the last day to pay, empty as long as its letter is on its way (``since`` is then
  the day on which it left);
- ``decision``: without ``until`` it waits for a decision, ``since`` being the last day to pay (empty: long ago); with
  ``until`` a person gave more time until then;
- ``legal``: it was handed over.

An item whose last level is a formal notice and that no hold tells of ran for the days that its level gives.
"""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from .claims import claimable
from .facts import ZERO, AccountFacts, Hold, Item
from .schedule import FOREVER, FORMAL, RANKS, Plan, Span

# La Poste tells what became of a registered letter within this time; after it nobody waits for it any more.
LETTER_DAYS = 45
HOLDS = frozenset({"notice", "decision", "legal"})


class Rule(NamedTuple):
    """What holds on a day: how firm a message must be at least (a rank), and the last day on which none leaves."""

    rank: int = 0
    silent: int = 0  # an ordinal, 0 when a message may leave
    decision: bool = False  # whether it waits for a person, not for the customer


class _Notice(NamedTuple):
    """When nothing leaves because of one item: ordinals."""

    index: int
    runs: int = 0  # its last day to pay, 0 when that is past or does not count
    waits: int | None = None  # it waits for a decision after this day, never when empty
    told: int = 0  # the last day on which a hold tells of it, 0 if none does


_FREE = Rule()


class Firmness:
    """What an account has been told, and what follows from it on any day."""

    def __init__(self, items: Sequence[Item], facts: AccountFacts, plan: Plan | None):
        self._items, self._facts, self._plan = items, facts, plan
        self._ranks = [plan.rank_of(item) if plan and (item.level or item.stage) else 0 for item in items]
        self.passed = [plan.position_of(item) if plan and item.level else 0 for item in items]
        self._notices = self._find(facts) if facts.holds or FORMAL in self._ranks else []
        self._under = {notice.index for notice in self._notices}
        self._told = any(self._ranks)

    def _find(self, facts: AccountFacts) -> list[_Notice]:
        """Return the notices that the holds tell of, and those that the levels done tell of."""
        indexes = {item.id: index for index, item in enumerate(self._items)}
        found = {}
        for hold in facts.holds:
            index = indexes.get(hold.item)
            if hold.reason in HOLDS and index is not None and self._items[index].excluded == "":
                found[index] = _of_hold(index, hold)
        for index, item in enumerate(self._items):
            if self._ranks[index] == FORMAL and index not in found and not item.excluded:
                found[index] = self._implied(index, item)
        return list(found.values())

    def _implied(self, index: int, item: Item) -> _Notice:
        if item.level_date is None:
            return _Notice(index)
        last = item.level_date.toordinal() + self._plan.deadline(item.level)
        return _Notice(index, last, last)

    def follow(self, items: Sequence[Item], told: Sequence[int], moved: Collection[int]):
        """Go on from what ``items`` are after a message that shows ``told`` and gives ``moved`` a new level."""
        self._items, self._told = items, True
        known = {notice.index for notice in self._notices}
        for index in told:
            item = items[index]
            if index in moved:  # no message has been about this level with another due date
                self.passed[index] = self._plan.position_of(item)
                done = self._plan.rank_done(item.level)
            else:
                done = self._ranks[index]
            self._ranks[index] = rank = max(done, RANKS[item.stage])
            if rank == FORMAL and index not in known and not item.excluded:
                self._notices.append(self._implied(index, item))
                self._under.add(index)

    # === ON A DAY === #

    def without_notices(self, claims: list[Decimal]) -> list[Decimal]:
        """Return ``claims`` without what is under notice: it is named, not claimed again."""
        if not self._under:
            return claims
        return [ZERO if index in self._under else claim for index, claim in enumerate(claims)]

    def without_told(self, claims: list[Decimal], day: int) -> list[Decimal]:
        """Return ``claims`` without what a hold tells of on ``day``: a person decides what becomes of it."""
        told = {notice.index for notice in self._notices if notice.told >= day}
        return [ZERO if index in told else claim for index, claim in enumerate(claims)] if told else claims

    def without_repeats(self, spans: Sequence[Span]) -> Sequence[Span]:
        """Return ``spans`` without those of what is under notice: a formal notice is not repeated by itself."""
        return [span for span in spans if span[3] not in self._under] if self._under else spans

    def rule(self, day: int, claims: Sequence[Decimal]) -> Rule:
        """Return what holds on ``day`` (an ordinal), ``claims`` being what may be claimed of each item then."""
        if not self._notices and not self._told:
            return _FREE
        rank = max([rank for rank, claim in zip(self._ranks, claims, strict=True) if claim], default=0)
        if not self._notices:
            return Rule(min(rank, FORMAL - 1))
        unpaid, free = self._left(day)
        silent, decision = 0, False
        for notice in self._notices:
            if free[notice.index]:
                rank = FORMAL
            end = self._silent(notice, day, free) if unpaid[notice.index] else 0
            if end > silent:
                silent, decision = end, day > notice.runs
        return Rule(min(rank, FORMAL - 1), silent, decision)

    def _silent(self, notice: _Notice, day: int, free: Sequence[Decimal]) -> int:
        """Return the last day on which nothing leaves because of a notice, 0 if that is over.

        What is promised or contested waits for no decision, but its time to pay runs all the same.
        """
        end = notice.runs
        if notice.waits is not None and free[notice.index] and (notice.runs or day > notice.waits):
            end = max(end, self._plan.last_wait(notice.waits))
        return end if day <= end else 0

    def _left(self, day: int) -> tuple[list[Decimal], list[Decimal]]:
        """Return what is unpaid of each item on ``day``, and what of it no other hold than the notice's takes out."""
        others = tuple(hold for hold in self._facts.holds if hold.reason not in HOLDS)
        facts, today = self._facts._replace(holds=()), date.fromordinal(day)
        unpaid = claimable(self._items, facts, today)[0]
        return unpaid, claimable(self._items, facts._replace(holds=others), today)[0] if others else unpaid

    def lift(self, level: int, rank: int, claims: Sequence[Decimal]) -> int:
        """Return the level whose text is said when ``level`` is due and a message has to be as firm as ``rank``."""
        if self._plan.ranks[level] >= rank:
            return level
        done = {passed - 1 for passed, claim in zip(self.passed, claims, strict=True) if claim}
        return self._plan.lift(level, rank, done)

    def owed(self, day: int) -> list[tuple[Item, Decimal]]:
        """Return what is still owed under notices, item by item, in the currency of the company."""
        if not self._notices:
            return []
        unpaid, free = self._left(day)
        return [
            (self._items[notice.index], (unpaid if notice.told >= day else free)[notice.index])
            for notice in self._notices
        ]

    def untold(self, day: int):
        """Yield ``(item, amount, last day to pay or None when it is past)`` of the notices that no hold tells of."""
        implied = [notice for notice in self._notices if notice.told < day]
        if implied:
            _unpaid, free = self._left(day)
            for notice in implied:
                if free[notice.index]:
                    yield self._items[notice.index], free[notice.index], notice.runs if day <= notice.runs else None

    def changes(self, day: int) -> list[int]:
        """Return coming days on which the rule may be another one."""
        ends = []
        for notice in self._notices:
            ends.append(notice.runs)
            if notice.waits is not None and self._plan:
                ends += [notice.waits, self._plan.last_wait(notice.waits)]
        return [end + 1 for end in ends if end >= day]


def _of_hold(index: int, hold: Hold) -> _Notice:
    told = hold.until.toordinal() if hold.until else FOREVER
    if hold.reason == "notice" and hold.until is None:
        last = (hold.since or date.min) + timedelta(LETTER_DAYS)
        return _Notice(index, last.toordinal(), None, told)
    if hold.reason == "notice":
        return _Notice(index, told, told, told)
    if hold.reason == "decision":
        since = hold.until or hold.since
        return _Notice(index, 0, since.toordinal() if since else None, told)
    return _Notice(index, told=told)
