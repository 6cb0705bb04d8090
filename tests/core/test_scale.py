"""Large accounts and odd dates: slow or broken data of one customer must not stop the others."""

from datetime import date
from decimal import Decimal
from time import perf_counter

import pytest
from ledger import FORMAL, PLAN, TODAY, WORKDAYS, account, codes, held, later, owed

from relance_progressive.core.decision.decide import decide
from relance_progressive.core.decision.facts import AccountFacts, Credit, Hold, Item, Level, Policy

MANY = 5000
OUT_OF_REACH = Decimal(10**9)
ITEMS = tuple(owed(number, late=number % 700 - 90) for number in range(MANY))
DONE = tuple(item._replace(level=FORMAL, level_date=item.due) for item in ITEMS)
BLOCKED = Policy((Level(1, -5, amount_min=OUT_OF_REACH), Level(2, 3, amount_min=OUT_OF_REACH)))
PROMISES = tuple(Hold("promise", item.id, None, later(item.id % 300)) for item in ITEMS)


@pytest.mark.parametrize(
    ("facts", "policy"),
    [
        (AccountFacts(ITEMS), PLAN),
        (AccountFacts(DONE), PLAN),
        (AccountFacts(ITEMS), BLOCKED),
        (AccountFacts(ITEMS, credits=(Credit("payment", OUT_OF_REACH),)), PLAN),
        (AccountFacts(ITEMS, holds=PROMISES), PLAN),
    ],
    ids=["first day", "finished", "below threshold", "covered", "a promise each"],
)
def test_five_thousand_items_take_no_quadratic_time(facts, policy):
    """About 20 ms each here; anything quadratic takes many seconds."""
    started = perf_counter()
    assert decide(facts, policy._replace(calendar=WORKDAYS), TODAY).reasons
    assert perf_counter() - started < 1


def test_the_last_day_of_all_is_no_obstacle():
    """People type 31/12/9999 for "never"."""
    never = Item(1, date.max, Decimal(100))
    facts = account(never, owed(2, late=4), holds=[Hold("pause", 2, None, date.max)])
    decision = decide(facts, PLAN, TODAY)
    assert (decision.send, decision.due, decision.overdue) == (False, 200, 100)
    assert decision.next_date == date(9999, 12, 26)  # the notice, 5 days before
    without_notice = decide(account(never), PLAN._replace(levels=PLAN.levels[1:]), TODAY)
    assert (without_notice.next_date, without_notice.check_date) == (None, None)
    assert codes(without_notice) == ["plan_finished"]


def test_the_first_days_of_all_are_no_obstacle():
    assert decide(account(Item(1, date.min, Decimal(1))), PLAN, TODAY).send


def test_an_amount_of_zero_or_less_is_nothing_open():
    decision = decide(account(owed(1, late=9, amount=0), owed(2, late=9, amount=-5)), PLAN, TODAY)
    assert (codes(decision), decision.due) == (["nothing_open"], 0)
    assert decide(account(owed(1, late=9, amount=0), owed(2, late=9)), PLAN, TODAY).due == 100


def test_a_hold_larger_than_its_item_holds_no_more_than_it():
    facts = account(owed(1, late=9), owed(2, late=9), holds=[held("dispute", 1, amount=500)])
    assert [line.item for line in decide(facts, PLAN, TODAY).lines] == [2]


def test_a_hold_of_an_item_that_is_gone_is_nothing():
    decision = decide(account(owed(1, late=9), holds=[held("dispute", 7, until=1)]), PLAN, TODAY)
    assert codes(decision) == ["level_due"]
