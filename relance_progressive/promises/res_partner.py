from odoo import fields, models

READERS = "relance_progressive.dunning_group_user,account.group_account_readonly"


class ResPartner(models.Model):
    _inherit = "res.partner"

    dunning_promise_text = fields.Char(related="dunning_account_id.promise_text", groups=READERS)
