"""SQL of the customer's page."""

from odoo.tools import SQL

from ...law.notices import queries as notice_queries


def items(env, ids):
    """Return the open items as the page shows them, with the place of each among the instalments of its invoice.

    An entry that was made after the due date has taken the item over: its date is not that of the document.
    """
    names = {
        "account.move.line": (
            "amount_currency", "amount_residual", "amount_residual_currency", "currency_id", "date", "date_maturity",
            "display_type", "move_id", "move_name",
        ),
        "account.move": ("invoice_date", "move_type", "ref"),
    }  # fmt: skip
    return SQL(
        """
        SELECT l.id, l.move_id, m.move_type, %(name)s AS name,
               CASE WHEN m.move_type = 'entry' THEN m.name ELSE '' END AS entry_number,
               CASE WHEN m.move_type <> 'entry' THEN m.ref END AS reference,
               CASE WHEN m.move_type <> 'entry' OR l.date <= COALESCE(l.date_maturity, l.date)
                    THEN COALESCE(m.invoice_date, l.date) END AS date,
               COALESCE(l.date_maturity, l.date) AS due,
               l.currency_id, l.amount_currency::float AS amount,
               l.amount_residual_currency::float AS balance, l.amount_residual::float AS balance_company,
               part.number, part.count
          FROM account_move_line l
          JOIN account_move m ON m.id = l.move_id
          JOIN LATERAL (
               SELECT COUNT(*) AS count,
                      COUNT(*) FILTER (WHERE (other.date_maturity, other.id) <= (l.date_maturity, l.id)) AS number
                 FROM account_move_line other
                WHERE m.move_type <> 'entry' AND other.move_id = l.move_id AND other.display_type = 'payment_term'
               ) part ON TRUE
         WHERE l.id = ANY(%(ids)s)
      ORDER BY due, l.id
        """,
        name=env["account.move.line"]._dunning_name_sql(),
        ids=list(ids),
        to_flush=[env[model]._fields[name] for model, fields in names.items() for name in fields],
    )


def penalties_told(env, reminders, items):
    """Return ``(item, day of the last claim or nothing, last day to pay, days to pay)`` of penalties that were told.

    The last day to pay is that of a registered letter that was received; the days are those that one gives from its
    receipt as long as that is not known.
    """
    names = {
        "dunning.delivery": notice_queries.LIFE_FIELDS,
        "dunning.level": ("notice_days", "penalties"),
        "dunning.reminder": ("date", "level_id", "penalty_day"),
        "dunning.reminder.line": ("move_line_id", "reminder_id", "upcoming"),
    }
    return SQL(
        """
        SELECT line.move_line_id,
               MAX(COALESCE(reminder.penalty_day, reminder.date)) FILTER (WHERE level.penalties = 'claim'),
               MAX(letter.pay_until) FILTER (WHERE level.penalties = 'claim'),
               MAX(level.notice_days) FILTER (WHERE level.penalties = 'claim' AND letter.on_its_way)
          FROM dunning_reminder_line line
          JOIN dunning_reminder reminder ON reminder.id = line.reminder_id
          JOIN dunning_level level ON level.id = reminder.level_id
     LEFT JOIN LATERAL (%(letter)s) letter ON TRUE
         WHERE line.reminder_id = ANY(%(reminders)s) AND line.move_line_id = ANY(%(items)s)
           AND line.upcoming IS NOT TRUE AND level.penalties IN ('mention', 'claim')
      GROUP BY line.move_line_id
        """,
        letter=notice_queries.life(SQL("reminder.id")),
        reminders=list(reminders),
        items=list(items),
        to_flush=[env[model]._fields[name] for model, fields in names.items() for name in fields],
    )
