"""SQL of the formal notices."""

from odoo.tools import SQL

from ...core.plain.arrays import as_array

LIFE_FIELDS = ("channel", "notice_on", "pay_until", "reminder_id", "state")  # of the deliveries that :func:`life` reads


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
