"""What holds for late interest, whatever the debt."""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st
from late import AMOUNTS, CENT, DAYS, LAST, RATES, after, interest

from relance_progressive.core.law.interest import Debt, Move, Terms, fixed_indemnity, late_interest
from relance_progressive.core.law.rates import period
from relance_progressive.core.law.regimes import REGIMES
from relance_progressive.core.law.scale import rate_on, thirty
from relance_progressive.core.plain.days import months_later

HALF = CENT / 2
CODES = sorted(REGIMES)
CONSUMERS = [code for code in CODES if REGIMES[code].starts == "notice"]
EACH = [code for code in CODES if REGIMES[code].rate.applies == "each"]
COUNTS = st.sampled_from(["act/365", "act/act", "30/360"])
AGREED = st.one_of(st.none(), st.integers(0, 2500).map(lambda number: number * CENT))


@st.composite
def partly_paid(draw, most=4):
    """Draw a debt, its moves (which leave something open), its notice and a day to look at it."""
    amount, due = draw(AMOUNTS), draw(DAYS)
    moves, left = [], amount
    for _number in range(draw(st.integers(0, most))):
        paid = min(draw(AMOUNTS), left - CENT)
        if paid > 0:
            left -= paid
            moves.append(
                Move(after(draw(st.integers(-30, 900)), due), paid, draw(st.sampled_from(["payment", "credit_note"])))
            )
    notice = after(draw(st.integers(0, 60)), due)
    until = min(after(draw(st.integers(-5, 1000)), due), LAST)
    return Debt(amount, due, tuple(moves), notice), until


@st.composite
def terms(draw, codes=CODES):
    """Draw terms without pauses."""
    return Terms(REGIMES[draw(st.sampled_from(codes))], draw(AGREED), draw(COUNTS), draw(st.booleans()))


PAUSES = st.lists(st.tuples(DAYS, st.integers(0, 200)).map(lambda one: (one[0], after(one[1], one[0]))), max_size=3)


def owed(found, debt, until):
    """Return what the customer owes in all."""
    return debt.amount + found.amount + found.indemnity - sum(move.amount for move in debt.moves if move.day <= until)


# === BY HAND === #


@given(partly_paid(), terms(), PAUSES)
def test_each_piece_is_computed_by_hand(case, terms, pauses):
    debt, until = case
    found = late_interest(debt, terms._replace(suspended=tuple(pauses)), RATES, until)
    for one in found.segments:
        exact = Decimal(1) * one.balance * one.days * one.rate / (100 * one.base)
        assert one.amount == exact.quantize(CENT, ROUND_HALF_UP)
        assert debt.due < one.first <= one.last <= until
        assert 0 < one.balance <= debt.amount
        if terms.day_count != "30/360":
            assert one.days == (one.last - one.first).days + 1
    assert found.amount == sum(one.amount for one in found.segments)


def day_by_day(debt, terms, until):
    """Return the exact interest, a day at a time, payments settling the debt first."""
    total, notice = Fraction(0), debt.notice if terms.regime.starts == "notice" else debt.due
    day = max(debt.due, notice) + timedelta(1)
    begun = day
    while day <= until and not (terms.stopped and day >= terms.stopped):
        balance = debt.amount - sum(move.amount for move in debt.moves if move.day < day)
        if balance > 0 and not any(first <= day <= last for first, last in terms.suspended):
            one_rate = terms.regime.rate.applies == "begun" and not (terms.contract_rate and terms.regime.agreed)
            rate, _source = rate_on(terms, RATES, begun if one_rate else day)
            leap = terms.day_count == "act/act" and day.year % 4 == 0
            total += Fraction(balance) * Fraction(rate) / 100 / (366 if leap else 365)
        day += timedelta(1)
    return total


