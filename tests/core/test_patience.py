"""What holds a message back, and how that is told, as stories."""

from datetime import date
from decimal import Decimal

import pytest
from ledger import (
    FORMAL,
    FRIENDLY,
    PLAN,
    SECOND,
    TODAY,
    WORKDAYS,
    account,
    after,
    ago,
    claimed,
    codes,
    held,
    later,
    owed,
    reason,
)

from relance_progressive.core.decision.decide import decide
from relance_progressive.core.decision.facts import Credit, Hold, Level, Policy, Source

# === MONEY AND HOLDS === #


def test_money_covers_the_oldest_first_and_is_told():
    decision = decide(account(owed(1, late=4, amount=100), owed(2, late=30, amount=80), money=120), PLAN, TODAY)
    assert claimed(decision) == {1: 60}
    assert (decision.due, decision.overdue, decision.covered) == (60, 60, 120)
    assert decision.oldest_due == ago(4)
    assert codes(decision) == ["level_due", "covered"]
    assert reason(decision, "covered")[2:] == (120, 2)


def test_money_is_not_kept_for_what_is_held_or_excluded():
    decision = decide(
        account(
            owed(1, late=90, amount=100, excluded="blocked"),
            owed(2, late=60, amount=100),
            owed(3, late=30, amount=100),
            money=100,
            holds=[held("dispute", 2)],
        ),
        PLAN,
        TODAY,
    )
    assert not decision.send
    assert (decision.covered, decision.due, decision.overdue) == (100, 200, 200)
    assert decision.oldest_due == ago(90)


def test_a_part_in_dispute_leaves_the_rest_claimable():
    decision = decide(account(owed(1, late=5), holds=[held("dispute", 1, amount=30)]), PLAN, TODAY)
    assert claimed(decision) == {1: 70}
    assert reason(decision, "hold_dispute")[2:] == (30, 1)


def test_a_pause_of_the_account_silences_all_of_it_until_its_last_day():
    decision = decide(account(owed(1, late=5), owed(2, late=50), holds=[held("pause", until=6)]), PLAN, TODAY)
    assert (decision.send, decision.next_date, decision.overdue) == (False, later(7), 200)
    assert decision.reasons[0] == ("hold_pause", later(6), Decimal(200), 2)
    assert decision.check_date == later(7)


def test_an_ended_hold_holds_nothing():
    assert decide(account(owed(1, late=5), holds=[held("promise", 1, until=-1)]), PLAN, TODAY).send
    assert not decide(account(owed(1, late=5), holds=[held("promise", 1, until=0)]), PLAN, TODAY).send


def test_a_hold_that_ends_today_frees_its_item_tomorrow():
    decision = decide(account(owed(1, late=30), holds=[held("promise", 1, until=0)]), PLAN, TODAY)
    assert (decision.send, decision.next_date, decision.check_date) == (False, later(1), later(1))


def test_two_holds_of_one_item_hold_no_more_than_it():
    both = [held("dispute", 1, amount=70), held("promise", 1, amount=60)]
    facts = account(owed(1, late=30), owed(2, late=30, amount=20), holds=both)
    assert claimed(decide(facts, PLAN, TODAY)) == {2: 20}


def test_money_covers_what_is_not_late_yet_once_the_rest_is_covered():
    facts = account(owed(1, late=30), owed(2, late=-3, amount=50), money=130)
    decision = decide(facts, PLAN, TODAY)
    assert (decision.covered, decision.due, decision.overdue) == (130, 20, 0)
    assert claimed(decision) == {2: 20}


def test_money_goes_back_to_an_item_whose_hold_ends():
    """The promise on the old item held it: the money covered the next one meanwhile."""
    facts = account(owed(1, late=30), owed(2, late=20), money=100, holds=[held("promise", 1, until=3)])
    assert decide(facts, PLAN, TODAY).next_date == later(4)
    assert claimed(decide(facts, PLAN, later(4))) == {2: 100}


