"""Two years of events of a customer, decided day by day or by the next dates alone."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from ledger import after, days
from random_ledger import picked

from relance_progressive.core.decision.decide import decide
from relance_progressive.core.decision.facts import AccountFacts, Credit, Hold, Item

KINDS = ["invoice", "payment", "unallocated", "allocated", "hold", "released"]


START = date(2026, 1, 1)


TWO_YEARS = 730


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
