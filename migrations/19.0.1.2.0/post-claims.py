"""How firmly each open item was claimed before the add-on kept it, and of which due date: from what was sent."""

from odoo import SUPERUSER_ID, api

from odoo.addons.relance_progressive.relance_progressive.reminder import queries


def migrate(cr, _version):
    """Fill the new columns of the items that were reminded and are still open."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    cr.execute("""
        SELECT DISTINCT line.reminder_id
          FROM dunning_reminder_line line
          JOIN dunning_reminder reminder ON reminder.id = line.reminder_id AND reminder.state = 'sent'
          JOIN account_move_line item ON item.id = line.move_line_id AND item.reconciled IS NOT TRUE
    """)
    reminders = [reminder for (reminder,) in cr.fetchall()]
    env.execute_query(queries.mark_claims(env, reminders))
    cr.execute("""
        UPDATE account_move_line item
           SET dunning_due = done.date_maturity
          FROM (SELECT DISTINCT ON (line.move_line_id) line.move_line_id, line.date_maturity
                  FROM dunning_reminder_line line
                  JOIN dunning_reminder reminder ON reminder.id = line.reminder_id AND reminder.state = 'sent'
                 WHERE line.level_id IS NOT NULL AND line.reminder_id = ANY(%s)
              ORDER BY line.move_line_id, reminder.date DESC, reminder.id DESC) done
         WHERE item.id = done.move_line_id AND item.dunning_level_id IS NOT NULL AND item.dunning_due IS NULL
    """, [reminders])