# === SPACING, DAYS, STATES === #


def test_contacts_of_an_account_are_spaced_whatever_the_items():
    decision = decide(account(owed(1, late=3), owed(2, late=33), contact=2), PLAN, TODAY)
    assert decision.reasons[0] == ("spacing", later(3), None, None)
    assert (decision.send, decision.next_date) == (False, later(3))
    assert decide(account(owed(1, late=3), contact=5), PLAN, TODAY).send


def test_a_spacing_that_ends_on_a_day_off_is_looked_at_then():
    friday, saturday = date(2026, 6, 12), date(2026, 6, 13)
    facts = account(owed(1, late=3))._replace(last_contact=date(2026, 6, 8))
    decision = decide(facts, PLAN._replace(calendar=WORKDAYS), friday)
    assert decision.reasons == (("spacing", saturday, None, None),)
    assert (decision.next_date, decision.check_date) == (date(2026, 6, 15), saturday)


def test_a_contact_of_a_later_day_counts_when_an_earlier_day_is_looked_at():
    decision = decide(account(owed(1, late=30), contact=-1), PLAN, TODAY)
    assert (codes(decision), decision.next_date) == (["spacing"], later(6))


def test_never_twice_on_a_day_even_without_spacing():
    facts = account(owed(1, late=3), contact=0)
    decision = decide(facts, PLAN._replace(spacing=0), TODAY)
    assert (decision.send, decision.next_date) == (False, later(1))


def test_nothing_leaves_on_a_day_off():
    saturday = date(2026, 6, 13)
    decision = decide(account(owed(1, late=3)), PLAN._replace(calendar=WORKDAYS), saturday)
    assert decision.reasons == (("not_working_day", date(2026, 6, 15), None, None),)
    assert (decision.send, decision.next_date) == (False, date(2026, 6, 15))
    assert decision.check_date == date(2026, 6, 15)


@pytest.mark.parametrize(
    ("state", "code"),
    [("draft", "pending"), ("ready", "pending"), ("failed", "failed"), ("uncertain", "uncertain")],
)
def test_an_open_reminder_stops_the_account(state, code):
    decision = decide(account(owed(1, late=50), pending=state), PLAN, TODAY)
    assert (decision.send, decision.next_date, decision.overdue) == (False, None, 100)
    assert codes(decision) == [code]


def test_nothing_open_no_plan_no_levels():
    assert codes(decide(account(), PLAN, TODAY)) == ["nothing_open"]
    assert codes(decide(account(owed(1, late=9)), None, TODAY)) == ["no_plan"]
    assert codes(decide(account(owed(1, late=9)), Policy(()), TODAY)) == ["no_levels"]


def test_a_finished_plan_says_so():
    decision = decide(account(owed(1, late=90, level=FORMAL, done=40)), PLAN, TODAY)
    assert codes(decision) == ["plan_finished"]
    assert (decision.next_date, decision.check_date, decision.level_done) == (None, None, FORMAL)


def test_when_a_message_leaves_the_next_date_counts_on_it():
    facts = account(owed(1, late=12))
    decision = decide(facts, PLAN, TODAY)
    assert (decision.level, decision.next_date, decision.next_level) == (FRIENDLY, later(6), SECOND)
    assert decide(after(facts, decision, TODAY), PLAN, later(6)).level == SECOND


def test_figures_change_the_day_after_a_due_date():
    decision = decide(account(owed(1, late=-8, excluded="no_followup")), PLAN, TODAY)
    assert (decision.next_date, decision.check_date) == (None, later(9))


# === REASONS === #


def test_reasons_start_with_the_most_decisive():
    facts = account(
        owed(1, late=12, level=SECOND, done=2),
        owed(2, late=-30),
        owed(3, late=40, excluded="no_followup"),
        owed(4, late=50),
        holds=[held("dispute", 4)],
    )
    decision = decide(facts, PLAN, TODAY)
    assert codes(decision) == ["waiting", "hold_dispute", "no_followup", "not_due"]
    assert reason(decision, "waiting").until == later(8)
    assert reason(decision, "not_due").until == later(25)


