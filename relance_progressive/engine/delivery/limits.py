"""How many messages leave on a day: the limit of a company, and one a day for a mailbox that customers share.

Nothing is decided here: a reminder stands, leaves on its new day, and is decided again then as always.
"""

from collections import defaultdict
from contextlib import contextmanager
from datetime import timedelta

from odoo.fields import Domain
from odoo.tools import format_date

from ...core.plain.mailbox import Message, waits
from . import delivery_queries as queries

# === LIMIT OF THE DAY === #
# The oldest debts leave first, the rest on the following days.


def deliver_capped(engine, company, day, journal, progress):
    """Deliver the oldest debts, as many as are left of the limit; those that turn out void make room for others.

    :return: whether all that could be claimed was done
    """
    tried = []
    while (left := company.dunning_daily_cap - left_on(engine.env, company, day)) > 0:
        rows = engine.env.execute_query(queries.oldest_debts(engine.env, company, day, tried, left))
        if not rows:
            break
        progress.only = [reminder_id for (reminder_id,) in rows]
        tried += progress.only
        try:
            if not engine._deliver_all(queries.READY, company, day, journal, progress):
                return False
        finally:
            progress.only = None
    return True


def left_on(env, company, day):
    """Return how many reminders left on a day, or may have.

    Each counts for its own day when the delivery names none: then those of the present day by the clock count.
    """
    left = Domain("company_id", "=", company.id) & Domain("state", "in", ("sent", "uncertain"))
    if day:
        return env["dunning.reminder"].search_count(left & Domain("date", "=", day))
    midnight = company._dunning_midnight()
    return env["dunning.reminder"].search_count(left & Domain("delivery_ids.sent_at", ">=", midnight))


@contextmanager
def one_at_a_time(engine, company):
    """Tell whether this process is the only one to count the limit of a company.

    The lock lives in a transaction of its own: the deliveries commit theirs batch by batch.
    """
    if not engine._can_commit():
        yield True
        return
    with engine.env.registry.cursor() as cr:
        cr.execute(queries.try_to_count(company))
        (mine,) = cr.fetchone()
        engine._checkpoint()  # see what the others have sent
        yield mine


# === ONE MAILBOX === #
# Several customers with one mailbox: where the company chose so, it gets one message a day.


def spread_mailboxes(env, company, day):
    """Have what goes to a mailbox that another customer's message has reached on ``day`` leave on a later day.

    The message that was prepared first leaves first.
    """
    if company.dunning_mailbox != "spread":
        return
    ready, messages = ready_for_mailboxes(env, company, day)
    later = defaultdict(lambda: ready.browse())
    if not messages:
        return
    for id_, wait in waits(messages, written_to(env, company, day)).items():
        if wait:
            later[wait] |= ready.browse(id_)
    _leave_later(env, company, day, later)


def ready_for_mailboxes(env, company, day):
    """Return ``(reminders, Message of each)`` of what is ready to leave by e-mail, in its order.

    What was prepared first leaves first; of what one night prepared, the customer who is known for longest.
    """
    ready = env["dunning.reminder"].search([
        ("company_id", "=", company.id), ("state", "=", "ready"), ("waiting", "=", False), ("date", "<=", day),
    ]).filtered(lambda reminder: goes_by_email(reminder.level_id))  # fmt: skip
    ready = ready.sorted(lambda reminder: (reminder.date, reminder.create_date.date(), reminder.partner_id.id))
    channel = env["dunning.channel.email"]
    recipients = channel._recipients(channel._targets(ready)) if ready else {}
    return ready, [
        Message(reminder.id, reminder.partner_id.id, [address for _name, address in recipients[reminder.id].to])
        for reminder in ready
    ]  # fmt: skip


def written_to(env, company, day):
    """Return ``(address, customer id)`` of the e-mails of a day that left, or may have."""
    rows = env.execute_query(queries.written_to(env, company, day))
    return [(address, customer) for customer, addresses in rows for address in addresses.split(", ")]


def goes_by_email(level):
    """Tell whether a message of a level leaves by e-mail, whatever else it uses."""
    return any(step.channel == "email" and not step.fallback for step in level.channel_ids)


def _leave_later(env, company, day, later):
    """Put reminders off by ``{number of working days: reminders}``, and say why."""
    calendar, moment = company._dunning_calendar(day), day
    for number in range(1, max(later, default=0) + 1):
        moment = calendar.next_open(moment + timedelta(days=1))
        if reminders := later.get(number):
            reminders.try_lock_for_update().write({
                "date": moment,
                "reason": env._(
                    "Several customers share its mailbox, which receives one message a day: it leaves on %(day)s.",
                    day=format_date(env, moment),
                ),
            })  # fmt: skip
