"""The legal dates of a registered letter."""

import doctest
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relance_progressive.core.law import notice
from relance_progressive.core.law.notice import Event

MONDAY = date(2026, 3, 2)


def day(shift):
    return MONDAY + timedelta(days=shift)


def life(*steps, proof=False):
    return [Event(kind, day(shift), proof) for kind, shift in steps]


SENT = (("handed_in", 0), ("presented", 2))
EVENTS = st.builds(Event, st.sampled_from(notice.KINDS), st.integers(0, 40).map(day), st.booleans())
LIVES = st.lists(EVENTS, max_size=7)


def test_the_examples_of_the_documentation():
    assert doctest.testmod(notice).failed == 0


@pytest.mark.parametrize(
    ("steps", "effective", "why"),
    [
        ([], None, "not_sent"),
        ([("handed_in", 0)], None, "waiting"),
        (SENT, None, "waiting"),
        ([*SENT, ("delivered", 5)], day(5), "delivered"),
        ([*SENT, ("refused", 3)], day(3), "refused"),
        ([*SENT, ("unclaimed", 18)], day(2), "unclaimed"),
        ([*SENT, ("presented", 4), ("unclaimed", 18)], day(2), "unclaimed"),
        ([*SENT, ("unclaimed", 18), ("returned", 21)], day(2), "unclaimed"),
        ([*SENT, ("refused", 3), ("returned", 6)], day(3), "refused"),
        ([("handed_in", 0), ("unclaimed", 18)], None, "no_presentation"),
        ([("handed_in", 0), ("returned", 5)], None, "unknown"),
        ([*SENT, ("unclaimed", 17), ("delivered", 17)], day(17), "delivered"),
    ],
)
def test_when_the_notice_takes_effect(steps, effective, why):
    assert notice.read(life(*steps))[:2] == (effective, why)


def test_last_day_at_the_post_office():
    """15 calendar days, the day of the presentation not counted; a week-end changes nothing."""
    assert notice.read(life(*SENT)).claim_until == day(17)
    assert notice.read(life(*SENT, ("unclaimed", 18))).claim_until == day(17)
    assert notice.read(life(*SENT, ("delivered", 9))).claim_until is None
    assert notice.read(life(("handed_in", 0))).claim_until is None


def test_fifteen_days_to_accept_an_electronic_letter():
    told = life(("handed_in", 0), ("presented", 0))
    assert notice.read(told, electronic=True).claim_until == day(15)


def test_time_to_pay_is_counted_from_the_effect_and_not_moved():
    saturday = day(5)
    assert saturday.weekday() == 5
    read = notice.read(life(*SENT, ("delivered", 5)), days_to_pay=7)
    assert (read.pay_until, read.pay_until.weekday()) == (day(12), 5)
    assert notice.read(life(*SENT), days_to_pay=8).pay_until is None
    assert notice.read(life(*SENT, ("delivered", 5))).pay_until is None


@pytest.mark.parametrize(
    ("steps", "proven", "number", "missing"),
    [
        ([], [], "", ()),
        (SENT, [], "", ("number", "handed_in")),
        (SENT, [], "RR1", ("handed_in",)),
        (SENT, ["handed_in"], "RR1", ()),
        ([*SENT, ("delivered", 5)], ["handed_in"], "RR1", ("delivered",)),
        ([*SENT, ("delivered", 5)], ["handed_in", "delivered"], "RR1", ()),
        ([*SENT, ("unclaimed", 18)], ["handed_in"], "RR1", ("unclaimed",)),
        ([*SENT, ("unclaimed", 18), ("returned", 20)], ["handed_in", "returned"], "RR1", ()),
        ([("handed_in", 0), ("unclaimed", 18)], ["handed_in", "unclaimed"], "RR1", ("presented",)),
    ],
)
def test_what_is_missing_to_prove_it(steps, proven, number, missing):
    events = [event._replace(proof=event.kind in proven) for event in life(*steps)]
    assert notice.read(events, number=number).missing == missing


@pytest.mark.parametrize(
    ("steps", "codes"),
    [
        ([*SENT, ("delivered", 2)], []),
        ([*SENT, ("presented", 3), ("delivered", 4)], []),
        ([("handed_in", 3), ("delivered", 2)], ["before_hand_in"]),
        ([("presented", 3), ("delivered", 2)], ["before_presentation"]),
        ([*SENT, ("delivered", 3), ("delivered", 4)], ["twice"]),
        ([("handed_in", 0), ("handed_in", 1)], ["twice"]),
        ([*SENT, ("delivered", 3), ("refused", 3)], ["two_ends"]),
        ([*SENT, ("delivered", 3), ("returned", 9)], ["two_ends"]),
        ([*SENT, ("refused", 3), ("unclaimed", 18)], ["two_ends"]),
        ([*SENT, ("delivered", 3), ("unclaimed", 18)], ["two_ends"]),
        ([*SENT, ("unclaimed", 17), ("delivered", 17)], []),
        ([*SENT, ("returned", 9), ("unclaimed", 18)], ["after_return"]),
    ],
)
def test_contradictions(steps, codes):
    assert [problem.code for problem in notice.check(life(*steps))] == codes


@given(LIVES, st.randoms(use_true_random=False), st.booleans())
def test_the_order_of_the_events_does_not_matter(events, random, electronic):
    mixed = random.sample(events, len(events))
    assert notice.read(mixed, electronic=electronic) == notice.read(events, electronic=electronic)
    assert notice.check(mixed) == notice.check(events)


@given(LIVES)
def test_saying_it_twice_changes_nothing(events):
    assert notice.read(events * 2) == notice.read(events)
    assert notice.check(events * 2) == notice.check(events)


@given(LIVES, EVENTS)
def test_no_notice_before_the_hand_in(events, more):
    """Whatever is added, what is free of contradictions has no effect before it was handed in."""
    events = [*events, more, Event("handed_in", MONDAY + timedelta(days=3))]
    if notice.check(events):
        return
    read = notice.read(events)
    assert read.effective is None or read.effective >= MONDAY + timedelta(days=3)


@given(LIVES, EVENTS)
def test_news_never_move_the_effect_earlier_without_a_contradiction(events, more):
    """A better-known end may bring it later (collected after all), never earlier than what was presented."""
    before, after = notice.read(events), notice.read([*events, more])
    if before.effective and after.effective and not notice.check([*events, more]) and more.kind != "presented":
        assert after.effective >= before.effective


@given(LIVES, st.integers(1, 60))
def test_time_to_pay_starts_with_the_effect(events, days):
    read = notice.read(events, days_to_pay=days)
    assert (read.pay_until is None) == (read.effective is None)
    if read.effective:
        assert read.pay_until - read.effective == timedelta(days=days)


@given(LIVES)
def test_what_can_still_be_collected_has_no_other_end(events):
    read = notice.read(events)
    if read.claim_until:
        assert notice.outcome(events) in ("", "unclaimed")


@given(LIVES)
def test_with_every_proof_and_the_number_only_dates_can_be_missing(events):
    proven = [event._replace(proof=True) for event in events]
    assert set(notice.read(proven, number="RR1").missing) <= {"handed_in", "presented"}
