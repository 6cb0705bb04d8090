"""SQL of what reminders leave behind on items and accounts."""

from odoo.tools import SQL


def _flush(env):
    """List the fields that a query reads, so that pending writes reach the database first."""
    names = {
        "dunning.reminder": ("account_id", "date", "state"),
        "dunning.reminder.line": ("level_id", "move_line_id", "reminder_id"),
        "account.move.line": ("dunning_level_id", "dunning_date"),
        "dunning.account": ("last_contact_date",),
    }
    return [env[model]._fields[name] for model, fields in names.items() for name in fields]


def mark_items_done(env, reminder_ids):
    """Return the update that gives each item the level its reminder carried out."""
    return SQL(
        """
        UPDATE account_move_line item
           SET dunning_level_id = line.level_id, dunning_date = reminder.date
          FROM dunning_reminder_line line
          JOIN dunning_reminder reminder ON reminder.id = line.reminder_id
         WHERE line.reminder_id = ANY(%(reminders)s) AND line.level_id IS NOT NULL AND item.id = line.move_line_id
     RETURNING item.id
        """,
        reminders=list(reminder_ids),
        to_flush=_flush(env),
    )


def mark_items_undone(env, reminder_ids):
    """Return the update that takes back the level of reminders that did not arrive.

    An item that a later reminder took further keeps what that one did; the others fall back to
    the last reminder that is still sent.
    """
    return SQL(
        """
        UPDATE account_move_line item
           SET dunning_level_id = earlier.level_id, dunning_date = earlier.date
          FROM dunning_reminder_line line
          JOIN dunning_reminder reminder ON reminder.id = line.reminder_id
     LEFT JOIN LATERAL (
                   SELECT done.level_id, sent.date
                     FROM dunning_reminder_line done
                     JOIN dunning_reminder sent ON sent.id = done.reminder_id
                    WHERE done.move_line_id = line.move_line_id AND done.level_id IS NOT NULL AND sent.state = 'sent'
                 ORDER BY sent.date DESC, sent.id DESC
                    LIMIT 1) earlier ON TRUE
         WHERE line.reminder_id = ANY(%(reminders)s) AND item.id = line.move_line_id
           AND item.dunning_level_id = line.level_id AND item.dunning_date = reminder.date
     RETURNING item.id
        """,
        reminders=list(reminder_ids),
        to_flush=_flush(env),
    )


def mark_contacts(env, account_ids):
    """Return the update of the last contact of accounts: their last reminder that stands as sent."""
    return SQL(
        """
        UPDATE dunning_account account
           SET last_contact_date = (SELECT MAX(reminder.date) FROM dunning_reminder reminder
                                     WHERE reminder.account_id = account.id AND reminder.state = 'sent'),
               fingerprint = NULL
         WHERE account.id = ANY(%(accounts)s)
     RETURNING account.id
        """,
        accounts=list(account_ids),
        to_flush=_flush(env),
    )


def move_reminders(env, account_id, from_account_ids):
    """Return the update that gives reminders to the account of the customer theirs was merged into."""
    return SQL(
        "UPDATE dunning_reminder SET account_id = %(account)s WHERE account_id = ANY(%(others)s) RETURNING id",
        account=account_id,
        others=list(from_account_ids),
        to_flush=_flush(env),
    )
