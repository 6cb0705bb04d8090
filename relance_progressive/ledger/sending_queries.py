"""SQL of the invoices that their customers may not have: how they leave, and those that were never sent."""

from odoo.tools import SQL

from ..core.plain.arrays import as_array
from .query_parts import flush, open_lines

# The last invoices tell how a company sends them; those of the last days may still be on someone's desk.
SAMPLE = 100
SAMPLE_DAYS = (120, 7)
SENDING_FIELDS = (
    "commercial_partner_id", "company_id", "dunning_has_it", "invoice_date", "is_move_sent", "move_type",
    "payment_state", "state",
)  # fmt: skip


def never_sent(companies):
    """Return the condition of the open invoices (alias ``m``) that never left; that of ``_dunning_unsent_idx``."""
    return SQL(
        """m.state = 'posted' AND m.move_type = 'out_invoice' AND m.is_move_sent IS NOT TRUE
           AND m.dunning_has_it IS NOT TRUE AND m.payment_state IN ('not_paid', 'partial')
           AND m.company_id = ANY(%(companies)s)""",
        companies=companies,
    )


def sending_flush(env):
    """List the fields of invoices that tell whether they were sent, to be written before they are read."""
    return [env["account.move"]._fields[name] for name in SENDING_FIELDS]


def habits(env, companies, day):
    """Return one row: how many of the last invoices are looked at, and how many of them Odoo has sent.

    What a reminder has attached was not sent before; Odoo counts it as sent.
    """
    return SQL(
        """
        SELECT count(*), count(*) FILTER (WHERE is_move_sent AND dunning_has_it IS NOT TRUE)
          FROM (SELECT is_move_sent, dunning_has_it
                  FROM account_move
                 WHERE invoice_date BETWEEN %(day)s::date - %(oldest)s::int AND %(day)s::date - %(newest)s::int
                   AND state = 'posted' AND move_type = 'out_invoice' AND company_id = ANY(%(companies)s)
              ORDER BY invoice_date DESC
                 LIMIT %(sample)s) last_invoices
        """,
        companies=companies,
        day=day,
        oldest=SAMPLE_DAYS[0],
        newest=SAMPLE_DAYS[1],
        sample=SAMPLE,
        to_flush=sending_flush(env),
    )


def unsent_items(env, accounts, companies, partners):
    """Return ``(customer, item)`` of what is not reminded before its invoice was sent.

    One that was reminded already is known to the customer.
    """
    return SQL(
        """
        SELECT m.commercial_partner_id, l.id
          FROM account_move m
          JOIN account_move_line l ON l.move_id = m.id AND %(open_lines)s
         WHERE m.commercial_partner_id = ANY(%(partners)s) AND %(never_sent)s
           AND l.amount_residual > 0 AND l.dunning_level_id IS NULL
        """,
        partners=as_array(partners),
        open_lines=open_lines(accounts, companies),
        never_sent=never_sent(companies),
        to_flush=[*sending_flush(env), *flush(env)],
    )


def unsent_by_account(env, company, accounts, companies, until):
    """Return ``(account, invoices, amount)`` of what was never sent and falls due until a day, the oldest first."""
    return SQL(
        """
        SELECT a.id, count(DISTINCT m.id), sum(l.amount_residual)::text
          FROM account_move m
          JOIN account_move_line l ON l.move_id = m.id AND %(open_lines)s
          JOIN dunning_account a ON a.partner_id = m.commercial_partner_id AND a.company_id = %(company)s
         WHERE %(never_sent)s AND l.amount_residual > 0 AND l.no_followup IS NOT TRUE AND l.dunning_level_id IS NULL
           AND COALESCE(l.date_maturity, l.date) <= %(until)s
      GROUP BY a.id
      ORDER BY min(COALESCE(l.date_maturity, l.date)), a.id
        """,
        company=company.id,
        until=until,
        open_lines=open_lines(accounts, companies),
        never_sent=never_sent(companies),
        to_flush=[*sending_flush(env), *flush(env)],
    )
