"""Traps that other dunning programs fall into, one test each (a to l)."""

from decimal import Decimal

from ledger import (
    FIRM,
    FORMAL,
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
    days,
    held,
    later,
    owed,
    play,
)

from relance_progressive.core.decision.decide import decide
from relance_progressive.core.decision.facts import AccountFacts, Credit, Item, Level, Policy


def test_trap_a_one_of_two_instalments_paid_leaves_the_other_open():
    first, second = owed(1, late=30), owed(2, late=5)
    assert claimed(decide(account(first, second), PLAN, TODAY)) == {1: 100, 2: 100}
    assert claimed(decide(account(second), PLAN, TODAY)) == {2: 100}
    assert claimed(decide(account(first), PLAN, TODAY)) == {1: 100}


def test_trap_b_level_two_waits_after_a_late_level_one():
    policy = Policy((Level(1, 3), Level(2, 10, min_days=7)))
    facts = AccountFacts((Item(1, ago(9), Decimal(100)),))  # level 2 is due tomorrow by its delay
    first = decide(facts, policy, TODAY)
    assert (first.level, first.next_date) == (1, later(7))
    assert [(day, d.level) for day, d in play(facts, policy, TODAY, 60)] == [
        (TODAY, 1),
        (later(7), 2),
    ]


def test_trap_b_the_spacing_holds_level_two_back_when_it_has_no_minimum():
    policy = Policy((Level(1, 3), Level(2, 10)), spacing=5)
    decision = decide(account(owed(1, late=10)), policy, TODAY)
    assert (decision.level, decision.next_date, decision.check_date) == (1, later(5), later(5))


def test_trap_c_a_missed_run_is_caught_up_once():
    facts = account(owed(1, late=5))  # was due two days ago
    first = decide(facts, PLAN, TODAY)
    assert first.level == FRIENDLY
    again = after(facts, first, TODAY)
    assert not decide(again, PLAN, TODAY).send
    assert not decide(again, PLAN, later(1)).send


def test_trap_c_a_missed_week_gives_one_message_not_seven():
    due_each_day = AccountFacts(tuple(Item(n, day, Decimal(100)) for n, day in enumerate(days(ago(9), 7))))
    contacts = play(due_each_day, PLAN, TODAY, 5)
    assert [day for day, _ in contacts] == [TODAY]
    assert len(advanced(contacts[0][1])) == 7


def test_trap_d_five_days_before_means_from_then_to_the_due_date():
    levels_by_day = {left: decide(account(owed(1, late=-left)), PLAN, TODAY).level for left in range(-2, 8)}
    assert levels_by_day == {7: None, 6: None, **dict.fromkeys(range(6), NOTICE), -1: None, -2: None}


def test_trap_e_a_promise_on_one_invoice_does_not_silence_the_others():
    facts = account(owed(1, late=30), owed(2, late=20), holds=[held("promise", 1, until=15)], contact=9)
    assert claimed(decide(facts, PLAN, TODAY)) == {2: 100}


def test_trap_f_a_payment_plan_is_chased_on_its_own_dates():
    """An instalment of a plan is held until the day promised for it, not since the due date."""
    facts = account(
        owed(1, late=60, amount=300),
        holds=[
            held("plan", 1, amount=100, until=-1),  # broken yesterday
            held("plan", 1, amount=100, until=29),
            held("plan", 1, amount=100, until=59),
        ],
    )
    assert claimed(decide(facts, PLAN, TODAY)) == {1: 100}
    assert claimed(decide(facts, PLAN, later(30))) == {1: 200}
    running = facts._replace(holds=facts.holds[1:] + (held("plan", 1, amount=100, until=5),))
    assert decide(running, PLAN, TODAY).next_date == later(6)


def test_trap_g_a_disputed_customer_is_not_chased():
    decision = decide(account(owed(1, late=30), holds=[held("dispute")]), PLAN, TODAY)
    assert (decision.send, decision.next_date, codes(decision)) == (False, None, ["hold_dispute"])


def test_trap_h_a_bounce_stops_the_level_from_counting():
    """The level was undone: the same one is due again, after the spacing, not the next one."""
    undone = account(owed(1, late=12), contact=2)
    decision = decide(undone, PLAN, TODAY)
    assert (decision.next_date, decision.next_level) == (later(3), FRIENDLY)
    undone_once = account(owed(1, late=22, level=FRIENDLY, done=12), contact=5)
    assert decide(undone_once, PLAN, TODAY).level == SECOND


def test_trap_h_a_failed_message_does_not_escalate():
    decision = decide(account(owed(1, late=40), pending="failed"), PLAN, TODAY)
    assert (decision.send, decision.next_date, codes(decision)) == (False, None, ["failed"])


def test_trap_i_an_unknown_outcome_is_never_tried_again_by_itself():
    facts = account(owed(1, late=12), pending="uncertain")
    assert not any(decide(facts, PLAN, day).send for day in days(TODAY, 400))
    assert decide(facts, PLAN, TODAY).next_date is None


def test_trap_j_a_small_remainder_never_gets_a_formal_notice():
    by_amount = account(owed(1, late=300, amount=49, level=FIRM, done=100))
    by_share = account(owed(1, late=300, amount=99, level=FIRM, done=100), owed(2, late=-300, amount=901))
    for facts in (by_amount, by_share):
        decision = decide(facts, PLAN, TODAY)
        assert decision.level != FORMAL
        assert codes(decision)[0] == "below_threshold"
    assert not any(decide(by_amount, PLAN, day).send for day in days(TODAY, 400))


def test_trap_k_an_unallocated_payment_that_covers_the_debt_stops_the_letter():
    decision = decide(account(owed(1, late=30), money=100), PLAN, TODAY)
    assert (decision.send, decision.next_date, codes(decision)) == (False, None, ["covered"])
    assert decide(account(owed(1, late=30), money=99), PLAN, TODAY).send


def test_trap_k_a_credit_note_larger_than_the_debt():
    facts = account(owed(1, late=30))._replace(credits=(Credit("credit_note", Decimal(150)),))
    decision = decide(facts, PLAN, TODAY)
    assert (decision.send, decision.due, decision.overdue, decision.covered) == (False, 0, 0, 100)


def test_trap_l_a_claim_that_is_reopened_goes_on_where_it_was():
    facts = account(owed(1, late=12, level=FRIENDLY, done=9))
    paid = facts._replace(items=())
    assert codes(decide(paid, PLAN, TODAY)) == ["nothing_open"]
    assert decide(facts, PLAN, TODAY).level == SECOND  # not FRIENDLY once more


def test_trap_l_a_promise_ends_on_its_date_whether_the_claim_was_closed_meanwhile_or_not():
    facts = account(owed(1, late=12), holds=[held("promise", 1, until=10)])
    closed = facts._replace(items=())
    assert decide(closed, PLAN, later(2)).check_date is None
    assert decide(facts, PLAN, later(5)).next_date == later(11)


def test_trap_of_the_last_row_that_alone_decides():
    """The order of items is nothing: the last one must not decide for all."""
    items = (owed(1, late=40, level=FIRM, done=20), owed(2, late=-20), owed(3, late=4))
    assert decide(account(*items), PLAN, TODAY) == decide(account(*items[::-1]), PLAN, TODAY)
    assert decide(account(*items), PLAN, TODAY).level == FORMAL
