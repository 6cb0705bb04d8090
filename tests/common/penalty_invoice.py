from .penalty_waiver import PenaltyCommon


class PenaltyInvoiceCommon(PenaltyCommon):
    """Penalties are invoiced as the dialog does it."""

    def dialog(self, *invoices, accounts=None, user=None, **values):
        """Return the dialog, opened from accounts or for some invoices of one account."""
        accounts = (accounts or self.account()).with_user(user or self.env.user)
        items = self.item(self.env["account.move"].union(*invoices)) if invoices else None
        model = self.env["dunning.penalty.invoice"].with_user(user or self.env.user)
        wizard = model.browse(model._open(accounts, items)["res_id"])
        wizard.write(values)
        return wizard

    def invoice_penalties(self, *invoices, post=True, **values):
        """Return the penalty invoices that the dialog makes."""
        wizard = self.dialog(*invoices, **values)
        action = wizard.action_post() if post else wizard.action_draft()
        return self.env["account.move"].search(action["domain"])

    def amounts(self, move):
        """Return ``{account code: amount}`` of the lines of a penalty invoice."""
        return {line.account_id.code: line.price_subtotal for line in move.invoice_line_ids}
