"""SQL of the disputes."""

from odoo.tools import SQL

from ...core.plain.arrays import as_array


def holds(env, company, partners, day):
    """Return ``(customer, item, amount or empty, balance, its balance in company currency, last day or empty)``.

    That is what is contested, in the currency of the item, or all of it.
    What is accepted stays held until its credit note is posted; what is rejected, until the day the
    customer was told.
    """
    names = {
        "dunning.dispute": ("account_id", "company_id", "held_until", "state"),
        "dunning.dispute.line": ("amount", "amount_accepted", "amount_open", "dispute_id", "move_line_id", "whole"),
        "account.move.line": ("amount_residual", "amount_residual_currency"),
    }
    return SQL(
        """
        WITH contested AS (
            SELECT account.partner_id, dispute.state, dispute.held_until, line.move_line_id, line.whole,
                   line.amount, line.amount_accepted, line.amount_open
              FROM dunning_dispute dispute
              JOIN dunning_account account ON account.id = dispute.account_id
              JOIN dunning_dispute_line line ON line.dispute_id = dispute.id
             WHERE dispute.company_id = %(company)s AND account.partner_id = ANY(%(partners)s)
               AND dispute.state IN ('open', 'accepted', 'partly', 'rejected')
        ), held AS (
            SELECT partner_id, move_line_id, whole IS TRUE AND state = 'open' AS all_of_it, amount_open AS amount,
                   NULL::date AS until
              FROM contested
             WHERE state <> 'rejected' AND amount_open > 0
             UNION ALL
            SELECT partner_id, move_line_id, FALSE, amount - COALESCE(amount_accepted, 0), held_until
              FROM contested
             WHERE state IN ('partly', 'rejected') AND held_until >= %(day)s
        )
        SELECT held.partner_id, held.move_line_id, CASE WHEN NOT held.all_of_it THEN held.amount::text END,
               item.amount_residual_currency::text, item.amount_residual::text, held.until
          FROM held
          JOIN account_move_line item ON item.id = held.move_line_id
         WHERE held.all_of_it OR held.amount > 0
        """,
        company=company.id,
        partners=as_array(partners),
        day=day,
        to_flush=[env[model]._fields[name] for model, fields in names.items() for name in fields],
    )


def of_answered(average, resolved_on):
    """Return an average of those disputes that were answered."""
    return SQL(
        """%(average)s FILTER (WHERE %(resolved_on)s IS NOT NULL)""", average=average, resolved_on=resolved_on
    )
