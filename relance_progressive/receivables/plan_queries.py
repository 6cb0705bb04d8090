"""SQL that gives each customer its plan: the one forced on it, else the first whose filter lets it through."""

from odoo.tools import SQL


def assign_plans(env, company, choices, forced, account_ids=None):
    """Return the update of the accounts whose plan changes; see :func:`_chosen` for the arguments."""
    followers = SQL(
        "SELECT partner_id, plan_id FROM dunning_account WHERE company_id = %(company)s AND %(only)s",
        company=company.id,
        only=SQL("TRUE") if account_ids is None else SQL("id = ANY(%s)", list(account_ids)),
    )
    return SQL(
        """
        UPDATE dunning_account a
           SET plan_id = chosen.plan_id, fingerprint = NULL
          FROM (%(chosen)s) chosen
         WHERE a.company_id = %(company)s AND a.partner_id = chosen.partner_id
           AND a.plan_id IS DISTINCT FROM chosen.plan_id
     RETURNING a.id
        """,
        company=company.id,
        chosen=_chosen(company, choices, forced, followers),
        to_flush=_read_fields(env),
    )


def plans_of_customers(env, company, choices, forced, partner_ids):
    """Return ``(customer, plan)`` for customers that may have no account yet."""
    newcomers = SQL("SELECT unnest(%s::int[]) AS partner_id, NULL::int AS plan_id", list(partner_ids))
    return SQL("%s", _chosen(company, choices, forced, newcomers), to_flush=_read_fields(env))


def _chosen(company, choices, forced, customers):
    """Return the select of the plan of each customer.

    :param list choices: (plan id, customers) in the order in which plans are tried; customers are
        a subselect of partner ids, ``None`` for everybody, ``False`` for a plan that only keeps
        those that follow it already
    :param SQL forced: the plan forced on the customer ``p``
    :param SQL customers: a select of ``partner_id`` and ``plan_id``, the plan followed until now
    """
    joins, cases = [], []
    for plan_id, fitting in choices:
        if fitting:
            fits = SQL.identifier(f"fits_{plan_id}")
            joins.append(SQL("LEFT JOIN %s AS %s ON %s.id = d.partner_id", fitting, fits, fits))
            cases.append(SQL("WHEN %s.id IS NOT NULL THEN %s", fits, plan_id))
        elif fitting is None:
            cases.append(SQL("WHEN TRUE THEN %s", plan_id))
        else:
            cases.append(SQL("WHEN d.plan_id = %s THEN %s", plan_id, plan_id))
    return SQL(
        """
        SELECT d.partner_id, COALESCE(forced.id, %(first)s) AS plan_id
          FROM (%(customers)s) d
          JOIN res_partner p ON p.id = d.partner_id
     LEFT JOIN dunning_plan forced
               ON forced.id = %(forced)s AND forced.active
              AND (forced.company_id IS NULL OR forced.company_id = %(company)s)
               %(joins)s
        """,
        first=SQL("CASE %s END", SQL(" ").join(cases)) if cases else SQL("NULL::int"),
        customers=customers,
        forced=forced,
        company=company.id,
        joins=SQL(" ").join(joins),
    )


def _read_fields(env):
    accounts, plans = env["dunning.account"]._fields, env["dunning.plan"]._fields
    return [
        *(accounts[name] for name in ("company_id", "fingerprint", "partner_id", "plan_id")),
        *(plans[name] for name in ("active", "company_id")),
    ]
