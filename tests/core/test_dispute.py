"""What is contested, promised or paused never takes out more than is owed, nor silences another item."""

from datetime import timedelta
from decimal import Decimal

import by_the_book
from hypothesis import assume, given
from hypothesis import strategies as st
from ledger import TODAY, claimed
from random_ledger import accounts, amounts, policies

from relance_progressive.core.decision.claims import claimable, held_amount, is_active
from relance_progressive.core.decision.decide import decide
from relance_progressive.core.decision.facts import STAGES, ZERO, AccountFacts, Hold, Item, Level, Policy
from relance_progressive.core.said.dispute import Contested, still_contested
from relance_progressive.core.said.share import in_proportion

contested = st.lists(st.tuples(st.none() | amounts, amounts), max_size=4).map(
    lambda rows: [Contested(number, amount, credited) for number, (amount, credited) in enumerate(rows)]
)


@given(contested, amounts, amounts)
def test_disputes_never_exceed_what_is_owed(claims, credited, residual):
    left = still_contested(claims, credited, residual)
    assert sum(left.values(), ZERO) <= residual
    for claim in claims:
        assert 0 <= left[claim.id] <= (residual if claim.amount is None else claim.amount)


@given(contested, amounts)
def test_what_is_paid_in_full_is_contested_no_more(claims, credited):
    assert not any(still_contested(claims, credited, ZERO).values())


@given(contested, amounts, amounts, amounts)
def test_money_never_makes_more_contested(claims, credited, residual, paid):
    before = still_contested(claims, credited, residual)
    after = still_contested(claims, credited + paid, max(ZERO, residual - paid))
    assert sum(after.values(), ZERO) <= sum(before.values(), ZERO)


def test_a_credit_note_made_for_one_dispute_leaves_the_other():
    """200 for the price and 100 for a missing box; the credit note of 200 is for the price."""
    claims = [Contested(1, Decimal(100)), Contested(2, Decimal(200), credited=Decimal(200))]
    assert still_contested(claims, ZERO, Decimal(800)) == {1: Decimal(100), 2: ZERO}


def test_another_credit_note_answers_the_oldest_dispute_first():
    claims = [Contested(1, Decimal(100)), Contested(2, Decimal(200))]
    assert still_contested(claims, Decimal(150), Decimal(850)) == {1: ZERO, 2: Decimal(150)}


@given(accounts)
def test_promise_plus_dispute_never_exceed_the_residual(facts):
    items = sorted(facts.items, key=lambda item: (item.due, item.id))
    bare = facts._replace(credits=())
    free, _covers = claimable(items, bare, TODAY)
    for item, left in zip(items, free, strict=True):
        taken = ZERO if item.excluded else item.amount - left
        assert 0 <= taken <= item.amount
        own = [hold for hold in facts.holds if is_active(hold, TODAY) and hold.item in (None, item.id)]
        assert taken <= sum((held_amount(hold, item) for hold in own), ZERO), "what nobody holds is claimed"


@given(accounts, policies, st.integers(1, 5), st.sampled_from(["pause", "promise", "dispute", "plan"]))
def test_a_hold_never_silences_an_item_that_it_does_not_cover(facts, policy, number, reason):
    """Whatever holds one item, the others are reminded as if that item were not there; but for a formal notice."""
    assume(not by_the_book.notices(facts, policy))
    levels = tuple(level._replace(amount_min=ZERO, share_min=ZERO) for level in policy.levels)
    policy = policy._replace(levels=levels)  # a share of the account counts what is held too
    held = decide(facts._replace(holds=(*facts.holds, Hold(reason, number, None))), policy, TODAY)
    without = facts._replace(items=tuple(item for item in facts.items if item.id != number))
    alone = decide(without, policy, TODAY)
    assert (held.send, held.level, claimed(held)) == (alone.send, alone.level, claimed(alone))
    if held.next_date is None or alone.next_date is None:
        assert held.next_date == alone.next_date


@given(accounts, policies)
def test_the_reasons_never_tell_of_more_than_is_owed(facts, policy):
    """A promise of the whole invoice and a dispute of a part of it are told as two parts of it."""
    holds = tuple(hold for hold in facts.holds if hold.item is not None)
    reasons = decide(facts._replace(holds=holds), policy, TODAY).reasons
    told = sum((reason.amount for reason in reasons if reason.code.startswith("hold_")), ZERO)
    assert told <= sum((item.amount for item in facts.items if not item.excluded), ZERO)


def test_what_is_contested_is_not_promised_as_well():
    item = Item(1, TODAY - timedelta(days=9), Decimal(1000))
    holds = (Hold("promise", 1, None, TODAY), Hold("dispute", 1, Decimal(200)))
    told = {
        reason.code: reason.amount
        for reason in decide(AccountFacts((item,), holds=holds), Policy((Level(1, 3),)), TODAY).reasons
    }
    assert (told["hold_dispute"], told["hold_promise"]) == (200, 800)


@given(accounts, policies, st.sampled_from(STAGES))
def test_nothing_leaves_by_itself_above_the_stage_of_a_customer_not_to_lose(facts, policy, stage):
    firmer = [level._replace(stage=STAGES[min(index, 3)]) for index, level in enumerate(policy.levels)]
    policy = policy._replace(levels=tuple(firmer))
    careful = policy.asking_above(stage)
    decision, usual = decide(facts, careful, TODAY), decide(facts, policy, TODAY)
    stages = {level.id: level.stage for level in policy.levels}
    if decision.send and STAGES.index(stages[decision.level]) > STAGES.index(stage):
        assert decision.approval
    assert decision._replace(approval=False) == usual._replace(approval=False), "it asks, it does not silence"
    assert decision.approval or not usual.approval, "what asked before still asks"


@given(amounts, st.lists(amounts | st.just(ZERO), min_size=1, max_size=6))
def test_shares_add_up_to_the_total(total, parts):
    shares = in_proportion(total, parts, Decimal("0.01"))
    assert sum(shares) == (total if sum(parts) else 0)
    assert all(share == 0 for share, part in zip(shares, parts, strict=True) if not part)
