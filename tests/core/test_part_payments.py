"""Late interest of a debt that is paid in parts, or whose interest is stopped."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from late import AMOUNTS, CENT, DAYS, LAST, RATES, after, interest

from relance_progressive.core.law import accrual as rest
from relance_progressive.core.law.interest import Debt, Move, Terms, fixed_indemnity, late_interest
from relance_progressive.core.law.regimes import FR_PROFESSIONAL, REGIMES

DUE = date(2026, 1, 31)


# === PART PAYMENTS AND CREDIT NOTES === #


def test_interest_runs_on_what_is_left():
    moves = [(date(2026, 2, 10), "400"), (date(2026, 2, 20), "100", "credit_note")]
    found = interest("1000", DUE, date(2026, 3, 2), moves=moves)
    assert [(one.last, one.days, one.balance, one.amount) for one in found.segments] == [
        (date(2026, 2, 10), 10, 1000, Decimal("3.33")),
        (date(2026, 2, 20), 10, 600, Decimal("2.00")),
        (date(2026, 3, 2), 10, 500, Decimal("1.66")),
    ]
    assert found.per_day == Decimal("0.17")


def test_the_order_of_the_payments_does_not_matter():
    moves = [(date(2026, 2, 20), "100"), (date(2026, 2, 10), "400")]
    assert interest("1000", DUE, date(2026, 3, 2), moves=moves) == interest(
        "1000", DUE, date(2026, 3, 2), moves=moves[::-1]
    )


def test_what_was_paid_before_the_due_date_bears_nothing():
    found = interest("1000", DUE, date(2026, 2, 10), moves=[(date(2026, 1, 5), "400")])
    assert [segment.balance for segment in found.segments] == [600]
    assert found.indemnity == 40  # for the part that came late


def test_two_payments_of_a_day_make_one_step():
    moves = [(date(2026, 2, 10), "400"), (date(2026, 2, 10), "100")]
    found = interest("1000", DUE, date(2026, 2, 20), moves=moves)
    assert [segment.balance for segment in found.segments] == [1000, 500]


def test_a_payment_to_come_changes_nothing_yet():
    assert interest("1000", DUE, date(2026, 2, 20), moves=[(date(2026, 2, 21), "400")]) == interest(
        "1000", DUE, date(2026, 2, 20)
    )


def test_too_much_paid_bears_no_negative_interest():
    moves = [(date(2026, 2, 10), "1500"), (date(2026, 2, 20), "10")]
    found = interest("1000", DUE, date(2026, 3, 1), moves=moves)
    assert [segment.balance for segment in found.segments] == [1000]


def test_payments_settle_interest_first_if_that_was_chosen():
    """10 days on 10,000 at 36.5 %: 100 of interest, so 600 settles it and 500 of the debt."""
    terms = {"contract_rate": Decimal("36.5"), "interest_first": True}
    moves = [(date(2026, 2, 10), "600")]
    found = interest("10000", DUE, date(2026, 2, 20), moves=moves, **terms)
    assert [(one.balance, one.amount) for one in found.segments] == [(10000, 100), (9500, 95)]
    assert (found.amount, found.paid) == (195, 100)


def test_a_small_payment_does_not_settle_all_interest():
    terms = {"contract_rate": Decimal("36.5"), "interest_first": True}
    moves = [(date(2026, 2, 10), "60"), (date(2026, 2, 11), "60")]
    found = interest("10000", DUE, date(2026, 2, 20), moves=moves, **terms)
    last = (9990, Decimal("89.91"))
    assert [(one.balance, one.amount) for one in found.segments] == [(10000, 100), (10000, 10), last]
    assert found.paid == 110


def test_a_credit_note_never_settles_interest():
    terms = {"contract_rate": Decimal("36.5"), "interest_first": True}
    found = interest("10000", DUE, date(2026, 2, 20), moves=[(date(2026, 2, 10), "600", "credit_note")], **terms)
    assert [segment.balance for segment in found.segments] == [10000, 9400]
    assert found.paid == 0


def test_the_last_euro_bears_interest_too():
    found = interest("1000", DUE, after(110, DUE), moves=[(after(10, DUE), "999")], contract_rate=Decimal(365))
    assert [(one.balance, one.amount) for one in found.segments] == [(1000, 100), (1, 1)]
    assert found.per_day == Decimal("0.01")


def test_a_payment_of_nothing_changes_nothing():
    assert interest("1000", DUE, date(2026, 2, 20), moves=[(date(2026, 2, 3), "0")]).amount == Decimal("6.66")


def test_a_payment_that_raises_a_debt_is_an_error():
    with pytest.raises(ValueError, match="-5"):
        interest("1000", DUE, date(2026, 2, 20), moves=[(date(2026, 2, 10), "-5")])


# === PAUSES === #


def test_the_opening_of_insolvency_stops_interest():
    found = interest("1000", DUE, date(2026, 3, 1), stopped=date(2026, 2, 11))
    assert [segment.last for segment in found.segments] == [date(2026, 2, 10)]
    assert (found.per_day, found.indemnity) == (0, 40)


@pytest.mark.parametrize("until", [date(2026, 2, 11), date(2026, 2, 10), date(2026, 2, 12)])
def test_on_the_day_of_the_opening_itself_nothing_accrues(until):
    found = interest("1000", DUE, until, stopped=date(2026, 2, 11))
    assert found.segments[0].days == 10
    assert found.per_day == (Decimal("0.33") if until.day == 10 else 0)


@pytest.mark.parametrize(("stopped", "indemnity"), [(DUE, 0), (after(1, DUE), 0), (after(2, DUE), 40)])
def test_no_fixed_sum_for_what_was_not_late_before_the_insolvency(stopped, indemnity):
    """What was late before it stays owed: it is for the claim that the creditor lodges."""
    terms = Terms(FR_PROFESSIONAL, stopped=stopped)
    debt = Debt(Decimal(1000), DUE)
    assert late_interest(debt, terms, RATES, date(2026, 3, 1)).indemnity == indemnity
    assert fixed_indemnity([debt], terms, date(2026, 3, 1)) == indemnity
    assert fixed_indemnity([debt], terms, DUE) == 0


def test_a_payment_plan_suspends_interest():
    found = interest("1000", DUE, date(2026, 3, 1), suspended=((date(2026, 2, 5), date(2026, 2, 20)),))
    assert [(one.first, one.last) for one in found.segments] == [
        (date(2026, 2, 1), date(2026, 2, 4)),
        (date(2026, 2, 21), date(2026, 3, 1)),
    ]


def test_payment_plans_may_overlap_and_begin_before():
    plans = ((date(2026, 2, 10), date(2026, 2, 20)), (date(2026, 1, 1), date(2026, 2, 3)), (date(2026, 2, 15), DUE))
    found = interest("1000", DUE, date(2026, 3, 1), suspended=plans)
    assert [(one.first, one.last) for one in found.segments] == [
        (date(2026, 2, 4), date(2026, 2, 9)),
        (date(2026, 2, 21), date(2026, 3, 1)),
    ]


def test_a_payment_plan_that_ends_with_the_first_day_late():
    found = interest("1000", DUE, date(2026, 3, 1), suspended=((DUE, after(1, DUE)),))
    assert [one.first for one in found.segments] == [after(2, DUE)]


def test_nothing_is_added_by_a_day_that_is_suspended():
    plan = ((date(2026, 2, 5), date(2026, 3, 31)),)
    assert interest("1000", DUE, date(2026, 3, 1), suspended=plan).per_day == 0
    assert interest("1000", DUE, date(2026, 2, 4), suspended=plan).per_day == Decimal("0.33")
    assert interest("1000", DUE, date(2026, 2, 5), suspended=plan).per_day == 0
    assert interest("1000", DUE, date(2026, 3, 31), suspended=plan).per_day == 0
    assert interest("1000", DUE, date(2026, 4, 1), suspended=plan).per_day == Decimal("0.33")


# === WHATEVER THE REGIME === #

# In Ireland the rate is that of the day of payment: a later day changes what went before.
CODES = st.sampled_from([code for code in REGIMES if code != "ie_professional"])


@given(AMOUNTS, AMOUNTS, DAYS, st.integers(0, 900), st.sampled_from(sorted(REGIMES)))
def test_the_day_of_a_payment_is_counted_whatever_was_paid(amount, paid, due, days, code):
    """Paid on the day we look: nothing less so far, nothing more for what was paid."""
    until = after(days, due)
    assume(until <= LAST)
    terms, free = Terms(REGIMES[code], costs_agreed=True), after(5, due)
    whole = Debt(amount, due, (), due, free)
    lowered = whole._replace(moves=(Move(until, min(paid, amount)),))
    before, now = (late_interest(debt, terms, RATES, until) for debt in (whole, lowered))
    parts = 2 if code == "ie_professional" else 1  # the two parts of a debt are rounded each
    assert abs(now.amount - before.amount) <= CENT / 2 * parts * max(1, len(now.segments)) * (parts - 1)
    assert now.per_day <= before.per_day
    if until not in (due, free):
        assert now.indemnity == before.indemnity


@given(AMOUNTS, DAYS, st.integers(0, 900), st.integers(0, 900), CODES, st.sampled_from(["act/365", "act/act"]))
def test_a_delay_may_be_cut_anywhere_one_rate_or_many(amount, due, first, more, code, count):
    """What ran until a day and what runs after it are the whole, also where one rate holds for all of it."""
    middle = after(first, due)
    until = after(more, middle)
    assume(until <= LAST)
    terms, debt = Terms(REGIMES[code], day_count=count), Debt(amount, due, (), due)
    whole, begun = (late_interest(debt, terms, RATES, day) for day in (until, middle))
    left = rest.after(whole.segments, middle)
    assert abs(whole.amount - begun.amount - sum(one.amount for one in left)) <= CENT
    assert sum(one.days for one in whole.segments) == sum(one.days for one in (*begun.segments, *left))
