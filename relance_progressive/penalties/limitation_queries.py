"""SQL of the limitation of claims."""

import json

from odoo.tools import SQL

# Journals through which a customer pays; what else settles an item (a credit note, an exchange difference, a
# write-off) acknowledges nothing.
MONEY = ("bank", "cash", "credit")


def _flush(env):
    """List the fields that a query reads, so that pending writes reach the database first."""
    names = {
        "account.journal": ("type",),
        "account.move": ("delivery_date", "invoice_date"),
        "account.move.line": (
            "account_id", "amount_residual", "company_id", "date", "date_maturity", "journal_id", "move_id",
            "parent_state", "partner_id", "payment_id", "reconciled",
        ),
        "account.partial.reconcile": ("credit_move_id", "debit_move_id"),
        "dunning.account": (
            "company_id", "limitation_date", "limitation_expired", "limitation_told", "limitation_warning",
            "partner_id",
        ),
        "dunning.decision": ("item_ids", "state"),
        "dunning.interruption": ("day", "item_ids", "kind", "struck", "until", "void"),
        "res.partner": ("commercial_partner_id", "country_id", "dunning_status"),
    }  # fmt: skip
    return [env[model]._fields[name] for model, fields in names.items() for name in fields]


def facts(env, items):
    """Return ``(item, due, invoiced, delivered, status, country id)`` of journal items.

    The delivery date of an invoice is Odoo's own; where sales and stock are installed they fill it in.
    """
    return SQL(
        """
        SELECT l.id, COALESCE(l.date_maturity, l.date), m.invoice_date, m.delivery_date, c.dunning_status, c.country_id
          FROM account_move_line l
          JOIN account_move m ON m.id = l.move_id
     LEFT JOIN res_partner p ON p.id = l.partner_id
     LEFT JOIN res_partner c ON c.id = p.commercial_partner_id
         WHERE l.id = ANY(%(items)s)
        """,
        items=list(items),
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


def near_accounts(env, company, accounts, companies, rules, day, horizon, earliest, partners=None):
    """Return what lapses until ``horizon``, one row for each account concerned.

    Columns: account, next day on which a claim without any event lapses, amount of those that have lapsed, items
    with an event: their day is for :mod:`..core.limitation` to say. Since events only make a day later, what is
    farther away without them is farther with them. Claims that a person gave up are left out.

    :param rules: ``[{"country": id or 0, "status": text, "years": n, "next_year": bool}]``
    :param earliest: nothing that began after this day lapses until ``horizon``, even in the shortest period
    :param partners: only those customers (ids), all of them if empty
    """
    return SQL(
        """
        WITH started AS (
            SELECT l.id, l.partner_id, l.amount_residual,
                   LEAST(COALESCE(l.date_maturity, l.date), m.invoice_date, m.delivery_date) AS start
              FROM account_move_line l
              JOIN account_move m ON m.id = l.move_id
             WHERE l.parent_state = 'posted' AND l.reconciled IS NOT TRUE AND l.amount_residual > 0
               AND l.partner_id IS NOT NULL AND l.payment_id IS NULL
               AND l.company_id = ANY(%(companies)s) AND l.account_id = ANY(%(accounts)s)
               AND LEAST(COALESCE(l.date_maturity, l.date), m.invoice_date, m.delivery_date) <= %(earliest)s
               AND (%(partners)s::int[] IS NULL OR l.partner_id = ANY(%(partners)s))
        ), lapsing AS (
            SELECT started.id, started.amount_residual, c.id AS customer,
                   CASE WHEN rule.next_year THEN make_date(EXTRACT(YEAR FROM start)::int + 1 + rule.years, 1, 1) - 1
                        ELSE (start + make_interval(years => rule.years))::date END AS last_day
              FROM started
              JOIN res_partner p ON p.id = started.partner_id
              JOIN res_partner c ON c.id = p.commercial_partner_id
              JOIN json_to_recordset(%(rules)s::json) AS rule(country int, status text, years int, next_year bool)
                ON rule.country = COALESCE(c.country_id, 0) AND rule.status = COALESCE(c.dunning_status, '')
        ), known AS (
            SELECT lapsing.*,
                   EXISTS (SELECT FROM dunning_interruption_item item
                             JOIN dunning_interruption event ON event.id = item.interruption_id
                            WHERE item.line_id = lapsing.id AND event.struck IS NOT TRUE)
                   OR EXISTS (SELECT FROM account_partial_reconcile partial
                                JOIN account_move_line credit ON credit.id = partial.credit_move_id
                                JOIN account_journal journal
                                  ON journal.id = credit.journal_id AND journal.type = ANY(%(money)s)
                               WHERE partial.debit_move_id = lapsing.id) AS has_events
              FROM lapsing
             WHERE last_day <= %(horizon)s
               AND NOT EXISTS (SELECT FROM dunning_decision_item item
                                 JOIN dunning_decision decision ON decision.id = item.decision_id
                                WHERE item.line_id = lapsing.id AND decision.state = 'given_up')
        )
        SELECT account.id,
               MIN(last_day) FILTER (WHERE NOT has_events AND last_day >= %(day)s),
               COALESCE(SUM(amount_residual) FILTER (WHERE NOT has_events AND last_day < %(day)s), 0)::text,
               array_agg(known.id) FILTER (WHERE has_events)
          FROM known
          JOIN dunning_account account ON account.partner_id = known.customer AND account.company_id = %(company)s
         GROUP BY account.id
        """,
        company=company.id,
        accounts=accounts,
        companies=companies,
        rules=json.dumps(rules),
        day=day,
        horizon=horizon,
        earliest=earliest,
        partners=list(partners) if partners is not None else None,
        money=list(MONEY),
        to_flush=_flush(env),
    )


def store_accounts(env, company, rows, months, partners=None):
    """Return the update of the accounts of a company; those without a row have nothing that lapses soon.

    Gives the accounts that changed.

    :param rows: ``[{"id": account, "day": date or None, "expired": amount}]``
    :param months: ``[(last day of the warning, its code)]``, the most urgent first
    """
    return SQL(
        """
        UPDATE dunning_account account
           SET limitation_date = new.day, limitation_warning = new.warning, limitation_expired = new.expired
          FROM (SELECT own.id, found.day, COALESCE(found.expired, 0) AS expired,
                       (SELECT code FROM json_to_recordset(%(months)s::json) AS month(until date, code text)
                         WHERE found.day <= month.until ORDER BY month.until LIMIT 1) AS warning
                  FROM dunning_account own
             LEFT JOIN json_to_recordset(%(rows)s::json) AS found(id int, day date, expired numeric)
                    ON found.id = own.id
                 WHERE own.company_id = %(company)s
                   AND (%(partners)s::int[] IS NULL OR own.partner_id = ANY(%(partners)s))
                   AND (found.id IS NOT NULL OR own.limitation_date IS NOT NULL OR own.limitation_expired <> 0)) new
         WHERE account.id = new.id
           AND (account.limitation_date, account.limitation_warning, COALESCE(account.limitation_expired, 0))
               IS DISTINCT FROM (new.day, new.warning, new.expired)
     RETURNING account.id
        """,
        company=company.id,
        rows=json.dumps(rows, default=str),
        months=json.dumps([{"until": until, "code": code} for until, code in months], default=str),
        partners=list(partners) if partners is not None else None,
        to_flush=_flush(env),
    )


def store_told(env, accounts):
    """Return the note of what the persons in charge are told; gives ``(account, what)`` where it is new."""
    return SQL(
        """
        UPDATE dunning_account account
           SET limitation_told = own.told
          FROM (SELECT id, limitation_date || ' ' || limitation_warning AS told
                  FROM dunning_account WHERE id = ANY(%(accounts)s)) own
         WHERE account.id = own.id AND account.limitation_told IS DISTINCT FROM own.told
     RETURNING account.id, account.limitation_told
        """,
        accounts=list(accounts),
        to_flush=_flush(env),
    )
