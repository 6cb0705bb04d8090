from odoo import api, models


class DunningPortal(models.AbstractModel):
    """The answers on the page: its forms, and what becomes of what was sent."""

    _inherit = "dunning.portal"

    @api.model
    def _said(self, account, key):
        """Return what the customer was told of the answers that were made with a form: nothing when there is none."""
        if not (key and key.isascii() and len(key) < 80):
            return []
        answers = self.env["dunning.portal.answer"].search([("account_id", "=", account.id), ("form_key", "=", key)])
        return [row["confirmation"] for row in self._read(answers)]
