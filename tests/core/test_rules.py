"""Levels, notices, messages and thresholds, told as stories."""

from datetime import date
from decimal import Decimal

import pytest
from ledger import (
    FIRM,
    FORMAL,
    FRIENDLY,
    NOTICE,
    PLAN,
    SECOND,
    TODAY,
    WORKDAYS,
    account,
    advanced,
    ago,
    claimed,
    codes,
    held,
    later,
    owed,
    play,
    reason,
)

from relance_progressive.core.decision.decide import decide
from relance_progressive.core.decision.facts import AccountFacts, Item, Level, Line, Policy


def timeline(contacts, due):
    """Return the contacts as {days after the due date: level}."""
    return {(day - due).days: decision.level for day, decision in contacts}


# === LEVELS === #


def test_an_invoice_runs_through_its_plan():
    due = date(2026, 3, 1)
    contacts = play(AccountFacts((Item(1, due, Decimal(1200)),)), PLAN, date(2026, 1, 1), 300)
    assert timeline(contacts, due) == {
        -5: NOTICE, 3: FRIENDLY, 10: SECOND, 20: FIRM, 30: FORMAL,
    }  # fmt: skip


def test_the_plan_waits_for_working_days():
    due = date(2026, 3, 31)
    contacts = play(AccountFacts((Item(1, due, Decimal(1200)),)), PLAN._replace(calendar=WORKDAYS), due, 60)
    assert [(day.isoformat(), decision.level) for day, decision in contacts] == [
        ("2026-03-31", NOTICE),
        ("2026-04-07", FRIENDLY),  # Good Friday is worked, Easter Monday is not; spacing of 5 days
        ("2026-04-13", SECOND),
        ("2026-04-21", FIRM),  # due on the 20th, but 8 days after the 13th
        ("2026-04-30", FORMAL),
    ]


def test_an_item_is_not_late_on_its_due_date():
    decision = decide(account(owed(1, late=0, level=NOTICE, done=5)), PLAN, TODAY)
    assert not decision.send
    assert decision.overdue == 0
    assert decision.oldest_due is None
    assert decide(account(owed(1, late=1)), PLAN, TODAY).overdue == 100


def test_a_level_is_due_on_its_day_and_after():
    assert not decide(account(owed(1, late=2)), PLAN, TODAY).send
    assert decide(account(owed(1, late=3)), PLAN, TODAY).level == FRIENDLY
    assert decide(account(owed(1, late=9)), PLAN, TODAY).level == FRIENDLY


def test_an_old_invoice_still_starts_at_the_first_level():
    assert decide(account(owed(1, late=400)), PLAN, TODAY).level == FRIENDLY


def test_the_minimum_days_start_from_the_last_level():
    item = owed(1, late=40, level=FRIENDLY, done=5)
    assert decide(account(item), PLAN, TODAY).next_date == later(1)  # 6 days after level 1
    assert decide(account(item), PLAN, later(1)).level == SECOND


def test_a_delay_may_count_from_the_end_of_the_month():
    policy = Policy((Level(1, 10, from_month_end=True),))
    decision = decide(AccountFacts((Item(1, date(2026, 2, 3), Decimal(9)),)), policy, ago(200))
    assert decision.next_date == date(2026, 3, 10)
    december = decide(AccountFacts((Item(1, date(2025, 12, 31), Decimal(9)),)), policy, ago(200))
    assert december.next_date == date(2026, 1, 10)


def test_a_level_of_delay_zero_leaves_on_the_due_date():
    policy = Policy((Level(1, 0), Level(2, 8)))
    decision = decide(account(owed(1, late=0), owed(2, late=0, level=1, done=9)), policy, TODAY)
    assert decision.lines == (Line(1, Decimal(100), 1),)  # the second is not late: it is not claimed
    assert decision.overdue == 0


def test_levels_of_another_plan_count_for_as_many_as_told():
    policy = PLAN._replace(passed={70: 3})
    assert decide(account(owed(1, late=60, level=70, done=30)), policy, TODAY).level == FIRM
    unknown = decide(account(owed(1, late=60, level=71, done=30)), policy, TODAY)
    assert unknown.level == FRIENDLY
    assert unknown.level_done is None


def test_the_highest_level_done_is_told():
    decision = decide(
        account(
            owed(1, late=60, level=SECOND, done=30),
            owed(2, late=60, level=70, done=30),
            owed(3, late=9),
        ),
        PLAN._replace(passed={70: 4}),
        TODAY,
    )
    assert decision.level_done == 70


def test_a_capped_policy_goes_no_further():
    facts = account(owed(1, late=60, level=FRIENDLY, done=30))
    assert decide(facts, PLAN._replace(cap=3), TODAY).level == SECOND
    assert codes(decide(facts, PLAN._replace(cap=2), TODAY))[0] == "firmer"


