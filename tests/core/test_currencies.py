"""The debt is in the currency of its document: money pays it in that currency first, whatever the rates."""

from decimal import Decimal

import by_the_book
from hypothesis import given
from hypothesis import strategies as st
from ledger import PLAN, TODAY, ago, codes, owed, play, reason
from random_ledger import amounts, foreign_accounts, policies

from relance_progressive.core.decision import claims as core
from relance_progressive.core.decision import reasons
from relance_progressive.core.decision.decide import decide
from relance_progressive.core.decision.facts import AccountFacts, Credit, Hold
from relance_progressive.core.decision.netting import netted, owed_of
from relance_progressive.core.plain.money import less_refunds, settled_among
from relance_progressive.core.said.share import share

USD, CHF = 2, 3


def dollars(number, late, own, amount, **values):
    """Return an item of ``own`` dollars that is booked for ``amount``."""
    return owed(number, late, amount)._replace(currency=USD, own=Decimal(own), **values)


def money(own, amount, day=5, currency=USD, **values):
    """Return money of ``own`` dollars that is booked for ``amount``, ``day`` days old."""
    return Credit("payment", Decimal(amount), ago(day), currency=currency, own=Decimal(own), **values)


def euros(amount, day=5, **values):
    return Credit("payment", Decimal(amount), ago(day), **values)


def claims(items, credits=(), holds=()):
    """Return what is claimed, in the company's currency and in the documents'."""
    found = core.owed(items, AccountFacts(tuple(items), tuple(credits), tuple(holds)), TODAY)
    own = found.own or [None] * len(items)
    return [(float(claim), None if one is None else float(one)) for claim, one in zip(found.claims, own, strict=True)]


def test_a_thousand_dollars_pay_a_thousand_dollars():
    for booked in ("833.33", "909.09", "1200"):
        assert claims([dollars(1, 40, 1000, "909.09")], [money(1000, booked)]) == [(0, 0)]
        facts = AccountFacts((dollars(1, 40, 1000, "909.09"),), (money(1000, booked),))
        decision = decide(facts, PLAN, TODAY)
        assert (decision.send, decision.due, decision.overdue, decision.covered) == (False, 0, 0, Decimal("909.09"))
        assert codes(decision)[0] == reasons.COVERED
        assert not play(facts, PLAN, TODAY, 60)


def test_a_part_is_paid_in_dollars():
    item = dollars(1, 40, 1000, "909.09")
    assert claims([item], [money(500, "416.67")]) == [(454.55, 500)]
    decision = decide(AccountFacts((item,), (money(500, "416.67"),)), PLAN, TODAY)
    assert (decision.lines[0].amount, decision.lines[0].own) == (Decimal("454.55"), 500)
    assert decision.covered_in == ((USD, 500),)


def test_what_is_not_foreign_is_named_in_one_currency_only():
    lines = decide(AccountFacts((owed(1, 40, 100), dollars(2, 40, 110, 100))), PLAN, TODAY).lines
    assert [(line.amount, line.own) for line in lines] == [(100, None), (100, 110)]
    assert decide(AccountFacts((owed(1, 40, 100),)), PLAN, TODAY).lines[0].own is None


def test_money_pays_its_own_currency_first_though_another_debt_is_older():
    old, young = owed(1, 60, 100), dollars(2, 10, 110, 100)
    assert claims([old, young], [money(110, 90)]) == [(100, None), (0, 0)]
    assert claims([dollars(1, 60, 110, 100), owed(2, 10, 100)], [euros(100)]) == [(100, 110), (0, None)]


def test_what_is_left_over_pays_other_debts_at_the_rate_of_its_day():
    old, young = owed(1, 60, 100), dollars(2, 10, 110, 100)
    # 120 dollars are left of 230, worth 100 euros on the day they came
    assert claims([old, young], [money(230, "191.67")]) == [(0, None), (0, 0)]
    # 60 euros are left, with which one bought 120 dollars that day; the document was booked at 1.10
    assert claims([owed(1, 60, 40), dollars(2, 10, 200, "181.82")], [euros(100, rates={USD: Decimal(2)})]) == [
        (0, None), (72.73, 80),
    ]  # fmt: skip
    # where nobody knows the rate of that day, that of the document
    assert claims([dollars(2, 10, 220, 200)], [euros(100)]) == [(100, 110)]


