"""What the SQL of several files shares: the fields it reads, and conditions on the tables."""

from odoo.tools import SQL

# A transfer that the customer announced online and never made stops covering the debt after this,
PENDING_TRANSACTION_DAYS = 10
# and so does a card payment that was authorised and never captured: banks let it lapse within a month.
AUTHORIZED_TRANSACTION_DAYS = 30
# A direct debit comes back, or does not, within three weeks of the order.
DIRECT_DEBIT_DAYS = 20

LINE_FIELDS = (
    "account_id", "amount_currency", "amount_residual", "amount_residual_currency", "balance", "company_id",
    "currency_id", "date", "date_maturity", "discount_amount_currency", "discount_date", "journal_id", "move_id",
    "no_followup", "parent_state", "partner_id", "payment_id", "reconciled", "dunning_level_id", "dunning_date",
    "dunning_due", "dunning_known_on", "dunning_origin_id", "dunning_stage", "dunning_stage_due",
)  # fmt: skip
MOVE_FIELDS = (
    "amount_residual", "commercial_partner_id", "company_id", "journal_id", "move_type", "name", "payment_reference",
    "payment_state", "state",
)  # fmt: skip
PAYMENT_FIELDS = (
    "amount", "amount_company_currency_signed", "company_id", "currency_id", "date", "is_matched", "journal_id",
    "move_id", "outstanding_account_id", "partner_id", "payment_method_id", "payment_transaction_id", "payment_type",
    "state",
)  # fmt: skip
TRANSACTION_FIELDS = (
    "amount", "company_id", "currency_id", "dunning_items", "is_post_processed", "last_state_change", "operation",
    "partner_id", "payment_id", "payment_method_id", "reference", "source_transaction_id", "state",
)  # fmt: skip
BANK_LINE_FIELDS = (
    "account_number", "amount", "company_id", "internal_index", "is_reconciled", "journal_id", "move_id", "partner_id",
    "payment_ref",
)  # fmt: skip
BANK_ACCOUNT_FIELDS = ("active", "company_id", "partner_id", "sanitized_acc_number")
PARTNER_FIELDS = ("active", "commercial_partner_id", "company_id", "ref")
MATCHING_FIELDS = ("credit_move_id", "debit_amount_currency", "debit_move_id")
RATE_FIELDS = ("company_id", "currency_id", "name", "rate")
ACCOUNT_FIELDS = ("check_date", "company_id", "fingerprint", "last_contact_date", "partner_id", "plan_id")


READ = {
    "account.move.line": LINE_FIELDS,
    "account.partial.reconcile": MATCHING_FIELDS,
    "res.currency.rate": RATE_FIELDS,
    "account.move": MOVE_FIELDS,
    "account.payment": PAYMENT_FIELDS,
    "payment.transaction": TRANSACTION_FIELDS,
    "account.bank.statement.line": BANK_LINE_FIELDS,
    "res.partner.bank": BANK_ACCOUNT_FIELDS,
    "res.partner": PARTNER_FIELDS,
    "dunning.account": ACCOUNT_FIELDS,
}


def flush(env):
    """List the fields that a query reads, so that pending writes reach the database first."""
    return [env[model]._fields[name] for model, fields in READ.items() for name in fields]


def open_lines(accounts, companies):
    """Return the condition of the open lines (alias ``l``)."""
    return SQL(
        """l.parent_state = 'posted' AND l.reconciled IS NOT TRUE AND l.amount_residual <> 0
           AND l.partner_id IS NOT NULL AND l.company_id = ANY(%(companies)s) AND l.account_id = ANY(%(accounts)s)""",
        companies=companies,
        accounts=accounts,
    )


def left_of_discounted():
    """Return what settles an item (alias ``l``) with its cash discount, less what was allocated in time.

    What the bank has sent back was not there in time.
    """
    return SQL(
        """(l.discount_amount_currency
            - COALESCE((SELECT SUM(part.debit_amount_currency)
                          FROM account_partial_reconcile part
                          JOIN account_move_line paid ON paid.id = part.credit_move_id
                         WHERE part.debit_move_id = l.id AND paid.date <= l.discount_date
                        AND NOT EXISTS (SELECT FROM account_move_line back
                                         WHERE back.dunning_origin_id = l.id AND back.parent_state = 'posted')), 0))"""
    )


def is_owed():
    """Tell whether an open item (alias ``l``) is a debt.

    Neither is what a difference of exchange leaves in the company's currency alone, nor the rest of an invoice that was
    paid in time less its cash discount.
    """
    return SQL("l.amount_residual_currency > 0 AND (l.discount_date IS NULL OR %s > 0)", left_of_discounted())


def direct_debits_of_providers():
    """Tell whether an online transaction (alias ``t``) is one: sepa_direct_debit, bacs_direct_debit and the like."""
    return SQL(
        """EXISTS (SELECT FROM payment_method method
                    WHERE method.id = t.payment_method_id AND method.code LIKE '%%direct_debit')"""
    )


def online_transactions(companies, today):
    """Return the online transactions (alias ``t``) that promise money, for as long as they can still be made.

    A confirmed one is money on its way until Odoo has made a payment of it, some minutes later.
    """
    return SQL(
        """(t.state IN ('authorized', 'pending') OR t.state = 'done' AND t.is_post_processed IS NOT TRUE
               AND NOT EXISTS (SELECT FROM payment_transaction capture WHERE capture.source_transaction_id = t.id))
           AND t.payment_id IS NULL AND t.company_id = ANY(%(companies)s)
           AND COALESCE(t.operation, '') NOT IN ('refund', 'validation') AND t.partner_id IS NOT NULL
           AND t.last_state_change >= %(today)s::date
               - CASE WHEN %(direct_debit)s THEN %(debited)s::int
                      WHEN t.state = 'authorized' THEN %(authorized)s::int ELSE %(pending)s::int END""",
        companies=companies,
        today=today,
        direct_debit=direct_debits_of_providers(),
        debited=DIRECT_DEBIT_DAYS,
        authorized=AUTHORIZED_TRANSACTION_DAYS,
        pending=PENDING_TRANSACTION_DAYS,
    )


def rate_on(day, currency, company):
    """Return the rate of a currency on a day (both SQL), as ``res.currency`` chooses it."""
    return SQL(
        """COALESCE((SELECT r.rate FROM res_currency_rate r
                      WHERE r.currency_id = %(currency)s AND (r.company_id IS NULL OR r.company_id = %(company)s)
                   ORDER BY r.name > %(day)s, r.company_id, CASE WHEN r.name <= %(day)s THEN r.name END DESC, r.name
                      LIMIT 1), 1)""",
        currency=currency,
        company=company.root_id.id,
        day=day,
    )
