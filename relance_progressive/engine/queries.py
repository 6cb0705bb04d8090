"""SQL of the engine: what it locks, stores and prepares, a batch of accounts at a time."""

from odoo.tools import SQL

from .stored import reasons_as_json


def account_ids(env, company, partners):
    """Return ``(customer, account)`` of these customers."""
    return SQL(
        "SELECT partner_id, id FROM dunning_account WHERE company_id = %s AND partner_id = ANY(%s)",
        company.id,
        partners,
        to_flush=[env["dunning.account"]._fields[name] for name in ("company_id", "partner_id")],
    )


def store_decisions(env, company, rows):
    """Return the storing of ``(customer, plan id, fingerprint, Decision)``; a new customer gets its account.

    The plan is that of a new account; the others keep theirs.
    """
    decisions = [row[3] for row in rows]
    return SQL(
        """
        INSERT INTO dunning_account AS a (company_id, user_id, create_uid, create_date, write_uid, write_date, partner_id,
                    plan_id, fingerprint, amount_due, amount_overdue, amount_covered, oldest_due_date, level_id,
                    next_level_id, next_date, check_date, reason_codes, reasons)
        SELECT %(company)s, %(user)s, %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC', d.*
          FROM unnest(%(partners)s::int[], %(plans)s::int[], %(fingerprints)s::text[], %(due)s::numeric[],
                      %(overdue)s::numeric[], %(covered)s::numeric[], %(oldest)s::date[], %(level_done)s::int[],
                      %(next_level)s::int[], %(next_date)s::date[], %(check_date)s::date[], %(codes)s::text[],
                      %(reasons)s::text[]::jsonb[]) AS d
   ON CONFLICT (partner_id, company_id) DO UPDATE
           SET fingerprint = EXCLUDED.fingerprint, amount_due = EXCLUDED.amount_due,
               amount_overdue = EXCLUDED.amount_overdue, amount_covered = EXCLUDED.amount_covered,
               oldest_due_date = EXCLUDED.oldest_due_date, level_id = EXCLUDED.level_id,
               next_level_id = EXCLUDED.next_level_id, next_date = EXCLUDED.next_date, check_date = EXCLUDED.check_date,
               reason_codes = EXCLUDED.reason_codes, reasons = EXCLUDED.reasons
        """,
        company=company.id,
        user=company.dunning_user_id.id or None,
        uid=env.uid,
        partners=[row[0] for row in rows],
        plans=[row[1] for row in rows],
        fingerprints=[row[2] for row in rows],
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
    """Return the insert of one reminder with its lines per ``{customer id: Decision}``.

    An account that has an open reminder keeps it. Gives the level of each reminder inserted.
    """
    lines = [(partner, *line) for partner, decision in decisions.items() for line in decision.lines]
    return SQL(
        """
        WITH reminder AS (
            INSERT INTO dunning_reminder (id, name, account_id, company_id, partner_id, currency_id, level_id, date, state,
                        draft_reason, amount_total, amount_covered, attempts, create_uid, create_date, write_uid, write_date)
            SELECT n.id, 'REL-' || lpad(n.id::text, 6, '0'), a.id, a.company_id, a.partner_id, %(currency)s, d.level, %(day)s,
                   CASE WHEN %(first_run)s OR d.approval THEN 'draft' ELSE 'ready' END,
                   CASE WHEN %(first_run)s THEN 'first_run' WHEN d.approval THEN 'approval' END,
                   d.amount, d.covered, 0, %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
              FROM unnest(%(partners)s::int[], %(levels)s::int[], %(approvals)s::bool[], %(amounts)s::numeric[],
                          %(covered)s::numeric[]) AS d(partner, level, approval, amount, covered)
              JOIN dunning_account a ON a.partner_id = d.partner AND a.company_id = %(company)s
        CROSS JOIN LATERAL (SELECT nextval('dunning_reminder_id_seq') AS id WHERE a.id IS NOT NULL) n
       ON CONFLICT DO NOTHING
         RETURNING id, partner_id, level_id
        ), line AS (
            INSERT INTO dunning_reminder_line (reminder_id, move_line_id, move_id, move_name, date_maturity, currency_id,
                        amount_residual, amount_currency, level_id, upcoming)
            SELECT reminder.id, l.id, l.move_id, l.move_name, COALESCE(l.date_maturity, l.date), l.currency_id, d.amount,
                   round(l.amount_residual_currency * d.amount / l.amount_residual / c.rounding) * c.rounding,
                   d.level, d.upcoming
              FROM unnest(%(line_partners)s::int[], %(line_items)s::int[], %(line_amounts)s::numeric[],
                          %(line_levels)s::int[], %(line_upcoming)s::bool[]) AS d(partner, item, amount, level, upcoming)
              JOIN reminder ON reminder.partner_id = d.partner
              JOIN account_move_line l ON l.id = d.item
              JOIN res_currency c ON c.id = l.currency_id
        )
        SELECT level_id FROM reminder
        """,
        company=company.id,
        currency=company.currency_id.id,
        day=day,
        first_run=first_run,
        uid=env.uid,
        partners=list(decisions),
        levels=[d.level for d in decisions.values()],
        approvals=[d.approval for d in decisions.values()],
        amounts=[sum(line.amount for line in d.lines if not line.upcoming) for d in decisions.values()],
        covered=[d.covered for d in decisions.values()],
        line_partners=[line[0] for line in lines],
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
