"""SQL of what being late costs: debts with what lowered them, and the figures of the accounts."""

from odoo.tools import SQL

from ...core.law.regimes import REGIMES
from ...core.plain.arrays import as_array
from .costs_queries import IN_WRITING
from .insolvency_queries import born_on

READ = {
    "account.move.line": (
        "account_id", "amount_currency", "amount_residual", "amount_residual_currency", "balance", "company_id",
        "currency_id", "date", "date_maturity", "discount_amount_currency", "discount_date", "display_type", "move_id",
        "no_followup", "parent_state", "partner_id", "reconciled",
    ),
    "account.move": (
        "amount_total_signed", "delivery_date", "dunning_is_penalty", "invoice_date", "invoice_payment_term_id",
        "move_type",
    ),
    "dunning.penalty.line": ("invoice_id", "move_id"),
    "account.partial.reconcile": ("credit_move_id", "debit_amount_currency", "debit_move_id"),
    "res.partner": ("commercial_partner_id", "dunning_insolvency_date", "dunning_status"),
}  # fmt: skip
NOTICE_DAYS = 60  # a notice that took effect so long before a computation may not have been entered then
WITH_COSTS = f"before_notice:({'|'.join(code for code, regime in REGIMES.items() if regime.costs)})"
LEAST_WAIT, MOST_WAIT = 13, 30  # days that the waiting time after a first reminder takes, by e-mail and by post
ACCOUNT_FIELDS = ("amount_overdue", "amount_penalty", "company_id", "partner_id", "penalty_codes", "penalty_date")


def _flush(env):
    return [env[model]._fields[name] for model, names in READ.items() for name in names]


def these_items(items):
    """Return the condition of some journal items (alias ``l``)."""
    return SQL("l.id = ANY(%s::int[])", as_array(items))


def late_items_of(env, accounts, companies, partners, day):
    """Return the condition of the items of customers (commercial ids) that are open and late on ``day``.

    The predicates on ``account_move_line`` repeat those of the partial index ``_dunning_open_idx``.
    """
    return SQL(
        """l.parent_state = 'posted' AND l.reconciled IS NOT TRUE AND l.amount_residual <> 0
           AND l.partner_id IS NOT NULL AND l.amount_residual > 0 AND l.company_id = ANY(%(companies)s)
           AND l.account_id = ANY(%(accounts)s)
           AND l.partner_id IN (SELECT id FROM res_partner
                                 WHERE commercial_partner_id = ANY(%(partners)s) AND dunning_status IS NOT NULL)
           AND l.no_followup IS NOT TRUE AND COALESCE(l.date_maturity, l.date) < %(day)s AND %(owed)s""",
        owed=env["account.move.line"]._dunning_owed_sql(),
        companies=companies,
        accounts=accounts,
        partners=as_array(partners),
        day=day,
    )


