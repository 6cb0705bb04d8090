"""SQL about who carries the messages: what is out of order, and how much has left within the hour.

Each is a transaction of its own, on the journal's connection.
"""

from odoo.tools import SQL


def outages():
    """Return what is known of all services that were out of order."""
    return SQL("SELECT company_id, service, since, until, tries, reason FROM dunning_outage")


def stop(company_id, service, reason, now, until):
    """Return the note that a service is out of order; who comes second keeps what the first one noted."""
    return SQL(
        """
        INSERT INTO dunning_outage AS outage (company_id, service, name, reason, since, until, tries)
             VALUES (%(company)s, %(key)s, %(name)s, %(reason)s, %(now)s, %(until)s, 1)
        ON CONFLICT (company_id, service) DO UPDATE
                SET name = EXCLUDED.name, reason = EXCLUDED.reason,
                    since = COALESCE(outage.since, EXCLUDED.since),
                    tries = outage.tries + CASE WHEN outage.until > %(now)s THEN 0 ELSE 1 END,
                    until = CASE WHEN outage.until > %(now)s THEN outage.until ELSE EXCLUDED.until END
          RETURNING since, until, tries
        """,
        company=company_id,
        key=service.key,
        name=service.name,
        reason=reason,
        now=now,
        until=until,
    )


def well(company_id, key):
    """Return the note that a service works again; who was told of its outage is told of that too."""
    return SQL(
        "UPDATE dunning_outage SET since = NULL, until = NULL, tries = 0 WHERE company_id = %s AND service = %s",
        company_id,
        key,
    )


def take_turn(company_id):
    """Return the wait for the one place in which messages of a company are counted."""
    return SQL("SELECT pg_advisory_lock(hashtext('dunning_hourly_cap'), %s)", company_id)


def end_turn(company_id):
    """Return the leaving of that place; it is also left when the connection ends."""
    return SQL("SELECT pg_advisory_unlock(hashtext('dunning_hourly_cap'), %s)", company_id)


def gone_since(company_id, channel, since):
    """Return the moments after ``since`` at which a message left, or began to, latest first.

    What is recorded counts, what the journals of all workers hold, and the words of thanks.
    """
    return SQL(
        """
        SELECT delivery.sent_at AS moment
          FROM dunning_delivery delivery
          JOIN dunning_reminder reminder ON reminder.id = delivery.reminder_id
         WHERE delivery.channel = %(channel)s AND delivery.sent_at > %(since)s AND reminder.company_id = %(company)s
     UNION ALL
        SELECT journal.begun_at
          FROM dunning_journal journal
          JOIN dunning_reminder reminder ON reminder.id = journal.reminder_id
         WHERE journal.channel = %(channel)s AND journal.begun_at > %(since)s AND reminder.company_id = %(company)s
           AND journal.state IN ('begun', 'accepted', 'uncertain')
           AND NOT EXISTS (SELECT FROM dunning_delivery delivery
                            WHERE delivery.reminder_id = journal.reminder_id
                              AND delivery.reference = journal.content->>'reference')
     UNION ALL
        SELECT account.thanked_at
          FROM dunning_account account
         WHERE account.thanked_at > %(since)s AND account.company_id = %(company)s AND %(channel)s = 'email'
      ORDER BY moment DESC
        """,
        company=company_id,
        channel=channel,
        since=since,
    )
