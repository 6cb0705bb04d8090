"""The rules once more, as slowly and plainly as they are told; the code is checked against it."""

from calendar import monthrange
from datetime import timedelta

from relance_progressive.core.facts import STAGES
from relance_progressive.core.workdays import Calendar


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
        position = len([level for level in policy.levels[:position] if start(level, item.due) <= item.level_date])
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
