from odoo import models


class AccountPayment(models.Model):
    _inherit = "account.payment"

    def action_post(self):
        """Settle what a customer chose online before Odoo settles the oldest items of his invoices."""
        res = super().action_post()
        for payment in self.filtered("move_id"):
            transaction = payment.payment_transaction_id.sudo()
            if transaction.dunning_items and transaction._dunning_made(payment):
                transaction._dunning_settle(payment)
        return res