@given(
    partly_paid(), terms([code for code in CODES if code[:2] not in ("ie", "lu")]), PAUSES, st.one_of(st.none(), DAYS)
)
def test_as_if_every_day_was_computed_by_itself(case, terms, pauses, stopped):
    debt, until = case
    count = "act/365" if terms.day_count == "30/360" else terms.day_count
    terms = terms._replace(interest_first=False, day_count=count, suspended=tuple(pauses), stopped=stopped)
    found = late_interest(debt, terms, RATES, until)
    assert abs(Fraction(found.amount) - day_by_day(debt, terms, until)) <= Fraction(HALF) * len(found.segments)


# === PAYMENTS === #


@given(partly_paid(), terms([code for code in CODES if code != "ie_professional"]), AMOUNTS, st.integers(-30, 900))
def test_a_payment_never_raises_what_is_owed(case, terms, paid, shift):
    """In Ireland the day of a payment fixes the rate of what it settles: there it may."""
    debt, until = case
    left = debt.amount - sum(move.amount for move in debt.moves)
    move = Move(after(shift, debt.due), min(paid, left))
    more = debt._replace(moves=(*debt.moves, move))
    before, now = late_interest(debt, terms, RATES, until), late_interest(more, terms, RATES, until)
    assert owed(now, more, until) <= owed(before, debt, until)
    # Of interest alone, one more cut is one more rounding.
    assert now.amount <= before.amount + CENT
    assert now.per_day <= before.per_day


@given(partly_paid(), terms(), st.randoms(use_true_random=False))
def test_the_order_of_the_moves_does_not_matter(case, terms, random):
    debt, until = case
    mixed = debt._replace(moves=tuple(random.sample(debt.moves, len(debt.moves))))
    assert late_interest(mixed, terms, RATES, until) == late_interest(debt, terms, RATES, until)


@given(partly_paid(), terms(), st.integers(-30, 0))
def test_paid_in_time_costs_nothing(case, terms, shift):
    debt, until = case
    debt = debt._replace(moves=(Move(after(shift, debt.due), debt.amount),))
    assert late_interest(debt, terms, RATES, until) == ((), 0, 0, 0, 0)


@given(partly_paid(), terms())
def test_what_payments_settle_of_the_interest_is_never_more_than_either(case, terms):
    debt, until = case
    found = late_interest(debt, terms, RATES, until)
    assert 0 <= found.paid <= found.amount
    assert found.paid <= sum(move.amount for move in debt.moves if move.kind == "payment")
    assert terms.interest_first or not found.paid


@given(partly_paid(), terms(EACH))
def test_settling_interest_first_never_costs_less(case, terms):
    debt, until = case
    first = late_interest(debt, terms._replace(interest_first=True), RATES, until)
    last = late_interest(debt, terms._replace(interest_first=False), RATES, until)
    assert first.amount >= last.amount


# === TIME === #


@given(AMOUNTS, DAYS, st.integers(0, 1000), st.integers(0, 1000), terms(EACH))
def test_a_period_may_be_split_anywhere(amount, due, first, second, terms):
    middle = after(first, due)
    until = after(second, middle)
    assume(until <= LAST and terms.regime.months == 0)
    whole = late_interest(Debt(amount, due, (), due), terms, RATES, until)
    parts = [
        late_interest(Debt(amount, due, (), due), terms, RATES, middle),
        late_interest(Debt(amount, middle, (), middle), terms, RATES, until),
    ]
    cuts = sum(len(part.segments) for part in parts) - len(whole.segments)
    assert 0 <= cuts <= 1
    assert abs(whole.amount - sum(part.amount for part in parts)) <= CENT * cuts
    assert sum(one.days for one in whole.segments) == sum(one.days for part in parts for one in part.segments)


