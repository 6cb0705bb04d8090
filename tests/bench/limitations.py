"""What it costs to know which claims lapse."""

# Nothing was ever paid, and everything lapses within the next months; something happened to one item in twenty.
WORST_CASE = """
    UPDATE res_partner SET dunning_status = 'consumer' WHERE customer_rank > 0;
    UPDATE account_move_line l SET amount_residual = balance, amount_residual_currency = balance, reconciled = FALSE,
           date_maturity = %(today)s::date - 22 * 30 - (l.id %% 100)::int
      FROM account_account a
     WHERE a.id = l.account_id AND a.account_type = 'asset_receivable' AND l.balance > 0;
    WITH event AS (
        INSERT INTO dunning_interruption (account_id, company_id, partner_id, kind, day, words)
        SELECT a.id, a.company_id, a.partner_id, 'acknowledgement', %(today)s::date - 100, 'Bench'
          FROM dunning_account a RETURNING id, partner_id
    )
    INSERT INTO dunning_interruption_item (interruption_id, line_id)
    SELECT event.id, l.id
      FROM event
      JOIN account_move_line l ON l.partner_id = event.partner_id AND l.amount_residual > 0 AND l.move_id %% 20 = 0;
"""


def follow(env, measure, today):
    """Look at the claims of an ordinary ledger, then of the worst one, then of the same again; then an idle night."""
    company, accounts, engine = env.company, env["dunning.account"], env["dunning.engine"]
    partners = accounts.search([("company_id", "=", company.id)]).partner_id.ids

    def everything():
        engine._by_batches(partners, lambda batch: accounts._follow_limitations(company, today, batch))
        env.cr.commit()

    def night():
        todo = accounts._due_limitations(company, today)
        engine._by_batches(todo, lambda batch: accounts._follow_limitations(company, today, batch))
        env.cr.commit()
        return {"due": len(todo)}

    ordinary = measure(everything)
    env.cr.execute(WORST_CASE, {"today": today})
    env.cr.commit()
    env.cr.execute("ANALYZE account_move_line; ANALYZE dunning_interruption_item; ANALYZE res_partner")
    env.cr.commit()
    env.invalidate_all()
    worst, again, idle = measure(everything), measure(everything), measure(night)
    env.cr.execute("SELECT count(limitation_date), sum(limitation_expired) FROM dunning_account")
    warned, lapsed = env.cr.fetchone()
    env.cr.execute("SELECT count(*) FROM dunning_interruption_item")
    return worst | {
        "warned": warned, "lapsed": lapsed, "events": env.cr.fetchone()[0],
        "ordinary_seconds": ordinary["seconds"], "again_seconds": again["seconds"],
        "idle_due": idle["due"], "idle_seconds": idle["seconds"],
    }  # fmt: skip
