from odoo import fields, models

from ..settings.internal import READERS


class ResPartner(models.Model):
    _inherit = "res.partner"

    dunning_reminder_ids = fields.One2many(
        "dunning.reminder", "partner_id", "Reminders", readonly=True,
        groups=READERS,
    )  # fmt: skip
