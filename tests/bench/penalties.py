"""What it costs to compute late interest and indemnities again for every account."""

from datetime import timedelta

import generate

from odoo.addons.relance_progressive.relance_progressive.engine import night

# Everybody is a professional, and nobody has paid anything.
WORST_CASE = """
    UPDATE res_partner SET dunning_status = 'professional' WHERE customer_rank > 0;
    UPDATE account_move_line l SET amount_residual = balance, amount_residual_currency = balance, reconciled = FALSE
      FROM account_account a
     WHERE a.id = l.account_id AND a.account_type = 'asset_receivable' AND l.balance > 0 AND l.amount_residual = 0;
    UPDATE dunning_account SET penalty_date = NULL, amount_overdue = GREATEST(amount_overdue, 1);
"""


def recompute(env, measure, today):
    """Compute the penalties of all accounts, every invoice being open and late: the night of 1 January at worst.

    Then the same night again: nothing is stale.
    """
    env.flush_all()
    env.cr.execute(WORST_CASE)
    env.cr.commit()
    generate.vacuum(env.cr)
    env.invalidate_all()
    company, engine, day = env.company, env["dunning.engine"], today + timedelta(days=60)
    first = measure(lambda: {"complete": night.penalties(engine, company, day)})
    again = measure(lambda: {"complete": night.penalties(engine, company, day)})
    env.cr.execute("SELECT count(*), sum(amount_penalty) FROM dunning_account WHERE amount_penalty > 0")
    accounts, total = env.cr.fetchone()
    scope = env["dunning.account"]._scope(company)
    env.cr.execute(
        """SELECT count(*) FROM account_move_line
            WHERE account_id = ANY(%s) AND company_id = ANY(%s) AND parent_state = 'posted' AND amount_residual > 0
              AND date_maturity < %s""",
        [*scope, day],
    )
    items = env.cr.fetchone()[0]
    return first | {"accounts": accounts, "total": total, "items": items, "idle_seconds": again["seconds"]}
