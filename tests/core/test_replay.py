"""Two years of an account, day by day: payments and holds come when they like."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import given, settings
from ledger import after, days
from random_ledger import FRIDAYS_OFF, picked, policies

from relance_progressive.core.decision.decide import decide
from relance_progressive.core.decision.facts import AccountFacts, Credit, Hold, Item
from relance_progressive.core.decision.schedule import is_pre_due

KINDS = ["invoice", "payment", "unallocated", "allocated", "hold", "released"]
START = date(2026, 1, 1)
TWO_YEARS = 730
fewer = settings(max_examples=settings.default.max_examples // 3)  # each is worth 730 decisions


@dataclass(frozen=True)
class Event:
    """What happens on a day, before the run."""

    day: int
    kind: str
    item: int
    amount: Decimal
    term: int

    def apply(self, facts: AccountFacts) -> AccountFacts:
        """Return the facts after it."""
        today = START + timedelta(self.day)
        known = [item for item in facts.items if item.id == self.item]
        if self.kind == "invoice" and not known:
            return facts._replace(items=(*facts.items, Item(self.item, today + timedelta(self.term), self.amount)))
        if self.kind == "payment":
            items = (item._replace(amount=item.amount - self.amount) if item in known else item for item in facts.items)
            return facts._replace(items=tuple(item for item in items if item.amount > 0))
        if self.kind == "unallocated":
            return facts._replace(credits=(Credit("payment", self.amount),))
        if self.kind == "allocated":
            return facts._replace(credits=())
        if self.kind == "hold":
            until = today + timedelta(self.term) if self.term < 45 else None
            return facts._replace(holds=(*facts.holds, Hold("promise", self.item, None, until)))
        if self.kind == "released":
            return facts._replace(holds=())
        return facts


def an_event(pick, kinds) -> Event:
    """Pick an event of one of ``kinds``."""
    return Event(pick(0, 400), kinds[pick(0, len(kinds) - 1)], pick(1, 9), Decimal(pick(1, 12)), pick(0, 60))


def some_events(pick) -> list[Event]:
    """Pick invoices and what happens to them, in the order of time."""
    invoices = [an_event(pick, ["invoice"]) for _ in range(pick(1, 9))]
    others = [an_event(pick, KINDS) for _ in range(pick(0, 12))]
    return sorted(invoices + others, key=lambda event: event.day)


events = picked(some_events)


def happen(facts, happening, day):
    """Return the facts after all events of ``day``."""
    for event in happening:
        if event.day == day:
            facts = event.apply(facts)
    return facts


def day_by_day(policy, happening):
    """Run every night; return [(day, facts, decision)] of the contacts."""
    facts, contacts = AccountFacts(()), []
    for number, today in enumerate(days(START, TWO_YEARS)):
        facts = happen(facts, happening, number)
        decision = decide(facts, policy, today)
        if decision.send:
            contacts.append((today, facts, decision))
            facts = after(facts, decision, today, policy)
    return contacts


def by_next_dates(policy, happening):
    """Look only when something happened and on the day told before; return the same."""
    facts, contacts = AccountFacts(()), []
    waiting = sorted({event.day for event in happening})
    while waiting:
        number = waiting.pop(0)
        today = START + timedelta(number)
        facts = happen(facts, happening, number)
        decision = decide(facts, policy, today)
        while True:
            if decision.send:
                contacts.append((today, facts, decision))
                facts = after(facts, decision, today, policy)
            end = START + timedelta(waiting[0] if waiting else TWO_YEARS)
            if not decision.next_date or decision.next_date >= end:
                break
            today, told = decision.next_date, decision.next_level
            decision = decide(facts, policy, today)
            assert (decision.send, decision.level) == (True, told)
    return contacts


@fewer
@given(policies, events)
def test_two_years_day_by_day_equal_the_closed_form(policy, happening):
    assert day_by_day(policy, happening) == by_next_dates(policy, happening)


@fewer
@given(policies, events)
def test_in_two_years_no_two_contacts_are_closer_than_the_spacing(policy, happening):
    sent = [day for day, _, _ in day_by_day(policy, happening)]
    for first, second in pairwise(sent):
        assert (second - first).days >= max(1, policy.spacing)


@fewer
@given(policies, events)
def test_in_two_years_every_item_goes_through_the_plan_in_order(policy, happening):
    """No level twice, none skipped but notices whose time was past."""
    reached: dict[int, list[int]] = {}
    for day, facts, decision in day_by_day(policy, happening):
        due = {item.id: item.due for item in facts.items}
        levels = {item.id: item.level for item in facts.items}
        for line in decision.lines:
            if line.level is None:
                continue
            own = [] if levels[line.item] is None else reached[line.item, due[line.item]]
            reached[line.item, due[line.item]] = own + [line.level]
            if line.upcoming:
                assert day <= due[line.item]
    for own in reached.values():
        assert own == sorted(set(own))
        skipped = set(range(1, own[-1])) - set(own)
        assert all(is_pre_due(policy.levels[number - 1]) for number in skipped)


@fewer
@given(policies, events)
def test_in_two_years_nothing_leaves_on_a_day_off(policy, happening):
    policy = policy._replace(calendar=FRIDAYS_OFF)
    assert all(day.weekday() != 4 for day, _, _ in day_by_day(policy, happening))


@fewer
@given(policies, events)
def test_in_two_years_nothing_paid_held_or_covered_is_claimed(policy, happening):
    for day, facts, decision in day_by_day(policy, happening):
        open_amounts = {item.id: item.amount for item in facts.items}
        held = {hold.item for hold in facts.holds if hold.until is None or hold.until >= day}
        total = sum(line.amount for line in decision.lines)
        free = sum(amount for item, amount in open_amounts.items() if item not in held)
        money = sum(credit.amount for credit in facts.credits)
        assert all(line.amount <= open_amounts[line.item] for line in decision.lines)
        assert not held & {line.item for line in decision.lines}
        assert total <= free - money or not decision.lines
