"""SQL of the engine: what it locks, stores and prepares, a batch of accounts at a time."""

from odoo.tools import SQL

from .stored import reasons_as_json


def lock_accounts(ids):
    """Return the accounts of ``ids`` that nobody else works on, locked."""
    return SQL("SELECT id FROM dunning_account WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED", ids)


def account_ids(env, company, partners):
    """Return ``(customer, account)`` of these customers."""
    return SQL(
        "SELECT partner_id, id FROM dunning_account WHERE company_id = %s AND partner_id = ANY(%s)",
        company.id,
        partners,
        to_flush=[env["dunning.account"]._fields[name] for name in ("company_id", "partner_id")],
    )


def store_decisions(env, rows):
    """Return the update of the accounts by ``(account id, fingerprint, Decision)``."""
    decisions = [decision for _account, _fingerprint, decision in rows]
    return SQL(
        """
        UPDATE dunning_account a
           SET fingerprint = d.fingerprint, amount_due = d.due, amount_overdue = d.overdue, amount_covered = d.covered,
               oldest_due_date = d.oldest, level_id = d.level_done, next_level_id = d.next_level, next_date = d.next_date,
               check_date = d.check_date, reason_codes = d.codes, reasons = d.reasons::jsonb
          FROM unnest(%(ids)s::int[], %(fingerprints)s::text[], %(due)s::numeric[], %(overdue)s::numeric[],
                      %(covered)s::numeric[], %(oldest)s::date[], %(level_done)s::int[], %(next_level)s::int[],
                      %(next_date)s::date[], %(check_date)s::date[], %(codes)s::text[], %(reasons)s::text[])
            AS d(id, fingerprint, due, overdue, covered, oldest, level_done, next_level, next_date, check_date, codes, reasons)
         WHERE a.id = d.id
     RETURNING a.id
        """,
        ids=[row[0] for row in rows],
        fingerprints=[row[1] for row in rows],
        due=[d.due for d in decisions],
        overdue=[d.overdue for d in decisions],
        covered=[d.covered for d in decisions],
        oldest=[d.oldest_due for d in decisions],
        level_done=[d.level_done for d in decisions],
        next_level=[d.next_level for d in decisions],
        next_date=[d.next_date for d in decisions],
        check_date=[d.check_date for d in decisions],
        codes=[",".join(reason.code for reason in d.reasons) for d in decisions],
        reasons=[reasons_as_json(d.reasons) for d in decisions],
        to_flush=list(env["dunning.account"]._fields.values()),
    )


def insert_reminders(env, company, day, decisions, first_run):
    """Return the insert of one reminder with its lines per ``{account id: Decision}``.

    An account that has an open reminder keeps it. Gives the level of each reminder inserted.
    """
    lines = [(account, *line) for account, decision in decisions.items() for line in decision.lines]
    return SQL(
        """
        WITH reminder AS (
            INSERT INTO dunning_reminder (id, name, account_id, company_id, partner_id, currency_id, level_id, date, state,
                        draft_reason, amount_total, amount_covered, attempts, create_uid, create_date, write_uid, write_date)
            SELECT n.id, 'REL-' || lpad(n.id::text, 6, '0'), a.id, a.company_id, a.partner_id, %(currency)s, d.level, %(day)s,
                   CASE WHEN %(first_run)s OR d.approval THEN 'draft' ELSE 'ready' END,
                   CASE WHEN %(first_run)s THEN 'first_run' WHEN d.approval THEN 'approval' END,
                   d.amount, d.covered, 0, %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
              FROM unnest(%(accounts)s::int[], %(levels)s::int[], %(approvals)s::bool[], %(amounts)s::numeric[],
                          %(covered)s::numeric[]) AS d(account, level, approval, amount, covered)
              JOIN dunning_account a ON a.id = d.account
        CROSS JOIN LATERAL (SELECT nextval('dunning_reminder_id_seq') AS id WHERE a.id IS NOT NULL) n
       ON CONFLICT DO NOTHING
         RETURNING id, account_id, level_id
        ), line AS (
            INSERT INTO dunning_reminder_line (reminder_id, move_line_id, move_id, move_name, date_maturity, currency_id,
                        amount_residual, amount_currency, level_id, upcoming, create_uid, create_date, write_uid, write_date)
            SELECT reminder.id, l.id, m.id, m.name, COALESCE(l.date_maturity, l.date), l.currency_id, d.amount,
                   round(l.amount_residual_currency * d.amount / l.amount_residual / c.rounding) * c.rounding,
                   d.level, d.upcoming, %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
              FROM unnest(%(line_accounts)s::int[], %(line_items)s::int[], %(line_amounts)s::numeric[],
                          %(line_levels)s::int[], %(line_upcoming)s::bool[]) AS d(account, item, amount, level, upcoming)
              JOIN reminder ON reminder.account_id = d.account
              JOIN account_move_line l ON l.id = d.item
              JOIN account_move m ON m.id = l.move_id
              JOIN res_currency c ON c.id = l.currency_id
        )
        SELECT level_id FROM reminder
        """,
        currency=company.currency_id.id,
        day=day,
        first_run=first_run,
        uid=env.uid,
        accounts=list(decisions),
        levels=[d.level for d in decisions.values()],
        approvals=[d.approval for d in decisions.values()],
        amounts=[sum(line.amount for line in d.lines if not line.upcoming) for d in decisions.values()],
        covered=[d.covered for d in decisions.values()],
        line_accounts=[line[0] for line in lines],
        line_items=[line[1] for line in lines],
        line_amounts=[line[2] for line in lines],
        line_levels=[line[3] for line in lines],
        line_upcoming=[line[4] for line in lines],
    )


def pending_reminders(env, company, partners):
    """Return ``(customer, state)`` of the reminders that are still open."""
    return SQL(
        """
        SELECT partner_id, state
          FROM dunning_reminder
         WHERE state IN ('draft', 'ready', 'failed', 'uncertain')
           AND company_id = %(company)s AND partner_id = ANY(%(partners)s)
        """,
        company=company.id,
        partners=partners,
        to_flush=[env["dunning.reminder"]._fields[name] for name in ("company_id", "partner_id", "state")],
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
