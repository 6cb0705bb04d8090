"""Letters that were posted before: any employee reads Odoo's notifications, with the names of who was reminded."""


def migrate(cr, _version):
    """Take away the notifications of letters that are reminders."""
    cr.execute("""
        DELETE FROM mail_notification
         USING snailmail_letter
         WHERE mail_notification.letter_id = snailmail_letter.id AND snailmail_letter.model = 'dunning.reminder'
    """)
