"""SQL of the engine: what it stores and prepares, a batch of accounts at a time.

Rows have no creator and no last writer: nobody made them, and each of these columns is a foreign
key that PostgreSQL checks row by row.
"""

from odoo.tools import SQL

from ..account.account_columns import as_rows
from ..core.plain.arrays import as_array
from .stored import as_json, by_currency, reasons_as_data


def account_ids(env, company, partners):
    """Return ``(customer, account)`` of these customers."""
    return SQL(
        "SELECT partner_id, id FROM dunning_account WHERE company_id = %s AND partner_id = ANY(%s)",
        company.id,
        as_array(partners),
        to_flush=[env["dunning.account"]._fields[name] for name in ("company_id", "partner_id")],
    )


def wait_for(accounts):
    """Return the locking of accounts, which gives ``(account, fingerprint)``.

    It is the first query of its transaction, so that it sees their latest state. It waits for who is at work on one of
    them, and fails if that one has changed it.
    """
    return SQL(
        "SELECT id, fingerprint FROM dunning_account WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
        as_array(accounts),
    )


def note_day(company, name, day):
    """Return the note of a day in the field ``name`` of a company."""
    return SQL(
        "UPDATE res_company SET %s = %s WHERE id = %s RETURNING id",
        SQL.identifier(name),
        day,
        company.id,
        to_flush=[company._fields[name]],
    )


def store_decisions(env, company, rows, figures):
    """Return the storing of ``(customer, plan id, fingerprint, Decision)``; a new customer gets its account.

    The plan is that of a new account; the others keep theirs.

    :param figures: ``{customer id: {column: value}}`` of what else is stored, the same columns for all of the rows
    """
    fields, more = env["dunning.account"]._fields, list(figures.get(rows[0][0], ()))
    return SQL(
        """
        INSERT INTO dunning_account AS a (company_id, user_id, create_date, write_date, partner_id, plan_id,
                    fingerprint, amount_due, amount_overdue, amount_covered, amount_notice, oldest_due_date, level_id,
                    next_level_id, next_date, check_date, reason_codes, reasons %(names)s)
        SELECT %(company)s, %(user)s, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC', d.*
          FROM %(decisions)s AS d
   ON CONFLICT (partner_id, company_id) DO UPDATE
           SET fingerprint = EXCLUDED.fingerprint, amount_due = EXCLUDED.amount_due,
               amount_overdue = EXCLUDED.amount_overdue, amount_covered = EXCLUDED.amount_covered,
               amount_notice = EXCLUDED.amount_notice,
               oldest_due_date = EXCLUDED.oldest_due_date, level_id = EXCLUDED.level_id,
               next_level_id = EXCLUDED.next_level_id, next_date = EXCLUDED.next_date, check_date = EXCLUDED.check_date,
               reason_codes = EXCLUDED.reason_codes, reasons = EXCLUDED.reasons %(excluded)s
        """,
        names=SQL("").join(SQL(", %s", SQL.identifier(name)) for name in more),
        excluded=SQL("").join(SQL(", %s = EXCLUDED.%s", *[SQL.identifier(name)] * 2) for name in more),
        company=company.id,
        user=company._dunning_person().id or None,
        decisions=as_rows(
            [
                (
                    partner, plan, fingerprint, d.due, d.overdue, d.covered, d.under_notice, d.oldest_due,
                    d.level_done, d.next_level, d.next_date, d.check_date,
                    ",".join([reason.code for reason in d.reasons]), as_json(reasons_as_data(d)),
                    *[figures[partner][name] for name in more],
                )
                for partner, plan, fingerprint, d in rows
            ],
            "int", "int", "varchar", "numeric", "numeric", "numeric", "numeric", "date",
            "int", "int", "date", "date",
            "varchar", "jsonb",
            *[fields[name].column_type[1] for name in more],
        ),
        to_flush=list(fields.values()),
    )  # fmt: skip


