"""When an item reaches its next level.

Days are ordinals here (``date.toordinal``): a night compares millions of them. A *span* is the
plain tuple ``(first day, last day, level, item)``: between these days, if nothing is done, the item
waits for that level; ``level`` and ``item`` are indexes. An item has at most two: the pre-due level
that comes next, up to the due date, and the first level after it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from ..plain.days import WEEK, Calendar
from .facts import STAGES, ZERO, Item, Level, Line, Policy

FOREVER = date.max.toordinal()
KEPT = 64
RANKS = {stage: rank for rank, stage in enumerate(STAGES, start=1)}  # how firm a message is, 0 for none
FIRM, FORMAL = RANKS["firm"], RANKS["formal_notice"]

Span = tuple[int, int, int, int]
# The firmest first message that may be chosen; a formal notice always follows other messages.
FIRST_STAGES = ("friendly", "firm")


def is_pre_due(level: Level) -> bool:
    """Tell whether ``level`` announces a due date instead of claiming a late payment."""
    return level.stage == "pre_due" or level.delay < 0


def month_end(day: date) -> int:
    """Return the last day of the month of ``day``, as an ordinal."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1).toordinal() - 1


def start_of(level: Level, due: date) -> int:
    """Return the day on which an item due on ``due`` is old enough for ``level``, as an ordinal."""
    return (month_end(due) if level.from_month_end else due.toordinal()) + level.delay


def is_put_off(item: Item) -> bool:
    """Tell whether the due date of ``item`` lies later than when the last message spoke of it."""
    return item.level_due is not None and item.due > item.level_due