# === PRE-DUE === #


def test_a_notice_announces_what_falls_due():
    decision = decide(account(owed(1, late=-5)), PLAN, TODAY)
    assert decision.lines == (Line(1, Decimal(100), NOTICE, True),)
    assert (decision.level, decision.overdue, decision.due) == (NOTICE, 0, 100)
    assert decide(account(owed(1, late=0)), PLAN, TODAY).level == NOTICE  # the last day for it


def test_a_notice_whose_time_is_past_is_passed_over():
    decision = decide(account(owed(1, late=1)), PLAN, TODAY)
    assert (decision.send, decision.next_date, decision.next_level) == (False, later(2), FRIENDLY)


def test_a_notice_on_the_due_date_itself_is_still_a_notice():
    policy = Policy((Level(1, 0, stage="pre_due"), Level(2, 0)))
    decision = decide(account(owed(1, late=0)), policy, TODAY)
    assert decision.lines == (Line(1, Decimal(100), 1, True),)
    assert (decision.next_date, decision.next_level) == (later(1), 2)
    assert decide(account(owed(1, late=1)), policy, TODAY).level == 2


def test_a_later_level_waits_until_the_notice_is_sent_or_its_time_is_past():
    policy = Policy((Level(1, -5), Level(2, 0)))
    decision = decide(account(owed(1, late=-4), contact=0), policy._replace(spacing=9), TODAY)
    assert (decision.next_date, decision.next_level) == (later(9), 2)
    lost = decide(account(owed(1, late=-4), contact=0), policy._replace(spacing=5), TODAY)
    assert (lost.next_date, lost.next_level) == (later(5), 2)
    kept = decide(account(owed(1, late=-4), contact=0), policy._replace(spacing=4), TODAY)
    assert (kept.next_date, kept.next_level) == (later(4), 1)


def test_two_notices_keep_their_minimum_days():
    policy = Policy((Level(1, -10), Level(2, -9, min_days=6)), spacing=1)
    decision = decide(account(owed(1, late=-9, level=1, done=1)), policy, TODAY)
    assert (decision.next_date, decision.next_level) == (later(5), 2)


def test_two_notices_come_one_after_the_other_while_it_is_not_too_late():
    policy = Policy((Level(1, -10), Level(2, -3, 2), Level(3, 5)), spacing=4)
    assert decide(account(owed(1, late=-2)), policy, TODAY).level == 1
    item = owed(1, late=-2, level=1, done=0)
    decision = decide(account(item, contact=0), policy, TODAY)
    assert (decision.next_date, decision.next_level) == (later(7), 3)  # 4 days lead past the due date


def test_a_notice_window_that_closes_over_the_week_end_is_lost():
    friday = date(2026, 6, 12)
    item = Item(1, date(2026, 6, 14), Decimal(100))  # a Sunday
    policy = Policy((Level(1, -1), Level(2, 3)), calendar=WORKDAYS)
    decision = decide(AccountFacts((item,)), policy, friday)
    assert (decision.next_date, decision.next_level) == (date(2026, 6, 17), 2)


def test_an_announcement_also_shows_what_is_late():
    decision = decide(account(owed(1, late=-5), owed(2, late=2)), PLAN, TODAY)
    assert decision.level == NOTICE
    assert decision.lines == (Line(2, Decimal(100)), Line(1, Decimal(100), NOTICE, True))


def test_an_announcement_beside_what_was_reminded_speaks_as_that_reminder_did():
    decision = decide(account(owed(1, late=-5), owed(2, late=12, level=SECOND, done=2)), PLAN, TODAY)
    assert decision.level == SECOND
    assert decision.lines == (Line(2, Decimal(100)), Line(1, Decimal(100), NOTICE, True))


def test_an_announced_item_adds_no_weight_to_a_firmer_level():
    policy = Policy((Level(1, -5), Level(2, 3, amount_min=Decimal(50))))
    facts = account(owed(1, late=9, amount=30), owed(2, late=-3, amount=30))
    decision = decide(facts, policy, TODAY)
    assert (decision.level, advanced(decision)) == (1, {2: 1})
    assert "below_threshold" in codes(decision)


def test_an_announced_item_adds_no_weight_even_to_a_level_before_its_own():
    policy = Policy((Level(1, 0, amount_min=Decimal(50)), Level(2, 0, stage="pre_due", amount_min=Decimal(90))))
    facts = account(owed(1, late=9, amount=30), owed(2, late=0, amount=30, level=1, done=9))
    assert not decide(facts, policy, TODAY).send


