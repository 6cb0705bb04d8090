"""SQL that gives each customer account its plan."""

from odoo.tools import SQL

from ..core.plain.arrays import as_array


def assign_plans(env, company, choices, account_ids=None):
    """Return the update of the accounts whose plan changes, and of no other."""
    joins, plan = _first_that_fits(choices)
    return SQL(
        """
        WITH changed AS MATERIALIZED (
            SELECT d.id, %(plan)s AS plan_id
              FROM dunning_account d %(joins)s
             WHERE d.company_id = %(company)s AND %(only)s AND d.plan_id IS DISTINCT FROM %(plan)s
        )
        UPDATE dunning_account a
           SET plan_id = changed.plan_id, fingerprint = NULL
          FROM changed
         WHERE changed.id = a.id
     RETURNING a.id
        """,
        plan=plan,
        company=company.id,
        joins=joins,
        only=SQL("TRUE") if account_ids is None else SQL("d.id = ANY(%s)", list(account_ids)),
        to_flush=[
            env["dunning.account"]._fields[name] for name in ("company_id", "fingerprint", "partner_id", "plan_id")
        ],
    )


def plans_of_customers(env, company, choices, partner_ids):
    """Return ``(customer, plan)`` for customers that may have no account yet."""
    joins, plan = _first_that_fits(choices)
    return SQL(
        """
        SELECT d.partner_id, %(plan)s
          FROM (SELECT customer.id AS partner_id, account.plan_id
                  FROM unnest(%(partners)s::int[]) AS customer(id)
             LEFT JOIN dunning_account account ON account.partner_id = customer.id
                   AND account.company_id = %(company)s) d %(joins)s
        """,
        plan=plan,
        company=company.id,
        partners=as_array(partner_ids),
        joins=joins,
        to_flush=[env["dunning.account"]._fields[name] for name in ("company_id", "partner_id", "plan_id")],
    )


def _first_that_fits(choices):
    """Return the joins and the expression that give the plan of a row ``d`` of ``partner_id`` and ``plan_id``.

    :param list choices: ``(plan id, customers)`` in the order in which plans are tried; customers
        are a subselect of partner ids, ``None`` for everybody, ``False`` for a plan that only keeps
        the accounts that follow it already
    """
    joins, cases = [], [SQL("WHEN FALSE THEN NULL::int")]
    for number, (plan_id, customers) in enumerate(choices):
        if customers:
            fits = SQL.identifier(f"fits_{number}")
            joins.append(SQL("LEFT JOIN %s AS %s ON %s.id = d.partner_id", customers, fits, fits))
            cases.append(SQL("WHEN %s.id IS NOT NULL THEN %s", fits, plan_id))
        elif customers is None:
            cases.append(SQL("WHEN TRUE THEN %s", plan_id))
        else:
            cases.append(SQL("WHEN d.plan_id = %s THEN %s", plan_id, plan_id))
    return SQL(" ").join(joins), SQL("CASE %s END", SQL(" ").join(cases))
