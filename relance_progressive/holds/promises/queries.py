"""SQL of the promises. Amounts come as text, so that they stay exact."""

import json

from odoo.tools import SQL

from ...core.plain.arrays import as_array

WARNED_DAYS = 30  # after its last date a plan may still hold because of a warning, closed days included

PROMISE_FIELDS = (
    "accelerates", "account_id", "amount_due", "amount_kept", "amount_missing", "broken_on", "cancelled_on",
    "check_date", "company_id", "date", "followed_up_on", "grace_days", "is_plan", "last_date", "next_date", "state",
    "told_broken_on", "told_state",
)  # fmt: skip
WARNING_FIELDS = ("company_id", "made_on", "missed_on", "promise_id", "sent_on", "state")
LINE_FIELDS = (
    "amount", "amount_kept", "date", "move_line_id", "paid_before", "promise_id", "replaced_by_id", "state",
)  # fmt: skip


def _flush(env):
    """List the fields that a query reads, so that pending writes reach the database first."""
    names = {
        "dunning.promise": PROMISE_FIELDS,
        "dunning.promise.line": LINE_FIELDS,
        "dunning.promise.warning": WARNING_FIELDS,
        "res.partner": ("dunning_status",),
        "dunning.account": ("company_id", "partner_id", "broken_promise_date"),
        "account.move.line": ("amount_residual", "balance", "parent_state", "move_id"),
        "account.account": ("account_type",),
        "account.move": ("move_type", "origin_payment_id", "statement_line_id"),
        "account.partial.reconcile": ("amount", "credit_move_id", "debit_move_id", "exchange_move_id", "max_date"),
    }
    return [env[model]._fields[name] for model, fields in names.items() for name in fields]


def _settlements():
    """Return the settlements of an item (alias ``item``) as JSON: day, amount, whether it is money.

    A credit note is none, nor is an entry of profit or loss that is no payment: a write-off, a rate of exchange. What
    the rate of exchange settles counts for the day of the payment, whatever the date that Odoo gives to its entry.
    """
    return SQL(
        """(SELECT json_agg(json_build_array(COALESCE(cause.max_date, part.max_date), part.amount::text,
                    move.move_type <> 'out_refund'
                    AND (move.origin_payment_id IS NOT NULL OR move.statement_line_id IS NOT NULL
                         OR NOT EXISTS (SELECT FROM account_move_line other
                                          JOIN account_account ledger ON ledger.id = other.account_id
                                         WHERE other.move_id = move.id
                                           AND ledger.account_type ~ '^(income|expense)'))))
              FROM account_partial_reconcile part
              JOIN account_move_line credit ON credit.id = part.credit_move_id
              JOIN account_move move ON move.id = credit.move_id
         LEFT JOIN account_partial_reconcile cause
                ON cause.exchange_move_id = move.id AND cause.debit_move_id = item.id
             WHERE part.debit_move_id = item.id)"""
    )


def promises(env, company, which):
    """Return the promises of a company that nobody cancelled, one row per line, with what was settled of each item.

    :param which: a condition on ``promise`` and ``account``
    """
    return SQL(
        """
        SELECT promise.id, promise.date AS day, promise.grace_days, promise.accelerates,
               promise.told_state, promise.told_broken_on,
               promise.account_id, account.partner_id, customer.dunning_status AS status, %(warnings)s AS warnings,
               line.id AS line_id, line.move_line_id AS item,
               line.amount::text AS amount, line.date AS line_day, line.paid_before::text AS paid_before,
               line.replaced_by_id IS NOT NULL AS replaced,
               CASE WHEN item.parent_state = 'posted' THEN item.balance ELSE 0 END::text AS debt,
               CASE WHEN item.parent_state = 'posted' THEN item.amount_residual ELSE 0 END::text AS residual,
               %(settlements)s AS settlements
          FROM dunning_promise promise
          JOIN dunning_account account ON account.id = promise.account_id
          JOIN res_partner customer ON customer.id = account.partner_id
          JOIN dunning_promise_line line ON line.promise_id = promise.id
     LEFT JOIN account_move_line item ON item.id = line.move_line_id
         WHERE account.company_id = %(company)s AND promise.cancelled_on IS NULL AND %(which)s
      ORDER BY promise.id, line.id
        """,
        company=company.id,
        which=which,
        settlements=_settlements(),
        warnings=_warnings(),
        to_flush=_flush(env),
    )


def _warnings():
    """Return the warnings of a promise (alias ``promise``) as JSON: day missed, day sent, day to leave on, state."""
    return SQL(
        """(SELECT json_agg(json_build_array(warning.missed_on, warning.sent_on, warning.made_on, warning.state))
              FROM dunning_promise_warning warning
             WHERE warning.promise_id = promise.id)"""
    )


def of_customers(partners):
    """Return the condition of the promises of customers (commercial partner ids)."""
    return SQL("account.partner_id = ANY(%s)", as_array(partners))


def holding(partners, day):
    """Return the condition of the promises of those customers of whom one may hold something on a day.

    All promises of a customer are read together: one euro keeps one promise.
    """
    return SQL(
        """account.partner_id = ANY(%(partners)s)
           AND EXISTS (SELECT FROM dunning_promise holding
                        WHERE holding.account_id = account.id AND holding.cancelled_on IS NULL
                          AND holding.date <= %(day)s
                          AND (holding.last_date + holding.grace_days >= %(day)s
                               -- A plan that warns holds on for some days, more where it had to wait to do so.
                               OR holding.is_plan AND holding.accelerates
                                  AND (holding.last_date + holding.grace_days + %(warned)s >= %(day)s
                                       OR EXISTS (SELECT FROM dunning_promise_warning warning
                                                   WHERE warning.promise_id = holding.id AND warning.state <> 'dropped'
                                                     AND COALESCE(warning.sent_on, warning.made_on) + %(warned)s
                                                         >= %(day)s))))""",
        partners=as_array(partners),
        day=day,
        warned=WARNED_DAYS,
    )


