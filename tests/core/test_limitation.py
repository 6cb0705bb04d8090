"""Until when a claim can be brought to court, and why."""

import doctest
from datetime import date, timedelta

import pytest

from relance_progressive.core.law import limitation as code
from relance_progressive.core.law.limitation import Facts, Interruption, Suspension, limitation
from relance_progressive.core.law.regimes import (
    BE_PROFESSIONAL,
    FR_CONSUMER,
    FR_NON_PROFESSIONAL,
    FR_PROFESSIONAL,
    FR_PUBLIC,
)

APRIL = date(2021, 4, 1)


def last_day(*interruptions, regime=FR_PROFESSIONAL, start=APRIL, suspensions=()):
    events = [Interruption(*one) for one in interruptions]
    return limitation(Facts(start), regime.limitation, events, [Suspension(*one) for one in suspensions]).last_day


def codes(*interruptions, regime=FR_PROFESSIONAL, suspensions=()):
    events = [Interruption(*one) for one in interruptions]
    found = limitation(Facts(APRIL), regime.limitation, events, [Suspension(*one) for one in suspensions])
    return [(step.code, step.last_day) for step in found.steps]


def test_the_examples_of_the_documentation():
    failed, attempted = doctest.testmod(code)
    assert attempted and not failed


# === THE PERIOD === #


def test_a_published_example():
    """victorisavocat.com: due on 1 April 2021, expires on 2 April 2026; the last safe day is the one before."""
    assert last_day() == date(2026, 4, 1) != date(2026, 4, 2)


@pytest.mark.parametrize(
    ("regime", "expected"),
    [
        (FR_PROFESSIONAL, date(2026, 4, 1)),
        (FR_CONSUMER, date(2023, 4, 1)),
        (FR_NON_PROFESSIONAL, date(2026, 4, 1)),  # C. conso. L218-2 does not protect legal persons
        (FR_PUBLIC, date(2025, 12, 31)),  # four years from 1 January 2022
        (BE_PROFESSIONAL, None),
        (None, None),
    ],
)
def test_how_long_each_can_be_sued(regime, expected):
    assert limitation(Facts(APRIL), regime and regime.limitation).last_day == expected


@pytest.mark.parametrize(
    ("facts", "start", "why"),
    [
        (Facts(due=date(2021, 4, 1)), date(2021, 4, 1), "due"),
        (Facts(date(2021, 4, 1), invoiced=date(2021, 3, 1)), date(2021, 3, 1), "invoiced"),
        (Facts(date(2021, 4, 1), date(2021, 3, 1), date(2021, 2, 1)), date(2021, 2, 1), "delivered"),
        (Facts(date(2021, 4, 1), date(2021, 3, 1), date(2021, 5, 1)), date(2021, 3, 1), "invoiced"),
        (Facts(date(2021, 3, 1), date(2021, 3, 1), date(2021, 3, 1)), date(2021, 3, 1), "delivered"),
    ],
)
def test_it_starts_with_the_earliest_of_what_is_known(facts, start, why):
    """Cass. com. 26 Feb. 2020, 18-25.036: the performance of the service, not the date of the invoice."""
    found = limitation(facts, FR_PROFESSIONAL.limitation)
    assert found.steps[0][:2] == (why, start)
    assert found.last_day == date(2026, start.month, 1)


def test_a_leap_day_ends_with_february():
    assert last_day(start=date(2024, 2, 29)) == date(2029, 2, 28)


# === INTERRUPTIONS === #


@pytest.mark.parametrize(
    "kind", ["acknowledgement", "part_payment", "court_claim", "declaration", "order_served", "enforcement"]
)
def test_what_interrupts_begins_the_same_period_again(kind):
    assert last_day((kind, date(2023, 7, 14))) == date(2028, 7, 14)
    assert last_day((kind, date(2022, 7, 14)), regime=FR_CONSUMER) == date(2024, 7, 14)


