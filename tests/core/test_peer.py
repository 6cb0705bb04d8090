"""Faults seen in a peer's runs, and what its tests rightly ask of any dunning program."""

from datetime import date
from decimal import Decimal

from ledger import (
    FIRM,
    FRIENDLY,
    NOTICE,
    PLAN,
    SECOND,
    TODAY,
    account,
    advanced,
    after,
    ago,
    claimed,
    codes,
    later,
    owed,
    play,
)

from relance_progressive.core.decision.decide import decide
from relance_progressive.core.decision.facts import AccountFacts, Item, Level, Policy

# === FAULTS === #


def test_fault_paid_between_the_decision_and_the_sending():
    facts = account(owed(1, late=12), owed(2, late=5))
    assert claimed(decide(facts, PLAN, TODAY)) == {1: 100, 2: 100}
    recheck = PLAN._replace(cap=PLAN.position(FRIENDLY))
    assert claimed(decide(facts._replace(items=facts.items[1:]), recheck, TODAY)) == {2: 100}
    assert not decide(facts._replace(items=()), recheck, TODAY).send


def test_fault_no_followup_is_ignored():
    decision = decide(account(owed(1, late=40, excluded="no_followup")), PLAN, TODAY)
    assert (decision.send, codes(decision)) == (False, ["no_followup"])
    both = decide(account(owed(1, late=40, excluded="no_followup"), owed(2, late=4)), PLAN, TODAY)
    assert claimed(both) == {2: 100}


def test_fault_credits_cover_the_debt_and_it_is_reminded_all_the_same():
    facts = account(owed(1, late=40, amount=60), owed(2, late=10, amount=40), money=100)
    assert not decide(facts, PLAN, TODAY).send


def test_fault_level_two_the_next_day():
    facts = account(owed(1, late=100))
    contacts = play(facts, PLAN, TODAY, 100)
    days_apart = [(day - TODAY).days for day, _ in contacts]
    assert days_apart == [0, 6, 14, 22]  # the minimum days of each level


def test_fault_several_messages_to_one_customer_on_a_day():
    facts = account(
        owed(1, late=3), owed(2, late=12, level=FRIENDLY, done=7),
        owed(3, late=22, level=SECOND, done=12), owed(4, late=-4),
    )  # fmt: skip
    decision = decide(facts, PLAN, TODAY)
    assert advanced(decision) == {1: FRIENDLY, 2: SECOND, 3: FIRM, 4: NOTICE}
    assert not decide(after(facts, decision, TODAY), PLAN, TODAY).send


def test_fault_a_second_run_on_the_same_day_doubles_the_drafts():
    prepared = account(owed(1, late=12), pending="draft")
    assert not decide(prepared, PLAN, TODAY).send


# === WHAT IS RIGHTLY ASKED === #


def test_peer_2_one_overdue_invoice_gives_exactly_one_line():
    decision = decide(account(owed(1, late=12)), PLAN, TODAY)
    assert [line.item for line in decision.lines] == [1]


def test_peer_3_successive_runs_raise_an_invoice_one_level_at_a_time():
    facts, reached = account(owed(1, late=0)), []
    for run in (0, 20, 70, 120, 170, 220):
        decision = decide(facts, PLAN, later(run))
        reached += advanced(decision).values()
        if decision.send:
            facts = after(facts, decision, later(run))
    assert reached == [level.id for level in PLAN.levels]


def test_peer_4_items_keep_their_own_level_in_a_message_of_the_highest():
    decision = decide(account(owed(1, late=21, level=SECOND, done=9), owed(2, late=4)), PLAN, TODAY)
    assert (decision.level, advanced(decision)) == (FIRM, {1: FIRM, 2: FRIENDLY})


def test_peer_5_the_first_level_does_not_depend_on_a_previous_reminder():
    policy = Policy((Level(1, 3, min_days=30),), spacing=5)
    assert decide(account(owed(1, late=3), contact=5), policy, TODAY).level == 1


def test_peer_6_the_previous_level_is_the_next_lower_one_of_the_same_policy():
    """A level of another policy counts only as the policy says."""
    other = account(owed(1, late=90, level=77, done=60))
    assert decide(other, PLAN, TODAY).level == FRIENDLY
    assert decide(other, PLAN._replace(passed={77: 2}), TODAY).level == SECOND


def test_peer_7_a_delay_counts_from_the_due_date_the_month_end_or_the_previous_reminder():
    policy = Policy((Level(1, 3), Level(2, 0, from_month_end=True), Level(3, 0, min_days=9)))
    item = Item(1, date(2026, 6, 2), Decimal(100))
    contacts = play(AccountFacts((item,)), policy, date(2026, 6, 1), 60)
    assert [(day, decision.level) for day, decision in contacts] == [
        (date(2026, 6, 5), 1),
        (date(2026, 6, 30), 2),
        (date(2026, 7, 9), 3),
    ]


def test_peer_8_a_customer_without_a_plan_is_left_alone():
    assert not decide(account(owed(1, late=90)), None, TODAY).send


def test_peer_10_an_invoice_moved_to_another_plan_goes_on_from_there():
    moved = PLAN._replace(passed={77: 3})
    item = owed(1, late=21, level=77, done=8)
    assert decide(account(item), moved, TODAY).level == FIRM
    assert not decide(account(item._replace(level_date=ago(7))), moved, TODAY).send


def test_peer_14_the_total_of_a_message_is_the_sum_of_its_lines():
    decision = decide(
        account(owed(1, late=21, amount="10.10"), owed(2, late=4, amount="0.25"), money="0.05"),
        PLAN,
        TODAY,
    )
    assert decision.reasons[0].amount == sum(claimed(decision).values()) == Decimal("10.30")


def test_peer_17_a_customer_gets_one_message_whatever_the_number_of_invoices():
    facts = account(*(owed(number, late=number % 50) for number in range(1, 200)))
    assert len(play(facts, PLAN, TODAY, 5)) == 1
