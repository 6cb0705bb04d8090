"""SQL of the formal notices."""

from odoo.tools import SQL

from ..core.arrays import as_array


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
