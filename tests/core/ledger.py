"""Short words for the stories of these tests."""

from datetime import date, timedelta
from decimal import Decimal

from relance_progressive.core.decision.decide import decide
from relance_progressive.core.decision.facts import STAGES, AccountFacts, Credit, Hold, Item, Level, Policy
from relance_progressive.core.decision.schedule import is_pre_due
from relance_progressive.core.plain.days import Calendar, french_holidays

TODAY = date(2026, 6, 10)  # a Wednesday
HOLIDAYS = frozenset().union(*(french_holidays(year) for year in range(2025, 2030)))
WORKDAYS = Calendar(HOLIDAYS)

NOTICE, FRIENDLY, SECOND, FIRM, FORMAL = 11, 12, 13, 14, 15
LEVELS = (
    Level(NOTICE, -5, stage="pre_due"),
    Level(FRIENDLY, 3),
    Level(SECOND, 10, 6),
    Level(FIRM, 20, 8, "firm", Decimal(15)),
    Level(FORMAL, 30, 8, "formal_notice", Decimal(50), Decimal(10), approval=True),
)
PLAN = Policy(LEVELS, spacing=5)


def ago(days: int) -> date:
    """Return the day that many days before TODAY."""
    return TODAY - timedelta(days)


def later(days: int) -> date:
    """Return the day that many days after TODAY."""
    return TODAY + timedelta(days)


def owed(number: int, late: int, amount=100, level=None, done=None, excluded="") -> Item:
    """Return an item ``late`` days late; its last level was done ``done`` days ago."""
    level_date = None if done is None else ago(done)
    return Item(number, ago(late), Decimal(amount), level, level_date, excluded)


def account(*items: Item, money=0, holds=(), contact=None, pending="") -> AccountFacts:
    """Return an account with ``money`` on its way, last written to ``contact`` days ago."""
    credits = (Credit("payment", Decimal(money)),) if money else ()
    last_contact = None if contact is None else ago(contact)
    return AccountFacts(items, credits, tuple(holds), last_contact, pending)


def held(reason: str, item=None, amount=None, until=None) -> Hold:
    """Return a hold; ``until`` counts days from TODAY."""
    return Hold(reason, item, amount and Decimal(amount), None if until is None else later(until))


def claimed(decision) -> dict[int, int]:
    """Return what the message claims of each item."""
    return {line.item: line.amount for line in decision.lines}


def advanced(decision) -> dict[int, int]:
    """Return the level each item advances to."""
    return {line.item: line.level for line in decision.lines if line.level is not None}


def codes(decision) -> list[str]:
    """Return the reasons' codes, the most decisive first."""
    return [reason.code for reason in decision.reasons]


def reason(decision, code: str):
    """Return the reason of that code."""
    return next(reason for reason in decision.reasons if reason.code == code)


def after(facts: AccountFacts, decision, today: date, policy=None) -> AccountFacts:
    """Return the facts once the message of ``decision`` is done, PLAN being the policy unless another is given."""
    stage = stage_of(policy or PLAN, decision.level)
    lines = {line.item: line for line in decision.lines}
    items = tuple(_told(item, lines[item.id], stage, today) if item.id in lines else item for item in facts.items)
    return facts._replace(items=items, last_contact=today)


def stage_of(policy: Policy, number: int) -> str:
    """Return the stage of a level; one before the due date announces, whatever it is called."""
    level = policy.levels[policy.position(number) - 1]
    return "pre_due" if is_pre_due(level) else level.stage


def _told(item: Item, line, stage: str, today: date) -> Item:
    """Return an item as the database keeps it: its level, and how firmly it was claimed."""
    if line.level is not None:
        item = item._replace(level=line.level, level_date=today, level_due=item.due)
    stage = "pre_due" if line.upcoming else stage
    before = "" if item.stage_due and item.due > item.stage_due else item.stage
    return item._replace(stage_due=item.due, stage=max(before or "pre_due", stage, key=STAGES.index))


def days(first: date, count: int):
    """Give ``count`` days from ``first`` on."""
    return (first + timedelta(number) for number in range(count))


def play(facts: AccountFacts, policy: Policy, first: date, count: int):
    """Decide day by day, do what is decided; return the contacts as (day, decision)."""
    contacts = []
    for today in days(first, count):
        decision = decide(facts, policy, today)
        if decision.send:
            contacts.append((today, decision))
            facts = after(facts, decision, today, policy)
    return contacts
