"""SQL of the decisions after formal notices."""

from odoo.tools import SQL

from ...core.plain.arrays import as_array

LIFE_FIELDS = ("channel", "notice_on", "pay_until", "reminder_id", "state")  # of the deliveries that :func:`life` reads


def _flush(env):
    """List the fields that a query reads, so that pending writes reach the database first."""
    names = {
        "account.move.line": ("amount_residual", "date", "date_maturity", "parent_state", "reconciled"),
        "dunning.account": ("company_id", "partner_id"),
        "dunning.decision": ("account_id", "asked_on", "company_id", "item_ids", "pay_until", "state", "until"),
        "dunning.delivery": ("channel", "notice_on", "pay_until", "reminder_id", "state"),
        "dunning.level": ("stage",),
        "dunning.reminder": ("company_id", "date", "level_id", "partner_id", "state"),
        "dunning.reminder.line": ("date_maturity", "move_line_id", "reminder_id", "upcoming"),
    }
    return [env[model]._fields[name] for model, fields in names.items() for name in fields]


def undecided_notices(env, company, day, customers=None):
    """Return ``(item, reminder, customer, day it left, on its way, last day to pay or empty, end of a delay)``.

    An open item is told with its last formal notice only, unless something was decided about it after that very
    notice and still stands, or its due date was put off since. As long as a registered letter is on its way its time
    has not begun. The last day is empty where no registered letter gives one: the day that the message named counts. A
    delay that a person gave and that is over is told by its end.

    :param customers: only those of these customers (ids), of all of them if empty
    """
    return SQL(
        """
        WITH notice AS (
            SELECT DISTINCT ON (line.move_line_id) line.move_line_id AS item, reminder.id, reminder.partner_id,
                   reminder.date
              FROM dunning_reminder reminder
              JOIN dunning_level level ON level.id = reminder.level_id AND level.stage = 'formal_notice'
              JOIN dunning_reminder_line line ON line.reminder_id = reminder.id AND line.upcoming IS NOT TRUE
              JOIN account_move_line item ON item.id = line.move_line_id
             WHERE reminder.company_id = %(company)s AND reminder.state = 'sent' AND item.amount_residual > 0
               AND (%(customers)s::int[] IS NULL OR reminder.partner_id = ANY(%(customers)s))
               AND item.reconciled IS NOT TRUE AND item.parent_state = 'posted'
               AND COALESCE(item.date_maturity, item.date) <= COALESCE(line.date_maturity, 'infinity')
          ORDER BY line.move_line_id, reminder.date DESC, reminder.id DESC
        ), life AS (
            SELECT delivery.reminder_id, MIN(delivery.notice_on) AS notice_on, MIN(delivery.pay_until) AS pay_until,
                   bool_or(delivery.notice_on IS NULL
                           AND delivery.state IN ('ready', 'sent', 'uncertain')) AS on_its_way
              FROM dunning_delivery delivery
             WHERE delivery.channel IN ('registered', 'lre')
               AND delivery.reminder_id IN (SELECT id FROM notice)
             GROUP BY delivery.reminder_id
        )
        SELECT notice.item, notice.id, notice.partner_id, notice.date,
               life.pay_until IS NULL AND life.notice_on IS NULL AND life.on_its_way IS TRUE, life.pay_until,
               (SELECT MAX(decision.until) FROM dunning_decision_item given
                  JOIN dunning_decision decision ON decision.id = given.decision_id
                 WHERE given.line_id = notice.item AND decision.reminder_id = notice.id AND decision.state = 'delay')
          FROM notice
     LEFT JOIN life ON life.reminder_id = notice.id
         WHERE NOT EXISTS (
               SELECT FROM dunning_decision_item decided
                 JOIN dunning_decision decision ON decision.id = decided.decision_id
                WHERE decided.line_id = notice.item AND decision.reminder_id = notice.id
                  AND (decision.state IN ('open', 'case', 'given_up')
                       OR decision.state = 'delay' AND decision.until >= %(day)s))
         ORDER BY notice.id, notice.item
        """,
        customers=None if customers is None else as_array(customers),
        company=company.id,
        day=day,
        to_flush=_flush(env),
    )


def holds(env, company, partners, day):
    """Return ``(customer, item, state, end of a delay or empty, last day to pay)`` of what decisions hold."""
    return SQL(
        """
        SELECT account.partner_id, item.line_id, decision.state,
               CASE WHEN decision.state = 'delay' THEN decision.until END, decision.pay_until
          FROM dunning_decision decision
          JOIN dunning_account account ON account.id = decision.account_id
          JOIN dunning_decision_item item ON item.decision_id = decision.id
         WHERE decision.company_id = %(company)s AND account.partner_id = ANY(%(partners)s)
           AND (decision.state IN ('open', 'case') OR decision.state = 'delay' AND decision.until >= %(day)s)
        """,
        company=company.id,
        partners=as_array(partners),
        day=day,
        to_flush=_flush(env),
    )


def mark_accounts(env, account_ids):
    """Return the update of the day since which accounts wait for a decision; gives those that changed."""
    return SQL(
        """
        UPDATE dunning_account account
           SET decision_since = waiting.since
          FROM (SELECT account.id, MIN(decision.asked_on) AS since
                  FROM dunning_account account
             LEFT JOIN dunning_decision decision
                    ON decision.account_id = account.id AND decision.state = 'open'
                 WHERE account.id = ANY(%(accounts)s)
              GROUP BY account.id) waiting
         WHERE account.id = waiting.id AND account.decision_since IS DISTINCT FROM waiting.since
     RETURNING account.id
        """,
        accounts=list(account_ids),
        to_flush=_flush(env),
    )


def life(reminder):
    """Return the SQL of ``(pay_until, on_its_way)``: what became of the registered letter of a reminder.

    The last day to pay that its receipt began, and whether it is on its way: no day is known yet.

    :param reminder: the SQL of the reminder's id
    """
    return SQL(
        """SELECT MIN(delivery.pay_until) AS pay_until,
                  MIN(delivery.notice_on) IS NULL
                  AND bool_or(delivery.state IN ('ready', 'sent', 'uncertain')) IS TRUE AS on_its_way
             FROM dunning_delivery delivery
            WHERE delivery.reminder_id = %(reminder)s AND delivery.channel IN ('registered', 'lre')""",
        reminder=reminder,
    )


def effective_notices(env, items):
    """Return ``(item, day on which its first formal notice took effect)``.

    A notice claims all the items that it lists as late, whatever level each of them had reached.
    """
    names = {
        "dunning.reminder.line": ("move_line_id", "reminder_id", "upcoming"),
        "dunning.reminder": ("level_id",),
        "dunning.level": ("stage",),
        "dunning.delivery": ("notice_on", "reminder_id"),
    }
    return SQL(
        """
        SELECT line.move_line_id, MIN(delivery.notice_on)
          FROM dunning_reminder_line line
          JOIN dunning_reminder reminder ON reminder.id = line.reminder_id
          JOIN dunning_level level ON level.id = reminder.level_id AND level.stage = 'formal_notice'
          JOIN dunning_delivery delivery ON delivery.reminder_id = reminder.id AND delivery.notice_on IS NOT NULL
         WHERE line.move_line_id = ANY(%(items)s::int[]) AND line.upcoming IS NOT TRUE
         GROUP BY line.move_line_id
        """,
        items=as_array(items),
        to_flush=[env[model]._fields[name] for model, fields in names.items() for name in fields],
    )