@given(st.dates(date(2015, 1, 1), date(2025, 12, 31)), st.lists(st.integers(0, 800), min_size=1, max_size=6))
def test_a_month_has_thirty_days_however_a_time_is_split(first, steps):
    """From the last day of a month to that of the next one too, February or not; the parts always add up."""
    later = [first]
    for step in steps:
        later.append(after(step, later[-1]))
    parts = [thirty(one) - thirty(other) for other, one in zip(later, later[1:], strict=False)]
    assert sum(parts) == thirty(later[-1]) - thirty(first)
    assert all(part >= 0 for part in parts)
    month = period(first, 1)
    following = period(month[1] + timedelta(1), 1)
    assert thirty(following[1]) - thirty(month[1]) == thirty(following[0]) - thirty(month[0]) == 30
    if first.day <= 27:
        assert thirty(following[0].replace(day=first.day)) - thirty(first) == 30


@given(partly_paid(), terms([code for code in CODES if code != "ie_professional"]), st.integers(0, 400))
def test_interest_never_falls_with_time(case, terms, shift):
    debt, until = case
    later = min(after(shift, until), LAST)
    assert late_interest(debt, terms, RATES, until).amount <= late_interest(debt, terms, RATES, later).amount


@given(partly_paid(), terms(), PAUSES)
def test_the_pieces_are_within_one_period_and_leave_no_gap(case, terms, pauses):
    debt, until = case
    assume(terms.regime.rate.applies == "each" and terms.day_count != "30/360")
    found = late_interest(debt, terms, RATES, until).segments
    for one, following in zip(found, found[1:], strict=False):
        assert following.first == one.last + timedelta(1)
    if terms.contract_rate is None and terms.regime.rate.reference:
        for one in found:
            assert period(one.first, 6)[0] == period(one.last, 6)[0] or REGIMES[terms.regime.code].rate.reference in (
                "be_legal",
                "lu_consumer",
            )
    paused = late_interest(debt, terms._replace(suspended=tuple(pauses)), RATES, until).segments
    for one in paused:
        assert not any(first <= one.last and one.first <= last for first, last in pauses)


@given(partly_paid(), terms(), PAUSES)
def test_a_pause_never_costs_more(case, terms, pauses):
    debt, until = case
    assume(not terms.interest_first)
    found = late_interest(debt, terms, RATES, until)
    paused = late_interest(debt, terms._replace(suspended=tuple(pauses)), RATES, until)
    assert paused.amount <= found.amount + CENT * len(paused.segments)
    assert paused.indemnity == found.indemnity


@given(partly_paid(), terms(), DAYS)
def test_insolvency_stops_all(case, terms, stopped):
    debt, until = case
    found = late_interest(debt, terms._replace(stopped=stopped), RATES, until)
    assert all(one.last < stopped for one in found.segments)
    assert found.per_day == 0 or until < stopped
    assert found.indemnity == 0 or debt.due < stopped - timedelta(1)


@given(AMOUNTS, st.integers(2015, 2026), terms(EACH))
def test_a_leap_day_is_a_day(amount, year, terms):
    due, until = date(year, 2, 27), date(year, 3, 1)
    assume(not terms.regime.months)
    days = sum(one.days for one in late_interest(Debt(amount, due, (), due), terms, RATES, until).segments)
    leap = year % 4 == 0
    assert days == (4 if terms.day_count == "30/360" else 3 if leap else 2)


# === INTEREST ON INTEREST === #

DUTCH = [code for code in CODES if REGIMES[code].compound]


def year_by_year(debt, terms, until):
    """Return the exact interest, what a year has brought being added to the debt at its end."""
    begin = max(debt.due, debt.notice or debt.due) if terms.regime.starts == "notice" else debt.due
    owed, year, start = debt.amount, 1, begin
    while begin < until:
        end = min(until, months_later(start, 12 * year))
        owed += late_interest(Debt(owed, begin, (), begin), terms, RATES, end).amount
        begin, year = end, year + 1
    return owed - debt.amount


