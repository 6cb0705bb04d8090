"""SQL of what is no longer claimable: invoiced penalties and waived ones, and what is paid in time."""

from odoo.tools import SQL

from ....core.plain.arrays import as_array
from ...notices import queries as notice_queries

WAIT_DAYS = 60  # a payment made in time may be entered this much later and still counts


def _fields(env, names):
    return [env[model]._fields[name] for model, fields in names.items() for name in fields]


def invoiced(env, items):
    """Return ``(item, interest, indemnity, last day, interest given up)`` of what penalty invoices that stand claim.

    The indemnity is that of the whole invoice, whichever instalment it was invoiced with: it is due once for it.
    """
    names = (
        "first_day", "indemnity_amount", "interest_amount", "interest_waived", "invoice_id", "last_day", "move_line_id",
        "released_on",
    )  # fmt: skip
    return SQL(
        """
        SELECT item, SUM(interest)::text, SUM(indemnity)::text, MAX(last_day), SUM(given_up)::text
          FROM (SELECT move_line_id AS item, COALESCE(interest_amount, 0) AS interest, 0 AS indemnity, last_day,
                       COALESCE(interest_waived, 0) AS given_up
                  FROM dunning_penalty_line
                 WHERE move_line_id = ANY(%(items)s::int[]) AND released_on IS NULL
                 UNION ALL
                SELECT item.id, 0, line.indemnity_amount, NULL, 0
                  FROM account_move_line item
                  JOIN dunning_penalty_line line ON line.invoice_id = item.move_id AND line.released_on IS NULL
                   AND line.indemnity_amount <> 0
                 WHERE item.id = ANY(%(items)s::int[])) each
      GROUP BY item
        """,
        items=as_array(items),
        to_flush=_fields(env, {"account.move.line": ("move_id",), "dunning.penalty.line": names}),
    )


def waived(env, items):
    """Return ``(item, interest, indemnity, whether all interest to come is waived too, all the indemnity)`` of waivers.

    Of those that stand. What was waived whole, interest to come included, stays so if costs of collection rise.
    The indemnity is that of the whole invoice, whichever of its instalments it was waived with; the items of an entry
    that is no invoice are debts of their own.
    """
    names = {
        "account.move": ("move_type",),
        "account.move.line": ("move_id",),
        "dunning.penalty.waiver": ("state",),
        "dunning.penalty.waiver.line": (
            "indemnity_amount", "interest_amount", "invoice_id", "move_line_id", "to_come", "waiver_id",
        ),
    }  # fmt: skip
    return SQL(
        """
        SELECT item, SUM(interest)::text, SUM(indemnity)::text, bool_or(to_come), bool_or(whole)
          FROM (SELECT line.move_line_id AS item, COALESCE(line.interest_amount, 0) AS interest, 0 AS indemnity,
                       line.to_come IS TRUE AS to_come, FALSE AS whole
                  FROM dunning_penalty_waiver_line line
                  JOIN dunning_penalty_waiver waiver ON waiver.id = line.waiver_id AND waiver.state = 'standing'
                 WHERE line.move_line_id = ANY(%(items)s::int[])
                 UNION ALL
                SELECT item.id, 0, line.indemnity_amount, FALSE, line.to_come IS TRUE
                  FROM account_move_line item
                  JOIN account_move entry ON entry.id = item.move_id
                  JOIN dunning_penalty_waiver_line line ON line.invoice_id = item.move_id AND line.indemnity_amount <> 0
                   AND (line.move_line_id = item.id OR entry.move_type <> 'entry')
                  JOIN dunning_penalty_waiver waiver ON waiver.id = line.waiver_id AND waiver.state = 'standing'
                 WHERE item.id = ANY(%(items)s::int[])) each
      GROUP BY item
        """,
        items=as_array(items),
        to_flush=_fields(env, names),
    )


def late_items(env, accounts, companies, partners, since, until):
    """Return the receivable items that were late: open past their due date, or settled after it.

    :param accounts, companies: ids, as ``dunning.account._scope`` gives them
    :param partners: ids of commercial partners
    :param since: items that were due before are left out
    """
    names = {
        "account.move": ("dunning_is_penalty", "move_type", "state"),
        "account.move.line": (
            "account_id", "amount_residual", "balance", "company_id", "date", "date_maturity", "move_id",
            "parent_state", "partner_id",
        ),
        "account.partial.reconcile": ("credit_move_id", "debit_move_id"),
        "res.partner": ("commercial_partner_id",),
    }  # fmt: skip
    return SQL(
        """
        SELECT item.id
          FROM res_partner partner
          JOIN account_move_line item ON item.partner_id = partner.id
          JOIN account_move move ON move.id = item.move_id
         WHERE partner.commercial_partner_id = ANY(%(partners)s) AND item.company_id = ANY(%(companies)s)
           AND item.account_id = ANY(%(accounts)s) AND item.parent_state = 'posted' AND item.balance > 0
           AND move.move_type = 'out_invoice' AND move.dunning_is_penalty IS NOT TRUE
           AND item.date_maturity >= %(since)s AND item.date_maturity < %(until)s
           AND (item.amount_residual > 0 OR EXISTS (
                SELECT FROM account_partial_reconcile partial
                  JOIN account_move_line counterpart ON counterpart.id = partial.credit_move_id
                 WHERE partial.debit_move_id = item.id AND counterpart.date > item.date_maturity
           ))
      ORDER BY item.date_maturity, item.id
        """,
        accounts=accounts,
        companies=companies,
        partners=as_array(partners),
        since=since,
        until=until,
        to_flush=_fields(env, names),
    )


