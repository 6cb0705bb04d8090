"""Receivables by SQL, as many as wanted: what the ORM would take hours to post.

60 % of the invoices are paid, 25 % open and not due, 15 % overdue; one open invoice in ten is
partly paid, one customer in fifty has an unallocated credit note.
"""

CUSTOMERS = """
    INSERT INTO res_partner (name, complete_name, active, is_company, type, email, email_normalized, lang, country_id,
                             customer_rank, autopost_bills, commercial_company_name, create_date, write_date)
    SELECT 'Customer ' || n, 'Customer ' || n, TRUE, TRUE, 'contact', 'customer' || n || '@example.com',
           'customer' || n || '@example.com', %(lang)s, %(country)s, 1, 'ask', 'Customer ' || n, now(), now()
      FROM generate_series(1, %(customers)s) AS n
 RETURNING id
"""

# One row per invoice: its customer, amount, due date and what is still open of it. The series is
# hashed rather than random: the same size gives the same ledger.
INVOICES = """
    CREATE TEMPORARY TABLE bench AS
    SELECT n, %(first_customer)s + (h1 %% %(customers)s)::int AS partner, amount,
           CASE WHEN kind < 60 THEN %(today)s::date - 30 - (h2 %% 300)::int
                WHEN kind < 85 THEN %(today)s::date + 1 + (h2 %% 45)::int
                ELSE %(today)s::date - 1 - (h2 %% 60)::int END AS due,
           CASE WHEN kind < 60 THEN 0 WHEN h3 %% 10 = 0 THEN round(amount / 3, 2) ELSE amount END AS residual,
           FALSE AS credit
      FROM (SELECT n, abs(hashint8extended(n, 1)) AS h1, abs(hashint8extended(n, 2)) AS h2,
                   abs(hashint8extended(n, 3)) AS h3, abs(hashint8extended(n, 4)) %% 100 AS kind,
                   round((50 + abs(hashint8extended(n, 5)) %% 500000 / 100.0)::numeric, 2) AS amount
              FROM generate_series(1, %(invoices)s) AS n) drawn
     UNION ALL
    SELECT %(invoices)s + n, %(first_customer)s + n * 50 - 1, 100, %(today)s::date - 5, 100, TRUE
      FROM generate_series(1, %(customers)s / 50) AS n
"""

MOVES = """
    INSERT INTO account_move (id, name, sequence_prefix, sequence_number, state, move_type, journal_id, company_id,
                currency_id, partner_id, commercial_partner_id, date, invoice_date, invoice_date_due, auto_post,
                amount_total, amount_residual, amount_total_signed, amount_residual_signed, payment_state,
                create_date, write_date)
    SELECT %(first_move)s + n, 'BENCH/' || n, 'BENCH/', n, 'posted',
           CASE WHEN credit THEN 'out_refund' ELSE 'out_invoice' END,
           %(journal)s, %(company)s, %(currency)s, partner, partner, due - 30, due - 30, due, 'no',
           amount, residual, CASE WHEN credit THEN -amount ELSE amount END,
           CASE WHEN credit THEN -residual ELSE residual END,
           CASE WHEN residual = 0 THEN 'paid' WHEN residual < amount THEN 'partial' ELSE 'not_paid' END, now(), now()
      FROM bench
"""

LINES = """
    INSERT INTO account_move_line (move_id, move_name, company_id, journal_id, company_currency_id, currency_id,
                account_id, partner_id, parent_state, display_type, date, invoice_date, date_maturity, debit, credit,
                balance, amount_currency, amount_residual, amount_residual_currency, reconciled, no_followup,
                create_date, write_date)
    SELECT %(first_move)s + n, 'BENCH/' || n, %(company)s, %(journal)s, %(currency)s, %(currency)s, side.account,
           partner, 'posted', side.display_type, due - 30, due - 30, CASE WHEN side.receivable THEN due END,
           greatest(side.sign * amount, 0), greatest(-side.sign * amount, 0), side.sign * amount, side.sign * amount,
           CASE WHEN side.receivable THEN side.sign * residual ELSE 0 END,
           CASE WHEN side.receivable THEN side.sign * residual ELSE 0 END,
           side.receivable AND residual = 0, FALSE, now(), now()
      FROM bench
CROSS JOIN LATERAL (VALUES (%(receivable)s, 'payment_term', TRUE, CASE WHEN credit THEN -1 ELSE 1 END),
                           (%(income)s, 'product', FALSE, CASE WHEN credit THEN 1 ELSE -1 END))
        AS side(account, display_type, receivable, sign)
"""


def generate(env, company, invoices, today):
    """Fill a company with ``invoices`` invoices of a tenth as many customers, due around ``today``, and commit."""
    fill(env, company, invoices, today)
    env.cr.commit()
    env.registry.clear_cache()
    vacuum(env.cr)


def fill(env, company, invoices, today):
    """Do the same within the transaction of the caller."""
    cr = env.cr
    if not company.chart_template:
        env["account.chart.template"].try_loading("fr", company, install_demo=False)
    company.country_id = env.ref("base.fr")
    customers = max(50, invoices // 10)
    cr.execute("SET LOCAL session_replication_role = replica")  # no foreign key check: the rows are right
    lang = "fr_FR" if env["res.lang"]._get_data(code="fr_FR") else "en_US"
    cr.execute(CUSTOMERS, {"lang": lang, "country": env.ref("base.fr").id, "customers": customers})
    first_customer = cr.fetchone()[0]
    cr.execute("UPDATE res_partner SET commercial_partner_id = id WHERE id >= %s", [first_customer])
    cr.execute("SELECT max(id) FROM account_move")
    first_move = (cr.fetchone()[0] or 0) + 1
    accounts = env["account.account"].with_company(company)
    values = {
        "customers": customers, "first_customer": first_customer, "first_move": first_move, "invoices": invoices,
        "today": today, "company": company.id, "currency": company.currency_id.id,
        "journal": env["account.journal"].search([("company_id", "=", company.id), ("type", "=", "sale")], limit=1).id,
        "receivable": accounts.search([
            ("company_ids", "in", company.id), ("account_type", "=", "asset_receivable"), ("non_trade", "=", False),
        ], limit=1).id,
        "income": accounts.search([("company_ids", "in", company.id), ("account_type", "=", "income")], limit=1).id,
    }  # fmt: skip
    for statement in (INVOICES, MOVES, LINES):
        cr.execute(statement, values)
    cr.execute("SELECT setval('account_move_id_seq', (SELECT max(id) FROM account_move))")
    cr.execute("DROP TABLE bench")
    cr.execute("SET LOCAL session_replication_role = origin")


def vacuum(cr):
    """Bring the statistics up to date, as PostgreSQL does by itself in the background."""
    connection = cr._cnx
    connection.autocommit = True
    try:
        cr.execute("VACUUM ANALYZE")
    finally:
        connection.autocommit = False
