from odoo import api, fields, models


class PaymentTransaction(models.Model):
    """A payment made on the customer's page: which items it settles."""

    _inherit = "payment.transaction"

    @api.model
    def _dunning_values(self, account, choice):
        """Return ``(values, prefix of the reference)`` for a payment of a choice of items.

        :param choice: ``pay_choice.Choice``
        """
        items = self.env["account.move.line"].browse([item for item, _amount in choice.shares])
        invoices = items.move_id.filtered(lambda move: move.is_sale_document(include_receipts=True))
        names = list(dict.fromkeys(items.mapped("dunning_name")))
        return {
            "dunning_items": [[item, str(amount)] for item, amount in choice.shares],
            "invoice_ids": [fields.Command.set(invoices.ids)],
        }, names[0] if len(names) == 1 else account.company_id.get_next_batch_payment_communication()

    def _create_child_transaction(self, amount, is_refund=False, **custom_create_values):
        """What is captured of an authorised payment settles the same items."""
        if self.dunning_items and not is_refund:
            custom_create_values.setdefault("dunning_items", self.dunning_items)
        return super()._create_child_transaction(amount, is_refund=is_refund, **custom_create_values)

    def _create_payment(self, **extra_create_values):
        """Settle what the customer chose.

        A payment whose method has no outstanding account makes no entry, and Odoo then shows all of its invoices as
        paid; an invoice of which a part only was paid would not be reminded any more.
        """
        if self.dunning_items and not self._dunning_pays_all():
            extra_create_values.setdefault("invoice_ids", False)
        return super()._create_payment(**extra_create_values)

    def _dunning_pays_all(self):
        """Tell whether this settles all that is open of its invoices."""
        paid = {item: float(amount) for item, amount in self.dunning_items}
        open_items = (self.source_transaction_id or self).invoice_ids.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable" and not line.reconciled
        )
        return all(
            line.currency_id.compare_amounts(paid.get(line.id, 0.0), line.amount_residual_currency) >= 0
            for line in open_items
        )

    def _dunning_settle(self, payment):
        """Reconcile the entry of a payment with the items that the customer chose.

        Odoo would take the oldest of all the instalments of the invoices. What is paid in full comes first: one
        item that is paid in part takes what is left.
        """
        lines = payment.move_id.line_ids.filtered(lambda line: line.account_id == payment.destination_account_id)
        amounts = {item: float(amount) for item, amount in self.dunning_items}
        items = self.env["account.move.line"].browse(amounts).exists().filtered(
            lambda item: item.account_id == payment.destination_account_id and item.parent_state == "posted"
        )
        for item in items.sorted(
            lambda item: item.currency_id.compare_amounts(amounts[item.id], item.amount_residual_currency) < 0
        ):
            (item + lines).filtered(lambda line: not line.reconciled).reconcile()
