"""SQL of the money that the bank sent back: an open debit of a customer in a bank journal."""

from odoo.tools import SQL

from ...core.plain.arrays import as_array
from ..query_parts import open_lines

OLDEST_DAYS = 400  # thirteen months: how long a direct debit without a mandate may be asked back
NAME_LENGTH = 5  # a shorter number of an invoice occurs in a label by chance

READ = {
    "account.move.line": (
        "account_id", "amount_currency", "amount_residual", "balance", "currency_id", "date", "date_maturity",
        "dunning_origin_id", "journal_id", "move_id", "name", "no_followup", "parent_state", "partner_id",
        "payment_id", "reconciled", "statement_line_id",
    ),
    "account.move": ("journal_id", "move_type", "name", "payment_reference", "ref"),
    "account.partial.reconcile": ("credit_move_id", "debit_move_id"),
    "account.payment": ("company_id", "date", "partner_id", "state"),
    "account.bank.statement.line": ("payment_ref",),
    "dunning.account": ("company_id", "partner_id"),
}  # fmt: skip


def flush(env):
    """List the fields that these queries read."""
    return [env[model]._fields[name] for model, names in READ.items() for name in names]


def came_back():
    """Tell whether an open line (alias ``l``) is money that went back to the customer by the bank."""
    return SQL(
        """(l.amount_residual > 0 AND l.payment_id IS NULL
            AND l.journal_id = ANY(ARRAY(
                    SELECT id FROM account_journal WHERE type IN ('bank', 'cash', 'credit'))))"""
    )


def is_refund(companies):
    """Tell whether money that went back (alias ``l``) is money of the customer that was paid out.

    His open credits suffice for it, together, and for all that went back before it: in its currency, or at what they
    are worth to the company. A credit that one payment out has used up explains no other one.
    """
    return SQL(
        """(l.dunning_origin_id IS NULL AND (
               SELECT SUM(own.amount_residual_currency) FILTER (WHERE own.currency_id = l.currency_id) <= 0
                      OR SUM(own.amount_residual) <= 0
                 FROM account_move_line own
                 JOIN account_journal journal ON journal.id = own.journal_id
                WHERE own.partner_id IN (
                          SELECT relative.id FROM res_partner relative
                            JOIN res_partner one ON one.commercial_partner_id = relative.commercial_partner_id
                           WHERE one.id = l.partner_id)
                  AND own.account_id = l.account_id AND own.company_id = ANY(%(companies)s)
                  AND own.parent_state = 'posted' AND own.reconciled IS NOT TRUE
                  AND (own.amount_residual < 0 OR own.id = l.id OR own.payment_id IS NOT NULL
                       OR journal.type IN ('bank', 'cash', 'credit') AND own.dunning_origin_id IS NULL
                          AND own.no_followup IS NOT TRUE AND (own.date, own.id) <= (l.date, l.id))))""",
        companies=companies,
    )


def unexplained(env, accounts, companies, partners=None):
    """Return ``(item, customer, amount, day)`` of the money sent back that no invoice explains yet.

    :param partners: commercial partner ids, all customers if empty
    """
    return SQL(
        """
        SELECT l.id, c.commercial_partner_id, l.amount_residual_currency::text, l.date
          FROM account_move_line l
          JOIN res_partner c ON c.id = l.partner_id
         WHERE %(open_lines)s AND %(came_back)s AND l.dunning_origin_id IS NULL AND l.no_followup IS NOT TRUE
           AND NOT %(is_refund)s
           AND (%(partners)s::int[] IS NULL OR c.commercial_partner_id = ANY(%(partners)s::int[]))
      ORDER BY l.date, l.id
        """,
        partners=list(partners) if partners is not None else None,
        open_lines=open_lines(accounts, companies),
        came_back=came_back(),
        is_refund=is_refund(companies),
        to_flush=flush(env),
    )


def payments_of(env, accounts, items):
    """Return ``(item sent back, invoice item, due, amount, day, items settled, named)`` of what may have come back.

    Payments of the same customer and currency that settled invoices or balances, credit notes apart.
    """
    return SQL(
        """
        SELECT l.id, min(d.id), min(COALESCE(d.date_maturity, d.date)), (-p.amount_currency)::text, p.date,
               count(DISTINCT d.id),
               bool_or(EXISTS (
                   SELECT FROM unnest(ARRAY[dm.name, dm.payment_reference]) AS known(number)
                    WHERE length(known.number) >= %(length)s
                      AND position(regexp_replace(upper(known.number), '[^A-Z0-9]', '', 'g')
                                   IN regexp_replace(upper(concat_ws(' ', l.name, m.ref, s.payment_ref)),
                                                     '[^A-Z0-9]', '', 'g')) > 0))
          FROM account_move_line l
          JOIN account_move m ON m.id = l.move_id
     LEFT JOIN account_bank_statement_line s ON s.id = l.statement_line_id
          JOIN res_partner c ON c.id = l.partner_id
          JOIN res_partner own ON own.commercial_partner_id = c.commercial_partner_id
          JOIN account_move_line p ON p.partner_id = own.id AND p.account_id = ANY(%(accounts)s)
               AND p.parent_state = 'posted' AND p.balance < 0 AND p.currency_id = l.currency_id
               AND p.date BETWEEN l.date - %(oldest)s::int AND l.date
          JOIN account_move pm ON pm.id = p.move_id AND pm.move_type = 'entry'
          JOIN account_partial_reconcile part ON part.credit_move_id = p.id
          JOIN account_move_line d ON d.id = part.debit_move_id AND d.dunning_origin_id IS NULL
          JOIN account_move dm ON dm.id = d.move_id
               AND (dm.move_type IN ('out_invoice', 'out_receipt') OR dm.move_type = 'entry' AND dm.journal_id NOT IN (
                       SELECT id FROM account_journal WHERE type IN ('bank', 'cash', 'credit')))
         WHERE l.id = ANY(%(items)s)
      GROUP BY l.id, p.id
        """,
        accounts=accounts,
        items=list(items),
        oldest=OLDEST_DAYS,
        length=NAME_LENGTH,
        to_flush=flush(env),
    )


