"""Reminders that have not left yet name the documents as the customer knows them."""

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL


def migrate(cr, _version):
    """Correct the items of entries that are no invoices; what was sent stays as it was told."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    env.execute_query(SQL(
        """
        UPDATE dunning_reminder_line line
           SET move_name = %(name)s
          FROM dunning_reminder reminder, account_move_line l, account_move m
         WHERE reminder.id = line.reminder_id AND reminder.state IN ('draft', 'ready', 'failed')
           AND l.id = line.move_line_id AND m.id = l.move_id AND m.move_type = 'entry'
     RETURNING line.id
        """,
        name=env["account.move.line"]._dunning_name_sql(),
    ))  # fmt: skip
