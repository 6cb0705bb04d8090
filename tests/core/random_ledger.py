"""Random plans and accounts. Numbers are small, so that examples collide: same days, full covers.

Each is built by a function that asks ``pick(low, high)`` for every number. Half of the examples pick
evenly, from a seed, which is fast and reaches odd corners; the others let hypothesis pick, which
finds the smallest example once there is one.
"""

from decimal import Decimal
from random import Random

from hypothesis import strategies as st
from ledger import WORKDAYS, ago, later, owed

from relance_progressive.core.decision.facts import STAGES, AccountFacts, Credit, Hold, Level, Policy
from relance_progressive.core.plain.days import Calendar

FRIDAYS_OFF = Calendar(frozenset(), (4,))
CALENDARS = (None, WORKDAYS, FRIDAYS_OFF)
ELSEWHERE, FORGOTTEN = 90, 91  # levels of another plan, mapped and not mapped to this one
LEVELS_DONE = (None, None, None, None, 1, 2, 3, 4, ELSEWHERE, FORGOTTEN)
MOST_ITEMS = 5

numbers = {}


def picked(build):
    """Return the strategy of what ``build(pick)`` gives."""

    def drawn(draw):
        return build(lambda low, high: draw(numbers.setdefault((low, high), st.integers(low, high))))

    return st.integers(0, 2**32).map(lambda seed: build(Random(seed).randint)) | st.composite(drawn)()


def amount(pick) -> Decimal:
    """Pick an amount, mostly small and round."""
    return Decimal(pick(1, 9999)) / 100 if pick(0, 3) == 2 else Decimal(pick(1, 12))


def levels(pick, shares: bool):
    """Pick the levels of a plan: notices first, delays that never decrease, perhaps thresholds."""
    notices = sorted(pick(-12, 0) for _ in range(pick(0, 2)))
    others = sorted(pick(0, 40) for _ in range(pick(0 if notices else 1, 4)))
    stages = sorted((STAGES[pick(1, 3)] for _ in others), key=STAGES.index)
    if pick(0, 5) == 3:
        stages.reverse()  # nobody keeps a person from making such a plan
    steps = zip(notices + others, ["pre_due"] * len(notices) + stages, strict=True)
    for number, (delay, stage) in enumerate(steps, start=1):
        yield Level(
            id=number,
            delay=delay,
            min_days=pick(0, 12),
            stage=stage,
            amount_min=Decimal(pick(0, 25) if pick(0, 3) == 2 else 0),
            share_min=Decimal(pick(0, 100) if shares and pick(0, 3) == 2 else 0),
            approval=pick(0, 1) == 1,
            from_month_end=pick(0, 6) == 3,
            deadline=pick(0, 12),
        )


def policy(pick, shares=True) -> Policy:
    """Pick a plan, its spacing, calendar and cap, and what a level of another plan stands for."""
    return Policy(
        levels=tuple(levels(pick, shares)),
        spacing=pick(0, 9),
        calendar=CALENDARS[pick(0, 2)],
        passed={ELSEWHERE: pick(0, 6)},
        cap=pick(0, 5) if pick(0, 6) == 3 else None,
        tolerance=Decimal(pick(0, 8) if pick(0, 3) == 2 else 0),
        patience=pick(0, 6),
    )


def item(pick, number: int):
    """Pick an item, perhaps reminded before: by this plan, another, or one that is forgotten."""
    level = LEVELS_DONE[pick(0, 9)]
    done = pick(0, 40) if level is not None and pick(0, 9) != 4 else None  # the day may be lost
    excluded = {7: "no_followup", 12: "blocked"}.get(pick(0, 19), "")
    one = owed(number, pick(-30, 60), amount(pick), level, done, excluded)
    return one._replace(
        known=ago(pick(-3, 30)) if pick(0, 3) == 2 else None,
        level_due=ago(pick(-30, 60)) if pick(0, 4) == 2 else None,
        stage_due=ago(pick(-30, 60)) if pick(0, 4) == 2 else None,
        stage=STAGES[pick(0, 3)] if level is not None and pick(0, 2) or pick(0, 9) == 4 else "",
    )


def hold(pick) -> Hold:
    """Pick a hold of an item, of one that is gone, or of the account."""
    number = None if pick(0, 9) == 4 else pick(1, MOST_ITEMS + 1)
    part = amount(pick) if number and pick(0, 1) else None
    until = later(pick(-3, 25)) if pick(0, 2) else None
    if number and pick(0, 3) == 2:
        reason = ("notice", "decision", "legal")[pick(0, 2)]
        return Hold(reason, number, None, until if reason != "legal" else None, since=ago(pick(0, 60)))
    return Hold(("pause", "promise", "dispute")[pick(0, 2)], number, part, until)


def account(pick, pending=True) -> AccountFacts:
    """Pick an account: items, money on its way, holds, the last contact."""
    state = {5: "draft", 12: "failed"}.get(pick(0, 19), "") if pending else ""
    return AccountFacts(
        items=tuple(item(pick, number) for number in range(1, (pick(0, MOST_ITEMS + 1) or 3))),
        credits=tuple(Credit("payment", amount(pick)) for _ in range(max(0, pick(-2, 2)))),
        holds=tuple(hold(pick) for _ in range(max(0, pick(-3, 4)))),
        last_contact=ago(pick(0, 12)) if pick(0, 2) else None,
        pending=state,
    )


def abroad(pick, document):
    """Give a document, perhaps, a currency of its own and an amount in it, at a rate of its own."""
    currency = (None, 2, 2, 3)[pick(0, 3)]
    return document if currency is None else document._replace(currency=currency, own=amount(pick))


def foreign_hold(pick, found: Hold) -> Hold:
    """Say the amount of a hold, perhaps, in the currency of the document as well."""
    return found if found.amount is None or pick(0, 1) else found._replace(own=amount(pick))


def foreign_account(pick) -> AccountFacts:
    """Pick an account of several currencies, with money of different days that may be meant for items."""
    facts = account(pick)
    items = tuple(abroad(pick, item) for item in facts.items)
    known = {item.id: item.currency for item in items}
    credits = []
    for credit in facts.credits:
        rates = {currency: amount(pick) for currency in (2, 3) if pick(0, 3)}
        credit = abroad(pick, credit._replace(day=ago(pick(0, 40)), rates=rates))
        if pick(0, 4) == 2:
            credit = credit._replace(meant_for=((pick(1, MOST_ITEMS), credit.own or credit.amount),))
        credits.append(credit)
    holds = tuple(foreign_hold(pick, hold) if known.get(hold.item) else hold for hold in facts.holds)
    return facts._replace(items=items, credits=tuple(credits), holds=holds)


policies = picked(policy)
policies_without_shares = picked(lambda pick: policy(pick, shares=False))
accounts = picked(account)
accounts_not_pending = picked(lambda pick: account(pick, pending=False))
foreign_accounts = picked(foreign_account)
amounts = picked(amount)
holds = picked(hold)