def test_the_money_that_came_first_is_used_first():
    """What is left over is the newest money, at the rate of its own day."""
    items = [dollars(1, 60, 100, 80), owed(2, 10, 100)]
    old, new = money(100, 50, day=20), money(100, 100, day=3)
    assert claims(items, [new, old]) == claims(items, [old, new]) == [(0, 0), (0, None)]


def test_what_the_customer_chose_comes_before_all():
    items = [dollars(1, 60, 100, 80), dollars(2, 10, 100, 90), owed(3, 5, 50)]
    chosen = money(100, 95, meant_for=((2, Decimal(100)),))
    assert claims(items, [chosen]) == [(80, 100), (0, 0), (50, None)]
    other = money(60, 50, meant_for=((3, Decimal(60)),))
    assert claims(items, [other]) == [(80, 100), (90, 100), (0, None)]


def test_three_currencies():
    francs = owed(1, 50, 100)._replace(currency=CHF, own=Decimal(95))
    items = [francs, dollars(2, 40, 110, 100), owed(3, 30, 100)]
    paid = [money(95, 97, currency=CHF), money(110, 88)]
    assert claims(items, paid) == [(0, 0), (0, 0), (100, None)]


def test_a_hold_in_the_document_s_currency_is_taken_to_the_cent():
    item = dollars(1, 40, 1000, "909.09")
    contested = Hold("dispute", 1, Decimal("454.55"), own=Decimal(500))
    assert claims([item], holds=[contested]) == [(454.55, 500)]
    assert claims([item], [money(500, 400)], [contested]) == [(0, 0)]
    assert claims([item], holds=[Hold("promise", 1, Decimal("909.09"))]) == [(0, 0)]


def test_an_item_promised_in_parts_is_held_to_the_cent():
    item = dollars(1, 40, "100.01", "91.37")
    parts = [Hold("plan", 1, Decimal(part)) for part in ("30.45", "30.46", "30.46")]
    assert claims([item], holds=parts) == [(0, 0)]


def test_an_amount_in_one_currency_only_is_no_debt_and_divides_nothing():
    """A difference of exchange is booked in the company's currency alone; dust may be worth no cent."""
    assert claims([dollars(1, 40, 0, "75.76")]) == [(0, 0)]
    assert claims([dollars(1, 40, 5, 0)], [money(3, 2)])[0][0] == 0
    assert claims([dollars(1, 40, 100, 90)], [Credit("payment", Decimal(5), ago(3), currency=USD, own=Decimal(0))]) == [
        (90, 100)
    ]
    assert share(Decimal(1), Decimal(0), Decimal(5)) == share(Decimal(1), Decimal(5), Decimal(0)) == 0


def test_money_paid_back_uses_up_money_of_its_currency_first():
    left = less_refunds([euros(100), money(100, 80)], [money(100, 95)], {})
    assert [(credit.currency, credit.amount) for credit in left] == [(None, 100)]
    left = less_refunds([euros(100), money(100, 80)], [money(150, 120)], {})
    assert [(credit.currency, credit.amount) for credit in left] == [(None, 60)]


def test_who_pays_twice_gets_the_second_payment_back():
    first, second = euros(98, day=20), euros(98, day=3)
    assert less_refunds([first, second], [euros(98, day=1)], {}) == [first]
    assert less_refunds([second, first], [euros(100, day=1)], {}) == [first._replace(amount=Decimal(96))]


def test_entries_outside_follow_up_settle_one_another():
    minus = money(-60, -50)
    assert [(credit.own, credit.amount) for credit in settled_among([money(100, 80), minus], {})] == [(40, 32)]
    assert settled_among([euros(50), minus], {}) == []
    assert [credit.amount for credit in settled_among([euros(50), euros(10), euros(-20)], {})] == [40]


# === WHATEVER THE ACCOUNT === #


@given(foreign_accounts, policies)
def test_decides_as_the_rules_are_told(facts, policy):
    decision = decide(facts, policy, TODAY)
    lines = {line.item: (line.amount, line.level, line.upcoming) for line in decision.lines}
    told = by_the_book.decide(facts, policy, TODAY)
    assert ((decision.level, lines) if decision.send else None) == told


