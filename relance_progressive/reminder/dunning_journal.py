from odoo import fields, models


class DunningJournal(models.Model):
    """What is being handed over at this moment.

    Each row is committed on its own, before its message is made, before and after it is handed over, and deleted
    once the outcome is recorded: rows that remain tell what a killed worker was doing.
    No foreign keys: they would wait for the locks of the transaction that is still open.
    """

    _name = "dunning.journal"
    _description = "Messages Being Handed Over"
    _log_access = False

    reminder_id = fields.Integer(required=True)
    channel = fields.Char(required=True)
    state = fields.Selection(
        [("making", "Being Made"), ("begun", "Begun"), ("accepted", "Accepted"), ("refused", "Refused"),
         ("delayed", "To Try Again"), ("uncertain", "Uncertain")],
        required=True, default="begun",
    )  # fmt: skip
    date = fields.Date(required=True)
    begun_at = fields.Datetime()
    alone = fields.Boolean(help="Made alone, because a worker died while it was made with others.")
    reason = fields.Char()
    content = fields.Json(help="What the channel hands over: address, reference, subject, body, contact, language.")

    _one_per_channel = models.UniqueIndex("(reminder_id, channel)")
