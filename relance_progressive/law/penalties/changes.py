"""What people change that penalties depend on has the next night compute them again."""

from odoo import models


class AccountPaymentTerm(models.Model):
    _inherit = "account.payment.term"

    def write(self, vals):
        res = super().write(vals)
        if "dunning_interest_rate" in vals:
            self.env["dunning.account"].sudo()._penalties_changed_for()
        return res
