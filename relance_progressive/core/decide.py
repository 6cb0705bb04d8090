"""What to do on a day for one customer account, and why.

The nightly run, the preview, the next action shown on a customer and the check just before sending
all come here. Figures of a decision: ``due`` is all that is open, ``overdue`` what of it is past
its due date, both less what money on its way covers, both with what is held or excluded, which is
owed too; ``oldest_due`` is the oldest due date in ``overdue``.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from operator import attrgetter

from . import reasons as codes
from .claims import claimable, hold_ends
from .explain import PENDING_CODES, Tally
from .facts import ZERO, AccountFacts, Decision, Item, Line, Policy, Reason
from .forecast import first_message, stretches
from .schedule import FOREVER, plan_of

_age = attrgetter("due", "id")


def decide(facts: AccountFacts, policy: Policy | None, today: date) -> Decision:
    """Decide what leaves ``today`` for an account.

    ``next_date`` is the first later day on which a message would leave if the facts do not change;
    when one leaves today, if it is done today. Nothing changes by itself before ``check_date``.
    """
    items = sorted([item for item in facts.items if item.amount > 0], key=_age)
    if not items:
        return _NOTHING_OPEN
    case = _Case(facts, items, policy, today)
    if facts.pending or case.plan is None:
        return case.stuck()
    return case.decided()


class _Case:
    """One account on one day."""

    def __init__(self, facts: AccountFacts, items: list[Item], policy: Policy | None, today: date):
        self.facts = facts
        self.policy = policy
        self.today = today
        self.day = today.toordinal()
        self.items = items  # oldest first
        self.gross = sum([item.amount for item in items], ZERO)
        self.claims, self.covers = claimable(items, facts, today)
        self.ends = hold_ends(items, facts, today)
        self.plan = plan_of(policy) if policy is not None and policy.levels else None
        self.tally = Tally()

    def stuck(self) -> Decision:
        """Decide for an account that a person has to look at first."""
        if pending := self.facts.pending:
            self.tally.cause(PENDING_CODES.get(pending, codes.PENDING))
        if self.policy is None:
            self.tally.cause(codes.NO_PLAN)
        elif not self.policy.levels:
            self.tally.cause(codes.NO_LEVELS)
        self.tally.add_idle(self.facts, self.items, self.covers, self.today)
        return self._decision(None, (), None, [])

    def decided(self) -> Decision:
        """Decide for an account that follows its plan."""
        plan, day, claims, tally = self.plan, self.day, self.claims, self.tally
        spans = plan.spans(self.items)
        due = {index: level for start, last, level, index in spans if start <= day <= last and claims[index]}
        level = self._message_level(due)
        earliest = self._earliest()
        lines: tuple[Line, ...] = ()
        changes = []
        if level is None:
            self._add_below(due)
        elif earliest > day:
            tally.cause(codes.SPACING, _date(earliest))
            changes.append(earliest)
        elif plan.roll(day) != day:
            tally.cause(codes.NOT_WORKING_DAY, _date(plan.roll(day)))
        else:
            lines = self._lines(due, level)
            claimed = [line.amount for line in lines if not line.upcoming] or [line.amount for line in lines]
            tally.add(codes.LEVEL_DUE, None, sum(claimed), len(claimed))
            self._add_below([index for index, own in due.items() if own > level])
            spans = self._after_sending(spans, due, level)
            earliest = day + max(1, self.policy.spacing)
        tally.add_idle(self.facts, self.items, self.covers, self.today)
        if not lines:
            tally.add_waiting(self.items, claims, spans, day)
        coming = self._coming(spans, max(earliest, day + 1))
        if not coming and not lines:
            self._add_never(spans, max(earliest, day))
        changes += [start for start, _last, _level, index in spans if start > day and claims[index]]
        return self._decision(level, lines, coming, changes)

    def _message_level(self, due: dict[int, int]) -> int | None:
        """Return the level of the message, ``due`` being the due level of each claimable item."""
        totals: dict[int, Decimal] = {}
        for index, level in due.items():
            totals[level] = totals.get(level, ZERO) + self.claims[index]
        return self.plan.message_level(totals, self.gross)

    def _earliest(self) -> int:
        """Return the first day the spacing of contacts allows."""
        last = self.facts.last_contact
        return self.day if last is None else last.toordinal() + max(1, self.policy.spacing)

    def _lines(self, due: dict[int, int], level: int) -> tuple[Line, ...]:
        """Return what a message of ``level`` shows: all that is late, and what advances."""
        plan, lines = self.plan, []
        for index, item in enumerate(self.items):
            amount, own = self.claims[index], due.get(index)
            if own is not None and own <= level:
                lines.append(Line(item.id, amount, plan.levels[own].id, plan.pre_due[own]))
            elif amount and item.due < self.today:
                lines.append(Line(item.id, amount))
        return tuple(lines)

    def _after_sending(self, spans, due: dict[int, int], level: int):
        """Return ``spans`` as they are once a message of ``level`` is done."""
        moved = {index for index, own in due.items() if own <= level}
        kept = [span for span in spans if span[3] not in moved]
        for index in moved:
            self.plan.add_spans(kept, index, self.items[index].due, due[index] + 1, self.day)
        return kept

    def _coming(self, spans, first: int) -> tuple[int, int] | None:
        """Return the day of the next message, on ``first`` or later, and its level."""
        for stretch in stretches(self.items, self.facts, self.claims, self.ends, first):
            if found := first_message(self.plan, spans, self.gross, stretch):
                return found
        return None

    def _add_never(self, spans, first: int):
        """Name why no message will leave on ``first`` or later, once every hold has ended that ever will."""
        claims, covers = self.claims, self.covers
        if self.ends:
            first = min(max(first, self.ends[-1].toordinal() + 1), FOREVER)
            claims, covers = claimable(self.items, self.facts, date.fromordinal(first))
        self.tally.add_never(self.plan, spans, claims, covers, first)

    def _add_below(self, indexes: Iterable[int]):
        """Count the items at ``indexes`` as too small for their level."""
        for index in indexes:
            self.tally.add(codes.BELOW_THRESHOLD, None, self.claims[index], 1)

    def _decision(self, level, lines, coming, changes: list[int]) -> Decision:
        """Return the decision; ``changes`` are coming days on which it may be another one."""
        covers = self.covers
        covered = sum(covers, ZERO) if covers else ZERO
        overdue, oldest = ZERO, None
        for index, item in enumerate(self.items):
            if item.due >= self.today:
                changes.append(item.due.toordinal() + 1)
                break
            amount = item.amount - covers[index] if covers else item.amount
            if amount and oldest is None:
                oldest = item.due
            overdue += amount
        if self.ends:
            changes.append(self.ends[0].toordinal() + 1)
        if coming:
            changes.append(coming[0])
        levels = self.plan.levels if self.plan else ()
        late = self.items[0].due < self.today
        return Decision(
            send=bool(lines),
            level=levels[level].id if lines else None,
            lines=lines,
            reasons=self.tally.reasons(codes.LEVEL_DUE if lines or late else codes.NOT_DUE),
            next_date=_date(coming[0]) if coming else None,
            next_level=levels[coming[1]].id if coming else None,
            check_date=_date(min(changes)) if changes else None,
            approval=bool(lines) and levels[level].approval,
            due=self.gross - covered,
            overdue=overdue,
            covered=covered,
            oldest_due=oldest,
            level_done=self.plan.level_done(self.items) if self.plan else None,
            sources=self.tally.sources,
        )


def _date(day: int) -> date | None:
    """Return the date of an ordinal, or None beyond the last one."""
    return date.fromordinal(day) if day <= FOREVER else None


_NOTHING_OPEN = Decision(
    send=False,
    level=None,
    lines=(),
    reasons=(Reason(codes.NOTHING_OPEN),),
    next_date=None,
    next_level=None,
    check_date=None,
    approval=False,
    due=ZERO,
    overdue=ZERO,
    covered=ZERO,
    oldest_due=None,
    level_done=None,
)
