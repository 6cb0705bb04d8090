"""SQL of the pauses."""

from odoo.tools import SQL

from ...core.plain.arrays import as_array


def _flush(env):
    """List the fields that a query reads, so that pending writes reach the database first."""
    names = {
        "dunning.pause": ("account_id", "company_id", "ended_on", "in_odoo", "kind", "line_ids", "scope", "until"),
        "dunning.account": ("partner_id", "protected", "protected_stage"),
        "account.move": ("payment_state", "state"),
        "account.move.line": ("amount_residual", "no_followup", "parent_state", "reconciled"),
    }
    return [env[model]._fields[name] for model, fields in names.items() for name in fields]


def holds(env, company, partners, day):
    """Return ``(customer, item or empty, last day or empty)`` of what is paused on a day.

    What Odoo itself excludes is not told again: the facts of an item have it.
    """
    return SQL(
        """
        SELECT account.partner_id, item.line_id, pause.until
          FROM dunning_pause pause
          JOIN dunning_account account ON account.id = pause.account_id
     LEFT JOIN dunning_pause_item item ON item.pause_id = pause.id AND pause.scope = 'items'
         WHERE pause.company_id = %(company)s AND account.partner_id = ANY(%(partners)s)
           AND pause.ended_on IS NULL AND (pause.until IS NULL OR pause.until >= %(day)s)
           AND pause.kind NOT IN ('flag', 'blocked')
         UNION ALL
        SELECT customer, NULL, pause.until
          FROM dunning_pause pause, unnest(%(partners)s::int[]) AS customer
         WHERE pause.company_id = %(company)s AND pause.scope = 'company'
           AND pause.ended_on IS NULL AND (pause.until IS NULL OR pause.until >= %(day)s)
        """,
        company=company.id,
        partners=as_array(partners),
        day=day,
        to_flush=_flush(env),
    )


def protected_stages(env, company, partners):
    """Return ``(customer, stage)``: up to which stage the reminders of a customer not to lose leave by themselves."""
    return SQL(
        """
        SELECT partner_id, protected_stage
          FROM dunning_account
         WHERE company_id = %(company)s AND partner_id = ANY(%(partners)s) AND protected
        """,
        company=company.id,
        partners=as_array(partners),
        to_flush=_flush(env),
    )


def unknown_exclusions(env, companies, moves=None):
    """Return ``(item, kind)`` of what Odoo excludes and no running exclusion tells.

    Entries of a miscellaneous journal have Odoo's flag from the beginning: nobody set it.

    :param moves: ids of the entries to look at, all that are open if empty
    """
    return SQL(
        """
        WITH flagged AS MATERIALIZED (
            SELECT l.id
              FROM account_move_line l
             WHERE %(open)s AND l.no_followup IS TRUE AND %(of_moves)s
        ), blocked AS MATERIALIZED (
            SELECT id
              FROM account_move
             WHERE state = 'posted' AND payment_state = 'blocked' AND company_id = ANY(%(companies)s)
        ), open_item AS (
            SELECT l.id, 'flag' AS kind, l.account_id
              FROM flagged
              JOIN account_move_line l ON l.id = flagged.id
              JOIN account_journal j ON j.id = l.journal_id AND j.type <> 'general'
             UNION ALL
            SELECT l.id, 'blocked', l.account_id
              FROM blocked
              JOIN account_move_line l ON l.move_id = blocked.id AND %(open)s AND %(of_moves)s
        ), told AS (
            SELECT item.line_id, pause.kind
              FROM dunning_pause pause
              JOIN dunning_pause_item item ON item.pause_id = pause.id
             WHERE pause.ended_on IS NULL AND pause.until IS NULL
        )
        SELECT open_item.id, open_item.kind
          FROM open_item
          JOIN account_account a ON a.id = open_item.account_id
         WHERE a.account_type = 'asset_receivable' AND a.non_trade IS NOT TRUE
           AND NOT EXISTS (SELECT FROM told
                            WHERE told.line_id = open_item.id
                              AND (told.kind = 'blocked') = (open_item.kind = 'blocked'))
      ORDER BY 1
        """,
        open=SQL(
            """l.parent_state = 'posted' AND l.reconciled IS NOT TRUE AND l.amount_residual <> 0
               AND l.amount_residual > 0 AND l.partner_id IS NOT NULL AND l.company_id = ANY(%s)""",
            companies,
        ),
        companies=companies,
        of_moves=SQL("l.move_id = ANY(%s)", list(moves)) if moves is not None else SQL("TRUE"),
        to_flush=_flush(env),
    )


def lifted_exclusions(env, companies, moves=None):
    """Return the ids of the running exclusions that Odoo's own flag told and does not tell any more.

    :param moves: ids of the entries to look at, all of them if empty
    """
    return SQL(
        """
        SELECT pause.id
          FROM dunning_pause pause
         WHERE pause.ended_on IS NULL AND pause.in_odoo AND pause.company_id = ANY(%(companies)s)
           AND NOT EXISTS (
               SELECT FROM dunning_pause_item item
                 JOIN account_move_line l ON l.id = item.line_id
                 JOIN account_move m ON m.id = l.move_id
                WHERE item.pause_id = pause.id
                  AND CASE WHEN pause.kind = 'blocked' THEN m.payment_state = 'blocked' ELSE l.no_followup IS TRUE END)
           AND %(of_moves)s
        """,
        companies=companies,
        of_moves=SQL(
            """EXISTS (SELECT FROM dunning_pause_item item JOIN account_move_line l ON l.id = item.line_id
                        WHERE item.pause_id = pause.id AND l.move_id = ANY(%s))""", list(moves)
        ) if moves is not None else SQL("TRUE"),
        to_flush=_flush(env),
    )  # fmt: skip
