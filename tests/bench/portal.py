"""How long a customer waits for the page behind the link of a message."""

import statistics
import time
from datetime import timedelta

from werkzeug.test import Client

from odoo import fields, http

TIMES = 20

# Open items of everybody become those of one customer, overdue but for one in ten.
ONE_CUSTOMER = """
    WITH item AS (
        UPDATE account_move_line l
           SET partner_id = %(partner)s, amount_residual = balance, amount_residual_currency = balance,
               reconciled = FALSE, date_maturity = %(today)s::date - (l.id %% 500)::int + 50
         WHERE l.id IN (SELECT l.id
                          FROM account_move_line l
                          JOIN account_account a ON a.id = l.account_id AND a.account_type = 'asset_receivable'
                         WHERE l.company_id = %(company)s AND l.balance > 0 AND l.parent_state = 'posted'
                      ORDER BY l.id LIMIT %(count)s)
     RETURNING move_id)
    UPDATE account_move SET partner_id = %(partner)s, commercial_partner_id = %(partner)s FROM item
     WHERE account_move.id = item.move_id
"""
# A reminder that claims them, with penalties.
REMINDED = """
    INSERT INTO dunning_reminder_line (reminder_id, move_line_id, move_name, currency_id, amount_currency,
                                       amount_residual, date_maturity, level_id)
    SELECT %(reminder)s, id, move_name, currency_id, amount_residual_currency, amount_residual, date_maturity, %(level)s
      FROM account_move_line WHERE partner_id = %(partner)s AND amount_residual > 0 AND date_maturity < %(today)s
"""


def page(env, count):
    """Open the page of an account with ``count`` open items, nearly all of them late and claimed with penalties.

    Through Odoo's WSGI application, from the request to the last byte; without the network and a worker's queue.
    """
    company, today = env.company, fields.Date.today()
    partner = env["res.partner"].create({
        "name": "Bench", "is_company": True, "country_id": env.ref("base.fr").id, "customer_rank": 1,
        "dunning_status": "professional",
    })  # fmt: skip
    values = {"partner": partner.id, "company": company.id, "count": count, "today": today}
    env.flush_all()
    env.cr.execute(ONE_CUSTOMER, values)
    env.invalidate_all()
    account = env["dunning.account"]._of(partner, company).sudo()
    level = env["dunning.level"].search([("penalties", "=", "claim")], limit=1)
    account.plan_id = level.plan_id
    reminder = env["dunning.reminder"].sudo().create({
        "account_id": account.id, "level_id": level.id, "date": today - timedelta(days=2), "state": "ready",
    })  # fmt: skip
    env.flush_all()
    env.cr.execute(REMINDED, values | {"reminder": reminder.id, "level": level.id})
    env.invalidate_all()
    env["dunning.delivery"].sudo().create({
        "reminder_id": reminder.id, "channel": "email", "state": "sent", "date_done": reminder.date,
    })  # fmt: skip
    reminder._freeze_penalties(reminder.date)
    reminder._set_state("sent")
    env["dunning.portal.visit"].sudo().search([]).unlink()
    env.cr.commit()
    env.cr.execute("ANALYZE account_move_line; ANALYZE dunning_reminder_line")
    env.cr.commit()
    path = "/reminders/" + account._portal_link().rpartition("/")[2]
    client = Client(http.root)
    seconds = []
    for _time in range(TIMES + 5):
        start = time.perf_counter()
        answer = client.get(path, headers={"X-Odoo-Database": env.cr.dbname, "User-Agent": "bench"})
        body = answer.get_data()
        seconds.append(time.perf_counter() - start)
        if answer.status_code != 200:
            raise SystemExit(f"The page answered {answer.status}: {body[:500]!r}")
    ordinary = sorted(seconds[5:])  # the first ones compile the templates
    env.invalidate_all()
    before = env.cr.sql_log_count
    env["dunning.portal"].sudo()._page(account)
    return {
        "items": count, "kilobytes": len(body) / 1024, "median_ms": 1000 * statistics.median(ordinary),
        "slowest_ms": 1000 * ordinary[-1], "first_ms": 1000 * seconds[0], "queries": env.cr.sql_log_count - before,
    }  # fmt: skip
