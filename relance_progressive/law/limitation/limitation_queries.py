"""SQL of the limitation of claims."""

from odoo.tools import SQL

from ...core.plain.arrays import as_array

# Journals through which a customer pays; what else settles an item (a credit note, an exchange difference, a
# write-off) acknowledges nothing.
MONEY = ("bank", "cash", "credit")


def _flush(env):
    """List the fields that a query reads, so that pending writes reach the database first."""
    names = {
        "account.journal": ("type",),
        "account.move": (
            "delivery_date", "dunning_limitation_kind", "dunning_limitation_months", "dunning_limitation_text",
            "invoice_date",
        ),
        "account.move.line": (
            "account_id", "amount_residual", "balance", "company_id", "date", "date_maturity", "journal_id", "move_id",
            "parent_state", "partner_id", "payment_id", "reconciled",
        ),
        "account.partial.reconcile": ("credit_move_id", "debit_move_id"),
        "dunning.account": (
            "company_id", "dunning_limitation_kind", "dunning_limitation_months", "dunning_limitation_text",
            "limitation_check", "limitation_date", "limitation_expired", "limitation_told", "limitation_unknown",
            "limitation_warning", "partner_id",
        ),
        "dunning.decision": ("item_ids", "state"),
        "dunning.interruption": ("day", "item_ids", "kind", "struck", "until", "void"),
        "res.partner": ("commercial_partner_id", "country_id", "dunning_law_id", "dunning_status"),
    }  # fmt: skip
    return [env[model]._fields[name] for model, fields in names.items() for name in fields]


def _law(env, company):
    """Return the column of the law that was chosen for a customer ``c`` of a company."""
    partners = env["res.partner"].with_company(company)
    return partners._fields["dunning_law_id"].to_sql(partners, "c")


def facts(env, company, items):
    """Return ``(item, due, invoiced, delivered, status, country, law, entered, entered)`` of journal items.

    The last two are ``[kind, months, text]`` of the invoice and of the account. The delivery date of an invoice is
    Odoo's own; where sales and stock are installed they fill it in.
    """
    return SQL(
        """
        SELECT l.id, COALESCE(l.date_maturity, l.date), m.invoice_date, m.delivery_date, c.dunning_status, c.country_id,
               %(law)s,
               json_build_array(m.dunning_limitation_kind, m.dunning_limitation_months, m.dunning_limitation_text),
               json_build_array(
                   account.dunning_limitation_kind, account.dunning_limitation_months, account.dunning_limitation_text)
          FROM account_move_line l
          JOIN account_move m ON m.id = l.move_id
     LEFT JOIN res_partner p ON p.id = l.partner_id
     LEFT JOIN res_partner c ON c.id = p.commercial_partner_id
     LEFT JOIN dunning_account account ON account.partner_id = c.id AND account.company_id = %(company)s
         WHERE l.id = ANY(%(items)s)
        """,
        law=_law(env, company),
        company=company.id,
        items=list(items),
        to_flush=_flush(env),
    )


def customers(env, company, partners):
    """Return ``(country, status, law, kind, months, text, day to look again, customer ids)`` of commercial partners."""
    return SQL(
        """
        SELECT c.country_id, c.dunning_status, %(law)s, account.dunning_limitation_kind,
               account.dunning_limitation_months, account.dunning_limitation_text, account.limitation_check,
               array_agg(c.id)
          FROM res_partner c
     LEFT JOIN dunning_account account ON account.partner_id = c.id AND account.company_id = %(company)s
         WHERE c.id = ANY(%(partners)s)
         GROUP BY 1, 2, 3, 4, 5, 6, 7
        """,
        law=_law(env, company),
        company=company.id,
        partners=as_array(partners),
        to_flush=_flush(env),
    )


def events(env, items):
    """Return ``(item, kind, day, end or empty, void)`` of what interrupts or suspends, part payments included."""
    return SQL(
        """
        SELECT item.line_id, event.kind, event.day, event.until, event.void IS TRUE
          FROM dunning_interruption_item item
          JOIN dunning_interruption event ON event.id = item.interruption_id AND event.struck IS NOT TRUE
         WHERE item.line_id = ANY(%(items)s)
         UNION ALL
        SELECT partial.debit_move_id, 'part_payment', credit.date, NULL, FALSE
          FROM account_partial_reconcile partial
          JOIN account_move_line credit ON credit.id = partial.credit_move_id
          JOIN account_journal journal ON journal.id = credit.journal_id AND journal.type = ANY(%(money)s)
         WHERE partial.debit_move_id = ANY(%(items)s)
        """,
        items=list(items),
        money=list(MONEY),
        to_flush=_flush(env),
    )


