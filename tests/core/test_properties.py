"""What holds for every account, plan and day."""

from datetime import timedelta

import by_the_book
from hypothesis import assume, given
from hypothesis import strategies as st
from ledger import TODAY, advanced, after, claimed, codes, days, later
from random_ledger import accounts, accounts_not_pending, policies

from relance_progressive.core.decision import reasons
from relance_progressive.core.decision.claims import claimable
from relance_progressive.core.decision.decide import decide
from relance_progressive.core.decision.schedule import is_pre_due

HORIZON = 200  # days after which nothing in a random ledger changes any more


def figures(decision):
    """Return what is stored of a decision, but the level and its reasons."""
    return (
        decision.next_date, decision.next_level, decision.due, decision.overdue, decision.covered, decision.oldest_due
    )  # fmt: skip


@given(accounts, policies)
def test_decides_as_the_rules_are_told(facts, policy):
    decision = decide(facts, policy, TODAY)
    lines = {line.item: (line.amount, line.level, line.upcoming) for line in decision.lines}
    told = by_the_book.decide(facts, policy, TODAY)
    assert ((decision.level, lines) if decision.send else None) == told
    approving = {level.id for level in policy.levels if level.approval}
    assert decision.approval == (decision.level in approving)


@given(accounts, policies)
def test_figures_are_what_is_owed_less_what_is_covered(facts, policy):
    decision = decide(facts, policy, TODAY)
    _, covered = by_the_book.claims_of(facts, TODAY)
    left = {item: item.amount - covered[item.id] for item in facts.items}
    late = {item: amount for item, amount in left.items() if item.due < TODAY}
    assert decision.due == sum(left.values())
    assert decision.overdue == sum(late.values())
    assert decision.covered == sum(covered.values())
    oldest = min((item.due for item, amount in late.items() if amount), default=None)
    assert decision.oldest_due == oldest
    assert (decision.overdue > 0) == (oldest is not None)


@given(accounts, policies)
def test_the_highest_level_done_is_that_of_the_item_that_passed_most(facts, policy):
    found = decide(facts, policy, TODAY).level_done
    most = max((by_the_book.passed(item, policy) for item in facts.items if item.level is not None), default=0)
    if not most:
        assert found is None
    else:
        assert min(policy.position(found), len(policy.levels)) >= most


@given(accounts, policies)
def test_next_date_is_the_first_day_on_which_a_message_leaves(facts, policy):
    decision = decide(facts, policy, TODAY)
    if decision.send:
        facts = after(facts, decision, TODAY, policy)
    coming = (
        (day, message[0]) for day in days(later(1), HORIZON) if (message := by_the_book.decide(facts, policy, day))
    )
    assert (decision.next_date, decision.next_level) == next(coming, (None, None))


@given(accounts, policies)
def test_nothing_changes_by_itself_before_the_check_date(facts, policy):
    first = decide(facts, policy, TODAY)
    assume(not first.send)
    end = first.check_date or later(HORIZON)
    assert end > TODAY
    for day in days(later(1), (end - TODAY).days - 1):
        assert decide(facts, policy, day)._replace(check_date=first.check_date) == first


@given(accounts_not_pending, policies)
def test_after_a_message_no_figure_changes_by_itself_before_the_check_date(facts, policy):
    sent = decide(facts, policy, TODAY)
    assume(sent.send)
    end = sent.check_date or later(HORIZON)
    assert end > TODAY
    for day in days(later(1), (end - TODAY).days - 1):
        decision = decide(after(facts, sent, TODAY, policy), policy, day)
        assert not decision.send
        assert figures(decision) == figures(sent)