@given(AMOUNTS, DAYS, st.integers(0, 3000), st.sampled_from(DUTCH), COUNTS)
def test_interest_on_interest_is_added_once_a_year(amount, due, days, code, count):
    debt, until = Debt(amount, due, (), due), min(after(days, due), LAST)
    simple = Terms(REGIMES[code], None, count)
    assert late_interest(debt, simple._replace(compound=True), RATES, until).amount == year_by_year(debt, simple, until)


@given(partly_paid(), terms(), PAUSES)
def test_interest_bears_interest_only_where_the_law_gives_it_and_after_a_year(case, terms, pauses):
    debt, until = case
    terms = terms._replace(suspended=tuple(pauses))
    simple, found = (late_interest(debt, terms._replace(compound=one), RATES, until) for one in (False, True))
    if terms.regime.code not in DUTCH or terms.contract_rate is not None:
        assert found == simple
    else:
        assert found.amount >= simple.amount
    first = min((one.first for one in found.segments), default=until)
    assert all(one.compounded == 0 for one in found.segments if one.first <= months_later(first, 12) - timedelta(1))
    for one in found.segments:
        exact = Decimal(1) * one.balance * one.days * one.rate / (100 * one.base)
        assert one.amount == exact.quantize(CENT, ROUND_HALF_UP)
        assert 0 <= one.compounded < one.balance


# === AMOUNTS === #


@given(AMOUNTS, AMOUNTS, DAYS, st.integers(0, 1500), terms())
def test_interest_of_a_sum_is_the_sum_of_interests(one, other, due, days, terms):
    until = min(after(days, due), LAST)
    found = [late_interest(Debt(amount, due, (), due), terms, RATES, until) for amount in (one, other, one + other)]
    rounding = 3 * HALF * len(found[2].segments)
    assert abs(found[0].amount + found[1].amount - found[2].amount) <= rounding


@given(partly_paid(), terms())
def test_a_rate_of_zero_costs_nothing_but_the_fixed_sum(case, terms):
    debt, until = case
    assume(terms.regime.agreed)
    found = late_interest(debt, terms._replace(contract_rate=Decimal(0)), RATES, until)
    assert (found.amount, found.per_day) == (0, 0)
    assert found.indemnity == fixed_indemnity([debt], terms, until)


@given(partly_paid(), terms(), st.integers(0, 4))
def test_amounts_have_the_decimal_places_of_the_currency(case, terms, digits):
    debt, until = case
    found = late_interest(debt, terms, RATES, until, digits)
    unit = Decimal(1).scaleb(-digits)
    for amount in (found.amount, found.per_day, *(one.amount for one in found.segments)):
        assert amount == amount.quantize(unit)


# === INVOICES AND CONSUMERS === #


@given(st.lists(partly_paid(2), max_size=4), terms(), DAYS)
def test_an_invoice_has_one_fixed_sum(cases, terms, until):
    debts = [debt for debt, _until in cases]
    whole = fixed_indemnity(debts, terms, until)
    each = [late_interest(debt, terms, RATES, until) for debt in debts]
    assert max((one.indemnity for one in each), default=0) <= whole <= sum(one.indemnity for one in each)
    if terms.regime.code[:2] not in ("gb", "ie"):
        assert whole in (0, 40)


@given(partly_paid(), terms(CONSUMERS), st.booleans())
def test_who_needs_a_notice_owes_nothing_before_it(case, terms, noticed):
    debt, until = case
    found = late_interest(debt if noticed else debt._replace(notice=None), terms, RATES, until)
    assert found.indemnity == 0
    if not noticed:
        assert found == ((), 0, 0, 0, 0)
    assert all(one.first > max(debt.notice, debt.due) for one in found.segments)


@given(AMOUNTS, DAYS, st.integers(0, 900), st.sampled_from(CODES))
def test_what_is_due_and_not_late_needs_no_rate(amount, due, shift, code):
    """Seen on the due date or before it; nothing is known of the years to come."""
    assert interest(amount, after(9000, due), after(9000 - shift, due), code, notice=due).amount == 0