def insert_reminders(env, company, day, decisions, first_run):
    """Return the insert of one reminder with its lines per ``{customer id: Decision}``.

    An account that has an open reminder keeps it. Gives the level of each reminder inserted.
    """
    return SQL(
        """
        WITH reminder AS (
            INSERT INTO dunning_reminder (id, name, account_id, company_id, partner_id, user_id, level_id, date, state,
                        draft_reason, amount_total, amount_covered, covered_in, amount_notice, notice_in, attempts,
                        create_date, write_date)
            SELECT n.id, 'REL-' || lpad(n.id::text, GREATEST(6, length(n.id::text)), '0'), a.id, a.company_id,
                   a.partner_id, a.user_id, d.level, %(day)s,
                   CASE WHEN %(first_run)s OR d.approval THEN 'draft' ELSE 'ready' END,
                   CASE WHEN %(first_run)s THEN 'first_run' WHEN d.approval THEN 'approval' END,
                   d.amount, d.covered, d.covered_in, d.notice, d.notice_in, 0,
                   now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
              FROM %(reminders)s
                AS d(partner, level, approval, amount, covered, covered_in, notice, notice_in)
              JOIN dunning_account a ON a.partner_id = d.partner AND a.company_id = %(company)s
        CROSS JOIN LATERAL (SELECT nextval('dunning_reminder_id_seq') AS id WHERE a.id IS NOT NULL) n
       ON CONFLICT DO NOTHING
         RETURNING id, partner_id, level_id
        ), line AS (
            INSERT INTO dunning_reminder_line (reminder_id, move_line_id, move_name, date_maturity, currency_id,
                        amount_residual, amount_currency, level_id, upcoming)
            SELECT reminder.id, l.id, %(name)s, COALESCE(l.date_maturity, l.date), l.currency_id, d.amount,
                   COALESCE(d.own, d.amount), d.level, d.upcoming
              FROM %(lines)s AS d(partner, item, amount, level, upcoming, own)
              JOIN reminder ON reminder.partner_id = d.partner
              JOIN account_move_line l ON l.id = d.item
              JOIN account_move m ON m.id = l.move_id
        )
        SELECT level_id FROM reminder
        """,
        company=company.id,
        day=day,
        first_run=first_run,
        name=env["account.move.line"]._dunning_name_sql(),
        reminders=as_rows(
            [
                (
                    partner, d.level, d.approval, sum([line.amount for line in d.lines if not line.upcoming]),
                    d.covered, as_json(by_currency(d.covered_in, company)),
                    d.under_notice, as_json(by_currency(d.notice_in, company)),
                )
                for partner, d in decisions.items()
            ],
            "int", "int", "bool", "numeric",
            "numeric", "jsonb", "numeric", "jsonb",
        ),
        lines=as_rows(
            [(partner, *line) for partner, d in decisions.items() for line in d.lines],
            "int", "int", "numeric", "int", "bool", "numeric",
        ),
    )  # fmt: skip


def pending_reminders(env, company, partners):
    """Return ``(customer, state)`` of the reminders that are still open."""
    return SQL(
        """
        SELECT a.partner_id, r.state
          FROM dunning_account a
          JOIN dunning_reminder r ON r.account_id = a.id
         WHERE r.state IN ('draft', 'ready', 'failed', 'uncertain')
           AND a.company_id = %(company)s AND a.partner_id = ANY(%(partners)s)
        """,
        company=company.id,
        partners=as_array(partners),
        to_flush=[env["dunning.reminder"]._fields[name] for name in ("account_id", "state")],
    )


def count_reasons(env, company):
    """Return how many accounts have each decisive reason."""
    return SQL(
        """
        SELECT split_part(reason_codes, ',', 1), count(*)
          FROM dunning_account
         WHERE company_id = %(company)s AND reason_codes IS NOT NULL
      GROUP BY 1
        """,
        company=company.id,
        to_flush=[env["dunning.account"]._fields[name] for name in ("company_id", "reason_codes")],
    )
