"""SQL that gives each customer account its plan."""

from odoo.tools import SQL


def assign_plans(env, company, choices, account_ids=None):
    """Return the update of the accounts whose plan changes, and of no other.

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
    return SQL(
        """
        WITH changed AS MATERIALIZED (
            SELECT d.id, CASE %(cases)s END AS plan_id
              FROM dunning_account d %(joins)s
             WHERE d.company_id = %(company)s AND %(only)s
               AND d.plan_id IS DISTINCT FROM CASE %(cases)s END
        )
        UPDATE dunning_account a
           SET plan_id = changed.plan_id, fingerprint = NULL
          FROM changed
         WHERE changed.id = a.id
     RETURNING a.id
        """,
        cases=SQL(" ").join(cases),
        company=company.id,
        joins=SQL(" ").join(joins),
        only=SQL("TRUE") if account_ids is None else SQL("d.id = ANY(%s)", list(account_ids)),
        to_flush=[
            env["dunning.account"]._fields[name] for name in ("company_id", "fingerprint", "partner_id", "plan_id")
        ],
    )
