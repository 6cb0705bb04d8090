"""A payment plan of a consumer ends only after a written warning (Cass. 1re civ., 22 March 2023, no. 21-16.044)."""

from datetime import timedelta

from hypothesis import given
from ledger import later
from promised import CHANCE, days, debt, held, ledgers, promised, promises, seen, three_dates

from relance_progressive.core.plain.days import Calendar
from relance_progressive.core.said.promise import BROKEN, KEPT, OPEN


def warned_first(warned=(), **values):
    """Return a plan of three dates of a consumer; ``warned`` are (day missed, day the warning left or None)."""
    known = {later(missed): sent if sent is None else later(sent) for missed, sent in dict(warned).items()}
    return three_dates(accelerates=True, chance=CHANCE, warned=known, **values)


ONE_PAID = {1: debt(300, (0, 100))}


def test_a_consumer_is_warned_and_the_plan_runs_on_for_eight_days():
    """Second date on day 30, known to be missed on day 34, warned on that day: until day 42 nothing is lost."""
    plan = warned_first({34: 34})
    for day in (34, 40, 42):
        state = seen(plan, ONE_PAID, day)
        assert (state.state, state.broken_on, state.total("missing")) == (OPEN, None, 0)
        assert held(plan, ONE_PAID, day) == {1: 200}
    state = seen(plan, ONE_PAID, 43)
    assert (state.state, state.broken_on, state.total("missing")) == (BROKEN, later(43), 200)
    assert held(plan, ONE_PAID, 43) == {}


def test_a_payment_within_the_eight_days_heals_the_plan():
    plan, debts = warned_first({34: 34}), {1: debt(300, (0, 100), (42, 100))}
    state = seen(plan, debts, 43)
    assert [part.state for part in state.parts] == [KEPT, KEPT, OPEN]
    assert (state.state, held(plan, debts, 43)) == (OPEN, {1: 100})
    too_late = {1: debt(300, (0, 100), (43, 100))}
    assert seen(plan, too_late, 43).state == BROKEN
    a_part_of_it = {1: debt(300, (0, 100), (40, 99))}
    assert seen(plan, a_part_of_it, 43).state == BROKEN


def test_each_missed_date_has_its_own_warning():
    debts = {1: debt(300, (0, 100), (42, 100))}
    plan = warned_first({34: 34})
    assert [late.missed_on for late in seen(plan, ONE_PAID, 35).late] == [later(34)]
    assert seen(plan, debts, 63).late == ()
    (late,) = seen(plan, debts, 64).late
    assert (late.missed_on, late.amount, late.known) == (later(64), 100, False)
    assert seen(warned_first({34: 34, 64: 64}), debts, 72).state == OPEN
    assert seen(warned_first({34: 34, 64: 64}), debts, 73).state == BROKEN


def test_without_a_warning_that_left_a_plan_never_ends():
    """What is missed is claimed after the same time, like any sum; the other dates keep their days."""
    plan = warned_first({34: None})
    assert held(plan, ONE_PAID, 42) == {1: 200}
    state = seen(plan, ONE_PAID, 43)
    assert (state.state, state.broken_on, state.total("missing")) == (OPEN, later(43), 100)
    assert held(plan, ONE_PAID, 43) == {1: 100}
    # It left in the end, on paper: eight days from then on.
    plan = warned_first({34: 50})
    assert held(plan, ONE_PAID, 58) == {1: 200}
    assert (seen(plan, ONE_PAID, 59).state, held(plan, ONE_PAID, 59)) == (BROKEN, {})


def test_what_is_forecast_is_that_the_warning_leaves_on_the_first_working_day():
    plan, debts = warned_first(), {1: debt(300, (0, 100))}
    assert held(plan, debts, 42) == {1: 200}
    assert held(plan, debts, 43) == {}
    closed = plan._replace(calendar=Calendar(frozenset({later(34)}), weekend=()))
    assert held(closed, debts, 43) == {1: 200}
    assert held(closed, debts, 44) == {}


def test_a_date_that_is_missed_without_a_clause_needs_no_warning():
    plan = three_dates(chance=CHANCE)
    state = seen(plan, ONE_PAID, 34)
    assert (state.late, state.state, state.total("missing")) == ((), OPEN, 100)
    single = promised((1, 100, 10), accelerates=True, chance=CHANCE)
    assert (seen(single, {1: debt(100)}, 14).state, seen(single, {1: debt(100)}, 14).late) == (BROKEN, ())


def test_when_a_plan_is_looked_at_again():
    plan = warned_first()
    assert seen(plan, ONE_PAID, 5).check_date == later(34)  # the day to warn on
    assert seen(warned_first({34: 34}), ONE_PAID, 34).check_date == later(43)


@given(promises, ledgers(), days)
def test_a_plan_that_has_to_warn_ends_no_sooner_than_eight_days_after_it(promise, debts, day):
    ended = seen(promise._replace(accelerates=True, chance=CHANCE), debts, day)
    at_once = seen(promise._replace(accelerates=True, chance=0), debts, day)
    if promise.is_plan and ended.state == BROKEN and any(part.state == BROKEN for part in ended.parts):
        assert at_once.broken_on is not None
        assert ended.broken_on >= at_once.broken_on + timedelta(CHANCE)
    for late in ended.late:
        assert late.amount > 0
        assert late.missed_on <= later(day)