def test_an_account_with_nothing_late_is_first_of_all_not_due():
    decision = decide(account(owed(1, late=-30, amount=50), owed(2, late=-31), money=60), PLAN, TODAY)
    assert codes(decision) == ["not_due", "covered"]


def test_reasons_of_a_kind_are_added_up():
    facts = account(
        owed(1, late=30), owed(2, late=40, amount=50),
        holds=[held("dispute", 1, until=9), held("dispute", 2, until=4)],
    )  # fmt: skip
    assert decide(facts, PLAN, TODAY).reasons == (("hold_dispute", later(4), Decimal(150), 2),)


def test_a_date_that_will_never_come_has_its_cause_told():
    """Held now, covered later: the hold alone would not explain why nothing ever follows."""
    facts = account(owed(1, late=30), money=100, holds=[held("promise", 1, until=3)])
    decision = decide(facts, PLAN, TODAY)
    assert decision.next_date is None
    assert codes(decision) == ["hold_promise", "covered"]


def test_a_notice_that_is_too_small_stays_so_until_its_time_is_past():
    policy = Policy((Level(1, -5, amount_min=Decimal(150)),), calendar=WORKDAYS)
    told = [codes(decide(account(owed(1, late=-1)), policy, day)) for day in (ago(1), TODAY, later(1), later(2))]
    assert told == [["below_threshold"]] * 3 + [["plan_finished"]]


def test_a_notice_that_the_spacing_outlasts_is_no_matter_of_its_amount():
    policy = Policy((Level(1, -5),), spacing=9)
    decision = decide(account(owed(1, late=-3), contact=1), policy, TODAY)
    assert (codes(decision), decision.next_date) == (["spacing", "plan_finished"], None)


def test_what_is_told_of_today_is_not_replaced_by_the_cause_of_never():
    facts = account(owed(1, late=30), owed(2, late=20, amount=30), money=150, holds=[held("promise", 2, until=3)])
    decision = decide(facts, PLAN, TODAY)
    assert (decision.next_date, reason(decision, "covered")[2:]) == (None, (100, 1))


def test_holds_of_other_features_come_in_a_fixed_order():
    holds = [held("vacation", 1, amount=10), held("insolvency", 1, amount=20)]
    told = [codes(decide(account(owed(1, late=30), holds=order), PLAN, TODAY)) for order in (holds, holds[::-1])]
    assert told == [["level_due", "hold_insolvency", "hold_vacation"]] * 2


def test_a_calendar_without_working_days_is_a_cause():
    never = WORKDAYS._replace(weekend=tuple(range(7)))
    decision = decide(account(owed(1, late=-9)), PLAN._replace(calendar=never), TODAY)
    assert decision.next_date is None
    assert "not_working_day" in codes(decision)


def test_the_largest_credit_is_named_with_its_day_whatever_the_order():
    """The reason tells which document covers most, and how many more there are."""
    credits = (
        Credit("credit_note", Decimal(30), ago(2)),
        Credit("payment", Decimal(70), ago(1)),
        Credit("bank_line", Decimal(70), ago(5)),
    )
    facts = account(owed(1, late=30, amount=500))._replace(credits=credits)
    for order in (credits, credits[::-1]):
        decision = decide(facts._replace(credits=order), PLAN, TODAY)
        assert decision.sources == (Source("covered", ago(5), "bank_line", 2),)
    undated = decide(facts._replace(credits=(Credit("payment", Decimal(900)),)), PLAN, TODAY)
    assert undated.sources == ()


def test_a_hold_tells_since_when():
    facts = account(owed(1, late=30))._replace(holds=(Hold("transit", since=ago(9)),))
    decision = decide(facts, PLAN, TODAY)
    assert not decision.send
    assert decision.sources == (Source("hold_transit", ago(9)),)
