"""Random plans and accounts. Numbers are small, so that examples collide: same days, full covers.

The strategies are made once, up here: making one costs more than drawing from it.
"""

from decimal import Decimal

from hypothesis import strategies as st
from ledger import WORKDAYS, ago, later, owed

from relance_progressive.core.facts import AccountFacts, Credit, Hold, Level, Policy
from relance_progressive.core.workdays import Calendar

FRIDAYS_OFF = Calendar(frozenset(), (4,))
ELSEWHERE, FORGOTTEN = 90, 91  # levels of another plan, mapped and not mapped to this one

small = {top: st.integers(0, top) for top in (1, 3, 5, 6, 9, 12, 19, 40, 100)}
amounts = st.integers(1, 12).map(Decimal) | st.integers(1, 9999).map(lambda n: Decimal(n) / 100)
notice_delays = st.lists(st.integers(-12, 0), max_size=2).map(sorted)
delays = st.lists(small[40], max_size=4).map(sorted)
days_since = small[40].map(lambda days: None if days == 23 else days)  # a date may be missing
days_late = st.integers(-30, 60)
levels_done = st.sampled_from([None, None, None, 1, 2, 3, 4, ELSEWHERE, FORGOTTEN])
last_contacts = st.none() | small[12].map(ago)
counts = st.sampled_from([1, 2, 3, 0, 3, 4, 5])
ends = st.none() | st.integers(-5, 50).map(later)
hold_reasons = st.sampled_from(["pause", "promise", "dispute"])
money_on_its_way = st.lists(amounts.map(lambda amount: Credit("payment", amount)), max_size=2)


def rarely(draw, strategy, nothing=None):
    """Draw from ``strategy`` now and then.

    The ends of a range are drawn most often: what is to be rare sits in the middle of it.
    """
    return draw(strategy) if draw(small[6]) in (2, 3) else nothing


@st.composite
def levels(draw, *, shares=True):
    """Draw the levels of a plan: pre-due ones first, delays that never decrease."""
    before, behind = draw(notice_delays), draw(delays)
    return tuple(
        Level(
            id=number,
            delay=delay,
            min_days=draw(small[12]),
            stage="pre_due" if number <= len(before) else "friendly",
            amount_min=Decimal(rarely(draw, small[40], 0)),
            share_min=Decimal(rarely(draw, small[100], 0) if shares else 0),
            approval=number % 2 == 0,
            from_month_end=draw(small[6]) == 3,
        )
        for number, delay in enumerate(before + (behind or [3] * (not before)), start=1)
    )


with_shares, without_shares = levels(), levels(shares=False)
all_calendars = st.sampled_from([None, WORKDAYS, FRIDAYS_OFF])


@st.composite
def policies(draw, *, shares=True):
    """Draw a plan, its spacing, calendar and cap, and what a level of another plan stands for."""
    return Policy(
        levels=draw(with_shares if shares else without_shares),
        spacing=draw(small[9]),
        calendar=draw(all_calendars),
        passed={ELSEWHERE: draw(small[6])},
        cap=rarely(draw, small[5]),
    )


def an_item(draw, number: int):
    """Draw an item, perhaps reminded before: by this plan, another, or one that is forgotten."""
    level = draw(levels_done)
    done = draw(days_since) if level is not None else None
    excluded = {7: "no_followup", 12: "blocked"}.get(draw(small[19]), "")
    return owed(number, draw(days_late), draw(amounts), level, done, excluded)


def a_hold(draw, count: int):
    """Draw a hold of one of ``count`` items, of an item that is gone, or of the account."""
    item = draw(small[6])
    amount = draw(amounts) if draw(small[1]) else None
    return Hold(draw(hold_reasons), None if item == 3 else item % (count + 2), amount, draw(ends))


@st.composite
def holds(draw, count: int = 5):
    """Draw one hold."""
    return a_hold(draw, count)


@st.composite
def accounts(draw, *, pending=True):
    """Draw an account: items, money on its way, holds, the last contact."""
    count = draw(counts)
    return AccountFacts(
        items=tuple(an_item(draw, number) for number in range(1, count + 1)),
        credits=tuple(rarely(draw, money_on_its_way, ())),
        holds=tuple(a_hold(draw, count) for _ in range(rarely(draw, small[3], 0))),
        last_contact=draw(last_contacts),
        pending={5: "draft", 12: "failed"}.get(draw(small[19]), "") if pending else "",
    )
