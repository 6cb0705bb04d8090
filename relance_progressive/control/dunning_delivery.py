from odoo import models


class DunningDelivery(models.Model):
    """What came back is told at once to the person in charge."""

    _inherit = "dunning.delivery"

    def _bounced(self, reason):
        before = self.filtered(lambda delivery: delivery.state == "bounced")
        res = super()._bounced(reason)
        news = (self - before).filtered(lambda delivery: delivery.state == "bounced")
        self.env["dunning.notice"]._note([
            {
                "account_id": delivery.reminder_id.account_id.id, "reminder_id": delivery.reminder_id.id,
                "kind": "bounced", "words": reason,
            }
            for delivery in news
        ])  # fmt: skip
        return res
