from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from relance_progressive.core.decision.decide import decide
from relance_progressive.core.decision.facts import AccountFacts, Item, Level, Policy
from relance_progressive.core.decision.forecast import flow
from relance_progressive.core.decision.schedule import FIRST_STAGES, start
from relance_progressive.core.plain.days import Calendar

TODAY = date(2026, 3, 2)
STAGE_ORDER = ("pre_due", "friendly", "firm", "formal_notice")


@st.composite
def plans(draw):
    """A plan as people make them: later levels are firmer."""
    delays = sorted(draw(st.lists(st.integers(0, 90), min_size=1, max_size=6, unique=True)))
    stages = sorted(
        draw(st.lists(st.sampled_from(STAGE_ORDER[1:]), min_size=len(delays), max_size=len(delays))),
        key=STAGE_ORDER.index,
    )
    levels = [Level(1, -5, stage="pre_due")] if draw(st.booleans()) else []
    return tuple(levels) + tuple(
        Level(number, delay, draw(st.integers(0, 15)), stage)
        for number, (delay, stage) in enumerate(zip(delays, stages, strict=True), start=2)
    )


@given(plans(), st.integers(1, 400), st.sampled_from(FIRST_STAGES))
def test_the_first_message_is_never_firmer_than_chosen(levels, late, firmest):
    """Whatever the age, the decision that follows a take-over is at the level it named, or waits."""
    due = TODAY - timedelta(days=late)
    found = start(levels, due, TODAY, firmest)
    item = Item(7, due, Decimal(100), found.done if found else None, found.done_on if found else None)
    decision = decide(AccountFacts(items=(item,)), Policy(levels), TODAY)
    by_id = {level.id: level for level in levels}
    if found is None:
        return
    assert by_id[found.level].stage in FIRST_STAGES[: FIRST_STAGES.index(firmest) + 1]
    assert by_id[found.level].delay <= late
    if decision.send:
        assert decision.level == found.level
    else:
        assert decision.next_level == found.level, "it waits for the minimum of days, no more"


@given(plans(), st.integers(1, 400), st.sampled_from(FIRST_STAGES))
def test_what_counts_as_done_lies_in_the_past(levels, late, firmest):
    due = TODAY - timedelta(days=late)
    found = start(levels, due, TODAY, firmest)
    if found and found.done:
        assert due <= found.done_on <= TODAY


def test_a_plan_of_formal_notices_starts_nothing():
    assert start((Level(1, 3, stage="formal_notice"),), date(2025, 1, 1), TODAY, "firm") is None


def test_an_item_that_is_not_old_enough():
    assert start((Level(1, 3),), TODAY - timedelta(days=2), TODAY, "firm") is None


counts = st.dictionaries(st.integers(-3, 40), st.integers(0, 500), max_size=10)


@given(counts, st.integers(0, 200), st.integers(1, 30))
def test_nothing_is_lost_and_the_limit_holds(new, cap, days):
    coming = {TODAY + timedelta(days=delay): count for delay, count in new.items()}
    table = flow(coming, cap, Calendar(), TODAY, days)
    assert len(table) == days
    assert all(day.date.weekday() < 5 for day in table)
    assert not cap or all(day.leaves <= cap for day in table)
    came = sum(count for when, count in coming.items() if when <= table[-1].date)
    assert sum(day.leaves for day in table) + table[-1].waits == came
    assert all(day.leaves == cap or not day.waits for day in table if cap)
    assert cap or not any(day.waits for day in table)
