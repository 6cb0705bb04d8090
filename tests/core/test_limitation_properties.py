"""What holds of every limitation, whatever happens to the claim."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from relance_progressive.core.law import limitation as code
from relance_progressive.core.law.limitation import Facts, Interruption, Suspension, limitation, turning_days
from relance_progressive.core.law.regimes import FR_CONSUMER, FR_NON_PROFESSIONAL, FR_PROFESSIONAL, FR_PUBLIC
from relance_progressive.core.plain.days import months_later

DAYS = st.dates(date(2015, 1, 1), date(2035, 1, 1))
REGIMES = st.sampled_from([FR_PROFESSIONAL, FR_CONSUMER, FR_NON_PROFESSIONAL, FR_PUBLIC])
LIMITS = REGIMES.map(lambda regime: regime.limitation)
EVENTS = st.lists(
    st.builds(
        lambda kind, day, days, void: Interruption(kind, day, days and day + timedelta(days), void),
        st.sampled_from(sorted(code.KINDS)),
        DAYS,
        st.one_of(st.none(), st.integers(1, 1000)),
        st.booleans(),
    ),
    max_size=5,
)
PAUSES = st.lists(
    st.builds(
        lambda kind, first, days: Suspension(kind, first, days and first + timedelta(days)),
        st.sampled_from(code.SUSPENDING),
        DAYS,
        st.one_of(st.none(), st.integers(1, 400)),
    ),
    max_size=3,
)


@given(DAYS, LIMITS, EVENTS, PAUSES)
def test_nothing_that_happens_brings_it_earlier(start, limit, events, pauses):
    bare = limitation(Facts(start), limit).last_day
    assert limitation(Facts(start), limit, events, pauses).last_day >= bare


@given(DAYS, LIMITS, EVENTS, PAUSES, st.randoms(use_true_random=False))
def test_the_order_of_what_is_told_does_not_matter(start, limit, events, pauses, random):
    told = limitation(Facts(start), limit, events, pauses)
    mixed = limitation(Facts(start), limit, random.sample(events, len(events)), random.sample(pauses, len(pauses)))
    assert mixed == told


@given(DAYS, LIMITS, EVENTS, PAUSES)
def test_the_last_step_says_the_last_day(start, limit, events, pauses):
    found = limitation(Facts(start), limit, events, pauses)
    assert found.steps[-1].last_day == found.last_day
    assert all(step.article for step in found.steps)


@given(DAYS, LIMITS, EVENTS, PAUSES, st.sampled_from(["reminder", "formal_notice", "petition"]), DAYS)
def test_no_letter_ever_changes_the_last_day(start, limit, events, pauses, kind, day):
    told = limitation(Facts(start), limit, events, pauses).last_day
    assert limitation(Facts(start), limit, [*events, Interruption(kind, day)], pauses).last_day == told


@given(DAYS, DAYS, LIMITS, EVENTS)
def test_knowing_of_an_earlier_delivery_never_brings_it_later(due, delivered, limit, events):
    told = limitation(Facts(due, delivered=delivered), limit).last_day
    assert told <= limitation(Facts(due), limit).last_day


# === WHEN SOMETHING IS TO BE SAID === #

ANY_DAY = st.dates(date(2000, 1, 1), date(2060, 12, 31))


@given(ANY_DAY, st.integers(0, 400))
def test_between_two_turning_days_nothing_is_new(last, before):
    """What is said on a day is what was said on the turning day before it."""
    today = last - timedelta(days=before)

    def said(day):
        return [last <= months_later(day, count) for count in (1, 3, 6)], last < day

    turns = turning_days(last, (1, 3, 6))
    assert list(turns) == sorted(set(turns))
    assert turns[-1] == last + timedelta(days=1)
    for turn in turns:
        assert said(turn) != said(turn - timedelta(days=1))
    coming = next(turn for turn in turns if turn > today)
    assert said(coming - timedelta(days=1)) == said(today)