def test_notices_add_up_only_while_they_are_open_together():
    policy = Policy((Level(1, -5, amount_min=Decimal(150)),))
    facts = account(owed(1, late=-10), owed(2, late=-20), owed(3, late=-23), owed(4, late=-40))
    decision = decide(facts, policy, TODAY)
    assert decision.next_date == later(18)  # when item 3 joins item 2
    assert set(claimed(decide(facts, policy, later(18)))) == {1, 2, 3}
    apart = account(owed(1, late=-10), owed(2, late=-20), owed(3, late=-40))
    assert decide(apart, policy, TODAY).next_date is None


# === THE MESSAGE === #


def test_one_message_takes_the_highest_level_and_each_item_its_own():
    decision = decide(
        account(
            owed(1, late=21, amount=200, level=SECOND, done=11),
            owed(2, late=5, amount=80),
            owed(3, late=11, amount=50, level=SECOND, done=1),
            owed(4, late=-20),
        ),
        PLAN,
        TODAY,
    )
    assert decision.level == FIRM
    assert advanced(decision) == {1: FIRM, 2: FRIENDLY}
    assert claimed(decision) == {1: 200, 2: 80, 3: 50}
    assert reason(decision, "level_due")[2:] == (330, 3)


def test_approval_is_that_of_the_message_level():
    formal = owed(1, late=40, level=FIRM, done=9)
    assert decide(account(formal, owed(2, late=4)), PLAN, TODAY).approval
    assert not decide(account(owed(2, late=4)), PLAN, TODAY).approval
    assert not decide(account(formal, contact=1), PLAN, TODAY).approval


def test_approval_is_not_asked_for_a_softer_level_in_the_same_message():
    policy = Policy((Level(1, 3, approval=True), Level(2, 10)))
    decision = decide(account(owed(1, late=4), owed(2, late=12, level=1, done=9)), policy, TODAY)
    assert (decision.level, len(advanced(decision)), decision.approval) == (2, 2, False)


def test_lines_are_listed_oldest_first():
    decision = decide(account(owed(3, late=4), owed(9, late=30), owed(2, late=4)), PLAN, TODAY)
    assert list(claimed(decision)) == [9, 2, 3]


# === THRESHOLDS === #


def test_too_small_an_amount_stays_at_the_level_it_has():
    decision = decide(account(owed(1, late=25, amount=14, level=SECOND, done=9)), PLAN, TODAY)
    assert not decision.send
    assert codes(decision) == ["below_threshold"]
    assert decision.next_date is None


def test_a_message_below_the_threshold_falls_to_the_level_under_it():
    decision = decide(account(owed(1, late=25, amount=14, level=SECOND, done=9), owed(2, late=4)), PLAN, TODAY)
    assert decision.level == FRIENDLY
    assert advanced(decision) == {2: FRIENDLY}
    assert claimed(decision) == {1: 14, 2: 100}
    assert reason(decision, "below_threshold")[2:] == (14, 1)


def test_the_threshold_itself_is_enough():
    assert decide(account(owed(1, late=25, amount=15, level=SECOND, done=9)), PLAN, TODAY).level == FIRM


def test_small_amounts_pass_a_threshold_together():
    small = [owed(n, late=25, amount=8, level=SECOND, done=9) for n in (1, 2)]
    assert decide(account(*small), PLAN, TODAY).level == FIRM


def test_what_is_due_for_a_firmer_level_counts_for_a_softer_one():
    policy = Policy((Level(1, 1, amount_min=Decimal(100)), Level(2, 9, amount_min=Decimal(200))))
    decision = decide(account(owed(1, 3, 20), owed(2, 30, 90, level=1, done=20)), policy, TODAY)
    assert (decision.level, advanced(decision)) == (1, {1: 1})


@pytest.mark.parametrize(("amount", "level"), [(100, FORMAL), (99, None)])
def test_a_share_is_of_all_that_is_open(amount, level):
    """Held, covered and excluded items count in the balance: they are owed."""
    facts = account(
        owed(1, late=40, amount=amount, level=FIRM, done=9),
        owed(2, late=50, amount=300, excluded="no_followup"),
        owed(3, late=90, amount=300),
        owed(4, late=-40, amount=1000 - 600 - amount),
        holds=[held("dispute", 3)],
    )
    assert decide(facts, PLAN, TODAY).level == level


def test_an_item_that_grows_due_later_can_lift_a_message_over_its_threshold():
    policy = Policy((Level(1, 3, amount_min=Decimal(150)),))
    decision = decide(account(owed(1, late=20), owed(2, late=-4)), policy, TODAY)
    assert (decision.send, decision.next_date) == (False, later(7))
