"""SQL of the deliveries: what is claimed, and the journal of what is being handed over."""

from odoo.tools import SQL

READY = SQL("reminder.state = 'ready' AND reminder.waiting IS NOT TRUE")
TO_CONTINUE = SQL("reminder.to_continue AND reminder.state = 'sent'")


def durable(local):
    """Return the setting by which commits wait until they are on the disk, where the server does not do it by itself.

    With ``synchronous_commit`` off a server that loses its power forgets what it had confirmed: a message that has
    left would leave a second time. Stronger settings (``remote_apply``) stay as they are.

    :param local: for this transaction only, else for the connection
    """
    return SQL(
        """
        SELECT set_config('synchronous_commit', 'on', %(local)s)
         WHERE current_setting('synchronous_commit') = 'off'
        """,
        local=local,
    )


def claim(which, limit, company_ids, day, today, after, only=None):
    """Return the next reminders to deliver, locked with their accounts, passing over those locked elsewhere.

    Gives ``(id, day, number of items)``.

    :param which: ``READY`` or ``TO_CONTINUE``
    :param day: nothing that is to leave later is taken; empty for no limit
    :param today: where the company is: what a person put off does not leave before
    :param after: the ``(date, id)`` of the last one claimed by this delivery
    :param only: ids of reminders, the others are left alone; empty for all
    """
    return SQL(
        """
        SELECT reminder.id, reminder.date,
               (SELECT count(*) FROM dunning_reminder_line line WHERE line.reminder_id = reminder.id)
          FROM dunning_reminder reminder
          JOIN dunning_account account ON account.id = reminder.account_id
         WHERE %(which)s AND reminder.company_id = ANY(%(companies)s)
           AND (reminder.retry_at IS NULL OR reminder.retry_at <= now() AT TIME ZONE 'UTC')
           AND (reminder.date <= %(day)s::date
                OR %(day)s::date IS NULL AND (reminder.postponed IS NOT TRUE OR reminder.date <= %(today)s))
           AND (%(only)s::int[] IS NULL OR reminder.id = ANY(%(only)s::int[]))
           AND (reminder.date, reminder.id) > (%(after_day)s::date, %(after_id)s)
      ORDER BY reminder.date, reminder.id
         LIMIT %(limit)s
           FOR NO KEY UPDATE OF reminder, account SKIP LOCKED
        """,
        which=which,
        companies=list(company_ids),
        day=day,
        today=today,
        after_day=after[0],
        after_id=after[1],
        only=only,
        limit=limit,
    )


def journal_making(reminder_ids, channel, day, alone):
    """Return the note that messages are being made."""
    return SQL(
        """
        INSERT INTO dunning_journal (reminder_id, channel, state, date, begun_at, alone)
             SELECT id, %(channel)s, 'making', COALESCE(%(day)s::date, date), now() AT TIME ZONE 'UTC', %(alone)s
               FROM dunning_reminder
              WHERE id = ANY(%(reminders)s)
        ON CONFLICT (reminder_id, channel)
          DO UPDATE SET state = 'making', date = EXCLUDED.date, begun_at = EXCLUDED.begun_at, alone = EXCLUDED.alone,
                        content = NULL, reason = NULL
        """,
        reminders=list(reminder_ids),
        channel=channel,
        day=day,
        alone=alone,
    )


def journal_made(reminder_ids, channel):
    """Return the deletion of these notes, of all channels if it is empty."""
    return SQL(
        """
        DELETE FROM dunning_journal
              WHERE reminder_id = ANY(%s) AND channel = COALESCE(%s, channel) AND state = 'making'
        """,
        list(reminder_ids),
        channel,
    )


def journal_died_making(reminder_ids):
    """Return ``(reminder, whether it was alone)`` of what was being made when a worker died or took too long.

    Where the next worker follows within some seconds the text had no time to be the cause: it is made alone again.
    """
    return SQL(
        """
        SELECT reminder_id, bool_or(alone IS TRUE AND begun_at < now() AT TIME ZONE 'UTC' - INTERVAL '5 seconds')
          FROM dunning_journal
         WHERE state = 'making' AND reminder_id = ANY(%s)
      GROUP BY 1
        """,
        list(reminder_ids),
    )


