"""SQL of what reminders leave behind on items and accounts."""

from odoo.tools import SQL

from ..core.decision.facts import STAGES


def _flush(env):
    """List the fields that a query reads, so that pending writes reach the database first."""
    names = {
        "dunning.level": ("stage",),
        "dunning.reminder": ("account_id", "date", "level_id", "state"),
        "dunning.reminder.line": (
            "date_maturity", "level_id", "move_line_id", "previous_date", "previous_due", "previous_level_id",
            "reminder_id", "upcoming",
        ),
        "account.move.line": (
            "date", "date_maturity", "dunning_date", "dunning_due", "dunning_level_id", "dunning_origin_id",
            "dunning_stage", "dunning_stage_due",
        ),
        "dunning.account": ("last_contact_date",),
    }
    return [env[model]._fields[name] for model, fields in names.items() for name in fields]


def mark_items_done(env, reminder_ids):
    """Return the update that gives each item the level its reminder carried out, and says how firmly it was claimed.

    The line keeps what the item had before, from an earlier reminder or from a take-over.
    """
    return SQL(
        """
        WITH kept AS (
            UPDATE dunning_reminder_line line
               SET previous_level_id = item.dunning_level_id, previous_date = item.dunning_date,
                   previous_due = item.dunning_due
              FROM account_move_line item
             WHERE line.reminder_id = ANY(%(reminders)s) AND line.level_id IS NOT NULL AND item.id = line.move_line_id
               AND item.dunning_level_id IS NOT NULL
        ), levels AS (
            SELECT DISTINCT ON (line.move_line_id) line.move_line_id AS item, line.level_id, reminder.date,
                   line.date_maturity AS due
              FROM dunning_reminder_line line
              JOIN dunning_reminder reminder ON reminder.id = line.reminder_id
             WHERE line.reminder_id = ANY(%(reminders)s) AND line.level_id IS NOT NULL
          ORDER BY line.move_line_id, reminder.date DESC, reminder.id DESC
        )
        UPDATE account_move_line item
           SET dunning_level_id = CASE WHEN levels.item IS NULL THEN item.dunning_level_id ELSE levels.level_id END,
               dunning_date = CASE WHEN levels.item IS NULL THEN item.dunning_date ELSE levels.date END,
               dunning_due = CASE WHEN levels.item IS NULL THEN item.dunning_due ELSE levels.due END,
               dunning_stage = (%(stages)s::varchar[])[told.rank], dunning_stage_due = told.due
          FROM %(told)s
     LEFT JOIN levels ON levels.item = owed.id
         WHERE item.id = owed.id AND (levels.item IS NOT NULL OR %(is_news)s)
     RETURNING item.id
        """,
        reminders=list(reminder_ids),
        stages=list(STAGES),
        told=_told(reminder_ids),
        is_news=_is_news(),
        to_flush=_flush(env),
    )


def _told(reminder_ids):
    """Return the items of reminders as ``owed``, and as ``told`` how firmly all the reminders that stand claimed them.

    What was said of an earlier due date counts no more once the date is put off.
    """
    return SQL(
        """(SELECT DISTINCT move_line_id AS item
                  FROM dunning_reminder_line WHERE reminder_id = ANY(%(reminders)s)) touched
          JOIN account_move_line owed ON owed.id = touched.item
     LEFT JOIN LATERAL (
            SELECT MAX(line.date_maturity) AS due, MAX(array_position(%(stages)s::varchar[],
                       CASE WHEN line.upcoming THEN 'pre_due' ELSE level.stage END)) AS rank
              FROM dunning_reminder_line line
              JOIN dunning_reminder reminder ON reminder.id = line.reminder_id AND reminder.state = 'sent'
              JOIN dunning_level level ON level.id = reminder.level_id
             WHERE line.move_line_id = ANY(ARRAY[owed.id, owed.dunning_origin_id])
               AND line.date_maturity >= COALESCE(owed.date_maturity, owed.date)
               ) told ON TRUE""",
        reminders=list(reminder_ids),
        stages=list(STAGES),
    )


def _is_news():
    """Tell whether an ``item`` does not say yet what it was told."""
    return SQL(
        """(item.dunning_stage, item.dunning_stage_due)
           IS DISTINCT FROM ((%s::varchar[])[told.rank], told.due)""",
        list(STAGES),
    )


def mark_items_undone(env, reminder_id):
    """Return the update that takes back the level of a reminder that did not arrive.

    Its items fall back to what they had before. An item that a later reminder took further keeps what
    that one did, and will fall back past this one if the later one comes back too.
    """
    return SQL(
        """
        WITH undone AS (
            SELECT line.move_line_id, line.level_id, reminder.date, line.previous_level_id, line.previous_date,
                   line.previous_due
              FROM dunning_reminder_line line
              JOIN dunning_reminder reminder ON reminder.id = line.reminder_id
             WHERE line.reminder_id = %(reminder)s AND line.level_id IS NOT NULL
        ), skipped AS (
            UPDATE dunning_reminder_line later
               SET previous_level_id = undone.previous_level_id, previous_date = undone.previous_date,
                   previous_due = undone.previous_due
              FROM undone
             WHERE later.move_line_id = undone.move_line_id AND later.reminder_id <> %(reminder)s
               AND later.previous_level_id = undone.level_id AND later.previous_date = undone.date
        )
        UPDATE account_move_line item
           SET dunning_level_id = undone.previous_level_id, dunning_date = undone.previous_date,
               dunning_due = undone.previous_due
          FROM undone
         WHERE item.id = undone.move_line_id
           AND item.dunning_level_id = undone.level_id AND item.dunning_date = undone.date
     RETURNING item.id
        """,
        reminder=reminder_id,
        to_flush=_flush(env),
    )


def mark_claims(env, reminder_ids):
    """Return the update of how firmly the items of reminders have been claimed, by all the reminders that stand."""
    return SQL(
        """
        UPDATE account_move_line item
           SET dunning_stage = (%(stages)s::varchar[])[told.rank], dunning_stage_due = told.due
          FROM %(told)s
         WHERE item.id = owed.id AND %(is_news)s
     RETURNING item.id
        """,
        stages=list(STAGES),
        told=_told(reminder_ids),
        is_news=_is_news(),
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