def lapsing_claims(env, accounts, companies, periods, day, horizon):
    """Return when the open claims of customers lapse, one row for each customer that has some.

    Columns: customer; next day until ``horizon`` on which a claim without any event lapses; amount of those that have
    lapsed; items with an event that would have lapsed until ``horizon`` without it, or whose invoice has a period of
    its own, and what is open of them: their day is for :mod:`...core.law.limitation` to say; next day after ``horizon``
    on which a claim would lapse without any event; whether there are claims of which no rule is known. Since events
    only make a day later, what is farther away without them is farther with them; and a claim that began later never
    lapses earlier: where the oldest is farther away than that, so are all. Claims that a person gave up are left out.
    The predicates on ``account_move_line`` repeat those of ``_dunning_open_idx``.

    :param periods: ``[(commercial partner id, months or None if no rule is known, whether they count from 1 January)]``
    """
    return SQL(
        """
        WITH customer AS (
            SELECT asked.id AS customer, contact.id AS contact, asked.months, asked.next_year
              FROM unnest(%(partners)s::int[], %(months)s::int[], %(next_year)s::bool[])
                   AS asked(id, months, next_year)
              JOIN res_partner contact ON contact.commercial_partner_id = asked.id
        ), claim AS MATERIALIZED (
            SELECT customer.*, l.id, l.amount_residual, l.amount_residual <> l.balance AS lowered,
                   m.dunning_limitation_kind IS NOT NULL AS own,
                   LEAST(COALESCE(l.date_maturity, l.date), m.invoice_date, m.delivery_date) AS start
              FROM customer
              JOIN account_move_line l
                ON l.partner_id = customer.contact AND l.parent_state = 'posted' AND l.reconciled IS NOT TRUE
               AND l.amount_residual <> 0 AND l.partner_id IS NOT NULL
               AND l.company_id = ANY(%(companies)s) AND l.account_id = ANY(%(accounts)s)
              JOIN account_move m ON m.id = l.move_id
             WHERE l.amount_residual > 0 AND l.payment_id IS NULL
               AND NOT EXISTS (SELECT FROM dunning_decision_item item
                                 JOIN dunning_decision decision ON decision.id = item.decision_id
                                WHERE item.line_id = l.id AND decision.state = 'given_up')
        ), earliest AS (
            SELECT customer, %(last_day)s AS last_day, months IS NULL AS unknown, own
              FROM (SELECT customer, months, next_year, MIN(start) AS start, bool_or(own) AS own
                      FROM claim GROUP BY customer, months, next_year) first
        ), near AS (
            SELECT claim.*, %(last_day)s AS last_day
              FROM claim
             WHERE customer IN (SELECT customer FROM earliest WHERE own OR last_day <= %(horizon)s)
        )
        SELECT customer, NULL::date, '0', NULL::int[], NULL::text[], last_day, unknown
          FROM earliest
         WHERE NOT own AND (unknown OR last_day > %(horizon)s)
         UNION ALL
        SELECT customer,
               MIN(last_day) FILTER (WHERE event.found IS NULL AND last_day >= %(day)s AND last_day <= %(horizon)s),
               COALESCE(SUM(amount_residual) FILTER (WHERE event.found IS NULL AND last_day < %(day)s), 0)::text,
               array_agg(near.id) FILTER (WHERE event.found),
               array_agg(amount_residual::text) FILTER (WHERE event.found),
               MIN(last_day) FILTER (WHERE last_day > %(horizon)s AND NOT own),
               COALESCE(bool_or(last_day IS NULL AND NOT own), FALSE)
          FROM near
     LEFT JOIN LATERAL (
               (SELECT TRUE AS found WHERE near.own)
                 UNION ALL
               (SELECT TRUE
                  FROM dunning_interruption_item item
                  JOIN dunning_interruption event ON event.id = item.interruption_id AND event.struck IS NOT TRUE
                 WHERE item.line_id = near.id AND near.last_day <= %(horizon)s
                 LIMIT 1)
                 UNION ALL
               (SELECT TRUE
                  FROM account_partial_reconcile partial
                  JOIN account_move_line credit ON credit.id = partial.credit_move_id
                  JOIN account_journal journal ON journal.id = credit.journal_id AND journal.type = ANY(%(money)s)
                 WHERE partial.debit_move_id = near.id AND near.lowered AND near.last_day <= %(horizon)s
                 LIMIT 1)
                 LIMIT 1) event ON TRUE
         GROUP BY customer
        """,
        accounts=accounts,
        companies=companies,
        partners=as_array(partner for partner, _months, _next_year in periods),
        months=as_array("NULL" if months is None else months for _partner, months, _next_year in periods),
        next_year=as_array(next_year for _partner, _months, next_year in periods),
        last_day=SQL(
            """CASE WHEN next_year THEN (make_date(EXTRACT(YEAR FROM start)::int + 1, 1, 1)
                                         + make_interval(months => months))::date - 1
                    ELSE (start + make_interval(months => months))::date END"""
        ),
        day=day,
        horizon=horizon,
        money=list(MONEY),
        to_flush=_flush(env),
    )


def due_accounts(env, company, day):
    """Return the customers for whom something changes by itself until ``day``."""
    return SQL(
        "SELECT partner_id FROM dunning_account WHERE company_id = %s AND limitation_check <= %s ORDER BY partner_id",
        company.id,
        day,
        to_flush=_flush(env),
    )


def look_again(env, companies, day):
    """Return the marking of all the accounts of some companies, for the night of ``day``."""
    return SQL(
        "UPDATE dunning_account SET limitation_check = %s WHERE company_id = ANY(%s) RETURNING id",
        day,
        list(companies),
        to_flush=_flush(env),
    )


def store_told(env, company, partners):
    """Return the note of what the persons in charge are told; gives ``(account, what)`` where it is new."""
    return SQL(
        """
        UPDATE dunning_account account
           SET limitation_told = own.told
          FROM (SELECT id, limitation_date || ' ' || limitation_warning AS told
                  FROM dunning_account
                 WHERE company_id = %(company)s AND partner_id = ANY(%(partners)s)) own
         WHERE account.id = own.id AND account.limitation_told IS DISTINCT FROM own.told
     RETURNING account.id, account.limitation_told
        """,
        company=company.id,
        partners=as_array(partners),
        to_flush=_flush(env),
    )