def time_has_come(day):
    """Return the condition of the promises of the customers of whom a date has passed."""
    return SQL(
        """account.id IN (SELECT passed.account_id
                            FROM dunning_promise passed
                           WHERE passed.state = 'open' AND passed.check_date <= %s)""",
        day,
    )


def debts(env, item_ids):
    """Return ``(item, debt, residual, settlements)`` of journal items."""
    return SQL(
        """
        SELECT item.id AS item, item.balance::text AS debt, item.amount_residual::text AS residual,
               %(settlements)s AS settlements
          FROM account_move_line item
         WHERE item.id = ANY(%(items)s)
        """,
        items=list(item_ids),
        settlements=_settlements(),
        to_flush=_flush(env),
    )


def times_promised(env, item_ids):
    """Return ``(item, times)``: how often each item was promised.

    A promise cancelled on the day it was made was a mistake; one cancelled later has pushed the debt.
    """
    return SQL(
        """
        SELECT line.move_line_id, COUNT(DISTINCT line.promise_id)
          FROM dunning_promise_line line
          JOIN dunning_promise promise ON promise.id = line.promise_id
         WHERE line.move_line_id = ANY(%(items)s)
           AND (promise.cancelled_on IS NULL OR promise.cancelled_on > promise.date)
      GROUP BY line.move_line_id
        """,
        items=list(item_ids),
        to_flush=_flush(env),
    )


def store_states(env, promise_rows, line_rows):
    """Return the update of promises and lines with what became of them; gives the promises that changed."""
    return SQL(
        """
        WITH line AS (
            UPDATE dunning_promise_line line
               SET state = new.state, amount_kept = new.kept
              FROM json_to_recordset(%(lines)s::json) AS new(id int, state text, kept numeric)
             WHERE line.id = new.id AND (line.state, line.amount_kept) IS DISTINCT FROM (new.state, new.kept)
        )
        UPDATE dunning_promise promise
           SET state = new.state, amount_due = new.due, amount_kept = new.kept, amount_missing = new.missing,
               broken_on = new.broken_on, next_date = new.next_day, check_date = new.check_date,
               followed_up_on = CASE WHEN new.broken_on IS DISTINCT FROM promise.broken_on THEN NULL
                                     ELSE promise.followed_up_on END
          FROM json_to_recordset(%(promises)s::json)
            AS new(id int, state text, due numeric, kept numeric, missing numeric, broken_on date, next_day date,
                   check_date date)
         WHERE promise.id = new.id
           AND (promise.state, promise.amount_due, promise.amount_kept, promise.amount_missing, promise.broken_on,
                promise.next_date, promise.check_date)
               IS DISTINCT FROM (new.state, new.due, new.kept, new.missing, new.broken_on, new.next_day,
                                 new.check_date)
     RETURNING promise.id
        """,
        promises=json.dumps(promise_rows, default=str),
        lines=json.dumps(line_rows, default=str),
        to_flush=_flush(env),
    )


def store_told(env, promise_ids):
    """Return the note of what people were told of promises."""
    return SQL(
        """
        UPDATE dunning_promise SET told_state = state, told_broken_on = broken_on WHERE id = ANY(%(promises)s)
     RETURNING id
        """,
        promises=list(promise_ids),
        to_flush=_flush(env),
    )


def put_off_warnings(env, company, day):
    """Return the update of the warnings that could not leave yet; gives those that changed."""
    return SQL(
        """
        UPDATE dunning_promise_warning
           SET made_on = %(day)s
         WHERE company_id = %(company)s AND state = 'to_send' AND made_on < %(day)s
     RETURNING id
        """,
        company=company.id,
        day=day,
        to_flush=_flush(env),
    )


def mark_accounts(env, account_ids):
    """Return the update of the day since which a broken promise waits for someone to follow it up."""
    return SQL(
        """
        UPDATE dunning_account account
           SET broken_promise_date = waiting.since
          FROM (SELECT account.id, MIN(promise.broken_on) AS since
                  FROM dunning_account account
             LEFT JOIN dunning_promise promise
                    ON promise.account_id = account.id AND promise.cancelled_on IS NULL
                   AND promise.broken_on IS NOT NULL AND promise.followed_up_on IS NULL AND promise.amount_missing > 0
                 WHERE account.id = ANY(%(accounts)s)
              GROUP BY account.id) waiting
         WHERE account.id = waiting.id AND account.broken_promise_date IS DISTINCT FROM waiting.since
     RETURNING account.id
        """,
        accounts=list(account_ids),
        to_flush=_flush(env),
    )


def move_promises(env, account_id, others):
    """Return the move of the promises of merged customers to the account that stays."""
    return SQL(
        """
        UPDATE dunning_promise promise
           SET account_id = account.id, partner_id = account.partner_id
          FROM dunning_account account
         WHERE account.id = %(account)s AND promise.account_id = ANY(%(others)s)
     RETURNING promise.id
        """,
        account=account_id,
        others=list(others),
        to_flush=[*_flush(env), env["dunning.promise"]._fields["partner_id"]],
    )