def debts(env, asked):
    """Return the debts of the items that ``asked`` names, and the other instalments of their invoices.

    An item that is worth its whole invoice is the only instalment of it: only of the others are the entries read.

    Columns: item, whether it was asked for, entry, document (an item of an entry that is no invoice stands alone, but
    for those asked for with it under the same number: instalments of an invoice that was taken over),
    customer, payment term, currency, amount, due date, kind of customer, whether it is an invoice of penalties, whether
    its invoice may have several instalments, what lowered it: ``day amount kind`` separated by commas, kind "c" for
    a credit note (a difference of exchange lowers nothing: its amount in the currency of the debt is 0), and whether
    the debt was born after the opening of insolvency (see :func:`.insolvency_queries.born_on`).
    """
    return SQL(
        """
        WITH asked AS MATERIALIZED (
            SELECT l.id, TRUE AS asked, l.move_id, l.partner_id, l.currency_id, l.amount_currency,
                   COALESCE(l.date_maturity, l.date) AS due, l.amount_residual <> l.balance AS lowered,
                   %(born_on)s AS born_on, m.move_type, m.invoice_payment_term_id AS term,
                   CASE WHEN m.move_type = 'entry' THEN NULLIF(%(name)s, m.name) END AS name,
                   m.dunning_is_penalty AS penalty,
                   m.move_type <> 'entry' AND m.amount_total_signed IS DISTINCT FROM l.balance AS split
              FROM account_move_line l
              JOIN account_move m ON m.id = l.move_id
             WHERE %(asked)s
        ), wanted AS (
            SELECT * FROM asked
             UNION ALL
            SELECT s.id, FALSE, s.move_id, s.partner_id, s.currency_id, s.amount_currency,
                   COALESCE(s.date_maturity, s.date), s.amount_residual <> s.balance, entry.born_on,
                   entry.move_type, entry.term, NULL, entry.penalty, TRUE
              FROM (SELECT move_id, move_type, term, penalty, MIN(born_on) AS born_on
                      FROM asked WHERE split GROUP BY move_id, move_type, term, penalty) entry
              JOIN account_move_line s
                ON s.move_id = entry.move_id AND s.display_type = 'payment_term' AND s.balance > 0
             WHERE NOT EXISTS (SELECT FROM asked WHERE asked.id = s.id)
        )
        SELECT w.id, w.asked, w.move_id,
               CASE WHEN w.move_type <> 'entry' THEN w.move_id
                    WHEN w.name ~ '[0-9]' THEN -MIN(w.id) OVER (PARTITION BY w.move_id, w.partner_id, w.name)
                    ELSE -w.id END, customer.id,
               w.term, w.currency_id, w.amount_currency::text, w.due, customer.dunning_status, w.penalty IS TRUE,
               w.split, lowered.by, w.born_on >= customer.dunning_insolvency_date
          FROM wanted w
          JOIN res_partner p ON p.id = w.partner_id
          JOIN res_partner customer ON customer.id = p.commercial_partner_id
     LEFT JOIN LATERAL (
                SELECT string_agg(concat_ws(' ', c.date, r.debit_amount_currency,
                                            CASE WHEN d.move_type = 'out_refund' THEN 'c' ELSE 'p' END), ',') AS by
                  FROM account_partial_reconcile r
                  JOIN account_move_line c ON c.id = r.credit_move_id
                  JOIN account_move d ON d.id = c.move_id
                 WHERE w.lowered AND r.debit_move_id = w.id AND r.debit_amount_currency > 0
               ) lowered ON TRUE
      ORDER BY w.due, w.id
        """,
        asked=asked,
        born_on=born_on(),
        name=env["account.move.line"]._dunning_name_sql(),
        to_flush=_flush(env),
    )


def suspensions(env, items):
    """Return ``(item, first day, last day)`` of the payment plans under which no late interest runs.

    It runs again from the day on which a plan was broken or cancelled.
    """
    names = {
        "dunning.promise": (
            "broken_on", "cancelled_on", "date", "grace_days", "interest_suspended", "last_date",
        ),
        "dunning.promise.line": ("move_line_id", "promise_id"),
    }  # fmt: skip
    return SQL(
        """
        SELECT DISTINCT line.move_line_id, promise.date, until.day
          FROM dunning_promise_line line
          JOIN dunning_promise promise ON promise.id = line.promise_id AND promise.interest_suspended
    CROSS JOIN LATERAL (SELECT LEAST(promise.last_date + COALESCE(promise.grace_days, 0), promise.broken_on - 1,
                                     promise.cancelled_on - 1) AS day) until
         WHERE line.move_line_id = ANY(%(items)s) AND until.day >= promise.date
        """,
        items=list(items),
        to_flush=[env[model]._fields[name] for model, fields in names.items() for name in fields],
    )