SETTLEMENT_FIELDS = {
    "account.move.line": ("amount_residual", "date", "move_id", "parent_state"),
    "account.partial.reconcile": ("credit_move_id", "debit_move_id", "exchange_move_id"),
}


def _settlement(item):
    """Return the last day on which money or a credit note came in for an item; exchange differences are none.

    :param item: the SQL of the item's id
    """
    return SQL(
        """(SELECT MAX(counterpart.date)
              FROM account_partial_reconcile partial
              JOIN account_move_line counterpart ON counterpart.id = partial.credit_move_id
             WHERE partial.debit_move_id = %(item)s AND NOT EXISTS (
                   SELECT FROM account_partial_reconcile other
                    WHERE other.exchange_move_id = counterpart.move_id))""",
        item=item,
    )


def paid_in_time(env, company, day):
    """Return ``(reminder, account, last day, items)`` of the reminders whose penalties are waived by the plan.

    They left not long ago, claimed penalties, and all that they claimed was paid within the days of the plan, counted
    from the day that the message names, or that on which it left; or within the time to pay that began with the
    receipt of a registered letter, as that letter said. Nothing is waived for a public body (CCP L2192-14).
    Those that made a waiver already, cancelled by a person or not, are left out: a person's word stands. One that
    the night took back because the payment did may be made again.
    """
    names = SETTLEMENT_FIELDS | {
        "dunning.account": ("partner_id", "plan_id"),
        "dunning.delivery": notice_queries.LIFE_FIELDS,
        "dunning.level": ("penalties",),
        "dunning.penalty.waiver": ("cancelled_by_id", "reminder_id", "state"),
        "dunning.plan": ("penalty_waive_days",),
        "dunning.reminder": ("account_id", "company_id", "date", "level_id", "penalty_day", "state"),
        "dunning.reminder.line": (
            "indemnity_amount", "interest_amount", "move_line_id", "reminder_id", "upcoming",
        ),
        "res.partner": ("dunning_status",),
    }  # fmt: skip
    return SQL(
        """
        WITH claimed AS (
            SELECT reminder.id, reminder.account_id,
                   GREATEST(GREATEST(reminder.penalty_day, reminder.date) + plan.penalty_waive_days,
                            letter.pay_until) AS last_day
              FROM dunning_reminder reminder
              JOIN dunning_account account ON account.id = reminder.account_id
              JOIN res_partner customer ON customer.id = account.partner_id
               AND customer.dunning_status IS DISTINCT FROM 'public'
              JOIN dunning_plan plan ON plan.id = account.plan_id AND plan.penalty_waive_days > 0
         LEFT JOIN LATERAL (%(letter)s) letter ON TRUE
             WHERE reminder.company_id = %(company)s AND reminder.state = 'sent'
               AND reminder.level_id = ANY(ARRAY(SELECT id FROM dunning_level WHERE penalties = 'claim'))
               AND GREATEST(reminder.date + plan.penalty_waive_days, letter.pay_until) >= %(day)s::date - %(wait)s::int
               AND reminder.date <= %(day)s::date
               AND NOT EXISTS (SELECT FROM dunning_penalty_waiver waiver
                                WHERE waiver.reminder_id = reminder.id
                                  AND (waiver.state = 'standing' OR waiver.cancelled_by_id IS NOT NULL))
        )
        SELECT claimed.id, claimed.account_id, claimed.last_day, array_agg(line.move_line_id ORDER BY line.id)
          FROM claimed
          JOIN dunning_reminder_line line ON line.reminder_id = claimed.id AND line.upcoming IS NOT TRUE
     LEFT JOIN account_move_line item ON item.id = line.move_line_id
      GROUP BY claimed.id, claimed.account_id, claimed.last_day
        HAVING bool_and(COALESCE(item.parent_state = 'posted' AND item.amount_residual = 0
                                 AND %(settlement)s <= claimed.last_day, FALSE))
           AND SUM(COALESCE(line.interest_amount, 0) + COALESCE(line.indemnity_amount, 0)) > 0
      ORDER BY claimed.id
        """,
        company=company.id,
        day=day,
        wait=WAIT_DAYS,
        letter=notice_queries.life(SQL("reminder.id")),
        settlement=_settlement(SQL("item.id")),
        to_flush=_fields(env, names),
    )


def no_longer_paid(env, company):
    """Return the waivers made by the plan of which an item is not paid any more, or was paid too late after all."""
    names = SETTLEMENT_FIELDS | {
        "dunning.penalty.waiver": ("company_id", "paid_by", "state"),
        "dunning.penalty.waiver.line": ("move_line_id", "waiver_id"),
    }
    return SQL(
        """
        SELECT DISTINCT waiver.id
          FROM dunning_penalty_waiver waiver
          JOIN dunning_penalty_waiver_line line ON line.waiver_id = waiver.id
     LEFT JOIN account_move_line item ON item.id = line.move_line_id
         WHERE waiver.company_id = %(company)s AND waiver.state = 'standing' AND waiver.paid_by IS NOT NULL
           AND NOT COALESCE(item.parent_state = 'posted' AND item.amount_residual = 0
                            AND %(settlement)s <= waiver.paid_by, FALSE)
        """,
        company=company.id,
        settlement=_settlement(SQL("item.id")),
        to_flush=_fields(env, names),
    )
