from odoo import api, models


class ResPartner(models.Model):
    """An address that changes: what failed for want of it can leave."""

    _inherit = "res.partner"

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        partners.filtered(lambda partner: partner.email and partner.parent_id)._dunning_address_changed()
        return partners

    def write(self, vals):
        if "email" not in vals:
            return super().write(vals)
        addresses = {partner: partner.email for partner in self}
        res = super().write(vals)
        changed = self.filtered(lambda partner: partner.email != addresses[partner])
        # The counter of bounces is about the address, and that is another one now.
        changed.filtered("message_bounce").sudo().message_bounce = 0
        changed.filtered("email")._dunning_address_changed()
        return res

    def _dunning_address_changed(self):
        failed = self.env["dunning.reminder"].sudo().search([
            ("partner_id", "in", self.commercial_partner_id.ids), ("state", "=", "failed"),
        ])  # fmt: skip
        failed._address_found()
