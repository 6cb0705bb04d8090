"""A cash discount taken in time is not owed, matched or not; paid late, the whole is owed."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from ledger import PLAN, TODAY, account, ago, claimed, codes, held, later, owed, play

from relance_progressive.core.decision import reasons
from relance_progressive.core.decision.decide import decide
from relance_progressive.core.decision.facts import AccountFacts, Credit, Offer
from relance_progressive.core.law.discount import discounted
from relance_progressive.core.said.received import Part, received

USD = 2


def offer(item, until, amount):
    """Return an offer that ended ``until`` days ago."""
    return Offer(item, ago(until), Decimal(amount))


def paid(amount, day, kind="payment", **values):
    return Credit(kind, Decimal(amount), ago(day), **values)


def facts(items, offers, credits=(), holds=()):
    return AccountFacts(tuple(items), tuple(credits), tuple(holds), offers=tuple(offers))


def owes(items, offers, credits=(), holds=()):
    """Return what is owed in all once the money is there."""
    return decide(facts(items, offers, credits, holds), PLAN, TODAY).due


INVOICE = owed(1, 40, 1000)
IN_TIME = offer(1, 20, 980)


def test_paid_in_time_nothing_is_owed_nor_claimed_ever():
    for kind in ("payment", "bank_line", "transaction", "direct_debit"):
        for day in (20, 30):
            known = facts([INVOICE], [IN_TIME], [paid(980, day, kind)])
            decision = decide(known, PLAN, TODAY)
            assert (decision.send, decision.due, decision.overdue, decision.covered) == (False, 0, 0, 980)
            assert codes(decision) == [reasons.COVERED]
            assert not play(known, PLAN, TODAY, 60)


def test_paid_late_the_whole_is_owed():
    decision = decide(facts([INVOICE], [IN_TIME], [paid(980, 19)]), PLAN, TODAY)
    assert (claimed(decision), decision.due) == ({1: 20}, 20)
    assert owes([INVOICE], [IN_TIME]) == 1000


def test_a_cent_too_little_is_no_discount():
    assert owes([INVOICE], [IN_TIME], [paid("979.99", 25)]) == Decimal("20.01")


def test_more_than_the_discounted_amount_takes_the_discount_too():
    assert owes([INVOICE], [IN_TIME], [paid(990, 25)]) == 0


def test_several_payments_in_time_count_together():
    assert owes([INVOICE], [IN_TIME], [paid(490, 30), paid(490, 20)]) == 0
    assert owes([INVOICE], [IN_TIME], [paid(490, 30), paid(490, 10)]) == 20


def test_one_payment_of_several_invoices():
    items = [owed(1, 40, 1000), owed(2, 35, 500)]
    offers = [offer(1, 20, 980), offer(2, 15, 490)]
    assert owes(items, offers, [paid(1470, 25)]) == 0
    assert owes(items, offers, [paid(1470, 18)]) == 20  # too late for the first one
    assert owes(items, offers, [paid(1480, 25)]) == 0


def test_an_older_debt_does_not_eat_the_money_that_is_exactly_a_discounted_invoice():
    """Who pays 490 for an invoice of 500 less 2 % has said which one he means."""
    items = [owed(1, 90, 1000), owed(2, 35, 500), owed(3, 34, 100)]
    offers = [offer(2, 15, 490), offer(3, 14, 98)]
    decision = decide(facts(items, offers, [paid(490, 20)]), PLAN, TODAY)
    assert claimed(decision) == {1: 1000, 3: 100}
    decision = decide(facts(items, offers, [paid(588, 20)]), PLAN, TODAY)
    assert claimed(decision) == {1: 1000}
    decision = decide(facts(items, offers, [paid(490, 10)]), PLAN, TODAY)
    assert claimed(decision) == {1: 510, 2: 500, 3: 100}


def test_late_interest_stops_for_the_invoice_that_was_paid_less_its_discount():
    """Not for an older one, which is claimed."""
    older, mine, money = owed(2, 60, 980), INVOICE, paid(980, 25)
    known = facts([older, mine], [IN_TIME], [money])
    assert claimed(decide(known, PLAN, TODAY)) == {2: 980}
    assert received(known, TODAY) == {1: [Part(money.day, Decimal(980), False)]}


def test_what_the_customer_chose_online():
    items = [owed(1, 90, 1000), owed(2, 35, 500)]
    chosen = paid(490, 20, "transaction", meant_for=((2, Decimal(490)),))
    assert claimed(decide(facts(items, [offer(2, 15, 490)], [chosen]), PLAN, TODAY)) == {1: 1000}
    part = chosen._replace(amount=Decimal(300), meant_for=((2, Decimal(300)),))
    assert claimed(decide(facts(items, [offer(2, 15, 490)], [part, paid(190, 18)]), PLAN, TODAY)) == {1: 810, 2: 200}


def test_what_was_allocated_in_time_leaves_nothing_to_pay():
    """Matched without writing the discount off: 20 of 1,000 stay open, and 0 were missing in time."""
    rest = owed(1, 40, 20)
    assert decide(facts([rest], [offer(1, 20, 0)]), PLAN, TODAY).reasons[0].code == reasons.NOTHING_OPEN
    assert owes([rest, owed(2, 40, 100)], [offer(1, 20, -5)]) == 100
    assert owes([rest], [offer(1, 20, 980)]) == 20  # all of it was allocated, but late
    assert owes([owed(1, 40, 500)], [offer(1, 20, 480)], [paid(480, 21)]) == 0  # half of it allocated in time


def test_a_credit_note_and_money_in_time():
    assert owes([INVOICE], [IN_TIME], [paid(50, 30, "credit_note"), paid(930, 25)]) == 0
    assert owes([INVOICE], [IN_TIME], [paid(50, 10, "credit_note"), paid(930, 25)]) == 20


def test_what_is_contested_has_its_own_share_of_the_discount():
    contested = held("dispute", 1, 100)
    assert claimed(decide(facts([INVOICE], [IN_TIME], [paid(882, 25)], [contested]), PLAN, TODAY)) == {}
    assert claimed(decide(facts([INVOICE], [IN_TIME], [paid(881, 25)], [contested]), PLAN, TODAY)) == {1: 19}


def test_money_goes_past_what_is_held_here_too():
    items = [owed(1, 90, 1000), owed(2, 35, 500)]
    pause = held("pause", 1)
    halves = [paid(245, 20), paid(245, 19)]
    assert claimed(decide(facts(items, [offer(2, 15, 490)], halves, [pause]), PLAN, TODAY)) == {}


def test_what_is_excluded_takes_no_discount():
    blocked = INVOICE._replace(excluded="blocked")
    assert owes([blocked], [IN_TIME], [paid(980, 25)]) == 1000


def test_in_foreign_currency_the_discount_is_the_document_s():
    item = owed(1, 40, "909.09")._replace(currency=USD, own=Decimal(1000))
    for booked in (700, 1200):
        money = paid(booked, 25, currency=USD, own=Decimal(980))
        decision = decide(facts([item], [IN_TIME], [money]), PLAN, TODAY)
        assert (decision.send, decision.due) == (False, 0)


def test_paid_in_time_in_another_currency_at_the_rate_of_that_day():
    """980 of 1,000 dollars paid with euros; a dollar too little, or a day too late, is no discount."""
    dollars = owed(1, 40, "909.09")._replace(currency=USD, own=Decimal(1000))
    rates = {USD: Decimal("1.1")}
    for money in (paid("890.91", 20, rates=rates), paid(900, 20, rates=rates)):
        decision = decide(facts([dollars], [IN_TIME], [money]), PLAN, TODAY)
        assert (decision.send, decision.due) == (False, 0)
    halves = [paid("445.455", 25, rates=rates), paid(490, 25, currency=USD, own=Decimal(490))]
    assert owes([dollars], [IN_TIME], halves) == 0
    assert owes([dollars], [IN_TIME], [paid(890, 20, rates=rates)]) == Decimal("19.09")
    assert owes([dollars], [IN_TIME], [paid("890.91", 19, rates=rates)]) == Decimal("18.18")


def test_euros_pay_an_invoice_in_euros_before_a_discount_in_dollars():
    dollars = owed(1, 40, "909.09")._replace(currency=USD, own=Decimal(1000))
    items = [dollars, owed(2, 30, 500)]
    money = paid("890.91", 25, rates={USD: Decimal("1.1")})
    assert claimed(decide(facts(items, [IN_TIME], [money]), PLAN, TODAY)).keys() == {1}


def test_an_offer_that_still_runs_is_no_discount_yet():
    assert owes([owed(1, -10, 1000)], [Offer(1, later(5), Decimal(980))]) == 1000


numbers = st.integers(1, 200).map(Decimal)


@given(
    st.lists(st.tuples(numbers, st.integers(0, 60), st.integers(0, 30)), min_size=1, max_size=4),
    st.lists(st.tuples(numbers, st.integers(0, 60)), max_size=4),
)
def test_whatever_the_payments(owing, payments):
    """Never more off than the discounts, nothing off without money in time, and money is never lost."""
    items = [owed(number, late, amount) for number, (amount, late, _off) in enumerate(owing)]
    offers = [
        offer(number, max(0, late - 5), amount - off)
        for number, (amount, late, off) in enumerate(owing)
        if off < amount
    ]
    credits = [paid(amount, day) for amount, day in payments]
    whole = facts(items, offers, credits)
    known = discounted(whole, TODAY)
    assert not known.offers
    assert discounted(known, TODAY) == known
    before = {item.id: item.amount for item in items}
    ends = {one.item: one.until for one in offers}
    for item in known.items:
        off = before[item.id] - item.amount
        assert 0 <= off <= owing[item.id][2]
        if off:
            assert sum(credit.amount for credit in credits if credit.day <= ends[item.id]) >= item.amount
    assert sum(credit.amount for credit in known.credits) == sum(credit.amount for credit in credits)
    assert decide(whole, PLAN, TODAY).due <= decide(account(*items)._replace(credits=tuple(credits)), PLAN, TODAY).due


@given(st.lists(numbers, min_size=1, max_size=4), st.permutations(range(4)))
def test_invoices_paid_one_by_one_in_time_leave_nothing(amounts, order):
    """Whatever else is open, whoever pays each invoice less its discount has paid."""
    items = [owed(9, 100, 77), *(owed(number, 40 - number, amount * 100) for number, amount in enumerate(amounts))]
    offers = [offer(number, 20, amount * 98) for number, amount in enumerate(amounts)]
    credits = [paid(amounts[number] * 98, 25 + number) for number in order if number < len(amounts)]
    assert owes(items, offers, credits) == 77
