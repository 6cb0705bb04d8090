"""SQL of the calls."""

from odoo.tools import SQL


def wrong_numbers(env, numbers):
    """Return ``(number, when)`` of the numbers of which the last call said that they are wrong."""
    return SQL(
        """
        SELECT number, called_at
          FROM (SELECT DISTINCT ON (number) number, outcome, called_at
                  FROM dunning_call
                 WHERE number = ANY(%(numbers)s)
              ORDER BY number, id DESC) last
         WHERE outcome = 'wrong_number'
        """,
        numbers=list(numbers),
        to_flush=[env["dunning.call"]._fields[name] for name in ("called_at", "number", "outcome")],
    )


def holds(env, company, partner_ids, day, outcomes):
    """Return ``(customer, outcome, last day)``: who has promised to pay by a day to come, who contests."""
    fields = ("dispute_closed_at", "outcome", "promise_date", "reminder_id")
    return SQL(
        """
        SELECT account.partner_id, call.outcome, MAX(call.promise_date)
          FROM dunning_call call
          JOIN dunning_reminder reminder ON reminder.id = call.reminder_id
          JOIN dunning_account account ON account.id = reminder.account_id
         WHERE account.company_id = %(company)s AND account.partner_id = ANY(%(partners)s)
           AND call.outcome = ANY(%(outcomes)s)
           AND (call.outcome = 'will_pay' AND call.promise_date >= %(day)s
                OR call.outcome = 'contests' AND call.dispute_closed_at IS NULL)
      GROUP BY account.partner_id, call.outcome
        """,
        company=company.id,
        partners=list(partner_ids),
        day=day,
        outcomes=list(outcomes),
        to_flush=[env["dunning.call"]._fields[name] for name in fields],
    )
