from odoo import api, models


class DunningPortal(models.AbstractModel):
    """The receipt of a payment that was made online."""

    _inherit = "dunning.portal"

    @api.model
    def _receipt_pdf(self, account, record_id):
        """Return ``(name, PDF)`` of the receipt of a payment of this account, or nothing before it has come."""
        found = self._payment(account, record_id)
        if not found or found["state"] != "done":
            return None
        name = self.env._("receipt-%(reference)s", reference=found["reference"].replace("/", "-"))
        return f"{name}.pdf", self._print("relance_progressive.portal_receipt_pdf", account, found)
