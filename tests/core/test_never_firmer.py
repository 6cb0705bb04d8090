"""A hold, money or a part payment never makes anything firmer, nor brings it forward.

But where a firm message was kept up, or a formal notice silenced the others: that is told in test_no_step_back.
"""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from ledger import FIRM, FORMAL, PLAN, TODAY, account, advanced, claimed, held, owed
from random_ledger import accounts, amounts, holds, policies
from random_ledger import policies_without_shares as without_shares

from relance_progressive.core.decision.decide import decide
from relance_progressive.core.decision.facts import Credit
from relance_progressive.core.decision.firmness import HOLDS
from relance_progressive.core.decision.schedule import is_pre_due

ALL = (1, 2, 3, 4, 5)


def friendly(policy):
    """Return a plan that is never firm: no message is kept back because of what was said before."""
    return policy._replace(
        levels=tuple(level if is_pre_due(level) else level._replace(stage="friendly") for level in policy.levels)
    )


def untold(facts):
    """Return an account of which nothing was claimed firmly yet."""
    holds = tuple(hold for hold in facts.holds if hold.reason not in HOLDS)
    return facts._replace(items=tuple(item._replace(stage="") for item in facts.items), holds=holds)


accounts, policies, policies_without_shares = accounts.map(untold), policies.map(friendly), without_shares.map(friendly)
holds = holds.filter(lambda hold: hold.reason not in HOLDS)


def assert_not_firmer(milder, decision, policy):
    """Compare a decision with that on facts that speak for more patience."""
    if milder.send:
        assert decision.send
        assert policy.position(milder.level) <= policy.position(decision.level)
        assert advanced(milder).items() <= advanced(decision).items()
        before = claimed(decision)
        assert all(amount <= before[item] for item, amount in claimed(milder).items())
    elif not decision.send and milder.next_date:
        assert decision.next_date
        assert decision.next_date <= milder.next_date


@given(accounts, policies, holds)
def test_a_hold_makes_nothing_firmer(facts, policy, hold):
    milder = facts._replace(holds=(*facts.holds, hold))
    assert_not_firmer(decide(milder, policy, TODAY), decide(facts, policy, TODAY), policy)


@given(accounts, policies, amounts)
def test_money_on_its_way_makes_nothing_firmer(facts, policy, amount):
    milder = facts._replace(credits=(*facts.credits, Credit("payment", amount)))
    assert_not_firmer(decide(milder, policy, TODAY), decide(facts, policy, TODAY), policy)


@given(accounts, policies, st.sampled_from(ALL))
def test_excluding_an_item_makes_nothing_firmer(facts, policy, number):
    milder = facts._replace(
        items=tuple(item._replace(excluded="blocked") if item.id == number else item for item in facts.items)
    )
    assert_not_firmer(decide(milder, policy, TODAY), decide(facts, policy, TODAY), policy)


@given(accounts, policies_without_shares, st.sampled_from(ALL), amounts)
def test_a_part_payment_makes_nothing_firmer_unless_a_share_is_asked(facts, policy, number, paid):
    """A payment lowers the balance, hence may raise the share that the rest has in it."""
    items = (item._replace(amount=item.amount - paid) if item.id == number else item for item in facts.items)
    milder = facts._replace(items=tuple(item for item in items if item.amount > 0))
    assert_not_firmer(decide(milder, policy, TODAY), decide(facts, policy, TODAY), policy)


def test_neither_money_nor_a_hold_raises_the_share_of_what_is_left():
    """The share is of the gross balance: that another item is covered or held does not lift this one's."""
    facts = account(
        owed(1, late=90, amount=541, level=FORMAL, done=20), owed(2, late=60, amount=60, level=FIRM, done=20)
    )
    assert not decide(facts, PLAN, TODAY).send  # 60 of 601
    assert not decide(facts._replace(credits=(Credit("payment", Decimal(541)),)), PLAN, TODAY).send
    assert not decide(facts._replace(holds=(held("dispute", 1),)), PLAN, TODAY).send
    enough = facts._replace(items=(facts.items[0]._replace(amount=Decimal(540)), facts.items[1]))
    assert decide(enough, PLAN, TODAY).level == FORMAL
