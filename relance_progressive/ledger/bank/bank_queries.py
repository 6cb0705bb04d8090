"""SQL of the bank statement lines that are money on its way: whose they are, and what of them is news."""

from odoo.tools import SQL

from ...core.plain.arrays import as_array
from ..query_parts import flush, online_transactions

# A bank line that nobody has allocated by then is no news: another entry may have settled the invoice.
BANK_LINE_DAYS = 60
# A payment registered by hand may be dated this long before the bank shows it (a cheque is slow), and
# a month earlier it was another one: of those who pay the same amount every month.
REGISTERED_BEFORE_DAYS = 25

# A label names an invoice when so many of its words in a row, run together, are the invoice's number.
REFERENCE_WORDS = 6
REFERENCE_LENGTH = 5  # shorter ones occur by chance
FEW_CUSTOMERS = 50  # below, the bank lines are looked at from their side
LABEL_WORDS = 50  # of a label, the rest is not read


def any_open(env, companies, today):
    """Tell whether there are bank lines that may be money on its way at all."""
    return bool(env.execute_query(SQL(
        "SELECT FROM account_bank_statement_line s WHERE %s LIMIT 1", _open_lines(companies, today), to_flush=flush(env)
    )))  # fmt: skip


def _open_lines(companies, today):
    """Return the condition of the bank lines (alias ``s``) that are recent and not reconciled."""
    return SQL(
        """s.is_reconciled IS NOT TRUE AND s.amount > 0 AND s.company_id = ANY(%(companies)s)
           AND s.internal_index >= to_char(%(today)s::date - %(bank_days)s::int, 'YYYYMMDD')""",
        companies=companies,
        today=today,
        bank_days=BANK_LINE_DAYS,
    )


# What :func:`bank_tables` ends in where no bank line is open: PostgreSQL takes 7 ms to plan the rest, for nothing.
NO_BANK_MONEY = SQL(
    """bank_money AS (
            SELECT NULL::int AS id, NULL::int AS move_id, NULL::int AS customer, NULL::date AS day,
                   NULL::numeric AS amount, NULL::int AS currency_id, NULL::numeric AS amount_currency,
                   NULL::text AS label
             WHERE FALSE
        )"""
)


