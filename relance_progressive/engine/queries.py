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


def due_dates(env, items):
    """Return ``(journal item, due date)``."""
    return SQL(
        "SELECT id, COALESCE(date_maturity, date) FROM account_move_line WHERE id = ANY(%s)",
        items,
        to_flush=[env["account.move.line"]._fields[name] for name in ("date", "date_maturity")],
    )


def ready_debts(env, company, day):
    """Return the oldest due date of each reminder that is ready to leave by itself until ``day``."""
    return SQL(
        """
        SELECT COALESCE((SELECT min(line.date_maturity)
                           FROM dunning_reminder_line line
                          WHERE line.reminder_id = reminder.id), reminder.date)
          FROM dunning_reminder reminder
         WHERE reminder.state = 'ready' AND reminder.waiting IS NOT TRUE AND reminder.company_id = %(company)s
           AND reminder.date <= %(day)s
        """,
        company=company.id,
        day=day,
        to_flush=[env["dunning.reminder"]._fields[name] for name in ("company_id", "date", "state", "waiting")],
    )


def settled_accounts(env, company, partners, day):
    """Return the noting of the accounts whose reminded items are all settled, by a payment at least in part.

    Gives ``(account, how much was reminded last of these items)``.

    Each reminder sent counts since the account was last found settled. What a credit note alone settled is not paid.
    """
    return SQL(
        """
        WITH candidate AS (
            SELECT account.id, account.plan_id, account.settled_on
              FROM dunning_account account
             WHERE account.company_id = %(company)s AND account.last_contact_date IS NOT NULL
               AND (account.settled_on IS NULL OR account.settled_on < account.last_contact_date)
               AND (%(partners)s::int[] IS NULL OR account.partner_id = ANY(%(partners)s::int[]))
        ), claimed AS (
            SELECT candidate.id, line.move_line_id, max(line.amount_residual) AS amount
              FROM candidate
              JOIN dunning_reminder reminder ON reminder.account_id = candidate.id
               AND reminder.state = 'sent' AND (candidate.settled_on IS NULL OR reminder.date > candidate.settled_on)
              JOIN dunning_reminder_line line ON line.reminder_id = reminder.id
               AND line.move_line_id IS NOT NULL AND line.upcoming IS NOT TRUE
          GROUP BY candidate.id, line.move_line_id
        ), settled AS (
            SELECT claimed.id, sum(claimed.amount) AS amount
              FROM claimed
              JOIN account_move_line item ON item.id = claimed.move_line_id
          GROUP BY claimed.id
            HAVING bool_and(item.amount_residual <= 0)
               AND bool_or(EXISTS (
                   SELECT FROM account_partial_reconcile part
                     JOIN account_move_line money ON money.id = part.credit_move_id
                    WHERE part.debit_move_id = item.id
                      AND (money.payment_id IS NOT NULL OR money.statement_line_id IS NOT NULL)))
        )
        UPDATE dunning_account account
           SET settled_on = %(day)s, to_thank = COALESCE(plan.thank_you, FALSE)
          FROM settled
          JOIN candidate ON candidate.id = settled.id
     LEFT JOIN dunning_plan plan ON plan.id = candidate.plan_id
         WHERE account.id = settled.id
     RETURNING account.id, settled.amount
        """,
        company=company.id,
        partners=partners,
        day=day,
        to_flush=[
            env[model]._fields[name]
            for model, names in {
                "dunning.account": ("company_id", "last_contact_date", "partner_id", "plan_id", "settled_on"),
                "dunning.plan": ("thank_you",),
                "dunning.reminder": ("account_id", "date", "state"),
                "dunning.reminder.line": ("move_line_id", "reminder_id", "upcoming"),
                "account.move.line": ("amount_residual", "payment_id", "statement_line_id"),
                "account.partial.reconcile": ("credit_move_id", "debit_move_id"),
            }.items()
            for name in names
        ],
    )
