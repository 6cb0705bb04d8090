"""SQL of control: what is written or counted for many customers at once."""

import json

from odoo.tools import SQL


def insert_forecast_lines(env, forecast, company, lines):
    """Return the insert of the lines of a forecast."""
    return SQL(
        """
        INSERT INTO dunning_forecast_line (forecast_id, company_id, partner_id, account_id, user_id, outcome, rank,
                    send, approval, level_id, channel_text, item_count, amount, amount_due, amount_overdue,
                    amount_covered, reason_codes, reason_text, next_date, next_level_id, create_uid, write_uid,
                    create_date, write_date)
        SELECT %(forecast)s, %(company)s, d.partner, a.id,
               CASE WHEN a.user_id = ANY(%(people)s::int[]) THEN a.user_id ELSE %(user)s END, d.outcome, d.rank, d.send,
               d.approval, d.level, d.channels, d.count, d.amount, d.due, d.overdue, d.covered, d.codes, d.reason,
               d.next_date, d.next_level, %(uid)s, %(uid)s, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
          FROM json_to_recordset(%(lines)s::json)
            AS d(partner int, outcome text, rank int, send bool, approval bool, level int, channels text, count int,
                 amount numeric, due numeric, overdue numeric, covered numeric, codes text, reason text, next_date date,
                 next_level int)
     LEFT JOIN dunning_account a ON a.partner_id = d.partner AND a.company_id = %(company)s
     RETURNING id
        """,
        forecast=forecast.id,
        company=company.id,
        user=company._dunning_person().id or None,
        people=company._dunning_people().ids,
        uid=env.uid,
        lines=json.dumps(lines, default=str),
        to_flush=[env["dunning.account"]._fields[name] for name in ("company_id", "partner_id", "user_id")],
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


def due_dates(env, items):
    """Return ``(journal item, due date)``."""
    return SQL(
        "SELECT id, COALESCE(date_maturity, date) FROM account_move_line WHERE id = ANY(%s)",
        items,
        to_flush=[env["account.move.line"]._fields[name] for name in ("date", "date_maturity")],
    )


def ready_debts(env, company, day):
    """Return the oldest due date of each reminder that is ready to leave by itself until ``day``."""
    return SQL(
        """
        SELECT COALESCE((SELECT min(line.date_maturity)
                           FROM dunning_reminder_line line
                          WHERE line.reminder_id = reminder.id), reminder.date)
          FROM dunning_reminder reminder
         WHERE reminder.state = 'ready' AND reminder.waiting IS NOT TRUE AND reminder.company_id = %(company)s
           AND reminder.date <= %(day)s
        """,
        company=company.id,
        day=day,
        to_flush=[env["dunning.reminder"]._fields[name] for name in ("company_id", "date", "state", "waiting")],
    )


def try_to_count(company):
    """Return the lock of the one who counts what a company has sent today."""
    return SQL("SELECT pg_try_advisory_xact_lock(hashtext('dunning_daily_cap'), %s)", company.id)


def _level_fields(env):
    names = ("date", "date_maturity", "dunning_date", "dunning_due", "dunning_level_id")
    return [env["account.move.line"]._fields[name] for name in names]


def take_over(env, takeover, rows):
    """Return the writing of ``(item, level done, its day)`` on items that were never reminded, and its record."""
    return SQL(
        """
        WITH taken AS (
            UPDATE account_move_line item
               SET dunning_level_id = d.level, dunning_date = d.day,
                   dunning_due = COALESCE(item.date_maturity, item.date)
              FROM json_to_recordset(%(rows)s::json) AS d(item int, level int, day date)
             WHERE item.id = d.item AND item.dunning_level_id IS NULL
         RETURNING item.id, item.dunning_level_id, item.dunning_date
        )
        INSERT INTO dunning_takeover_item (takeover_id, move_line_id, level_id, date)
             SELECT %(takeover)s, id, dunning_level_id, dunning_date FROM taken
          RETURNING move_line_id
        """,
        takeover=takeover.id,
        rows=json.dumps([{"item": item, "level": level, "day": day} for item, level, day in rows], default=str),
        to_flush=_level_fields(env),
    )


def customers_know(env, items):
    """Return the note that customers know these items: their days count from the due date, sent by Odoo or not."""
    return SQL(
        """
        WITH known AS (
            UPDATE account_move_line SET dunning_known_on = NULL
             WHERE id = ANY(%(items)s) AND dunning_known_on IS NOT NULL
        )
        UPDATE account_move m SET dunning_has_it = TRUE
          FROM account_move_line l
         WHERE l.id = ANY(%(items)s) AND m.id = l.move_id AND m.move_type = 'out_invoice'
           AND m.is_move_sent IS NOT TRUE AND m.dunning_has_it IS NOT TRUE
     RETURNING m.id
        """,
        items=list(items),
        to_flush=[
            env["account.move.line"]._fields["dunning_known_on"],
            *(env["account.move"]._fields[name] for name in ("dunning_has_it", "is_move_sent", "move_type")),
        ],
    )


def undo_take_over(env, takeover):
    """Return the taking back of what a take-over wrote and nothing has changed since, and of its record."""
    return SQL(
        """
        WITH taken AS (
            DELETE FROM dunning_takeover_item WHERE takeover_id = %(takeover)s
         RETURNING move_line_id, level_id, date
        )
        UPDATE account_move_line item
           SET dunning_level_id = NULL, dunning_date = NULL, dunning_due = NULL
          FROM taken
         WHERE item.id = taken.move_line_id
           AND item.dunning_level_id = taken.level_id AND item.dunning_date = taken.date
     RETURNING item.id
        """,
        takeover=takeover.id,
        to_flush=_level_fields(env),
    )


def reminded_since(env, takeover):
    """Return one reminder that left about an item of a take-over, or passed its level."""
    return SQL(
        """
        SELECT reminder.name
          FROM dunning_takeover_item taken
          JOIN dunning_reminder_line line ON line.move_line_id = taken.move_line_id
          JOIN dunning_reminder reminder ON reminder.id = line.reminder_id
         WHERE taken.takeover_id = %(takeover)s AND line.level_id IS NOT NULL
           AND (reminder.state IN ('sent', 'uncertain') OR reminder.skipped)
         LIMIT 1
        """,
        takeover=takeover.id,
        to_flush=[env["dunning.reminder"]._fields[name] for name in ("skipped", "state")],
    )


def forget_fingerprints(env, company):
    """Return what has every account of a company decided again by the next run."""
    return SQL(
        "UPDATE dunning_account SET fingerprint = NULL WHERE company_id = %s AND fingerprint IS NOT NULL RETURNING id",
        company.id,
        to_flush=[env["dunning.account"]._fields[name] for name in ("company_id", "fingerprint")],
    )


def take_news(env):
    """Return the taking of all news that nobody has been told, each by one process only."""
    return SQL(
        """
        WITH taken AS (
            DELETE FROM dunning_notice
             WHERE id IN (SELECT id FROM dunning_notice FOR UPDATE SKIP LOCKED)
         RETURNING id, account_id, reminder_id, kind, amount, words
        )
        SELECT taken.account_id, taken.kind, taken.amount, taken.words, reminder.name
          FROM taken
     LEFT JOIN dunning_reminder reminder ON reminder.id = taken.reminder_id
      ORDER BY taken.amount DESC NULLS LAST, taken.id
        """,
        to_flush=list(env["dunning.notice"]._fields.values()),
    )


def settled_accounts(env, company, partners, day):
    """Return the noting of the accounts whose reminded items are all settled, by a payment at least in part.

    Gives ``(account, how much was reminded last of these items)``.

    Each reminder sent counts since the account was last found settled. What a credit note alone settled is not paid.
    """
    return SQL(
        """
        WITH candidate AS (
            SELECT account.id, account.plan_id, account.settled_on
              FROM dunning_account account
             WHERE account.company_id = %(company)s AND account.last_contact_date IS NOT NULL
               AND (account.settled_on IS NULL OR account.settled_on < account.last_contact_date)
               AND (%(partners)s::int[] IS NULL OR account.partner_id = ANY(%(partners)s::int[]))
        ), claimed AS (
            SELECT candidate.id, line.move_line_id, max(line.amount_residual) AS amount
              FROM candidate
              JOIN dunning_reminder reminder ON reminder.account_id = candidate.id
               AND reminder.state = 'sent' AND (candidate.settled_on IS NULL OR reminder.date > candidate.settled_on)
              JOIN dunning_reminder_line line ON line.reminder_id = reminder.id
               AND line.move_line_id IS NOT NULL AND line.upcoming IS NOT TRUE
          GROUP BY candidate.id, line.move_line_id
        ), settled AS (
            SELECT claimed.id, sum(claimed.amount) AS amount
              FROM claimed
              JOIN account_move_line item ON item.id = claimed.move_line_id
          GROUP BY claimed.id
            HAVING bool_and(item.amount_residual <= 0)
               AND bool_or(EXISTS (
                   SELECT FROM account_partial_reconcile part
                     JOIN account_move_line money ON money.id = part.credit_move_id
                    WHERE part.debit_move_id = item.id
                      AND (money.payment_id IS NOT NULL OR money.statement_line_id IS NOT NULL)))
        )
        UPDATE dunning_account account
           SET settled_on = %(day)s, to_thank = COALESCE(plan.thank_you, FALSE)
          FROM settled
          JOIN candidate ON candidate.id = settled.id
     LEFT JOIN dunning_plan plan ON plan.id = candidate.plan_id
         WHERE account.id = settled.id
     RETURNING account.id, settled.amount
        """,
        company=company.id,
        partners=partners,
        day=day,
        to_flush=[
            env[model]._fields[name]
            for model, names in {
                "dunning.account": ("company_id", "last_contact_date", "partner_id", "plan_id", "settled_on"),
                "dunning.plan": ("thank_you",),
                "dunning.reminder": ("account_id", "date", "state"),
                "dunning.reminder.line": ("move_line_id", "reminder_id", "upcoming"),
                "account.move.line": ("amount_residual", "payment_id", "statement_line_id"),
                "account.partial.reconcile": ("credit_move_id", "debit_move_id"),
            }.items()
            for name in names
        ],
    )


def take_thanks(env, company, limit):
    """Return the taking of accounts to thank, each by one process only, with the last reminder it received.

    Those that owe something again, or are about to be reminded, are let go without a word.
    """
    return SQL(
        """
        WITH taken AS (
            UPDATE dunning_account account
               SET to_thank = FALSE, thanked_at = now() AT TIME ZONE 'UTC'
             WHERE account.id IN (SELECT id FROM dunning_account
                                   WHERE to_thank AND company_id = %(company)s
                                ORDER BY id LIMIT %(limit)s FOR NO KEY UPDATE SKIP LOCKED)
         RETURNING account.id, account.amount_overdue
        )
        SELECT taken.id, last.id
          FROM taken
          JOIN LATERAL (SELECT id FROM dunning_reminder
                         WHERE account_id = taken.id AND state = 'sent'
                      ORDER BY date DESC, id DESC LIMIT 1) last ON TRUE
         WHERE COALESCE(taken.amount_overdue, 0) <= 0
           AND NOT EXISTS (SELECT FROM dunning_reminder waiting
                            WHERE waiting.account_id = taken.id AND waiting.state IN ('draft', 'ready', 'uncertain'))
        """,
        company=company.id,
        limit=limit,
        to_flush=[env["dunning.account"]._fields[name] for name in ("amount_overdue", "company_id", "to_thank")],
    )
