"""SQL of what reminders leave behind on items and accounts."""

from odoo.tools import SQL


def _flush(env):
    """List the fields that a query reads, so that pending writes reach the database first."""
    names = {
        "dunning.reminder": ("account_id", "date", "state"),
        "dunning.reminder.line": ("level_id", "move_line_id", "previous_date", "previous_level_id", "reminder_id"),
        "account.move.line": ("dunning_level_id", "dunning_date"),
        "dunning.account": ("last_contact_date",),
    }
    return [env[model]._fields[name] for model, fields in names.items() for name in fields]


def mark_items_done(env, reminder_ids):
    """Return the update that gives each item the level its reminder carried out.

    The line keeps what the item had before, from an earlier reminder or from a take-over.
    """
    return SQL(
        """
        WITH kept AS (
            UPDATE dunning_reminder_line line
               SET previous_level_id = item.dunning_level_id, previous_date = item.dunning_date
              FROM account_move_line item
             WHERE line.reminder_id = ANY(%(reminders)s) AND line.level_id IS NOT NULL AND item.id = line.move_line_id
               AND item.dunning_level_id IS NOT NULL
        )
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


def mark_items_undone(env, reminder_id):
    """Return the update that takes back the level of a reminder that did not arrive.

    Its items fall back to what they had before. An item that a later reminder took further keeps what
    that one did, and will fall back past this one if the later one comes back too.
    """
    return SQL(
        """
        WITH undone AS (
            SELECT line.move_line_id, line.level_id, reminder.date, line.previous_level_id, line.previous_date
              FROM dunning_reminder_line line
              JOIN dunning_reminder reminder ON reminder.id = line.reminder_id
             WHERE line.reminder_id = %(reminder)s AND line.level_id IS NOT NULL
        ), skipped AS (
            UPDATE dunning_reminder_line later
               SET previous_level_id = undone.previous_level_id, previous_date = undone.previous_date
              FROM undone
             WHERE later.move_line_id = undone.move_line_id AND later.reminder_id <> %(reminder)s
               AND later.previous_level_id = undone.level_id AND later.previous_date = undone.date
        )
        UPDATE account_move_line item
           SET dunning_level_id = undone.previous_level_id, dunning_date = undone.previous_date
          FROM undone
         WHERE item.id = undone.move_line_id
           AND item.dunning_level_id = undone.level_id AND item.dunning_date = undone.date
     RETURNING item.id
        """,
        reminder=reminder_id,
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
        """
        UPDATE dunning_reminder reminder
           SET account_id = account.id, user_id = account.user_id
          FROM dunning_account account
         WHERE account.id = %(account)s AND reminder.account_id = ANY(%(others)s)
     RETURNING reminder.id
        """,
        account=account_id,
        others=list(from_account_ids),
        to_flush=_flush(env),
    )
