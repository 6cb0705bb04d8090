from odoo import models
from odoo.exceptions import AccessError


class IrAttachment(models.Model):
    """A letter as it was posted carries the customer's key: who only reads, an auditor say, reads its text instead."""

    _inherit = "ir.attachment"

    def _check_access(self, operation):
        res = super()._check_access(operation)
        if operation != "read" or self.env.su or self.env["dunning.reminder"].has_access("write"):
            return res
        letters = self.sudo().filtered(lambda file: file.res_model == "dunning.delivery").ids
        if not letters:
            return res
        refused = self.browse(letters)
        return (res[0] | refused, res[1]) if res else (refused, self._dunning_why_closed)

    def _dunning_why_closed(self):
        return AccessError(self.env._(
            "This letter carries the link to the page of the customer: who may not remind does not open it. Its text "
            "stands in the history of the reminder."
        ))  # fmt: skip