@pytest.mark.parametrize("kind", ["reminder", "formal_notice", "petition", "written_claim"])
def test_a_reminder_or_a_formal_notice_changes_nothing(kind):
    """Cass. com. 18 May 2022, 20-23.204; a petition for an order counts once the order is served."""
    assert codes((kind, date(2023, 7, 14))) == [("due", date(2026, 4, 1)), ("no_effect", date(2026, 4, 1))]


def test_a_written_claim_interrupts_against_a_public_debtor():
    assert last_day(("written_claim", date(2023, 7, 14)), regime=FR_PUBLIC) == date(2027, 12, 31)


def test_the_last_of_several_counts():
    events = [("part_payment", date(2023, 7, 14)), ("acknowledgement", date(2022, 1, 5))]
    assert last_day(*events) == last_day(*events[::-1]) == date(2028, 7, 14)
    assert [step for step, _day in codes(*events)] == ["due", "acknowledgement", "part_payment"]


def test_a_chain_of_interruptions_goes_beyond_the_first_period():
    assert last_day(("part_payment", date(2026, 4, 1)), ("part_payment", date(2031, 4, 1))) == date(2036, 4, 1)


def test_what_comes_too_late_interrupts_nothing():
    assert codes(("part_payment", date(2026, 4, 2))) == [("due", date(2026, 4, 1)), ("too_late", date(2026, 4, 1))]
    assert last_day(("part_payment", date(2026, 4, 1))) == date(2031, 4, 1)


def test_before_it_started_nothing_is_interrupted():
    assert codes(("acknowledgement", date(2021, 3, 1))) == [("due", date(2026, 4, 1)), ("too_early", date(2026, 4, 1))]


def test_on_its_first_day_already():
    assert codes(("acknowledgement", APRIL))[1] == ("acknowledgement", date(2026, 4, 1))


def test_a_claim_that_is_void_counts_not():
    """C. civ. 2243: withdrawn, lapsed or dismissed."""
    events = ("court_claim", date(2023, 7, 14), None, True)
    assert codes(events) == [("due", date(2026, 4, 1)), ("void", date(2026, 4, 1))]


def test_a_claim_interrupts_until_the_proceedings_end():
    """C. civ. 2242; while they last, only the claim itself is counted on."""
    assert last_day(("court_claim", date(2023, 7, 14))) == date(2028, 7, 14)
    assert last_day(("court_claim", date(2023, 7, 14), date(2025, 2, 3))) == date(2030, 2, 3)


def test_a_claim_declared_in_insolvency_proceedings_lives_until_they_are_closed():
    """C. com. L622-25-1."""
    assert last_day(("declaration", date(2023, 7, 14), date(2026, 9, 30))) == date(2031, 9, 30)


def test_an_enforceable_title_lasts_ten_years():
    """CPCE L111-4."""
    assert last_day(("title", date(2023, 7, 14)), regime=FR_CONSUMER) == date(2033, 7, 14)


def test_with_a_title_what_interrupts_begins_ten_years_again():
    events = [("title", date(2023, 1, 14)), ("enforcement", date(2030, 7, 14))]
    assert last_day(*events, regime=FR_CONSUMER) == date(2040, 7, 14)


def test_a_title_counts_whenever_the_judge_gave_it():
    """The claim was in time, or there would be no title."""
    events = [("court_claim", date(2023, 3, 1)), ("title", date(2025, 9, 1))]
    assert last_day(*events, regime=FR_CONSUMER) == date(2035, 9, 1)


def test_an_unknown_kind():
    with pytest.raises(ValueError, match="phone"):
        last_day(("phone", date(2023, 7, 14)))


# === SUSPENSIONS === #


def test_a_mediation_stops_the_clock():
    """C. civ. 2238: the days it lasted are added."""
    mediation = ("mediation", date(2023, 1, 1), date(2023, 1, 31))
    assert last_day(suspensions=[mediation]) == date(2026, 5, 1)