def stale_accounts(env, company, first_day, day):
    """Return the customers whose penalties are to be computed again.

    Between two computations they grow by the same amount each day, until a debt changes (the account is decided
    again), a rate may change, on the first day of a half-year, a formal notice has taken effect where interest waits
    for one, the waiting time after a first reminder may be over where costs wait for that, interest waits for some
    months after the due date, or the payment plan is over under which none ran.

    :param first_day: of the half-year
    :param day: of the night
    """
    names = {
        "dunning.account": ACCOUNT_FIELDS,
        "dunning.delivery": ("channel", "date_done", "notice_on", "reminder_id"),
        "dunning.promise": ("account_id", "grace_days", "interest_suspended", "last_date"),
        "dunning.reminder": ("account_id",),
    }
    return SQL(
        """
        SELECT a.partner_id
          FROM dunning_account a
     LEFT JOIN (SELECT account_id, MAX(last_date + COALESCE(grace_days, 0)) AS day
                  FROM dunning_promise
                 WHERE interest_suspended AND last_date + COALESCE(grace_days, 0) < %(day)s
                 GROUP BY account_id) plan_over ON plan_over.account_id = a.id
         WHERE a.company_id = %(company)s AND (a.amount_overdue > 0 OR a.amount_penalty <> 0)
           AND (a.penalty_date IS NULL OR a.penalty_date < %(first_day)s
                OR a.penalty_date < %(day)s AND a.penalty_codes LIKE '%%before_months%%'
                OR a.penalty_date <= plan_over.day
                OR a.penalty_date < %(day)s AND a.penalty_codes LIKE '%%before_notice%%' AND EXISTS (
                   SELECT FROM dunning_reminder reminder
                     JOIN dunning_delivery delivery ON delivery.reminder_id = reminder.id
                    WHERE reminder.account_id = a.id
                      AND (delivery.notice_on < %(day)s AND delivery.notice_on >= a.penalty_date - %(recent)s::int
                           OR a.penalty_codes ~ %(costs)s AND delivery.channel = ANY(%(channels)s)
                              AND delivery.date_done < %(day)s::date - %(least)s::int
                              AND delivery.date_done >= a.penalty_date - %(most)s::int)))
      ORDER BY a.partner_id
        """,
        company=company.id,
        first_day=first_day,
        day=day,
        recent=NOTICE_DAYS,
        costs=WITH_COSTS,
        channels=list(IN_WRITING),
        least=LEAST_WAIT,
        most=MOST_WAIT,
        to_flush=[env[model]._fields[name] for model, fields in names.items() for name in fields],
    )


def overdue_amounts(env, company, partners):
    """Return ``(customer, what is late)`` of customers with an account."""
    return SQL(
        """
        SELECT partner_id, COALESCE(amount_overdue, 0) FROM dunning_account
         WHERE company_id = %(company)s AND partner_id = ANY(%(partners)s)
        """,
        company=company.id,
        partners=as_array(partners),
        to_flush=[env["dunning.account"]._fields[name] for name in ("amount_overdue", "company_id", "partner_id")],
    )


def without_status(env, partners):
    """Return ``(customer,)`` of those of whom nobody knows what kind of customer they are."""
    return SQL(
        "SELECT id FROM res_partner WHERE id = ANY(%s) AND dunning_status IS NULL",
        as_array(partners),
        to_flush=[env["res.partner"]._fields["dunning_status"]],
    )


def forget_penalties(env, condition):
    """Return the marking of accounts (alias ``a``) whose penalties the next night computes again."""
    return SQL(
        "UPDATE dunning_account a SET penalty_date = NULL WHERE penalty_date IS NOT NULL AND %s RETURNING a.id",
        condition,
        to_flush=[env["dunning.account"]._fields[name] for name in ("company_id", "partner_id", "penalty_date")],
    )


def freeze(env, rows):
    """Return the storing of penalties on the lines of reminders that leave.

    :param rows: JSON text, ``{line, interest, indemnity, detail}``
    """
    return SQL(
        """
        UPDATE dunning_reminder_line l
           SET interest_amount = d.interest, indemnity_amount = d.indemnity, penalty_detail = d.detail
          FROM json_to_recordset(%(rows)s::json) AS d(line int, interest numeric, indemnity numeric, detail jsonb)
         WHERE l.id = d.line
     RETURNING l.id
        """,
        rows=rows,
        to_flush=list(env["dunning.reminder.line"]._fields.values()),
    )
