from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    dunning_reminder_ids = fields.One2many(
        "dunning.reminder", "partner_id", "Reminders", readonly=True,
        groups="relance_progressive.dunning_group_user,account.group_account_readonly",
    )  # fmt: skip
