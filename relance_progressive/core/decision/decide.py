"""What to do on a day for one customer account, and why.

The nightly run, the preview, the next action shown on a customer and the check just before sending
all come here. Figures of a decision: ``due`` is all that is open, ``overdue`` what of it is past
its due date, both less what money on its way covers, both with what is held or excluded, which is
owed too; ``oldest_due`` is the oldest due date in ``overdue``.
"""

from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal
from operator import attrgetter

from ..law.discount import discounted
from ..said.share import share
from . import reasons as codes
from .claims import claimable, hold_ends, owed
from .explain import PENDING_CODES, Tally
from .facts import ZERO, AccountFacts, Decision, Item, Line, Policy, Reason
from .firmness import Firmness
from .forecast import first_message, stretches
from .netting import owed_of, unit_of
from .schedule import FIRM, FOREVER, plan_of

_age = attrgetter("due", "id")


def decide(facts: AccountFacts, policy: Policy | None, today: date) -> Decision:
    """Decide what leaves ``today`` for an account.

    ``next_date`` is the first later day on which a message would leave if the facts do not change;
    when one leaves today, if it is done today. Nothing changes by itself before ``check_date``.
    """
    facts = discounted(facts, today)
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
        self.claims, self.covers, self.own, self.own_covers = owed(items, facts, today)
        self.ends = hold_ends(items, facts, today)
        self.plan = plan_of(policy) if policy is not None and policy.levels else None
        self.firmness = Firmness(items, facts, self.plan)
        self.noticed = self.firmness.owed(self.day)
        self.under_notice = sum((amount for _item, amount in self.noticed), ZERO)
        self.claims = self.firmness.without_notices(self.claims)
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
        rule = self.firmness.rule(day, claims)
        spans = plan.spans(self.items)
        due = self._due(spans, rule.rank)
        reached = self._message_level(due)
        level = None if reached is None else self.firmness.lift(reached, rule.rank, claims)
        earliest = self._earliest()
        lines: tuple[Line, ...] = ()
        changes = []
        if rule.decision:
            tally.cause(codes.NOTICE_WAITS, _date(rule.silent + 1))
        if level is None and any(own >= plan.cap for own in due.values()) or level is not None and level >= plan.cap:
            tally.cause(codes.FIRMER)
        elif level is None:
            self._add_below(due)
        elif rule.silent:
            pass  # the notice is named already
        elif earliest > day:
            tally.cause(codes.SPACING, _date(earliest))
            changes.append(earliest)
        elif plan.roll(day) != day:
            tally.cause(codes.NOT_WORKING_DAY, _date(plan.roll(day)))
        else:
            lines = self._lines(due, reached)
            claimed = [line.amount for line in lines if not line.upcoming] or [line.amount for line in lines]
            tally.add(codes.LEVEL_DUE, None, sum(claimed), len(claimed))
            self._add_below([index for index, own in due.items() if own > reached])
        tally.add_idle(self.facts, self.items, self.covers, self.today)
        self._add_untold()
        changes += self.firmness.changes(day)
        if lines:
            spans = self._after_sending(spans, level, lines)
            claims = self.firmness.without_notices(claims)
            earliest = day + max(1, self.policy.spacing)
        else:
            tally.add_waiting(self.items, claims, spans, day)
        coming = self._coming(spans, claims, max(earliest, day + 1))
        if not coming and not lines:
            self._add_never(spans, max(earliest, day))
        changes += [start for start, _last, _level, index in spans if start > day and claims[index]]
        return self._decision(level, lines, coming, changes)

    def _due(self, spans, rank: int) -> dict[int, int]:
        """Return the due level of each item that waits for one; none announces a due date while more is late."""
        claims, day, pre_due = self.claims, self.day, self.plan.pre_due
        due = {index: level for start, last, level, index in spans if start <= day <= last and claims[index]}
        if rank >= FIRM:
            due = {index: level for index, level in due.items() if not pre_due[level]}
        return due

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

    def _lines(self, due: dict[int, int], reached: int) -> tuple[Line, ...]:
        """Return what a message shows: all that is late, and what advances, up to the level ``reached``."""
        plan, lines = self.plan, []
        for index, item in enumerate(self.items):
            amount, level = self.claims[index], due.get(index)
            own = self.own[index] if self.own else None
            if level is not None and level <= reached:
                lines.append(Line(item.id, amount, plan.levels[level].id, plan.pre_due[level], own))
            elif amount and item.due < self.today and (item.known is None or item.known < self.today):
                lines.append(Line(item.id, amount, own=own))
        return tuple(lines)

    def _after_sending(self, spans, level: int, lines: Iterable[Line]):
        """Return ``spans`` as they are once a message of ``level`` that shows ``lines`` is done, and follow it."""
        plan, shown, items = self.plan, {line.item: line for line in lines}, list(self.items)
        told, moved = [], set()
        for index, item in enumerate(items):
            if (line := shown.get(item.id)) is not None:
                items[index] = plan.told(item, line, level, self.today)
                told.append(index)
                if line.level is not None:
                    moved.add(index)
        self.firmness.follow(items, told, moved)
        kept = [span for span in spans if span[3] not in moved]
        for index in moved:
            plan.add_spans(kept, index, items[index], self.firmness.passed[index], self.day)
        return kept

    def _coming(self, spans, claims: list[Decimal], first: int) -> tuple[int, int] | None:
        """Return the day of the next message, on ``first`` or later, and its level."""
        for start, stop, own in stretches(self.items, self.facts, claims, self.ends, first):
            own = self.firmness.without_notices(own)
            rule = self.firmness.rule(min(start, FOREVER), own)
            if rule.silent:
                start = rule.silent + 1
                rule = self.firmness.rule(start, own) if start < stop else rule
            found = first_message(self.plan, spans, self.gross, (start, stop, own), rule.rank) if start < stop else None
            if found and (level := self.firmness.lift(found[1], rule.rank, own)) < self.plan.cap:
                return found[0], level
        return None

    def _add_untold(self):
        """Name the notices that only the levels done tell of: they run, or nobody goes on with them."""
        for _item, amount, until in self.firmness.untold(self.day):
            self.tally.add(codes.NOTICE_RUNS if until else codes.PLAN_FINISHED, until and _date(until), amount, 1)

    def _add_never(self, spans, first: int):
        """Name why no message will leave on ``first`` or later, once every hold has ended that ever will."""
        claims, covers = self.claims, self.covers
        if self.ends:
            first = min(max(first, self.ends[-1].toordinal() + 1), FOREVER)
            claims, covers = claimable(self.items, self.facts, date.fromordinal(first))
            claims, spans = self.firmness.without_told(claims, self.day), self.firmness.without_repeats(spans)
        self.tally.add_never(self.plan, self.facts, self.items, spans, claims, covers, first)

    def _add_below(self, indexes: Collection[int]):
        """Count the items at ``indexes`` as too small for their level."""
        total = sum((self.claims[index] for index in indexes), ZERO)
        code = codes.BELOW_TOLERANCE if total < self.policy.tolerance else codes.BELOW_THRESHOLD
        for index in indexes:
            self.tally.add(code, None, self.claims[index], 1)

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
            under_notice=self.under_notice,
            sources=self.tally.sources,
            covered_in=self._covered_in() if self.own_covers else (),
            notice_in=self._notice_in(),
        )

    def _notice_in(self) -> tuple[tuple[int | None, Decimal], ...]:
        """Return what is owed under notices by the currency of the debts, where one of them is foreign."""
        if all(item.currency is None for item, _amount in self.noticed):
            return ()
        sums: dict[int | None, Decimal] = {}
        for item, amount in self.noticed:
            own = owed_of(item)
            part = share(amount, item.amount, own, unit_of(self.facts.units, item))
            sums[item.currency] = sums.get(item.currency, ZERO) + part
        return tuple((currency, amount) for currency, amount in sums.items() if amount)

    def _covered_in(self) -> tuple[tuple[int | None, Decimal], ...]:
        """Return what money covers by the currency of the debts, where one of them is foreign."""
        sums: dict[int | None, Decimal] = {}
        for item, cover in zip(self.items, self.own_covers, strict=True):
            if cover:
                sums[item.currency] = sums.get(item.currency, ZERO) + cover
        return tuple(sums.items())


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