class Plan:
    """A policy made ready for a night of decisions."""

    def __init__(self, policy: Policy):
        self.policy = policy  # kept alive, so that no other takes its id: see plan_of
        levels = self.levels = policy.levels
        self.pre_due = tuple(is_pre_due(level) for level in levels)
        # Position of an item by its last done level: how many levels it has passed.
        self.positions = {level: max(0, min(count, len(levels))) for level, count in policy.passed.items()}
        self.positions.update((level.id, index + 1) for index, level in enumerate(levels))
        self.cap = len(levels) if policy.cap is None else policy.cap
        self.ranks = tuple(1 if is_pre_due(level) else RANKS[level.stage] for level in levels)
        self._ranks = {level.id: rank for level, rank in zip(levels, self.ranks, strict=True)}
        self.steps = tuple(self._step(position) for position in range(len(levels) + 1))
        holidays, weekend = policy.calendar or ((), ())
        # 0001-01-01, ordinal 1, is a Monday.
        self.weekend = frozenset((day + 1) % WEEK for day in weekend)
        self.holidays = frozenset(day.toordinal() for day in holidays)
        self._waits: dict[int, int] = {}

    def _step(self, position: int):
        """Return what follows ``position``: the pre-due level, the later one, whether both do."""
        later = position
        while later < len(self.levels) and self.pre_due[later]:
            later += 1
        before = self._delay(position) if position < later else None
        after = self._delay(later) if later < len(self.levels) else None
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
        passed = []
        for item in items:
            if item.level is not None and (kept := self.position_of(item)):
                own = item.level if kept == self.positions[item.level] else self.levels[kept - 1].id
                passed.append((kept, own))
        return max(passed)[1] if passed else None

    def last_wait(self, last: int) -> int:
        """Return the last day on which a notice waits for a decision, ``last`` being its last day to pay."""
        if len(self.weekend) >= WEEK:
            return last
        if last not in self._waits:
            calendar, day, passed = self.policy.calendar or Calendar(), date.fromordinal(last), 0
            while passed <= self.policy.patience and day < date.max:
                day += timedelta(days=1)
                passed += calendar.is_open(day)
            self._waits[last] = day.toordinal() - 1
        return self._waits[last]

    def position_of(self, item: Item) -> int:
        """Return how many levels ``item`` has passed: fewer than it had once its due date was put off.

        It goes back to the level that the new date allowed on the day of its last one, to none if that date lay ahead.
        What would be due again before the spacing of contacts is over was not said too early: it is not said twice.
        """
        position = self.positions.get(item.level, 0)
        if not is_put_off(item):
            return position
        if item.level_date is None or item.due > item.level_date:
            return 0
        day = item.level_date.toordinal() + self.policy.spacing
        return sum(start_of(level, item.due) <= day for level in self.levels[:position])

    def rank_of(self, item: Item) -> int:
        """Return how firm the messages about ``item`` have been, as far as they still count."""
        if is_put_off(item):
            kept = self.position_of(item)
            done = self.ranks[kept - 1] if kept else 0
        else:
            done = self.rank_done(item.level)
        claimed = item.stage and (item.stage_due is None or item.due <= item.stage_due)
        return max(done, RANKS[item.stage]) if claimed else done

    def rank_done(self, level: int | None) -> int:
        """Return how firm the level of an item is, by its id: 0 for none, or for one of another plan."""
        return self._ranks.get(level, 0)

    def told(self, item: Item, line: Line, level: int, today: date) -> Item:
        """Return ``item`` once a message of ``level`` (an index) that shows ``line`` is done."""
        rank = 1 if line.upcoming else self.ranks[level]
        if item.stage and (item.stage_due is None or item.due <= item.stage_due):
            rank = max(rank, RANKS[item.stage])
        done = (item.level, item.level_date, item.level_due) if line.level is None else (line.level, today, item.due)
        return Item(
            item.id, item.due, item.amount, done[0], done[1], item.excluded, item.known, done[2],
            STAGES[rank - 1], item.due, item.currency, item.own,
        )  # fmt: skip

    def deadline(self, level: int) -> int:
        """Return the days to pay that a level gives, by its id."""
        return next((own.deadline for own in self.levels if own.id == level), Level._field_defaults["deadline"])

    def lift(self, level: int, rank: int, done: Iterable[int]) -> int:
        """Return the level whose text is as firm as ``rank``: the last one of it that is ``done``, else the first.

        Indexes; a plan without such a level speaks as firmly as it can.
        """
        if self.ranks[level] >= rank:
            return level
        firmest = max((own for own in self.ranks if own <= rank), default=0)
        if firmest <= self.ranks[level]:
            return level
        found = [index for index, own in enumerate(self.ranks) if own == firmest]
        return max(set(found).intersection(done), default=found[0])

    def spans(self, items: Iterable[Item]) -> list[Span]:
        """Return the spans of ``items`` as their done levels stand."""
        spans: list[Span] = []
        for index, item in enumerate(items):
            if item.level is None:
                self.add_spans(spans, index, item, 0, None)
            else:
                done = item.level_date.toordinal() if item.level_date is not None else None
                self.add_spans(spans, index, item, self.position_of(item), done)
        return spans

    def add_spans(self, spans: list[Span], index: int, item: Item, position: int, done: int | None):
        """Add to ``spans`` those of an item at ``position``, its last level done on ``done``.

        The customer must have had the invoice: the delays count from the later of the due date and that day.
        """
        before, after, passed_over = self.steps[position]
        due = item.due
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
            base = due if item.known is None or item.known <= due else item.known
            start = (month_end(base) if from_end else base.toordinal()) + delay
            if done is not None and start < done + min_days:
                start = done + min_days
            if passed_over and start <= last:
                start = last + 1
            if start <= FOREVER:
                spans.append((start, FOREVER, level, index))

    def message_level(self, totals: Mapping[int, Decimal], gross: Decimal) -> int | None:
        """Return the highest level up to the cap that passes its thresholds.

        ``totals`` gives, by due level, what is claimable of the items it is due for. What is due for a level above the
        cap weighs all the same: a reminder that is decided again weighs what it weighed when it was prepared.
        """
        if sum(totals.values()) < self.policy.tolerance:
            return None
        every = late = ZERO
        for index in sorted(totals, reverse=True):
            level, total = self.levels[index], totals[index]
            if not total:
                continue
            every += total
            if not self.pre_due[index]:
                late += total
            if index >= self.cap:
                continue
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


class Start(NamedTuple):
    """The level of the first message about an item, and the level that counts as done before it."""

    level: int
    done: int | None = None
    done_on: date | None = None


def start(levels: Sequence[Level], due: date, today: date, firmest: str) -> Start | None:
    """Return where an item due on ``due`` starts, or None when no level is reached yet.

    :param firmest: the firmest stage of the first message, one of ``FIRST_STAGES``

    >>> plan = [Level(1, 3), Level(2, 10, stage="firm"), Level(3, 30, stage="formal_notice")]
    >>> start(plan, date(2026, 1, 1), date(2026, 3, 2), "firm")
    Start(level=2, done=1, done_on=datetime.date(2026, 1, 4))
    """
    allowed = FIRST_STAGES[: FIRST_STAGES.index(firmest) + 1]
    before, found = None, None
    for level in levels:
        if is_pre_due(level):
            continue
        if level.stage not in allowed or start_of(level, due) > today.toordinal():
            break
        before, found = found, level
    if found is None:
        return None
    if before is None:
        return Start(found.id)
    return Start(found.id, before.id, date.fromordinal(start_of(before, due)))
