"""SQL of the waiting time before costs."""

from odoo.tools import SQL


def free_reminders(env, company, partners, countries):
    """Return the open items of consumers of some countries, with the first reminder that was free and in writing.

    Columns: customer, item, due date, level done, plan, country code, status, day and channel of that reminder.
    """
    names = {
        "account.move.line": (
            "amount_residual", "date", "date_maturity", "dunning_level_id", "parent_state", "partner_id", "reconciled",
        ),
        "dunning.account": ("company_id", "partner_id", "plan_id"),
        "dunning.delivery": ("channel", "date_done", "reminder_id", "state"),
        "dunning.level": ("penalties", "stage"),
        "dunning.reminder": ("account_id", "level_id", "state"),
        "dunning.reminder.line": ("move_line_id", "reminder_id", "upcoming"),
        "res.country": ("code",),
        "res.partner": ("commercial_partner_id", "country_id", "dunning_status"),
    }  # fmt: skip
    return SQL(
        """
        SELECT account.partner_id, item.id, COALESCE(item.date_maturity, item.date), item.dunning_level_id,
               account.plan_id, country.code, customer.dunning_status, free.date_done, free.channel
          FROM dunning_account account
          JOIN res_partner customer ON customer.id = account.partner_id
           AND customer.dunning_status IN ('consumer', 'non_professional')
          JOIN res_country country ON country.id = customer.country_id AND country.code = ANY(%(countries)s)
          JOIN res_partner contact ON contact.commercial_partner_id = customer.id
          JOIN account_move_line item ON item.partner_id = contact.id AND item.parent_state = 'posted'
           AND item.reconciled IS NOT TRUE AND item.amount_residual > 0
          JOIN account_account trade ON trade.id = item.account_id AND trade.account_type = 'asset_receivable'
     LEFT JOIN LATERAL (
                SELECT delivery.date_done, delivery.channel
                  FROM dunning_reminder_line line
                  JOIN dunning_reminder reminder ON reminder.id = line.reminder_id AND reminder.state = 'sent'
                   AND reminder.account_id = account.id
                  JOIN dunning_level level ON level.id = reminder.level_id AND level.stage <> 'pre_due'
                   AND level.penalties <> 'claim'
                  JOIN dunning_delivery delivery ON delivery.reminder_id = reminder.id
                   AND delivery.channel IN ('email', 'lre', 'letter', 'registered')
                   AND delivery.state IN ('sent', 'delivered', 'opened', 'answered', 'refused', 'unclaimed')
                 WHERE line.move_line_id = item.id AND line.upcoming IS NOT TRUE AND delivery.date_done IS NOT NULL
              ORDER BY delivery.date_done, delivery.id LIMIT 1) free ON TRUE
         WHERE account.company_id = %(company)s AND account.partner_id = ANY(%(partners)s)
        """,
        company=company.id,
        partners=list(partners),
        countries=list(countries),
        to_flush=[env[model]._fields[name] for model, fields in names.items() for name in fields],
    )
