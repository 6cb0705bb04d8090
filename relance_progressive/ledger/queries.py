"""SQL of what is owed, in the currency of the document and in the company's.

An *open line* is a posted line on a trade receivable account whose residual is not zero. The
predicates on ``account_move_line`` repeat those of the partial index ``_dunning_open_idx``. It is a debt, or money, in
the currency of its document: what a difference of exchange leaves in the company's currency alone is neither.
"""

from odoo.tools import SQL

from ..core.plain.arrays import as_array
from .bank.bank_queries import NO_BANK_MONEY, any_open, bank_tables
from .bank.money_queries import (
    kind_of_credit,
    kind_of_payment,
    kind_of_transaction,
    money_in_process,
    rejected_payments,
    was_sent_back,
    worth_of_transaction,
)
from .bank.sent_back_queries import came_back, is_refund
from .query_parts import flush, left_of_discounted, online_transactions, open_lines, rate_on
from .sending_queries import never_sent, sending_flush


def _stopped_moves(companies):
    """Return the condition of the invoices (alias ``m``) that are not claimed; that of ``_dunning_stopped_idx``.

    Odoo leaves a residual on an invoice whose payment has no entry yet, and "blocked" on a paid one.
    """
    return SQL(
        """m.state = 'posted' AND m.company_id = ANY(%(companies)s)
           AND (m.payment_state IN ('in_payment', 'blocked')
                OR m.payment_state IN ('paid', 'reversed') AND m.amount_residual <> 0)""",
        companies=companies,
    )


def changed_accounts(env, company, accounts, companies, today):
    """Return ``(account, customer, fingerprint)`` to decide again: their day has come, or their facts have changed.

    A customer that owes something for the first time has no account yet. The fingerprint adds up a hash of
    all that the facts read; it replaces hooks on every way
    an invoice can change, imports and SQL included. Rates of exchange count where money may pay a debt in
    another currency.
    """
    return SQL(
        """
        WITH %(bank_tables)s, rates AS (
            SELECT currency_id, SUM(hash_numeric_extended(rate, name - DATE '2000-01-01')) AS hash
              FROM res_currency_rate
             WHERE company_id IS NULL OR company_id = %(company)s
          GROUP BY currency_id
        ), facts AS (
            SELECT partner_id, SUM(hash) + COALESCE(SUM(own), 0) + COALESCE(SUM(discount), 0) AS hash,
                   SUM(rates) AS rates, bool_or(is_money) AS is_money
              FROM (SELECT l.partner_id,
                           hash_numeric_extended(l.amount_residual, hashint8extended(l.id,
                               (COALESCE(l.date_maturity, l.date) - DATE '2000-01-01') * 2
                               + (l.no_followup IS TRUE)::int
                               + COALESCE(l.dunning_known_on - DATE '2000-01-01', 0) * 1000003::bigint)) AS hash,
                           CASE WHEN l.currency_id <> %(currency)s
                                THEN hash_numeric_extended(l.amount_residual_currency, l.currency_id) END AS own,
                           CASE WHEN l.discount_date IS NOT NULL
                                THEN hash_numeric_extended(%(left_of_discounted)s,
                                                           l.discount_date - DATE '2000-01-01') END AS discount,
                           CASE WHEN l.currency_id <> %(currency)s
                                THEN (SELECT hash FROM rates WHERE rates.currency_id = l.currency_id) END AS rates,
                           l.amount_residual < 0 AS is_money
                      FROM account_move_line l
                     WHERE %(open_lines)s) line
          GROUP BY partner_id
             UNION ALL
            SELECT m.commercial_partner_id, hashtextextended(m.payment_state, m.id), NULL, FALSE
              FROM account_move m
             WHERE %(stopped_moves)s
             UNION ALL
            SELECT m.commercial_partner_id, hashint8extended(m.id, 1), NULL, FALSE
              FROM account_move m
             WHERE %(wait_to_be_sent)s
             UNION ALL
            SELECT y.partner_id, hash_numeric_extended(y.amount_company_currency_signed, y.id), NULL, TRUE
              FROM account_payment y
             WHERE %(in_process)s
             UNION ALL
            SELECT t.partner_id, hash_numeric_extended(t.amount, t.id), NULL, TRUE
              FROM payment_transaction t
             WHERE %(transactions)s
             UNION ALL
            SELECT y.partner_id, hashtextextended(y.state, y.id), NULL, FALSE
              FROM account_payment y
             WHERE %(rejected)s
             UNION ALL
            SELECT customer, hash_numeric_extended(amount, id), NULL, TRUE
              FROM bank_money
             WHERE customer IN (SELECT partner_id FROM dunning_account WHERE company_id = %(company)s)
        ), prints AS (
            SELECT p.commercial_partner_id AS partner_id,
                   SUM(facts.hash) + CASE WHEN bool_or(is_money) THEN COALESCE(SUM(rates), 0) ELSE 0 END AS hash
              FROM facts
              JOIN res_partner p ON p.id = facts.partner_id
          GROUP BY p.commercial_partner_id
        ), followed AS (
            SELECT id, partner_id, fingerprint, check_date FROM dunning_account WHERE company_id = %(company)s
        ), current AS (
            SELECT followed.id, p.id AS partner_id, followed.fingerprint, followed.check_date,
                   COALESCE(prints.hash::text, '') || CASE WHEN p.active THEN '' ELSE '-' END AS now
              FROM prints
         FULL JOIN followed ON followed.partner_id = prints.partner_id
              JOIN res_partner p ON p.id = COALESCE(prints.partner_id, followed.partner_id)
        )
        SELECT id, partner_id, now
          FROM current
         WHERE id IS NULL OR check_date <= %(today)s OR fingerprint IS DISTINCT FROM now
      ORDER BY partner_id
        """,
        company=company.id,
        currency=company.currency_id.id,
        today=today,
        stopped_moves=_stopped_moves(companies),
        open_lines=open_lines(accounts, companies),
        bank_tables=bank_tables(companies, today) if any_open(env, companies, today) else NO_BANK_MONEY,
        left_of_discounted=left_of_discounted(),
        in_process=money_in_process(companies),
        transactions=online_transactions(companies, today),
        rejected=rejected_payments(companies),
        wait_to_be_sent=never_sent(companies) if company.dunning_sending == "sent" else SQL("FALSE"),
        to_flush=[*flush(env), *sending_flush(env)],
    )


