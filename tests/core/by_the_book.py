"""The rules once more, as slowly and plainly as they are told; the code is checked against it."""

from calendar import monthrange
from datetime import timedelta


def claims_of(facts, today):
    """Return what may be claimed and what is covered of each item, by item."""
    free = {}
    for item in sorted(facts.items, key=lambda item: (item.due, item.id)):
        taken = 0
        for hold in facts.holds:
            if hold.until is None or today <= hold.until:
                if hold.item is None:
                    taken += item.amount
                elif hold.item == item.id:
                    taken += item.amount if hold.amount is None else hold.amount
        free[item.id] = 0 if item.excluded else max(0, item.amount - taken)
    money = sum(credit.amount for credit in facts.credits)
    covered = {}
    for number, amount in free.items():
        covered[number] = min(amount, money)
        money -= covered[number]
    return {number: free[number] - covered[number] for number in free}, covered


def pre_due(level):
    """Tell whether a level announces a due date."""
    return level.stage == "pre_due" or level.delay < 0


def due_level(item, policy, today):
    """Return the position, from 0, of the level that is due for an item, or None."""
    ids = [level.id for level in policy.levels]
    position = policy.passed.get(item.level, 0)
    if item.level in ids:
        position = ids.index(item.level) + 1
    while position < len(ids) and today > item.due and pre_due(policy.levels[position]):
        position += 1
    if position >= len(ids) or (policy.cap is not None and position + 1 > policy.cap):
        return None
    level = policy.levels[position]
    base = item.due
    if level.from_month_end:
        base = base.replace(day=monthrange(base.year, base.month)[1])
    if today < base + timedelta(level.delay):
        return None
    done = item.level_date if item.level is not None else None
    if done is not None and today < done + timedelta(level.min_days):
        return None
    return position


def message_level(facts, policy, due, claims):
    """Return the position of the highest due level that passes its thresholds, or None."""
    levels = policy.levels
    gross = sum(item.amount for item in facts.items)
    for position in sorted(set(due.values()), reverse=True):
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
    if facts.pending:
        return False
    if facts.last_contact is not None and (today - facts.last_contact).days < max(1, policy.spacing):
        return False
    return policy.calendar is None or policy.calendar.is_open(today)


def decide(facts, policy, today):
    """Return (level, {item: (amount, level, upcoming)}), or None if nothing leaves."""
    claims, _ = claims_of(facts, today)
    levels = policy.levels
    due = {}
    for item in facts.items:
        position = due_level(item, policy, today)
        if position is not None and claims[item.id] > 0:
            due[item.id] = position
    message = message_level(facts, policy, due, claims)
    if message is None or not may_leave(facts, policy, today):
        return None
    lines = {}
    for item in facts.items:
        own = due.get(item.id)
        if own is not None and own <= message:
            lines[item.id] = (claims[item.id], levels[own].id, pre_due(levels[own]))
        elif claims[item.id] > 0 and today > item.due:
            lines[item.id] = (claims[item.id], None, False)
    return levels[message].id, lines
