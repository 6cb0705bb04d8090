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