@given(foreign_accounts)
def test_claims_never_exceed_what_is_open_and_something_is_claimed_exactly_when_something_is_owed(facts):
    items = sorted(facts.items, key=lambda item: (item.due, item.id))
    found = core.owed(items, facts, TODAY)
    covers = found.covers or [Decimal(0)] * len(items)
    own = found.own or [None] * len(items)
    for item, claim, cover, mine in zip(items, found.claims, covers, own, strict=True):
        assert claim >= 0 <= cover
        assert claim + cover <= item.amount
        if item.currency is not None:
            assert 0 <= mine <= item.own
            assert bool(claim) == bool(mine)
            assert mine == mine.quantize(Decimal("0.01"))


@given(foreign_accounts, st.randoms())
def test_the_order_of_facts_never_matters(facts, random):
    def shuffled(values):
        return tuple(random.sample(values, len(values)))

    items = sorted(facts.items, key=lambda item: (item.due, item.id))
    other = facts._replace(credits=shuffled(facts.credits), holds=shuffled(facts.holds))
    assert core.owed(items, other, TODAY) == core.owed(items, facts, TODAY)


@given(foreign_accounts, amounts, amounts)
def test_paying_a_document_in_its_currency_leaves_nothing_whatever_the_rates(facts, booked, other):
    """All that is owed in dollars is paid in dollars: nothing of it is claimed, at any rate of any day."""
    items = [item for item in facts.items if item.currency == USD]
    paid = [money(item.own, booked if item.id % 2 else other) for item in items]
    found = core.owed(list(facts.items), facts._replace(credits=tuple(paid)), TODAY)
    claimed = {item.id: claim for item, claim in zip(facts.items, found.claims, strict=True)}
    assert not any(claimed[item.id] for item in items)


@given(foreign_accounts)
def test_no_money_goes_abroad_while_a_debt_at_home_waits(facts):
    """Unless the customer chose so."""
    facts = facts._replace(credits=tuple(credit._replace(meant_for=()) for credit in facts.credits))
    items = sorted(facts.items, key=lambda item: (item.due, item.id))
    free = core.free_of(items, facts, TODAY)
    found = core.owed(items, facts, TODAY)
    own = found.own or [None] * len(items)
    left = [claim if mine is None else mine for claim, mine in zip(found.claims, own, strict=True)]
    for currency in (None, USD, CHF):
        money_here = sum(owed_of(credit) for credit in facts.credits if credit.currency == currency)
        debt = sum(one for item, one in zip(items, free, strict=True) if item.currency == currency)
        still = sum(one for item, one in zip(items, left, strict=True) if item.currency == currency)
        assert still <= max(0, debt - money_here)


@given(foreign_accounts)
def test_an_account_in_one_foreign_currency_is_as_one_in_the_company_s(facts):
    """At a rate of one, the long way gives what the short way does."""
    plain = facts._replace(
        items=tuple(item._replace(currency=None, own=None) for item in facts.items),
        credits=tuple(credit._replace(currency=None, own=None, rates={}) for credit in facts.credits),
        holds=tuple(hold._replace(own=None) for hold in facts.holds),
    )
    abroad = plain._replace(
        items=tuple(item._replace(currency=USD, own=item.amount) for item in plain.items),
        credits=tuple(credit._replace(currency=USD, own=credit.amount) for credit in plain.credits),
    )
    items = sorted(plain.items, key=lambda item: (item.due, item.id))
    theirs = sorted(abroad.items, key=lambda item: (item.due, item.id))
    expected = core.owed(items, plain, TODAY)
    found = core.owed(theirs, abroad, TODAY)
    assert (found.claims, found.own) == (expected.claims, expected.claims if items else None)
    assert (found.covers or [0] * len(items)) == (expected.covers or [0] * len(items))


@given(foreign_accounts)
def test_the_short_way_and_the_long_way_agree(facts):
    plain = facts._replace(
        items=tuple(item._replace(currency=None, own=None) for item in facts.items),
        credits=tuple(credit._replace(currency=None, own=None, rates={}) for credit in facts.credits),
        holds=tuple(hold._replace(own=None) for hold in facts.holds),
    )
    items = sorted(plain.items, key=lambda item: (item.due, item.id))
    long_way = netted(core.free_of(items, plain, TODAY), items, plain)
    assert long_way[:2] == tuple(core.owed(items, plain, TODAY))[:2]


@given(foreign_accounts, policies)
def test_reasons_add_up_in_the_company_s_currency(facts, policy):
    decision = decide(facts, policy, TODAY)
    if reasons.COVERED in codes(decision) and decision.covered:
        assert reason(decision, reasons.COVERED).amount == decision.covered
