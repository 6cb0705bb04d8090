from odoo import models


class AccountPayment(models.Model):
    _inherit = "account.payment"

    # The payments of a customer whose money is on the bank statements, and those that came back.
    _dunning_received_idx = models.Index(
        "(partner_id, date) WHERE payment_type = 'inbound' AND state IN ('in_process', 'paid')"
    )
    _dunning_rejected_idx = models.Index("(partner_id) WHERE state = 'rejected'")

    def write(self, vals):
        """Odoo moves a payment to these states without touching its entry."""
        res = super().write(vals)
        if vals.get("state") in ("in_process", "rejected", "canceled"):
            self.env["dunning.account"]._touch_customers(self)
        return res
