"""SQL of the debts of customers in insolvency: what was born before the opening is not claimed from them."""

from odoo.tools import SQL

from ...core.plain.arrays import as_array

READ = {
    "account.move": ("delivery_date", "dunning_is_penalty", "invoice_date"),
    "account.move.line": (
        "account_id", "amount_residual", "company_id", "date", "date_maturity", "move_id", "parent_state", "partner_id",
        "reconciled",
    ),
    "dunning.account": ("company_id", "insolvency_told", "partner_id"),
    "dunning.penalty.line": ("invoice_id", "move_id"),
    "res.partner": ("commercial_partner_id", "dunning_insolvency_date"),
}  # fmt: skip


def _flush(env):
    return [env[model]._fields[name] for model, names in READ.items() for name in names]


def born_on():
    """Return the day on which a debt (item ``l`` of the entry ``m``) was born, or earlier: the prudent reading.

    A debt is born with what it pays for (C. com. L622-17, L622-24), which may come before its invoice; what was
    entered into the books later, an opening balance for one, was born by its due date. Penalties are as old as the
    oldest invoice they are of, whenever they were invoiced.
    """
    return SQL(
        """LEAST(m.delivery_date, m.invoice_date, l.date, l.date_maturity,
                 CASE WHEN m.dunning_is_penalty
                      THEN (SELECT MIN(late.invoice_date)
                              FROM dunning_penalty_line penalty
                              JOIN account_move late ON late.id = penalty.invoice_id
                             WHERE penalty.move_id = m.id) END)"""
    )


def insolvent(env, partners, day):
    """Return ``(customer, opening)`` of those of these customers (commercial ids) that are in insolvency on a day."""
    return SQL(
        """
        SELECT id, dunning_insolvency_date
          FROM res_partner
         WHERE id = ANY(%(partners)s) AND dunning_insolvency_date <= %(day)s
        """,
        partners=as_array(partners),
        day=day,
        to_flush=_flush(env),
    )


def born_before(env, accounts, companies, partners):
    """Return ``(customer, opening, item, open amount)`` of what was born before the opening, in company currency.

    :param accounts, companies: ids, as ``dunning.account._scope`` gives them
    :param partners: commercial ids of customers in insolvency
    """
    return SQL(
        """
        SELECT customer.id, customer.dunning_insolvency_date, l.id, l.amount_residual
          FROM res_partner customer
          JOIN res_partner contact ON contact.commercial_partner_id = customer.id
          JOIN account_move_line l ON l.partner_id = contact.id AND l.parent_state = 'posted'
           AND l.reconciled IS NOT TRUE AND l.amount_residual > 0
           AND l.company_id = ANY(%(companies)s) AND l.account_id = ANY(%(accounts)s)
          JOIN account_move m ON m.id = l.move_id
         WHERE customer.id = ANY(%(partners)s) AND %(born_on)s < customer.dunning_insolvency_date
      ORDER BY customer.id, l.id
        """,
        accounts=accounts,
        companies=companies,
        partners=as_array(partners),
        born_on=born_on(),
        to_flush=_flush(env),
    )


def not_told(env, company):
    """Return ``(account, customer)`` whose person in charge was not told of an opening, or was and there is none."""
    return SQL(
        """
        SELECT account.id, customer.id
          FROM res_partner customer
          JOIN dunning_account account ON account.partner_id = customer.id AND account.company_id = %(company)s
         WHERE customer.dunning_insolvency_date IS NOT NULL
           AND account.insolvency_told IS DISTINCT FROM customer.dunning_insolvency_date
         UNION ALL
        SELECT account.id, customer.id
          FROM dunning_account account
          JOIN res_partner customer ON customer.id = account.partner_id AND customer.dunning_insolvency_date IS NULL
         WHERE account.company_id = %(company)s AND account.insolvency_told IS NOT NULL
        """,
        company=company.id,
        to_flush=_flush(env),
    )