def due_again(env, pairs):
    """Return the writing of ``[(item sent back, invoice item)]``: the debt goes on where the invoice stood.

    It takes over the due date, as on any entry that stands for an invoice, and what was claimed of it.
    """
    names = (
        "date_maturity", "dunning_date", "dunning_due", "dunning_level_id", "dunning_origin_id", "dunning_stage",
        "dunning_stage_due",
    )  # fmt: skip
    return SQL(
        """
        UPDATE account_move_line l
           SET dunning_origin_id = o.id, date_maturity = COALESCE(o.date_maturity, o.date),
               dunning_level_id = COALESCE(l.dunning_level_id, o.dunning_level_id),
               dunning_date = COALESCE(l.dunning_date, o.dunning_date),
               dunning_due = COALESCE(l.dunning_due, o.dunning_due),
               dunning_stage = COALESCE(l.dunning_stage, o.dunning_stage),
               dunning_stage_due = COALESCE(l.dunning_stage_due, o.dunning_stage_due)
          FROM unnest(%(items)s::int[], %(origins)s::int[]) AS pair(item, origin)
          JOIN account_move_line o ON o.id = pair.origin
         WHERE l.id = pair.item
     RETURNING l.id
        """,
        items=[item for item, _origin in pairs],
        origins=[origin for _item, origin in pairs],
        to_flush=[env["account.move.line"]._fields[name] for name in names],
    )


def taken(env, customers):
    """Return the invoice items of these customers that other open money sent back has made due again."""
    return SQL(
        """
        SELECT DISTINCT l.dunning_origin_id
          FROM account_move_line l
          JOIN res_partner c ON c.id = l.partner_id
         WHERE c.commercial_partner_id = ANY(%(customers)s) AND l.dunning_origin_id IS NOT NULL
           AND l.reconciled IS NOT TRUE AND l.parent_state = 'posted'
        """,
        customers=as_array(customers),
        to_flush=flush(env),
    )


def holds(env, company, accounts, companies, partners):
    """Return ``(customer, item, amount in company currency or empty for all of it)`` of what came back and waits.

    Beyond the invoice, what came back is the bank's fee: a person says whether it is owed.
    """
    return SQL(
        """
        SELECT c.commercial_partner_id, l.id,
               round((l.amount_residual_currency - o.amount_currency) * l.amount_residual / l.amount_residual_currency,
                     %(digits)s)::text
          FROM res_partner c
          JOIN account_move_line l ON l.partner_id = c.id AND %(open_lines)s AND %(came_back)s
     LEFT JOIN account_move_line o ON o.id = l.dunning_origin_id
         WHERE c.commercial_partner_id = ANY(%(partners)s)
           AND l.amount_residual_currency > 0
           AND (o.id IS NULL AND NOT %(is_refund)s OR l.amount_residual_currency > o.amount_currency)
        """,
        digits=company.currency_id.decimal_places,
        partners=as_array(partners),
        open_lines=open_lines(accounts, companies),
        came_back=came_back(),
        is_refund=is_refund(companies),
        to_flush=flush(env),
    )


def rejected(env, company, accounts, companies, day):
    """Return ``(account, payment)`` of the rejected payments whose invoices still count as paid, the newest first."""
    return SQL(
        """
        SELECT DISTINCT a.id, y.id
          FROM account_payment y
          JOIN account_move_line p ON p.payment_id = y.id AND p.account_id = ANY(%(accounts)s) AND p.balance < 0
          JOIN account_partial_reconcile part ON part.credit_move_id = p.id
          JOIN account_move_line d ON d.id = part.debit_move_id
          JOIN account_move dm ON dm.id = d.move_id AND dm.move_type IN ('out_invoice', 'out_receipt')
          JOIN res_partner c ON c.id = y.partner_id
          JOIN dunning_account a ON a.partner_id = c.commercial_partner_id AND a.company_id = %(company)s
         WHERE y.state = 'rejected' AND y.company_id = ANY(%(companies)s)
           AND y.date >= %(day)s::date - %(oldest)s::int
           AND NOT EXISTS (SELECT FROM account_move_line back WHERE back.dunning_origin_id = d.id
                              AND back.parent_state = 'posted')
      ORDER BY y.id DESC
        """,
        company=company.id,
        accounts=accounts,
        companies=companies,
        day=day,
        oldest=OLDEST_DAYS,
        to_flush=flush(env),
    )
