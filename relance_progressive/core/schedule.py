"""When an item reaches its next level.

Days are ordinals here (``date.toordinal``): a night compares millions of them. A *span* is the
plain tuple ``(first day, last day, level, item)``: between these days, if nothing is done, the item
waits for that level; ``level`` and ``item`` are indexes. An item has at most two: the pre-due level
that comes next, up to the due date, and the first level after it.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from .facts import ZERO, Item, Level, Policy
from .workdays import WEEK

FOREVER = date.max.toordinal()
KEPT = 64

Span = tuple[int, int, int, int]


def is_pre_due(level: Level) -> bool:
    """Tell whether ``level`` announces a due date instead of claiming a late payment."""
    return level.stage == "pre_due" or level.delay < 0


def month_end(day: date) -> int:
    """Return the last day of the month of ``day``, as an ordinal."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1).toordinal() - 1


class Plan:
    """A policy made ready for a night of decisions."""

    def __init__(self, policy: Policy):
        self.policy = policy  # kept alive, so that no other takes its id: see plan_of
        levels = self.levels = policy.levels
        self.pre_due = tuple(is_pre_due(level) for level in levels)
        # Position of an item by its last done level: how many levels it has passed.
        self.positions = {level: max(0, min(count, len(levels))) for level, count in policy.passed.items()}
        self.positions.update((level.id, index + 1) for index, level in enumerate(levels))
        cap = len(levels) if policy.cap is None else policy.cap
        self.steps = tuple(self._step(position, cap) for position in range(len(levels) + 1))
        holidays, weekend = policy.calendar or ((), ())
        # 0001-01-01, ordinal 1, is a Monday.
        self.weekend = frozenset((day + 1) % WEEK for day in weekend)
        self.holidays = frozenset(day.toordinal() for day in holidays)

    def _step(self, position: int, cap: int):
        """Return what follows ``position``: the pre-due level, the later one, whether both do."""
        later = position
        while later < len(self.levels) and self.pre_due[later]:
            later += 1
        before = self._delay(position) if position < min(later, cap) else None
        after = self._delay(later) if later < min(len(self.levels), cap) else None
        return before, after, position < later

    def _delay(self, index: int):
        level = self.levels[index]
        return index, level.delay, level.min_days, level.from_month_end

    def roll(self, day: int) -> int:
        """Return ``day``, or the first working day after it; FOREVER + 1 if there is none."""
        if day % WEEK not in self.weekend and day not in self.holidays:
            return day
        if len(self.weekend) >= WEEK:
            return FOREVER + 1
        while day % WEEK in self.weekend or day in self.holidays:
            day += 1
        return day

    def level_done(self, items: Iterable[Item]) -> int | None:
        """Return the highest level done for any of ``items``, by its position in this plan."""
        passed = [
            (self.positions[item.level], item.level)
            for item in items
            if item.level is not None and self.positions.get(item.level)
        ]
        return max(passed)[1] if passed else None

    def spans(self, items: Iterable[Item]) -> list[Span]:
        """Return the spans of ``items`` as their done levels stand."""
        spans: list[Span] = []
        for index, item in enumerate(items):
            level, done_on = item.level, item.level_date
            if level is None:
                self.add_spans(spans, index, item.due, 0, None)
            else:
                done = done_on.toordinal() if done_on is not None else None
                self.add_spans(spans, index, item.due, self.positions.get(level, 0), done)
        return spans

    def add_spans(self, spans: list[Span], index: int, due: date, position: int, done: int | None):
        """Add to ``spans`` those of an item at ``position``, its last level done on ``done``."""
        before, after, passed_over = self.steps[position]
        last = due.toordinal()
        if before is not None:
            level, delay, min_days, from_end = before
            start = (month_end(due) if from_end else last) + delay
            if done is not None and start < done + min_days:
                start = done + min_days
            if start <= last:
                spans.append((start, last, level, index))
        if after is not None:
            level, delay, min_days, from_end = after
            start = (month_end(due) if from_end else last) + delay
            if done is not None and start < done + min_days:
                start = done + min_days
            if passed_over and start <= last:
                start = last + 1
            if start <= FOREVER:
                spans.append((start, FOREVER, level, index))

    def message_level(self, totals: Mapping[int, Decimal], gross: Decimal) -> int | None:
        """Return the highest level that passes its thresholds.

        ``totals`` gives, by due level, what is claimable of the items it is due for.
        """
        every = late = ZERO
        for index in sorted(totals, reverse=True):
            level, total = self.levels[index], totals[index]
            if not total:
                continue
            every += total
            if not self.pre_due[index]:
                late += total
            weight = every if self.pre_due[index] else late
            if weight >= level.amount_min and weight * 100 >= level.share_min * gross:
                return index
        return None


_plans: dict[int, Plan] = {}


def plan_of(policy: Policy) -> Plan:
    """Return ``policy`` made ready; the last ones are kept, a night has few of them."""
    plan = _plans.get(id(policy))
    if plan is None:
        if len(_plans) >= KEPT:
            _plans.clear()
        plan = _plans[id(policy)] = Plan(policy)
    return plan
