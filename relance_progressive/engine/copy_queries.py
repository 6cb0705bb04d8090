"""SQL of what a copied or restored database can know about what left elsewhere."""

from odoo.tools import SQL


def last_known(env):
    """Return the last moment at which this database was at work for reminders, in UTC.

    It is that of the backup, to some minutes: the scheduled action of deliveries notes each of its rounds. Asked
    before that action has ended for the first time in the copy.
    """
    deliveries = env["dunning.delivery"]
    return SQL(
        """
        SELECT GREATEST((SELECT max(cron.lastcall) FROM ir_cron cron WHERE cron.id = %(cron)s),
                        (SELECT max(begun_at) FROM dunning_journal),
                        (SELECT max(sent_at) FROM dunning_delivery))
        """,
        cron=env.ref("relance_progressive.ir_cron_dunning_deliver").id,
        to_flush=[deliveries._fields["sent_at"]],
    )


def signs_of_leaving(env, reminder_ids):
    """Return ``(reminder, sign)`` of those that have left, or may have, although no delivery is recorded.

    ``begun``: the journal has it in somebody's hands; ``accepted``: it was taken; ``answered``: an e-mail came in to a
    message that this database never sent. Its identifier is made from the reminder: that of another copy is the same.
    """
    reminders, deliveries, messages = env["dunning.reminder"], env["dunning.delivery"], env["mail.message"]
    return SQL(
        """
        SELECT reminder_id, CASE WHEN bool_or(state <> 'accepted') THEN 'begun' ELSE 'accepted' END
          FROM dunning_journal
         WHERE state IN ('accepted', 'begun', 'uncertain') AND reminder_id = ANY(%(reminders)s)
      GROUP BY reminder_id
         UNION ALL
        SELECT reminder.id, 'answered'
          FROM dunning_reminder reminder
         WHERE reminder.id = ANY(%(reminders)s) AND reminder.state = 'ready'
           AND EXISTS (SELECT FROM dunning_level_channel step
                        WHERE step.level_id = reminder.level_id AND step.channel = 'email')
           AND NOT EXISTS (SELECT FROM dunning_delivery delivery
                            WHERE delivery.reminder_id = reminder.id AND delivery.channel = 'email')
           AND EXISTS (SELECT FROM mail_message message
                        WHERE message.model = 'dunning.reminder' AND message.res_id = reminder.id
                          AND message.message_type = 'email'
                          AND NOT EXISTS (SELECT FROM res_users colleague
                                           WHERE colleague.partner_id = message.author_id
                                             AND colleague.share IS NOT TRUE))
        """,
        reminders=list(reminder_ids),
        to_flush=[
            *(reminders._fields[name] for name in ("level_id", "state")),
            *(deliveries._fields[name] for name in ("channel", "reminder_id")),
            *(messages._fields[name] for name in ("author_id", "message_type", "model", "res_id")),
        ],
    )