def test_six_months_remain_after_a_mediation():
    mediation = ("mediation", date(2026, 3, 1), date(2026, 3, 31))
    assert last_day(suspensions=[mediation]) == date(2026, 9, 30)


def test_a_mediation_that_lasts_leaves_six_months_at_least():
    assert last_day(suspensions=[("mediation", date(2026, 3, 1), None)]) == date(2026, 9, 1)
    assert last_day(suspensions=[("mediation", date(2023, 3, 1), None)]) == date(2026, 4, 1)


def test_what_begins_too_late_suspends_nothing():
    assert last_day(suspensions=[("mediation", date(2026, 4, 2), date(2026, 5, 1))]) == date(2026, 4, 1)
    assert last_day(suspensions=[("mediation", date(2026, 4, 1), date(2026, 4, 3))]) == date(2026, 10, 3)


def test_suspensions_that_overlap_count_once():
    two = [
        ("mediation", date(2023, 1, 1), date(2023, 1, 31)),
        ("conciliation", date(2023, 1, 11), date(2023, 2, 10)),
    ]
    assert last_day(suspensions=two) == last_day(suspensions=[("mediation", date(2023, 1, 1), date(2023, 2, 10))])


def test_a_period_that_begins_within_a_mediation_waits_for_its_end():
    mediation = ("mediation", date(2023, 1, 1), date(2023, 1, 31))
    found = last_day(("acknowledgement", date(2023, 1, 11)), suspensions=[mediation])
    assert found == date(2028, 1, 11) + timedelta(20)


def test_a_period_that_begins_with_a_mediation_or_as_one_ends():
    mediation = ("mediation", date(2023, 1, 11), date(2023, 1, 31))
    first, last = ("acknowledgement", date(2023, 1, 11)), ("acknowledgement", date(2023, 1, 31))
    assert last_day(first, suspensions=[mediation]) == date(2028, 1, 31)
    assert codes(last, suspensions=[mediation])[1:] == [
        ("mediation", date(2026, 4, 21)),
        ("acknowledgement", date(2028, 1, 31)),
    ]
    assert last_day(suspensions=[("mediation", APRIL, date(2021, 4, 11))]) == date(2026, 4, 11)


def test_a_mediation_within_proceedings_that_end_later_adds_nothing():
    mediation = ("mediation", date(2023, 8, 1), date(2023, 9, 1))
    claim = ("court_claim", date(2023, 7, 14), date(2025, 2, 3))
    assert last_day(claim, suspensions=[mediation]) == date(2030, 2, 3)
    running = ("mediation", date(2025, 1, 24), date(2025, 2, 13))
    assert last_day(claim, suspensions=[running]) == date(2030, 2, 13)


def test_what_happens_while_proceedings_last_does_not_shorten_them():
    claim = ("court_claim", date(2023, 7, 14), date(2025, 2, 3))
    assert last_day(claim, ("part_payment", date(2024, 1, 1))) == date(2030, 2, 3)


def test_a_mediation_before_an_interruption_adds_nothing_to_the_new_period():
    mediation = ("mediation", date(2023, 1, 1), date(2023, 1, 31))
    assert last_day(("acknowledgement", date(2023, 6, 1)), suspensions=[mediation]) == date(2028, 6, 1)
    assert codes(("acknowledgement", date(2023, 6, 1)), suspensions=[mediation]) == [
        ("due", date(2026, 4, 1)),
        ("mediation", date(2026, 5, 1)),
        ("acknowledgement", date(2028, 6, 1)),
    ]


def test_a_mediation_can_save_a_payment_that_came_late():
    mediation = ("mediation", date(2023, 1, 1), date(2023, 12, 31))
    assert last_day(("part_payment", date(2026, 6, 1)), suspensions=[mediation]) == date(2031, 6, 1)


def test_a_suspension_that_ends_before_it_begins():
    with pytest.raises(ValueError, match="2023-01-01"):
        last_day(suspensions=[("mediation", date(2023, 1, 2), date(2023, 1, 1))])
