"""SQL of control: what is written or counted for many customers at once."""

import json

from odoo.tools import SQL


def insert_forecast_lines(env, forecast, company, lines):
    """Return the insert of the lines of a forecast."""
    return SQL(
        """
        INSERT INTO dunning_forecast_line (forecast_id, company_id, partner_id, account_id, user_id, outcome, rank, send,
                    approval, level_id, channel_text, item_count, amount, amount_due, amount_overdue, amount_covered,
                    reason_codes, reason_text, next_date, next_level_id, create_uid, write_uid, create_date, write_date)
        SELECT %(forecast)s, %(company)s, d.partner, a.id, COALESCE(a.user_id, %(user)s), d.outcome, d.rank, d.send,
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
        user=company.sudo().dunning_user_id.id or None,
        uid=env.uid,
        lines=json.dumps(lines, default=str),
        to_flush=[env["dunning.account"]._fields[name] for name in ("company_id", "partner_id", "user_id")],
    )
