"""SQL that gives each customer account its plan."""

from odoo.tools import SQL


def assign_plans(env, company, choices, forced, account_ids=None):
    """Return the update of the accounts whose plan changes.

    :param list choices: (plan id, customers) in the order in which plans are tried; customers are
        a subselect of partner ids, ``None`` for everybody, ``False`` for a plan that only keeps
        the accounts that follow it already
    :param SQL forced: the plan forced on the customer ``p``
    """
    joins, cases = [], []
    for plan_id, customers in choices:
        if customers:
            fits = SQL.identifier(f"fits_{plan_id}")
            joins.append(SQL("LEFT JOIN %s AS %s ON %s.id = d.partner_id", customers, fits, fits))
            cases.append(SQL("WHEN %s.id IS NOT NULL THEN %s", fits, plan_id))
        elif customers is None:
            cases.append(SQL("WHEN TRUE THEN %s", plan_id))
        else:
            cases.append(SQL("WHEN d.plan_id = %s THEN %s", plan_id, plan_id))
    return SQL(
        """
        UPDATE dunning_account a
           SET plan_id = chosen.plan_id, fingerprint = NULL
          FROM (SELECT d.id, COALESCE(forced.id, %(first)s) AS plan_id
                  FROM dunning_account d
                  JOIN res_partner p ON p.id = d.partner_id
             LEFT JOIN dunning_plan forced
                       ON forced.id = %(forced)s AND forced.active
                      AND (forced.company_id IS NULL OR forced.company_id = %(company)s)
                       %(joins)s
                 WHERE d.company_id = %(company)s AND %(only)s) chosen
         WHERE chosen.id = a.id AND a.plan_id IS DISTINCT FROM chosen.plan_id
     RETURNING a.id
        """,
        first=SQL("CASE %s END", SQL(" ").join(cases)) if cases else SQL("NULL::int"),
        forced=forced,
        company=company.id,
        joins=SQL(" ").join(joins),
        only=SQL("TRUE") if account_ids is None else SQL("d.id = ANY(%s)", list(account_ids)),
        to_flush=[
            *(env["dunning.account"]._fields[name] for name in ("company_id", "fingerprint", "partner_id", "plan_id")),
            *(env["dunning.plan"]._fields[name] for name in ("active", "company_id")),
        ],
    )
