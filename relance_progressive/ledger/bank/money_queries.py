"""SQL of the money on its way: what counts as such, once.

The facts that decide and the list that people read use the same conditions. In the pieces below
``s`` is a bank statement line, ``y`` a payment, ``t`` an online transaction, ``l`` a journal item.
"""

from odoo.tools import SQL

from ..query_parts import direct_debits_of_providers, online_transactions, open_lines, rate_on
from .bank_queries import bank_tables


def money_in_process(companies):
    """Return the payments (alias ``y``) that have no entry yet and settle no invoice already shown as in payment."""
    return SQL(
        """y.state = 'in_process' AND y.move_id IS NULL AND y.payment_type = 'inbound'
           AND y.partner_id IS NOT NULL AND y.company_id = ANY(%(companies)s)
           AND NOT EXISTS (SELECT FROM account_move__account_payment link
                             JOIN account_move paid ON paid.id = link.invoice_id
                            WHERE link.payment_id = y.id AND paid.payment_state IN ('in_payment', 'paid'))""",
        companies=companies,
    )


def kind_of_transaction():
    """Return ``'direct_debit'`` or ``'transaction'`` for an online transaction (alias ``t``)."""
    return SQL("CASE WHEN %s THEN 'direct_debit' ELSE 'transaction' END", direct_debits_of_providers())


def kind_of_payment(env):
    """Return ``'direct_debit'`` or ``'payment'`` for a payment (alias ``y``)."""
    return SQL(
        """CASE WHEN EXISTS (SELECT FROM account_payment_method method
                              WHERE method.id = y.payment_method_id
                                AND (method.code = ANY(%(codes)s) OR method.code LIKE '%%direct_debit%%'))
                THEN 'direct_debit' ELSE 'payment' END""",
        codes=["sdd", *env["account.payment.method"]._get_sdd_payment_method_code()],
    )


def kind_of_credit(env):
    """Return what an open credit line (alias ``l``) is: a credit note, a payment or a direct debit."""
    return SQL(
        """CASE WHEN (SELECT move_type FROM account_move WHERE id = l.move_id) = 'out_refund' THEN 'credit_note'
                WHEN l.payment_id IS NULL THEN 'payment'
                ELSE (SELECT %s FROM account_payment y WHERE y.id = l.payment_id) END""",
        kind_of_payment(env),
    )


def was_sent_back():
    """Tell whether an open line (alias ``l``) is that of a payment which the bank sent back."""
    return SQL("EXISTS (SELECT FROM account_payment y WHERE y.id = l.payment_id AND y.state = 'rejected')")


def rejected_payments(companies):
    """Return the payments (alias ``y``) that the bank sent back: their entry is no money any more."""
    return SQL(
        "y.state = 'rejected' AND y.partner_id IS NOT NULL AND y.company_id = ANY(%(companies)s)", companies=companies
    )


def worth_of_transaction(company):
    """Return the amount of an online transaction (alias ``t``) in the company's currency, on the day it was made."""
    day = SQL("t.last_state_change::date")
    return SQL(
        """CASE WHEN t.currency_id = %(currency)s THEN t.amount
                ELSE round(t.amount * %(own_rate)s / %(its_rate)s, %(digits)s) END""",
        currency=company.currency_id.id,
        own_rate=rate_on(day, SQL("%s::int", company.currency_id.id), company),
        its_rate=rate_on(day, SQL("t.currency_id"), company),
        digits=company.currency_id.decimal_places,
    )


def all_money(env, company, accounts, companies, today):
    """Return the documents that are money on its way, of all the customers of a main company.

    Columns: id, account_id, company_id, partner_id, kind, date, name, amount (company currency, negative for money
    paid back), currency_id, amount_currency, document_currency_id, res_model, res_id.
    The kinds are those of the facts. The id is unique: that of the document and its table.
    """
    return SQL(
        """
        (WITH %(bank_tables)s, money AS (
            SELECT l.id * 4 AS id, l.partner_id AS payer,
                   CASE WHEN l.amount_residual > 0 THEN 'refund' WHEN l.no_followup IS TRUE THEN 'entry'
                        ELSE %(kind_of_credit)s END AS kind,
                   l.date, l.move_name AS name, -l.amount_residual AS amount,
                   -l.amount_residual_currency AS amount_currency,
                   l.currency_id AS document_currency_id, 'account.move.line' AS res_model, l.id AS res_id
              FROM account_move_line l
             WHERE %(open_lines)s AND (l.amount_residual < 0 OR l.payment_id IS NOT NULL) AND NOT %(sent_back)s
               AND sign(l.amount_residual_currency) = sign(l.amount_residual)
             UNION ALL
            SELECT y.id * 4 + 1, y.partner_id, %(kind_of_payment)s, y.date, y.name, y.amount_company_currency_signed,
                   y.amount, y.currency_id, 'account.payment', y.id
              FROM account_payment y
             WHERE %(in_process)s
             UNION ALL
            SELECT t.id * 4 + 2, t.partner_id, %(kind_of_transaction)s, t.last_state_change::date, t.reference,
                   %(worth_of_transaction)s, t.amount, t.currency_id,
                   'payment.transaction', t.id
              FROM payment_transaction t
             WHERE %(transactions)s
             UNION ALL
            SELECT bank_money.id * 4 + 3, bank_money.customer, 'bank_line', bank_money.day, bank_money.label,
                   bank_money.amount, bank_money.amount_currency, bank_money.currency_id,
                   'account.bank.statement.line', bank_money.id
              FROM bank_money
        )
        SELECT money.id, a.id AS account_id, %(company)s::int AS company_id, p.commercial_partner_id AS partner_id,
               money.kind, money.date, money.name, money.amount, %(currency)s::int AS currency_id,
               money.amount_currency, money.document_currency_id, money.res_model, money.res_id
          FROM money
          JOIN res_partner p ON p.id = money.payer
     LEFT JOIN dunning_account a ON a.partner_id = p.commercial_partner_id AND a.company_id = %(company)s)
        """,
        company=company.id,
        currency=company.currency_id.id,
        bank_tables=bank_tables(companies, today),
        open_lines=open_lines(accounts, companies),
        sent_back=was_sent_back(),
        kind_of_credit=kind_of_credit(env),
        kind_of_payment=kind_of_payment(env),
        kind_of_transaction=kind_of_transaction(),
        in_process=money_in_process(companies),
        transactions=online_transactions(companies, today),
        worth_of_transaction=worth_of_transaction(company),
    )