def bank_tables(companies, today, lines=None, partners=None):
    """Return the WITH queries that end in ``bank_money``: the bank lines that are news, one row each.

    Columns of ``bank_money``: id, move_id, customer (commercial partner), day, amount (company
    currency), currency_id, amount_currency, label, ref. A line belongs to the customer written on it; else to
    the only one that has its bank account; else to the only one that its label names by the number
    of an open invoice or by the customer's reference. What the suspense account still holds of it is
    its amount. A line that shows a payment registered by hand, or an online transaction, of the
    same customer and amount (or the payments of one day together) is that money: it does not count again.
    From the newest line to the oldest, each takes one of the payments dated late enough for it, which are
    the more numerous the older the line: the lines that find none left are those at which the least of
    (payments late enough - lines so far) falls below zero once more.

    :param lines: ids of bank lines, all that are recent and not reconciled by default.
    :param partners: only the lines that may be those of these customers (commercial partner ids): the same
        answer for them, sooner when they are few.
    """
    sought, only = SQL(), SQL("TRUE")
    if lines is not None:
        only = SQL("s.id = ANY(%s)", lines)
    elif partners is not None and len(partners) <= FEW_CUSTOMERS:
        sought, only = _sought(companies, partners), _MAY_BE_THEIRS
    return SQL(
        """
        %(sought)s bank AS MATERIALIZED (
            SELECT s.id, s.move_id, s.company_id, s.partner_id, s.payment_ref,
                   to_date(left(s.internal_index, 8), 'YYYYMMDD') AS day,
                   upper(regexp_replace(s.account_number, '\\W', '', 'g')) AS account_number
              FROM account_bank_statement_line s
             WHERE %(open_lines)s AND %(only)s
        ), by_account AS (
            SELECT bank.id, min(p.commercial_partner_id) AS customer
              FROM bank
              JOIN res_partner_bank b ON b.sanitized_acc_number = bank.account_number AND b.active
                   AND (b.company_id IS NULL OR b.company_id = ANY(%(companies)s))
              JOIN res_partner p ON p.id = b.partner_id
             WHERE bank.partner_id IS NULL AND bank.account_number <> ''
          GROUP BY bank.id
            HAVING count(DISTINCT p.commercial_partner_id) = 1
        ), label AS MATERIALIZED (
            SELECT bank.id, array_remove(regexp_split_to_array(upper(bank.payment_ref), '[^A-Z0-9]+'), '') AS words
              FROM bank
             WHERE bank.partner_id IS NULL AND bank.payment_ref ~ '[0-9]'
               AND NOT EXISTS (SELECT FROM by_account WHERE by_account.id = bank.id)
        ), reference AS MATERIALIZED (
            SELECT label.id, array_to_string(label.words[first:last], '') AS text
              FROM label
        CROSS JOIN generate_series(1, least(cardinality(label.words), %(label_words)s::int)) AS last
        CROSS JOIN generate_series(greatest(last - %(words)s::int + 1, 1), last) AS first
             WHERE label.words[last] ~ '[0-9]'
        ), by_reference AS (
            SELECT reference.id, min(named.customer) AS customer
              FROM reference
        CROSS JOIN LATERAL (
                   (SELECT DISTINCT m.commercial_partner_id AS customer
                      FROM account_move m
                     WHERE regexp_replace(upper(m.name), '[^A-Z0-9]', '', 'g') = reference.text AND %(open_invoices)s
                     LIMIT 2)
                     UNION ALL
                   (SELECT DISTINCT m.commercial_partner_id
                      FROM account_move m
                     WHERE regexp_replace(upper(m.payment_reference), '[^A-Z0-9]', '', 'g') = reference.text
                       AND %(open_invoices)s
                     LIMIT 2)
                     UNION ALL
                   (SELECT DISTINCT p.commercial_partner_id
                      FROM res_partner p
                     WHERE regexp_replace(upper(p.ref), '[^A-Z0-9]', '', 'g') = reference.text
                       AND p.ref IS NOT NULL AND (p.company_id IS NULL OR p.company_id = ANY(%(companies)s))
                     LIMIT 2)) named
             WHERE length(reference.text) BETWEEN %(length)s::int AND 64
          GROUP BY reference.id
            HAVING count(DISTINCT named.customer) = 1
        ), owned AS (
            SELECT bank.id, bank.move_id, bank.day, bank.payment_ref,
                   COALESCE(p.commercial_partner_id, by_account.customer, by_reference.customer) AS customer
              FROM bank
         LEFT JOIN res_partner p ON p.id = bank.partner_id
         LEFT JOIN by_account ON by_account.id = bank.id
         LEFT JOIN by_reference ON by_reference.id = bank.id
        ), suspended AS (
            SELECT owned.id, owned.move_id, owned.day, owned.customer, owned.payment_ref, l.currency_id,
                   -sum(CASE WHEN a.reconcile THEN l.amount_residual ELSE l.balance END) AS amount,
                   -sum(CASE WHEN a.reconcile THEN l.amount_residual_currency ELSE l.amount_currency END)
                       AS amount_currency
              FROM owned
              JOIN account_move m ON m.id = owned.move_id AND m.state = 'posted'
              JOIN account_journal j ON j.id = m.journal_id
              JOIN account_move_line l ON l.move_id = m.id AND l.account_id = j.suspense_account_id
              JOIN account_account a ON a.id = l.account_id
             WHERE owned.customer IS NOT NULL
          GROUP BY owned.id, owned.move_id, owned.day, owned.customer, owned.payment_ref, l.currency_id
            HAVING -sum(CASE WHEN a.reconcile THEN l.amount_residual ELSE l.balance END) > 0
        ), known AS (
            SELECT p.commercial_partner_id AS customer, y.date AS day, y.currency_id, y.amount
              FROM (SELECT DISTINCT customer FROM suspended) payer
              JOIN res_partner p ON p.commercial_partner_id = payer.customer
              JOIN account_payment y ON y.partner_id = p.id
              JOIN account_journal j ON j.id = y.journal_id
             WHERE y.payment_type = 'inbound' AND y.state IN ('in_process', 'paid')
               AND y.company_id = ANY(%(companies)s)
               AND (y.is_matched IS NOT TRUE OR y.outstanding_account_id = j.default_account_id)
               AND y.date >= %(today)s::date - %(bank_days)s::int - %(registered_days)s::int
             UNION ALL
            SELECT p.commercial_partner_id, t.last_state_change::date, t.currency_id, t.amount
              FROM (SELECT DISTINCT customer FROM suspended) payer
              JOIN res_partner p ON p.commercial_partner_id = payer.customer
              JOIN payment_transaction t ON t.partner_id = p.id AND %(transactions)s
        ), packet AS (
            SELECT customer, currency_id, amount, day FROM known
             UNION ALL
            SELECT customer, currency_id, sum(amount), day FROM known
          GROUP BY customer, currency_id, day HAVING count(*) > 1
        ), counted AS (
            SELECT suspended.id, suspended.move_id, suspended.customer, suspended.day, suspended.amount,
                   suspended.currency_id, suspended.amount_currency, suspended.payment_ref,
                   count(packet.day) AS known
              FROM suspended
         LEFT JOIN packet ON packet.customer = suspended.customer AND packet.currency_id = suspended.currency_id
               AND packet.amount = suspended.amount_currency
               AND packet.day >= suspended.day - %(registered_days)s::int
          GROUP BY suspended.id, suspended.move_id, suspended.customer, suspended.day, suspended.amount,
                   suspended.currency_id, suspended.amount_currency, suspended.payment_ref
        ), lack AS (
            SELECT counted.*, min(known - place) OVER (alike ROWS UNBOUNDED PRECEDING) AS lack
              FROM (SELECT counted.*, row_number() OVER alike AS place FROM counted
                    WINDOW alike AS (PARTITION BY customer, currency_id, amount_currency ORDER BY day DESC, id DESC)
                   ) counted
            WINDOW alike AS (PARTITION BY customer, currency_id, amount_currency ORDER BY day DESC, id DESC)
        ), bank_money AS (
            SELECT id, move_id, customer, day, amount, currency_id, amount_currency, payment_ref AS label
              FROM (SELECT lack.*, COALESCE(lag(lack) OVER (
                               PARTITION BY customer, currency_id, amount_currency ORDER BY day DESC, id DESC), 0)
                               AS before
                      FROM lack) lack
             WHERE least(lack, 0) < least(before, 0)
        )""",
        companies=companies,
        today=today,
        bank_days=BANK_LINE_DAYS,
        registered_days=REGISTERED_BEFORE_DAYS,
        words=REFERENCE_WORDS,
        label_words=LABEL_WORDS,
        length=REFERENCE_LENGTH,
        sought=sought,
        only=only,
        open_lines=_open_lines(companies, today),
        open_invoices=_open_invoices(companies),
        transactions=online_transactions(companies, today),
    )


