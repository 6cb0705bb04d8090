"""The reasons of a decision, the most decisive first."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from . import reasons as codes
from .claims import held_amount, is_active
from .facts import ZERO, AccountFacts, Credit, Hold, Item, Reason, Source
from .schedule import FOREVER, Plan, Span

PENDING_CODES = {"failed": codes.FAILED, "uncertain": codes.UNCERTAIN}

# What was in the way comes first, then what has a date, then what money or people hold back.
RANKS = (
    codes.PENDING, codes.FAILED, codes.UNCERTAIN, codes.NO_PLAN, codes.NO_LEVELS,
    codes.NOTICE_WAITS, codes.NOTICE_RUNS, codes.FIRMER,
    codes.SPACING, codes.NOT_WORKING_DAY, codes.BELOW_THRESHOLD, codes.BELOW_TOLERANCE, codes.WAITING,
    *(codes.HOLD_PREFIX + reason for reason in codes.HOLD_REASONS if reason != "notice"),
    codes.COVERED, codes.EXCLUDED_BLOCKED, codes.EXCLUDED_NO_FOLLOWUP,
    codes.EXCLUDED_IN_PAYMENT, codes.PLAN_FINISHED, codes.NOT_DUE,
)  # fmt: skip


def _contested_first(hold: Hold):
    """Return the order in which holds share an item; it depends on nothing but the holds.

    What a customer contests is not promised as well, and what is promised waits for nobody's decision.
    """
    return (
        hold.reason != "insolvency",  # what the law forbids to claim comes before all others
        hold.reason != "dispute",
        hold.reason in {"costs", "decision", "notice"},
        hold.reason,
        hold.until or date.max,
        hold.named or date.max,
        hold.amount is None,
        hold.amount or ZERO,
        hold.since or date.max,
    )


class Tally:
    """Reasons being gathered: one of a code, its amounts and counts added up."""

    def __init__(self):
        self._found: dict[str, list] = {}
        self._sources: dict[str, Source] = {}

    def add(self, code: str, until: date | None, amount: Decimal | None, count: int | None):
        """Count ``amount`` for ``code``; the earliest ``until`` is kept."""
        known = self._found.get(code)
        if known is None:
            self._found[code] = [code, until, amount, count]
            return
        if until is not None and (known[1] is None or until < known[1]):
            known[1] = until
        known[2] += amount
        known[3] += count

    def cause(self, code: str, until: date | None = None):
        """Name ``code`` without figures."""
        self._found[code] = [code, until, None, None]

    def reasons(self, *leading: str) -> tuple[Reason, ...]:
        """Return the reasons, those of the codes ``leading`` before the others."""
        found = self._found
        if len(found) == 1:
            return tuple(Reason._make(reason) for reason in found.values())
        ranked = [found.pop(code) for code in (*leading, *RANKS) if code in found]
        return tuple(Reason._make(reason) for reason in (*ranked, *sorted(found.values())))

    @property
    def sources(self) -> tuple[Source, ...]:
        """Return where the reasons come from, as far as it is known."""
        return tuple(self._sources.values())

    def add_idle(self, facts: AccountFacts, items: Sequence[Item], covers, today: date):
        """Count what is held, covered or excluded ``today``."""
        if facts.holds:
            self._add_holds(facts, items, today)
        if covers is not None:
            covered = [cover for cover in covers if cover]
            if covered:
                self.add(codes.COVERED, None, sum(covered), len(covered))
                self._name_largest(facts.credits)
        for item in items:
            if item.excluded:
                self.add(item.excluded, None, item.amount, 1)

    def _add_holds(self, facts: AccountFacts, items: Sequence[Item], today: date):
        """Count what each active hold takes out; what a customer contests is not promised as well."""
        by_id = {item.id: item for item in items}
        left = {item.id: item.amount for item in items}  # to the holds of single items, so that they never exceed it
        active = [hold for hold in facts.holds if is_active(hold, today)]
        for hold in sorted(active, key=_contested_first):
            of_hold = items if hold.item is None else filter(None, [by_id.get(hold.item)])
            held = [amount for item in of_hold if (amount := held_amount(hold, item))]
            if hold.item is not None:
                held = [amount for amount in (min(amount, left[hold.item]) for amount in held) if amount]
                left[hold.item] = left.get(hold.item, ZERO) - sum(held, ZERO)
            if held:
                code = codes.HOLD_PREFIX + hold.reason
                self.add(code, hold.named or hold.until, sum(held), len(held))
                if hold.since is not None:
                    self._sources.setdefault(code, Source(code, hold.since))

    def _name_largest(self, credits: Sequence[Credit]):
        """Note the largest of ``credits``; of equal ones the oldest, whatever their order."""
        largest = min(credits, key=lambda credit: (-credit.amount, credit.day or date.max, credit.kind))
        if largest.day is not None:
            self._sources[codes.COVERED] = Source(codes.COVERED, largest.day, largest.kind, len(credits) - 1)

    def add_waiting(self, items: Sequence[Item], claims, spans: Sequence[Span], day: int):
        """Count the claimable items whose next level is not due on ``day``, or who have none."""
        known = set()
        for start, last, _level, index in spans:  # in the order of time for each item
            if last >= day and claims[index] and index not in known:
                known.add(index)
                if start > day:
                    code = codes.NOT_DUE if items[index].level is None else codes.WAITING
                    self.add(code, date.fromordinal(start), claims[index], 1)
        if len(known) < len(items):
            for index, amount in enumerate(claims):
                if amount and index not in known:
                    self.add(codes.PLAN_FINISHED, None, amount, 1)

    def add_never(
        self, plan: Plan, facts: AccountFacts, items: Sequence[Item], spans: Sequence[Span], claims, covers, first: int
    ):
        """Name why no message will ever leave, ``claims`` being final from ``first`` on.

        What is counted for today stays as it is. A hold that outlasts another one of the same item is named as well.
        """
        reachable = {index for start, last, _level, index in spans if plan.roll(start) <= last >= first}
        never = Tally()
        if others := tuple(hold for hold in facts.holds if hold.reason not in {"notice", "decision", "legal"}):
            never._add_holds(facts._replace(holds=others), items, date.fromordinal(first))
        small = sum((claims[index] for index in reachable), ZERO) < plan.policy.tolerance
        too_small = codes.BELOW_TOLERANCE if small else codes.BELOW_THRESHOLD
        for index, amount in enumerate(claims):
            if amount:
                code = too_small if index in reachable else codes.PLAN_FINISHED
                never.add(code, None, amount, 1)
            elif covers is not None and covers[index]:
                never.add(codes.COVERED, None, covers[index], 1)
        if plan.roll(first) > FOREVER:
            never.cause(codes.NOT_WORKING_DAY)
        self._found = never._found | self._found
