from odoo import api, fields, models

from ...settings.internal import READERS


class ResPartner(models.Model):
    _inherit = "res.partner"

    dunning_promise_text = fields.Char("Promises Kept", compute="_compute_dunning_account_id", groups=READERS)

    @api.depends("commercial_partner_id", "dunning_account_ids")
    @api.depends_context("company", "lang")
    def _compute_dunning_account_id(self):
        res = super()._compute_dunning_account_id()
        for partner in self:
            partner.dunning_promise_text = partner.dunning_account_id.promise_text
        return res
