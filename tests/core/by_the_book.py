"""The rules once more, as slowly and plainly as they are told; the code is checked against it."""

from calendar import monthrange
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import product

from relance_progressive.core.decision.facts import STAGES
from relance_progressive.core.plain.days import Calendar


def cents(amount):
    """Return an amount in whole cents."""
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def owed(document):
    """Return an amount in the currency of its document."""
    return document.amount if document.currency is None else document.own


def part(of, whole, other):
    """Return what a part of a whole is in the other currency of the whole."""
    return other if of >= whole else cents(of * other / whole)


def held(holds, item):
    """Return what holds take of an item together, in the currency of the item."""
    if any(hold.item is None or hold.amount is None for hold in holds):
        return owed(item)
    if item.currency is None:
        return sum(hold.amount for hold in holds)
    booked = sum(hold.amount for hold in holds if hold.own is None)
    named = sum(hold.own for hold in holds if hold.own is not None)
    return named + (part(booked, item.amount, item.own) if booked else 0)


def exchanged(credit, left, item, wanted):
    """Return what of ``wanted`` the rest of a credit pays of an item in another currency, and what is left then."""
    rate = 1
    if item.currency is not None:
        rate = credit.rates.get(item.currency) or item.own / item.amount
    buys = cents(left * credit.amount / owed(credit) * rate)
    if buys <= wanted:
        return buys, 0
    return wanted, max(0, left - cents(wanted / rate * owed(credit) / credit.amount))


def claims_of(facts, today):
    """Return what may be claimed and what is covered of each item, by item, in the company's currency."""
    items = sorted(facts.items, key=lambda item: (item.due, item.id))
    free, covered = {}, {item.id: 0 for item in items}
    holds = [hold for hold in facts.holds if hold.until is None or today <= hold.until]
    for item in items:
        taken = held([hold for hold in holds if hold.item in (None, item.id)], item)
        free[item.id] = 0 if item.excluded else max(0, owed(item) - taken)
    purses = [[credit, owed(credit)] for credit in sorted(facts.credits, key=oldest_first)]

    def pay(purse, item, wanted, limit=None):
        credit, left = purse
        usable = left if limit is None else min(left, limit)
        if credit.currency == item.currency:
            paid, rest = min(usable, wanted), usable - min(usable, wanted)
        else:
            paid, rest = exchanged(credit, usable, item, wanted) if usable else (0, 0)
        purse[1] = left - usable + rest
        covered[item.id] += paid
        free[item.id] = max(0, free[item.id] - paid)

    open_items = {item.id: item for item in items if not item.excluded}
    for purse in purses:
        for number, amount in purse[0].meant_for:
            if number in open_items:
                pay(purse, open_items[number], owed(open_items[number]) - covered[number], amount)
    for at_home, item, purse in product((True, False), items, purses):
        if (purse[0].currency == item.currency) == at_home and free[item.id]:
            pay(purse, item, free[item.id])
    return in_company_currency(items, free, covered)


def oldest_first(credit):
    """Return the order in which money is used."""
    return (
        credit.day or date.max, credit.kind, credit.currency or 0, credit.amount, credit.own or 0, credit.meant_for,
        sorted(credit.rates.items()),
    )  # fmt: skip


def in_company_currency(items, free, covered):
    """Return claims and covers as the company counts them: a cent at least where anything is owed."""
    claims, covers = {}, {}
    for item in items:
        claims[item.id], covers[item.id] = free[item.id], covered[item.id]
        if item.currency is not None:
            claim = part(free[item.id], item.own, item.amount) if free[item.id] else Decimal(0)
            claims[item.id] = claim or (Decimal("0.01") if free[item.id] else Decimal(0))
            cover = part(covered[item.id], item.own, item.amount)
            whole = free[item.id] + covered[item.id] == item.own
            rest = item.amount - claims[item.id]
            covers[item.id] = rest if whole else min(cover, rest)
    return claims, covers


def pre_due(level):
    """Tell whether a level announces a due date."""
    return level.stage == "pre_due" or level.delay < 0


def is_put_off(item):
    """Tell whether the due date lies later than when the last message spoke of it."""
    return item.level_due is not None and item.due > item.level_due


def start(level, due):
    """Return the day on which an item due on ``due`` is old enough for a level."""
    if level.from_month_end:
        due = due.replace(day=monthrange(due.year, due.month)[1])
    return due + timedelta(level.delay)


def passed(item, policy):
    """Return how many levels an item has passed; a due date that is put off takes it back."""
    ids = [level.id for level in policy.levels]
    position = min(policy.passed.get(item.level, 0), len(ids))
    if item.level in ids:
        position = ids.index(item.level) + 1
    if is_put_off(item):
        if item.level_date is None or item.due > item.level_date:
            return 0
        soon = item.level_date + timedelta(policy.spacing)
        position = len([level for level in policy.levels[:position] if start(level, item.due) <= soon])
    return position


def due_level(item, policy, today):
    """Return the position, from 0, of the level that is due for an item, or None."""
    position = passed(item, policy)
    while position < len(policy.levels) and today > item.due and pre_due(policy.levels[position]):
        position += 1
    if position >= len(policy.levels):
        return None
    level = policy.levels[position]
    known = item.due if item.known is None or pre_due(level) else max(item.due, item.known)
    if today < start(level, known):
        return None
    done = item.level_date if item.level is not None else None
    if done is not None and today < done + timedelta(level.min_days):
        return None
    return position


