"""SQL of the first reminder, which is free, and of the waiting time before costs."""

from odoo.tools import SQL

from ...core.law.costs import BY_EMAIL, BY_POST
from ...core.plain.arrays import as_array

IN_WRITING = (*BY_EMAIL, *BY_POST)
READ = {
    "dunning.delivery": ("channel", "date_done", "reminder_id", "state"),
    "dunning.level": ("penalties", "stage"),
    "dunning.reminder": ("account_id", "level_id", "state"),
    "dunning.reminder.line": ("amount_currency", "amount_residual", "move_line_id", "reminder_id", "upcoming"),
    "res.partner": ("commercial_partner_id", "country_id", "dunning_law_id", "dunning_status"),
}


def _flush(env, names):
    return [env[model]._fields[name] for model, fields in (READ | names).items() for name in fields]


def _reminders_in_writing(item, status):
    """Return the tables (``line``, ``reminder``, ``delivery``) and condition of the reminders of an item that count.

    One that claims something is not free; between professionals any reminder counts.

    :param item, status: the SQL of the item's id and of the kind of customer
    """
    return SQL(
        """dunning_reminder_line line
           JOIN dunning_reminder reminder ON reminder.id = line.reminder_id AND reminder.state = 'sent'
           JOIN dunning_level level ON level.id = reminder.level_id AND level.stage <> 'pre_due'
           JOIN dunning_delivery delivery ON delivery.reminder_id = reminder.id
            AND delivery.channel = ANY(%(channels)s) AND delivery.date_done IS NOT NULL
            AND delivery.state IN ('sent', 'delivered', 'opened', 'answered', 'refused', 'unclaimed')
          WHERE line.move_line_id = %(item)s AND line.upcoming IS NOT TRUE
            AND (level.penalties <> 'claim' OR %(status)s NOT IN ('consumer', 'non_professional'))""",
        channels=list(IN_WRITING),
        item=item,
        status=status,
    )


def first_reminders(env, items):
    """Return ``(item, reminder, day, channel, claim)`` of the first reminder in writing of items that had one.

    The claim is what that reminder claimed in all, in the currency of the item.
    """
    return SQL(
        """
        SELECT item.id, first.id, first.date_done, first.channel,
               (first.worth * (SELECT SUM(other.amount_residual) FROM dunning_reminder_line other
                                WHERE other.reminder_id = first.id AND other.upcoming IS NOT TRUE))::text
          FROM account_move_line item
          JOIN res_partner contact ON contact.id = item.partner_id
          JOIN res_partner customer ON customer.id = contact.commercial_partner_id
    CROSS JOIN LATERAL (SELECT reminder.id, delivery.date_done, delivery.channel,
                               COALESCE(line.amount_currency / NULLIF(line.amount_residual, 0), 1) AS worth
                          FROM %(reminders)s
                         ORDER BY delivery.date_done, delivery.id LIMIT 1) first
         WHERE item.id = ANY(%(items)s::int[])
        """,
        reminders=_reminders_in_writing(SQL("item.id"), SQL("customer.dunning_status")),
        items=as_array(items),
        to_flush=_flush(env, {"account.move.line": ("partner_id",)}),
    )


def free_reminders(env, company, partners, countries, at_home):
    """Return the open items of consumers whose law may be that of some countries, with their first reminder.

    Columns: customer, item, due date, level done, plan, day and channel of that reminder.

    :param at_home: whether the law of the company is one of them
    """
    names = {
        "account.move.line": (
            "account_id", "amount_residual", "date", "date_maturity", "dunning_level_id", "parent_state", "partner_id",
            "reconciled",
        ),
        "dunning.account": ("company_id", "partner_id", "plan_id"),
        "res.country": ("code",),
    }  # fmt: skip
    return SQL(
        """
        SELECT account.partner_id, item.id, COALESCE(item.date_maturity, item.date), item.dunning_level_id,
               account.plan_id, first.date_done, first.channel
          FROM dunning_account account
          JOIN res_partner customer ON customer.id = account.partner_id
           AND customer.dunning_status IN ('consumer', 'non_professional')
     LEFT JOIN res_country country ON country.id = customer.country_id
          JOIN res_partner contact ON contact.commercial_partner_id = customer.id
          JOIN account_move_line item ON item.partner_id = contact.id AND item.parent_state = 'posted'
           AND item.reconciled IS NOT TRUE AND item.amount_residual > 0
          JOIN account_account trade ON trade.id = item.account_id AND trade.account_type = 'asset_receivable'
     LEFT JOIN LATERAL (SELECT delivery.date_done, delivery.channel FROM %(reminders)s
                         ORDER BY delivery.date_done, delivery.id LIMIT 1) first ON TRUE
         WHERE account.company_id = %(company)s AND account.partner_id = ANY(%(partners)s)
           AND (%(at_home)s OR country.code = ANY(%(countries)s) OR customer.dunning_law_id IS NOT NULL)
        """,
        reminders=_reminders_in_writing(SQL("item.id"), SQL("customer.dunning_status")),
        company=company.id,
        partners=as_array(partners),
        countries=list(countries),
        at_home=at_home,
        to_flush=_flush(env, names),
    )
