"""No step back: after a firm word none is friendlier, after a formal notice nothing softer, and nobody is forgotten."""

from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

import by_the_book
import pytest
from hypothesis import given, settings
from ledger import (
    FIRM,
    FORMAL,
    FRIENDLY,
    NOTICE,
    PLAN,
    SECOND,
    TODAY,
    WORKDAYS,
    account,
    advanced,
    after,
    ago,
    claimed,
    codes,
    held,
    later,
    owed,
    play,
    reason,
    stage_of,
)
from random_ledger import accounts_not_pending, picked, policy
from replay import day_by_day, events

from relance_progressive.core.decision import reasons
from relance_progressive.core.decision.decide import decide
from relance_progressive.core.decision.facts import STAGES, AccountFacts, Hold, Item
from relance_progressive.core.decision.firmness import LETTER_DAYS

AT_WORK = PLAN._replace(calendar=WORKDAYS)
policies = picked(policy).map(lambda one: one._replace(cap=None))
fewer = settings(max_examples=settings.default.max_examples // 3)


def firm(number, late, done=1, **more):
    """Return an item whose firm reminder was done ``done`` days ago."""
    return owed(number, late, level=FIRM, done=done, **more)._replace(stage="firm", stage_due=ago(late))


def under_notice(number, late, done, **more):
    """Return an item whose formal notice left ``done`` days ago."""
    return owed(number, late, level=FORMAL, done=done, **more)._replace(stage="formal_notice", stage_due=ago(late))


# === THE TONE === #


def test_a_new_invoice_beside_one_that_was_claimed_firmly_is_claimed_firmly():
    decision = decide(account(firm(1, late=25), owed(2, late=4), contact=5), PLAN, TODAY)
    assert (decision.level, advanced(decision)) == (FIRM, {2: FRIENDLY})
    assert claimed(decision) == {1: 100, 2: 100}


def test_once_the_firm_one_is_paid_the_account_begins_anew():
    decision = decide(account(owed(2, late=4), contact=5), PLAN, TODAY)
    assert decision.level == FRIENDLY


def test_an_item_that_a_firm_message_only_listed_was_claimed_firmly_too():
    listed = owed(2, late=11, level=FRIENDLY, done=8)._replace(stage="firm")
    assert decide(account(listed, contact=5), PLAN, TODAY).level == FIRM


def test_what_is_contested_makes_nothing_firm():
    facts = account(firm(1, late=25), owed(2, late=4), contact=5, holds=[held("dispute", 1)])
    assert decide(facts, PLAN, TODAY).level == FRIENDLY


def test_no_announcement_while_anything_is_late_at_firm():
    decision = decide(account(firm(1, late=22), owed(2, late=-3)), PLAN, TODAY)
    assert not decision.send
    assert decide(account(owed(2, late=-3)), PLAN, TODAY).level == NOTICE


def test_the_text_that_was_said_last_is_said_again():
    """Of two friendly texts the second one was heard already: an announcement does not go back to the first."""
    decision = decide(account(owed(1, late=12, level=SECOND, done=2), owed(2, late=-5)), PLAN, TODAY)
    assert decision.level == SECOND


def test_a_plan_without_a_firm_level_speaks_as_firmly_as_it_can():
    soft = PLAN._replace(levels=PLAN.levels[:3])
    facts = account(owed(1, late=25, level=99, done=9)._replace(stage="firm"), owed(2, late=4))
    assert decide(facts, soft, TODAY).level == FRIENDLY


# === A FORMAL NOTICE === #


def test_while_a_formal_notice_runs_nothing_leaves():
    facts = account(under_notice(1, late=40, done=6), owed(2, late=12), contact=6)
    decision = decide(facts, AT_WORK, TODAY)
    assert (decision.send, decision.under_notice) == (False, 100)
    assert codes(decision)[0] == "hold_notice"
    assert reason(decision, "hold_notice").until == later(2)
    assert decision.next_level == FIRM


def test_an_expired_notice_waits_some_working_days_for_a_decision():
    """Sent on 1 June, to be paid by the 9th: the five working days end on the 16th."""
    facts = account(under_notice(1, late=40, done=9), owed(2, late=12), contact=9)
    decision = decide(facts, AT_WORK, TODAY)
    assert (decision.send, codes(decision)[0]) == (False, "notice_waits")
    assert decision.next_date == reason(decision, "notice_waits").until == later(7)
    assert (decision.next_level, decision.under_notice) == (FIRM, 100)


def test_what_is_under_notice_is_told_in_the_currency_of_the_debt():
    foreign = under_notice(1, late=40, done=16)._replace(currency=7, own=Decimal("110.37"))
    decision = decide(account(foreign, under_notice(2, late=40, done=16), owed(3, late=12), contact=16), AT_WORK, TODAY)
    assert (decision.under_notice, decision.notice_in) == (200, ((7, Decimal("110.37")), (None, 100)))
    at_home = decide(account(under_notice(1, late=40, done=16), owed(2, late=12), contact=16), AT_WORK, TODAY)
    assert (at_home.under_notice, at_home.notice_in) == (100, ())


def test_then_the_others_are_reminded_again_firmly_and_the_notice_is_named():
    facts = account(under_notice(1, late=40, done=16), owed(2, late=12), contact=16)
    decision = decide(facts, AT_WORK, TODAY)
    assert (decision.level, claimed(decision), decision.under_notice) == (FIRM, {2: 100}, 100)


def test_a_notice_is_not_repeated_by_itself():
    assert not play(account(under_notice(1, late=40, done=1)), PLAN, TODAY, 200)


def test_a_letter_on_its_way_keeps_everything_back_but_not_for_ever():
    letter = Hold("notice", 1, since=ago(3))
    facts = account(under_notice(1, late=40, done=3), owed(2, late=12), holds=[letter])
    assert not decide(facts, PLAN, later(LETTER_DAYS - 3)).send
    assert decide(facts, PLAN, later(LETTER_DAYS - 2)).level == FIRM


def test_a_new_delay_silences_only_its_own_item():
    more_time = Hold("decision", 1, until=later(9))
    facts = account(under_notice(1, late=60, done=30), owed(2, late=12), holds=[more_time])
    decision = decide(facts, AT_WORK, TODAY)
    assert (decision.level, claimed(decision)) == (FIRM, {2: 100})
    waiting = decide(facts, AT_WORK, later(10))
    assert (waiting.send, codes(waiting)[0]) == (False, "notice_waits")


def test_what_is_in_litigation_is_named_and_the_others_are_reminded_firmly():
    facts = account(under_notice(1, late=60, done=30), owed(2, late=12), holds=[Hold("legal", 1)])
    decision = decide(facts, PLAN, TODAY)
    assert (decision.level, decision.under_notice) == (FIRM, 100)


def test_a_promise_of_what_is_under_notice_takes_away_the_wait_for_a_decision():
    promise = held("promise", 1, until=9)
    waiting = account(under_notice(1, late=40, done=9), owed(2, late=12), holds=[promise])
    assert decide(waiting, AT_WORK, TODAY).level == FRIENDLY
    running = account(under_notice(1, late=40, done=6), owed(2, late=12), holds=[promise])
    assert not decide(running, AT_WORK, TODAY).send


def test_a_notice_that_is_paid_keeps_nothing_back():
    facts = account(under_notice(1, late=40, done=3), owed(2, late=12), money=100)
    decision = decide(facts, PLAN, TODAY)
    assert (decision.level, decision.under_notice) == (FRIENDLY, 0)


# === DAYS === #


def test_a_due_date_put_off_beyond_the_last_reminder_starts_again():
    moved = owed(1, late=-20, level=FIRM, done=1)._replace(level_due=ago(25), stage="firm", stage_due=ago(25))
    contacts = play(account(moved), PLAN, TODAY, 60)
    assert [(day, decision.level) for day, decision in contacts][:2] == [(later(15), NOTICE), (later(23), FRIENDLY)]


def test_a_due_date_put_off_a_little_goes_back_to_the_level_that_it_allows():
    moved = owed(1, late=12, level=FIRM, done=0)._replace(level_due=ago(22), stage="firm", stage_due=ago(22))
    contacts = play(account(moved, contact=0), PLAN, TODAY, 20)
    assert [(day, decision.level) for day, decision in contacts] == [(later(8), FIRM), (later(18), FORMAL)]


def test_a_due_date_put_off_by_two_days_repeats_no_text():
    moved = owed(1, late=10, level=SECOND, done=1)._replace(level_due=ago(12), stage="friendly", stage_due=ago(12))
    contacts = play(account(moved, contact=1), PLAN, TODAY, 20)
    assert [(day, decision.level) for day, decision in contacts] == [(later(10), FIRM)]


def test_a_due_date_that_comes_earlier_changes_no_level():
    moved = owed(1, late=25, level=FIRM, done=1)._replace(level_due=ago(22), stage="firm", stage_due=ago(22))
    assert decide(account(moved), PLAN, TODAY).level_done == FIRM


def test_an_invoice_dated_back_is_reminded_some_days_after_the_customer_had_it():
    late = owed(1, late=6)._replace(known=TODAY)
    assert [day for day, _ in play(account(late), PLAN, TODAY, 8)] == [later(3)]


def test_an_invoice_that_arrived_today_is_not_listed_as_late():
    facts = account(owed(1, late=12), owed(2, late=6)._replace(known=TODAY))
    assert claimed(decide(facts, PLAN, TODAY)) == {1: 100}


@pytest.mark.parametrize(("amount", "sent"), [("0.01", False), ("0.99", False), ("1", True)])
def test_nobody_is_written_to_for_a_cent(amount, sent):
    policy = PLAN._replace(tolerance=Decimal(1))
    for late in (-3, 12):
        decision = decide(account(owed(1, late=late, amount=amount)), policy, TODAY)
        assert decision.send == sent
        assert sent or codes(decision)[0] == "below_tolerance"


# === RUN AND RECHECK === #


@given(accounts_not_pending, policies)
def test_what_the_run_prepares_is_decided_again_alike(facts, policy):
    run = decide(facts, policy, TODAY)
    if run.send:
        again = decide(facts, policy._replace(cap=policy.position(run.level)), TODAY)
        assert (again.send, again.level, again.lines) == (True, run.level, run.lines)


@given(accounts_not_pending, policies)
def test_a_reminder_that_would_be_a_step_back_by_now_does_not_leave(facts, policy):
    """It was prepared before something firmer came to light: the next run makes the right one."""
    least = by_the_book.least(facts, policy, TODAY, by_the_book.claims_of(facts, TODAY)[0])
    for level in policy.levels:
        again = decide(facts, policy._replace(cap=policy.position(level.id)), TODAY)
        if again.send:
            own = policy.levels[policy.position(again.level) - 1]
            spoken = [by_the_book.firmness(one) for one in policy.levels]
            assert by_the_book.firmness(own) >= min(least, max((rank for rank in spoken if rank < 4), default=0))


# === OVER TWO YEARS === #


@fewer
@given(policies, events)
def test_in_two_years_no_message_is_softer_than_one_before_it(policy, happening):
    """As long as something that the one before claimed is still owed and not held."""
    contacts = day_by_day(policy, happening)
    for (_, _, before), (day, facts, now) in pairwise(contacts):
        claims, _ = by_the_book.claims_of(facts, day)
        told = {line.item for line in before.lines if not line.upcoming}
        left = {item for item, amount in claims.items() if amount and item in told}
        if left:
            was, is_now = stage_of(policy, before.level), stage_of(policy, now.level)
            assert STAGES.index(is_now) >= min(STAGES.index(was), STAGES.index("firm")) or not any(
                stage_of(policy, level.id) in STAGES[STAGES.index(was) : 3] for level in policy.levels
            )


@fewer
@given(policies, events)
def test_in_two_years_nothing_leaves_while_a_notice_runs_or_waits(policy, happening):
    for day, facts, _decision in day_by_day(policy, happening):
        assert not by_the_book.silent(facts, policy, day)


@given(accounts_not_pending, policies)
def test_nothing_is_forgotten(facts, policy):
    """What is late is claimed, or has a reason; without a coming message a person or an end of the reason is named."""
    decision = decide(facts, policy, TODAY)
    told = {line.item for line in decision.lines}
    claims, _ = by_the_book.claims_of(facts, TODAY)
    quiet = [item for item in facts.items if item.due < TODAY and claims[item.id] and item.id not in told]
    if quiet and not decision.send and not decision.next_date:
        for_a_person = {
            reasons.PLAN_FINISHED, reasons.BELOW_THRESHOLD, reasons.BELOW_TOLERANCE, reasons.NOTICE_WAITS,
            reasons.NOTICE_RUNS, "hold_decision", "hold_legal", reasons.NOT_WORKING_DAY,
        }  # fmt: skip
        endless = {reasons.HOLD_PREFIX + hold.reason for hold in facts.holds if hold.until is None}
        assert (for_a_person | endless | {reasons.COVERED}).intersection(codes(decision))


def test_the_case_of_two_invoices_three_weeks_apart():
    """One invoice goes to the formal notice; the next one never hears of a simple oversight."""
    facts = AccountFacts((Item(1, ago(30), Decimal(500)), Item(2, ago(9), Decimal(80))))
    contacts = play(facts, AT_WORK, TODAY, 120)
    told = [decision.level for _day, decision in contacts]
    assert told[:3] == [FRIENDLY, SECOND, FIRM]
    assert told[told.index(FIRM) :] == sorted(told[told.index(FIRM) :])
    notice = next(day for day, decision in contacts if decision.level == FORMAL)
    assert all(day > notice + timedelta(8) for day, _ in contacts if day > notice)


def test_after_a_message_the_facts_tell_of_it():
    facts = account(owed(1, late=22, level=SECOND, done=9), owed(2, late=4))
    told = after(facts, decide(facts, PLAN, TODAY), TODAY)
    assert [(item.level, item.stage) for item in told.items] == [(FIRM, "firm"), (FRIENDLY, "firm")]
