"""SQL of how far the books of a company go."""

from odoo.tools import SQL


def last_entries(env, companies, today):
    """Return one row: the day of the last bank statement line, and that of the last payment entered by a person.

    Of the bank journals, up to ``today``, so that a day of the past is decided as it was. A payment made
    online proves nothing: nobody had to look at the bank for it.
    """
    return SQL(
        """
        SELECT max(statement.date), max(payment.date)
          FROM account_journal j
    CROSS JOIN unnest(%(companies)s::int[]) AS own(company_id)
     LEFT JOIN LATERAL (SELECT m.date
                          FROM account_bank_statement_line s
                          JOIN account_move m ON m.id = s.move_id AND m.state = 'posted'
                         WHERE s.journal_id = j.id AND s.company_id = own.company_id
                           AND s.internal_index < to_char(%(today)s::date + 1, 'YYYYMMDD')
                      ORDER BY s.internal_index DESC
                         LIMIT 1) statement ON TRUE
     LEFT JOIN LATERAL (SELECT m.date
                          FROM account_move m
                          JOIN account_payment y ON y.move_id = m.id AND y.payment_type = 'inbound'
                               AND y.payment_transaction_id IS NULL
                         WHERE m.journal_id = j.id AND m.company_id = own.company_id AND m.state = 'posted'
                           AND m.date <= %(today)s AND m.date > statement.date
                      ORDER BY m.date DESC
                         LIMIT 1) payment ON TRUE
         WHERE j.type = 'bank' AND j.company_id = ANY(%(companies)s)
        """,
        companies=companies,
        today=today,
        to_flush=[
            env[model]._fields[name]
            for model, names in {
                "account.bank.statement.line": ("company_id", "internal_index", "journal_id", "move_id"),
                "account.move": ("company_id", "date", "journal_id", "state"),
                "account.payment": ("move_id", "payment_transaction_id", "payment_type"),
                "account.journal": ("company_id", "type"),
            }.items()
            for name in names
        ],
    )


def forget_held(company):
    """Return the update that has the accounts which waited for the books decided again."""
    return SQL(
        """
        UPDATE dunning_account SET fingerprint = NULL
         WHERE company_id = %s AND fingerprint IS NOT NULL AND reason_codes LIKE '%%hold_transit%%'
     RETURNING id
        """,
        company.id,
    )
