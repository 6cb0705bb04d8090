"""SQL of the news: each is taken by one process only."""

from odoo.tools import SQL


def take_news(env):
    """Return the taking of all news that nobody has been told, each by one process only."""
    return SQL(
        """
        WITH taken AS (
            DELETE FROM dunning_notice
             WHERE id IN (SELECT id FROM dunning_notice FOR UPDATE SKIP LOCKED)
         RETURNING id, account_id, reminder_id, kind, amount, words
        )
        SELECT taken.account_id, taken.kind, taken.amount, taken.words, reminder.name
          FROM taken
     LEFT JOIN dunning_reminder reminder ON reminder.id = taken.reminder_id
      ORDER BY taken.amount DESC NULLS LAST, taken.id
        """,
        to_flush=list(env["dunning.notice"]._fields.values()),
    )


def take_thanks(env, company, limit):
    """Return the taking of accounts to thank, each by one process only, with the last reminder it received.

    Those that owe something again, or are about to be reminded, are let go without a word.
    """
    return SQL(
        """
        WITH taken AS (
            UPDATE dunning_account account
               SET to_thank = FALSE, thanked_at = now() AT TIME ZONE 'UTC'
             WHERE account.id IN (SELECT id FROM dunning_account
                                   WHERE to_thank AND company_id = %(company)s
                                ORDER BY id LIMIT %(limit)s FOR NO KEY UPDATE SKIP LOCKED)
         RETURNING account.id, account.amount_overdue
        )
        SELECT taken.id, last.id
          FROM taken
          JOIN LATERAL (SELECT id FROM dunning_reminder
                         WHERE account_id = taken.id AND state = 'sent'
                      ORDER BY date DESC, id DESC LIMIT 1) last ON TRUE
         WHERE COALESCE(taken.amount_overdue, 0) <= 0
           AND NOT EXISTS (SELECT FROM dunning_reminder waiting
                            WHERE waiting.account_id = taken.id AND waiting.state IN ('draft', 'ready', 'uncertain'))
        """,
        company=company.id,
        limit=limit,
        to_flush=[env["dunning.account"]._fields[name] for name in ("amount_overdue", "company_id", "to_thank")],
    )