def _sought(companies, partners):
    """Return the WITH query of all that a label may name these customers by."""
    return SQL(
        """
        family AS MATERIALIZED (
            SELECT id, ref FROM res_partner WHERE commercial_partner_id = ANY(%(partners)s)
        ), sought AS MATERIALIZED (
            SELECT DISTINCT regexp_replace(upper(name.text), '[^A-Z0-9]', '', 'g') AS text
              FROM (SELECT unnest(ARRAY[m.name, m.payment_reference]) AS text
                      FROM family
                      JOIN account_move_line l ON l.partner_id = family.id AND l.parent_state = 'posted'
                           AND l.reconciled IS NOT TRUE AND l.amount_residual <> 0 AND l.partner_id IS NOT NULL
                      JOIN account_move m ON m.id = l.move_id AND %(open_invoices)s
                     UNION ALL
                    SELECT ref FROM family) name
             WHERE name.text <> ''
        ),""",
        partners=as_array(partners),
        open_invoices=_open_invoices(companies),
    )


# The bank lines (alias ``s``) whose partner, account or label may be of the customers sought.
_MAY_BE_THEIRS = SQL(
    """CASE WHEN s.partner_id IS NOT NULL THEN s.partner_id IN (SELECT id FROM family)
            WHEN s.account_number <> '' THEN TRUE
            ELSE regexp_replace(upper(s.payment_ref), '[^A-Z0-9]', '', 'g')
                 LIKE ANY (ARRAY(SELECT '%%' || text || '%%' FROM sought)) END"""
)


def _open_invoices(companies):
    """Return the condition of the invoices (alias ``m``) that a label may name: that of their two indexes."""
    return SQL(
        """m.state = 'posted' AND m.move_type = 'out_invoice' AND m.payment_state IN ('not_paid', 'partial')
           AND m.company_id = ANY(%(companies)s)""",
        companies=companies,
    )


def whose_lines(env, company, companies, today, lines):
    """Return ``(customer)`` of bank lines that are news, as far as the customers have an account."""
    return SQL(
        """
        WITH %(bank_tables)s
        SELECT DISTINCT owned.customer
          FROM owned
          JOIN dunning_account a ON a.partner_id = owned.customer AND a.company_id = %(company)s
        """,
        bank_tables=bank_tables(companies, today, lines),
        company=company.id,
        to_flush=flush(env),
    )


def payers_of_items(env, account_ids):
    """Return ``(account, partner)`` of the other customers whose money has paid items of these accounts."""
    lines, partials = env["account.move.line"], env["account.partial.reconcile"]
    return SQL(
        """
        SELECT DISTINCT account.id, payer.commercial_partner_id
          FROM dunning_account account
          JOIN res_partner own ON own.commercial_partner_id = account.partner_id
          JOIN account_move_line item ON item.partner_id = own.id
          JOIN account_partial_reconcile partial ON partial.debit_move_id = item.id
          JOIN account_move_line money ON money.id = partial.credit_move_id
          JOIN res_partner payer ON payer.id = money.partner_id
          JOIN res_company company ON company.id = item.company_id
         WHERE account.id = ANY(%(accounts)s) AND payer.commercial_partner_id <> account.partner_id
           AND split_part(company.parent_path, '/', 1)::int = account.company_id
        """,
        accounts=list(account_ids),
        to_flush=[lines._fields[name] for name in ("company_id", "partner_id")]
        + [partials._fields[name] for name in ("credit_move_id", "debit_move_id")],
    )