def journal_begin(closing, reminder_id, channel, day, content, residuals):
    """Return the statement that begins a message and writes the outcomes of those before.

    It begins none, and inserts nothing, when less is open of an item by now than ``residuals`` (``{journal item
    id: amount}``), or when another transaction is just changing one: a payment that is not committed yet holds
    its row. The lock lasts no longer than the statement: nobody waits for it.
    """
    return SQL(
        """
        WITH closed AS (%(closing)s), open AS MATERIALIZED (
            SELECT item.id
              FROM account_move_line item
              JOIN unnest(%(items)s::int[], %(residuals)s::numeric[]) AS known(id, residual) ON known.id = item.id
             WHERE item.amount_residual > known.residual - 0.005
               FOR SHARE OF item SKIP LOCKED
        )
        INSERT INTO dunning_journal (reminder_id, channel, state, date, begun_at, content)
             SELECT %(reminder)s, %(channel)s, 'begun', %(day)s, now() AT TIME ZONE 'UTC', %(content)s::jsonb
              WHERE (SELECT count(*) FROM open) = %(count)s
        ON CONFLICT (reminder_id, channel)
          DO UPDATE SET state = 'begun', date = EXCLUDED.date, begun_at = EXCLUDED.begun_at, content = EXCLUDED.content,
                        reason = NULL
        """,
        closing=journal_outcomes(closing) if closing else SQL("SELECT"),
        reminder=reminder_id,
        channel=channel,
        day=day,
        content=content,
        items=list(residuals),
        residuals=list(residuals.values()),
        count=len(residuals),
    )


def journal_outcomes(outcomes):
    """Return the update that writes outcomes: ``(reminder, channel, state, reason)``."""
    reminders, channels, states, reasons = (list(column) for column in zip(*outcomes, strict=True))
    return SQL(
        """
        UPDATE dunning_journal journal SET state = outcome.state, reason = outcome.reason
          FROM unnest(%(reminders)s::int[], %(channels)s::text[], %(states)s::text[], %(reasons)s::text[])
                   AS outcome(reminder_id, channel, state, reason)
         WHERE journal.reminder_id = outcome.reminder_id AND journal.channel = outcome.channel
        """,
        reminders=reminders,
        channels=channels,
        states=states,
        reasons=reasons,
    )


def journal_rows(reminder_ids):
    """Return the rows that tell more than what is recorded: their message has no delivery yet."""
    return SQL(
        """
        SELECT journal.reminder_id, journal.channel, journal.state, journal.date, journal.begun_at, journal.reason,
               journal.content
          FROM dunning_journal journal
         WHERE journal.reminder_id = ANY(%(reminders)s)
           AND NOT EXISTS (SELECT FROM dunning_delivery delivery
                            WHERE delivery.reminder_id = journal.reminder_id
                              AND delivery.reference = journal.content->>'reference')
        """,
        reminders=list(reminder_ids),
    )


def journal_forget(reminder_ids):
    """Return the deletion of the rows of reminders."""
    return SQL("DELETE FROM dunning_journal WHERE reminder_id = ANY(%s)", list(reminder_ids))


def journal_sweep():
    """Return the deletion of the rows of reminders that are no longer to be delivered."""
    return SQL(
        """
        DELETE FROM dunning_journal journal
              USING dunning_reminder reminder
         WHERE reminder.id = journal.reminder_id AND reminder.state <> 'ready' AND reminder.to_continue IS NOT TRUE
        """
    )


def written_to(env, company, day):
    """Return ``(customer, addresses)`` of the e-mails of a day that left, or may have."""
    deliveries, reminders = env["dunning.delivery"], env["dunning.reminder"]
    return SQL(
        """
        SELECT reminder.partner_id, delivery.address
          FROM dunning_reminder reminder
          JOIN dunning_delivery delivery ON delivery.reminder_id = reminder.id
         WHERE reminder.company_id = %(company)s AND reminder.date = %(day)s AND delivery.channel = 'email'
           AND delivery.state NOT IN ('ready', 'failed', 'cancelled') AND delivery.address IS NOT NULL
        """,
        company=company.id,
        day=day,
        to_flush=[deliveries._fields[name] for name in ("address", "channel", "reminder_id", "state")]
        + [reminders._fields[name] for name in ("company_id", "date", "partner_id")],
    )


def oldest_debts(env, company, day, tried, limit):
    """Return the reminders that are ready to leave, those of the oldest debts first.

    :param day: nothing that is to leave later is taken; empty for no limit
    :param tried: ids of reminders to pass over
    """
    return SQL(
        """
        SELECT reminder.id
          FROM dunning_reminder reminder
     LEFT JOIN dunning_reminder_line line ON line.reminder_id = reminder.id
         WHERE reminder.state = 'ready' AND reminder.waiting IS NOT TRUE AND reminder.company_id = %(company)s
           AND (reminder.retry_at IS NULL OR reminder.retry_at <= now() AT TIME ZONE 'UTC')
           AND (%(day)s::date IS NULL OR reminder.date <= %(day)s::date)
           AND reminder.id <> ALL(%(tried)s::int[])
      GROUP BY reminder.id
      ORDER BY MIN(line.date_maturity) NULLS LAST, reminder.id
         LIMIT %(limit)s
        """,
        company=company.id,
        day=day,
        tried=tried,
        limit=limit,
        to_flush=[
            env["dunning.reminder"]._fields[name] for name in ("company_id", "date", "retry_at", "state", "waiting")
        ],
    )


def try_to_count(company):
    """Return the lock of the one who counts what a company has sent today."""
    return SQL("SELECT pg_try_advisory_xact_lock(hashtext('dunning_daily_cap'), %s)", company.id)