def facts(env, company, accounts, companies, partners, today):
    """Return all that a decision needs of these customers (commercial partner ids), one row per fact.

    Columns: customer, kind, id, due date, amount, currency (empty for the company's), level done and its day, why
    excluded (of money: what it is meant for, as JSON), of items the day they were known, the due date at the level
    done, the firmest claim and the due date at that, then the amount in that currency, the last day of a cash discount
    and what settles the item until then, less what was allocated in time. Amounts are text, so that they stay exact.
    Kinds: ``item``, ``credit_note``, ``payment``, ``entry`` (a credit outside follow-up),
    ``refund`` (money paid back, which uses up credits), ``direct_debit``, ``bank_line``, ``transaction``,
    ``account`` (day of the last contact, its plan for the currency, and whether the customer is archived).
    """
    return SQL(
        """
        WITH %(bank_tables)s, customer AS (
            SELECT id, commercial_partner_id FROM res_partner WHERE commercial_partner_id = ANY(%(partners)s)
        ), stopped AS MATERIALIZED (
            SELECT m.id, CASE WHEN m.payment_state = 'blocked' THEN 'blocked' ELSE 'in_payment' END AS state
              FROM account_move m
             WHERE m.commercial_partner_id = ANY(%(partners)s) AND %(stopped_moves)s
        )
        SELECT c.commercial_partner_id,
               CASE WHEN l.amount_residual > 0 AND (l.payment_id IS NOT NULL OR %(came_back)s AND %(is_refund)s)
                    THEN 'refund'
                    WHEN l.amount_residual > 0 THEN 'item'
                    WHEN l.no_followup IS TRUE THEN 'entry'
                    ELSE %(kind_of_credit)s END,
               l.id,
               CASE WHEN l.amount_residual < 0 THEN l.date ELSE COALESCE(l.date_maturity, l.date) END,
               abs(l.amount_residual)::text, NULLIF(l.currency_id, %(currency)s),
               l.dunning_level_id, l.dunning_date,
               COALESCE(stopped.state, CASE WHEN l.no_followup IS TRUE THEN 'no_followup' ELSE '' END),
               CASE WHEN l.dunning_known_on <= %(today)s THEN l.dunning_known_on END, l.dunning_due,
               COALESCE(l.dunning_stage, own_level.stage, ''), COALESCE(l.dunning_stage_due, l.dunning_due),
               abs(l.amount_residual_currency)::text, l.discount_date,
               CASE WHEN l.discount_date IS NOT NULL THEN %(left_of_discounted)s::text END
          FROM customer c
          JOIN account_move_line l ON l.partner_id = c.id AND %(open_lines)s
     LEFT JOIN stopped ON stopped.id = l.move_id
     LEFT JOIN dunning_level own_level ON own_level.id = l.dunning_level_id
         WHERE (l.amount_residual > 0 OR NOT %(sent_back)s)
           AND sign(l.amount_residual_currency) = sign(l.amount_residual)
         UNION ALL
        SELECT c.commercial_partner_id, %(kind_of_payment)s, y.id, y.date, y.amount_company_currency_signed::text,
               NULLIF(y.currency_id, %(currency)s), NULL, NULL,
               COALESCE((SELECT t.dunning_items::text FROM payment_transaction t
                          WHERE t.id = y.payment_transaction_id), ''),
               NULL, NULL, NULL, NULL, y.amount::text, NULL, NULL
          FROM customer c
          JOIN account_payment y ON y.partner_id = c.id AND %(in_process)s
         UNION ALL
        SELECT c.commercial_partner_id, %(kind_of_transaction)s, t.id, t.last_state_change::date,
               %(worth_of_transaction)s::text, NULLIF(t.currency_id, %(currency)s), NULL, NULL,
               COALESCE(t.dunning_items::text, ''), NULL, NULL, NULL, NULL, t.amount::text, NULL, NULL
          FROM customer c
          JOIN payment_transaction t ON t.partner_id = c.id AND %(transactions)s
         UNION ALL
        SELECT customer, 'bank_line', id, day, amount::text, NULLIF(currency_id, %(currency)s), NULL, NULL, '',
               NULL, NULL, NULL, NULL, amount_currency::text, NULL, NULL
          FROM bank_money
         WHERE customer = ANY(%(partners)s)
         UNION ALL
        SELECT p.id, 'account', a.id, a.last_contact_date, NULL, a.plan_id, NULL, NULL,
               CASE WHEN p.active THEN '' ELSE 'archived' END, NULL, NULL, NULL, NULL, NULL, NULL, NULL
          FROM res_partner p
     LEFT JOIN dunning_account a ON a.partner_id = p.id AND a.company_id = %(company)s
         WHERE p.id = ANY(%(partners)s)
        """,
        company=company.id,
        currency=company.currency_id.id,
        partners=as_array(partners),
        today=today,
        stopped_moves=_stopped_moves(companies),
        open_lines=open_lines(accounts, companies),
        bank_tables=(
            bank_tables(companies, today, partners=partners) if any_open(env, companies, today) else NO_BANK_MONEY
        ),
        in_process=money_in_process(companies),
        transactions=online_transactions(companies, today),
        kind_of_credit=kind_of_credit(env),
        kind_of_payment=kind_of_payment(env),
        kind_of_transaction=kind_of_transaction(),
        worth_of_transaction=worth_of_transaction(company),
        left_of_discounted=left_of_discounted(),
        sent_back=was_sent_back(),
        came_back=came_back(),
        is_refund=is_refund(companies),
        to_flush=flush(env),
    )


def rates(company, wanted):
    """Return ``(currency, day, rate)``: what one unit of the company's currency bought on days.

    :param wanted: ``[(currency id, day)]``
    """
    currencies, days = (list(column) for column in zip(*wanted, strict=True))
    return SQL(
        """
        SELECT wanted.currency, wanted.day, (%(its_rate)s / %(own_rate)s)::text
          FROM unnest(%(currencies)s::int[], %(days)s::date[]) AS wanted(currency, day)
        """,
        currencies=currencies,
        days=days,
        its_rate=rate_on(SQL("wanted.day"), SQL("wanted.currency"), company),
        own_rate=rate_on(SQL("wanted.day"), SQL("%s::int", company.currency_id.id), company),
    )


def owing_customers(env, accounts, companies):
    """Return the customers (commercial partners) that have open lines."""
    return SQL(
        """
        SELECT DISTINCT p.commercial_partner_id
          FROM account_move_line l
          JOIN res_partner p ON p.id = l.partner_id
         WHERE %(open_lines)s
        """,
        open_lines=open_lines(accounts, companies),
        to_flush=flush(env),
    )