def firmness(level):
    """Return how firm a level is, from 1 to 4."""
    return 1 if pre_due(level) else STAGES.index(level.stage) + 1


def said(item, policy):
    """Return how firm the messages about an item have been, 0 if none counts."""
    done = next((firmness(level) for level in policy.levels if level.id == item.level), 0)
    if is_put_off(item):
        position = passed(item, policy)
        done = firmness(policy.levels[position - 1]) if position else 0
    counts = item.stage and not (item.stage_due and item.due > item.stage_due)
    return max(done, STAGES.index(item.stage) + 1 if counts else 0)


def working_days_later(policy, day, count):
    """Return the working day after ``count`` others that follow ``day``."""
    calendar = policy.calendar or Calendar()
    while count >= 0:
        day += timedelta(1)
        count -= calendar.is_open(day)
    return day


def notices(facts, policy):
    """Return ``{item: (runs until, waits from)}`` of the items under formal notice: days, or None for never."""
    found = {}
    for item in facts.items:
        if item.excluded:
            continue
        if said(item, policy) == 4:
            last = None
            if item.level_date is not None:
                days = [level.deadline for level in policy.levels if level.id == item.level] or [8]
                last = item.level_date + timedelta(days[0])
            found[item.id] = (last, last)
        for hold in facts.holds:
            if hold.item == item.id and hold.reason == "notice":
                found[item.id] = (hold.until or hold.since + timedelta(45), hold.until)
            elif hold.item == item.id and hold.reason == "decision":
                found[item.id] = (None, hold.until or hold.since)
            elif hold.item == item.id and hold.reason == "legal":
                found[item.id] = (None, None)
    return found


def silent(facts, policy, today):
    """Tell whether a formal notice that runs, or waits for a decision, keeps all other messages back."""
    unpaid, _ = claims_of(facts._replace(holds=()), today)
    free = free_but_for_notices(facts, today)
    for item, (runs, waits) in notices(facts, policy).items():
        if unpaid[item] and runs is not None and today <= runs:
            return True
        if free[item] and waits is not None and waits < today < working_days_later(policy, waits, policy.patience):
            return True
    return False


def free_but_for_notices(facts, today):
    """Return what could be claimed of each item if no notice had been sent."""
    others = tuple(hold for hold in facts.holds if hold.reason not in ("notice", "decision", "legal"))
    return claims_of(facts._replace(holds=others), today)[0]


def least(facts, policy, today, claims):
    """Return how firm a message has to be: as what it claims was claimed before, at most firm."""
    under = notices(facts, policy)
    free = free_but_for_notices(facts, today)
    told = [said(item, policy) for item in facts.items if claims[item.id]]
    told += [4 for item in under if free[item]]
    return min(3, max(told, default=0))


def lifted(facts, policy, level, rank, claims):
    """Return the position of the level that is said when ``level`` is due and the message has to be firm."""
    if firmness(policy.levels[level]) >= rank:
        return level
    best = max(firmness(own) for own in policy.levels if firmness(own) <= rank) if any(
        firmness(own) <= rank for own in policy.levels
    ) else 0  # fmt: skip
    if best <= firmness(policy.levels[level]):
        return level
    found = [position for position, own in enumerate(policy.levels) if firmness(own) == best]
    done = [passed(item, policy) - 1 for item in facts.items if claims[item.id] and item.level is not None]
    return max([position for position in found if position in done], default=found[0])


def message_level(facts, policy, due, claims):
    """Return the position of the highest due level that passes its thresholds, or None."""
    levels = policy.levels
    gross = sum(item.amount for item in facts.items)
    if sum(claims[number] for number in due) < policy.tolerance:
        return None
    for position in sorted(set(due.values()), reverse=True):
        if policy.cap is not None and position + 1 > policy.cap:
            continue
        weight = sum(
            claims[number]
            for number, own in due.items()
            if own >= position and (pre_due(levels[position]) or not pre_due(levels[own]))
        )
        level = levels[position]
        if weight >= level.amount_min and weight * 100 >= level.share_min * gross:
            return position
    return None


def may_leave(facts, policy, today):
    """Tell whether anything at all may leave."""
    if facts.pending or silent(facts, policy, today):
        return False
    if facts.last_contact is not None and (today - facts.last_contact).days < max(1, policy.spacing):
        return False
    return policy.calendar is None or policy.calendar.is_open(today)


def decide(facts, policy, today):
    """Return (level, {item: (amount, level, upcoming)}), or None if nothing leaves."""
    claims, _ = claims_of(facts, today)
    for item in notices(facts, policy):
        claims[item] = 0
    levels = policy.levels
    rank = least(facts, policy, today, claims)
    due = {}
    for item in facts.items:
        position = due_level(item, policy, today)
        if position is not None and claims[item.id] > 0 and not (rank >= 3 and pre_due(levels[position])):
            due[item.id] = position
    reached = message_level(facts, policy, due, claims)
    if reached is None or not may_leave(facts, policy, today):
        return None
    message = lifted(facts, policy, reached, rank, claims)
    if policy.cap is not None and message + 1 > policy.cap:
        return None
    lines = {}
    for item in facts.items:
        own = due.get(item.id)
        if own is not None and own <= reached:
            lines[item.id] = (claims[item.id], levels[own].id, pre_due(levels[own]))
        elif claims[item.id] > 0 and today > max(item.due, item.known or item.due):
            lines[item.id] = (claims[item.id], None, False)
    return levels[message].id, lines
