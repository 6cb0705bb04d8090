from odoo import models


class DunningDelivery(models.Model):
    """What came back is told at once to the person in charge."""

    _inherit = "dunning.delivery"

    def _note_bounced(self, reason):
        """Have the people in charge told, together, of what came back."""
        self.env["dunning.notice"]._note([
            {
                "account_id": delivery.reminder_id.account_id.id, "reminder_id": delivery.reminder_id.id,
                "kind": "bounced", "words": reason,
            }
            for delivery in self
        ])  # fmt: skip
