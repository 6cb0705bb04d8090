"""Two years of an account, day by day: payments and holds come when they like."""

from itertools import pairwise

from hypothesis import given, settings
from random_ledger import FRIDAYS_OFF, policies
from replay import by_next_dates, day_by_day, events

from relance_progressive.core.decision.schedule import is_pre_due

fewer = settings(max_examples=settings.default.max_examples // 3)  # each is worth 730 decisions


@fewer
@given(policies, events)
def test_two_years_day_by_day_equal_the_closed_form(policy, happening):
    assert day_by_day(policy, happening) == by_next_dates(policy, happening)


@fewer
@given(policies, events)
def test_in_two_years_no_two_contacts_are_closer_than_the_spacing(policy, happening):
    sent = [day for day, _, _ in day_by_day(policy, happening)]
    for first, second in pairwise(sent):
        assert (second - first).days >= max(1, policy.spacing)


@fewer
@given(policies, events)
def test_in_two_years_every_item_goes_through_the_plan_in_order(policy, happening):
    """No level twice, none skipped but notices whose time was past."""
    reached: dict[int, list[int]] = {}
    for day, facts, decision in day_by_day(policy, happening):
        due = {item.id: item.due for item in facts.items}
        levels = {item.id: item.level for item in facts.items}
        for line in decision.lines:
            if line.level is None:
                continue
            own = [] if levels[line.item] is None else reached[line.item, due[line.item]]
            reached[line.item, due[line.item]] = own + [line.level]
            if line.upcoming:
                assert day <= due[line.item]
    for own in reached.values():
        assert own == sorted(set(own))
        skipped = set(range(1, own[-1])) - set(own)
        assert all(is_pre_due(policy.levels[number - 1]) for number in skipped)


@fewer
@given(policies, events)
def test_in_two_years_nothing_leaves_on_a_day_off(policy, happening):
    policy = policy._replace(calendar=FRIDAYS_OFF)
    assert all(day.weekday() != 4 for day, _, _ in day_by_day(policy, happening))


@fewer
@given(policies, events)
def test_in_two_years_nothing_paid_held_or_covered_is_claimed(policy, happening):
    for day, facts, decision in day_by_day(policy, happening):
        open_amounts = {item.id: item.amount for item in facts.items}
        held = {hold.item for hold in facts.holds if hold.until is None or hold.until >= day}
        total = sum(line.amount for line in decision.lines)
        free = sum(amount for item, amount in open_amounts.items() if item not in held)
        money = sum(credit.amount for credit in facts.credits)
        assert all(line.amount <= open_amounts[line.item] for line in decision.lines)
        assert not held & {line.item for line in decision.lines}
        assert total <= free - money or not decision.lines