@given(accounts, policies)
def test_a_quiet_decision_has_a_reason_and_a_next_date_or_a_cause_for_none(facts, policy):
    decision = decide(facts, policy, TODAY)
    found = codes(decision)
    assert found
    assert len(found) == len(set(found))
    assert decision.send == (found[0] == reasons.LEVEL_DUE)
    if decision.send or decision.next_date or by_the_book.notices(facts, policy):
        return
    endless = {reasons.HOLD_PREFIX + hold.reason for hold in facts.holds if hold.until is None}
    causes = {
        reasons.NOTHING_OPEN, reasons.PENDING, reasons.FAILED, reasons.UNCERTAIN,
        reasons.PLAN_FINISHED, reasons.COVERED, reasons.BELOW_THRESHOLD, reasons.BELOW_TOLERANCE,
        reasons.EXCLUDED_BLOCKED, reasons.EXCLUDED_NO_FOLLOWUP, reasons.NOTICE_RUNS,
    } | endless  # fmt: skip
    assert causes.intersection(found)


@given(accounts, policies)
def test_a_reason_given_with_a_day_is_about_a_later_day(facts, policy):
    for reason in decide(facts, policy, TODAY).reasons:
        assert reason.code.startswith(reasons.HOLD_PREFIX) or (reason.until or later(1)) > TODAY


@given(accounts, policies)
def test_nothing_is_claimed_of_what_is_covered_held_or_excluded(facts, policy):
    claims, _ = by_the_book.claims_of(facts, TODAY)
    amounts = claimed(decide(facts, policy, TODAY))
    assert all(0 < amount == claims[item] for item, amount in amounts.items())
    excluded = {item.id for item in facts.items if item.excluded}
    assert not excluded & set(amounts)


@given(accounts, policies)
def test_money_is_spent_once_on_the_oldest(facts, policy):
    items = sorted(facts.items, key=lambda item: (item.due, item.id))
    claims, covers = claimable(items, facts, TODAY)
    money = sum(credit.amount for credit in facts.credits)
    if covers is not None:
        assert sum(covers) <= money
        first_unpaid = next((n for n, amount in enumerate(claims) if amount), len(claims))
        assert not any(covers[first_unpaid + 1 :])


@given(accounts, policies)
def test_a_decision_twice_on_a_day_gives_nothing_the_second_time(facts, policy):
    decision = decide(facts, policy, TODAY)
    if decision.send:
        for state in ("draft", "ready", "failed", "uncertain"):
            assert not decide(facts._replace(pending=state), policy, TODAY).send
        assert not decide(after(facts, decision, TODAY, policy), policy, TODAY).send


@given(accounts, policies, st.randoms())
def test_the_order_of_facts_never_matters(facts, policy, random):
    def shuffled(values):
        return tuple(random.sample(values, len(values)))

    other = facts._replace(items=shuffled(facts.items), credits=shuffled(facts.credits), holds=shuffled(facts.holds))
    assert decide(other, policy, TODAY) == decide(facts, policy, TODAY)


@given(accounts_not_pending, policies, st.integers(1, 30))
def test_missed_days_are_caught_up_once(facts, policy, missed):
    """Whatever was missed, the first run afterwards gives one message at most, then the spacing."""
    day = later(missed)
    decision = decide(facts, policy, day)
    if decision.send:
        facts = after(facts, decision, day, policy)
        for soon in days(day, max(1, policy.spacing)):
            assert not decide(facts, policy, soon).send


@given(accounts, policies)
def test_a_level_is_never_skipped_nor_early(facts, policy):
    for item in facts.items:
        level = advanced(decide(facts, policy, TODAY)).get(item.id)
        if level is None:
            continue
        position = policy.position(level) - 1
        before = by_the_book.passed(item, policy)
        assert all(is_pre_due(skipped) and TODAY > item.due for skipped in policy.levels[before:position])
        assert position >= before
        reached = policy.levels[position]
        assert TODAY >= item.due + timedelta(reached.delay)
        if item.level is not None and item.level_date:
            assert TODAY >= item.level_date + timedelta(reached.min_days)


@given(accounts, policies)
def test_a_small_remainder_never_gets_a_level_it_is_too_small_for(facts, policy):
    decision = decide(facts, policy, TODAY)
    if own := advanced(decision):  # a message that is lifted to what was said before advances nothing by it
        level = policy.levels[max(policy.position(one) for one in own.values()) - 1]
        total = sum(claimed(decision).values())
        gross = sum(item.amount for item in facts.items)
        assert total >= level.amount_min
        assert total * 100 >= level.share_min * gross
