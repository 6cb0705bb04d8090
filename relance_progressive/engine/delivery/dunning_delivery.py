from odoo import models


class DunningDelivery(models.Model):
    _inherit = "dunning.delivery"

    def _still_due(self, day=None):
        """Cancel what payments, promises or disputes have overtaken; return the deliveries that still stand.

        To be called just before a person carries something out: the accounts are locked until the end of the
        transaction, and decided again.

        :param day: the day it is carried out, today if empty
        :raise odoo.exceptions.LockError: if someone else is just at work on one of the accounts
        """
        reminders = self.sudo().reminder_id.with_context(tracking_disable=True)
        reminders.account_id.lock_for_update(allow_referencing=True)
        self.invalidate_recordset()
        for company, own in reminders.grouped("company_id").items():
            engine = self.env["dunning.engine"].sudo().with_company(company)
            engine._drop_overtaken(own.account_id, day or company._dunning_today())
        return self.filtered(lambda delivery: delivery.state == "ready")

    def _note_bounced(self, reason):
        """Have the people in charge told, together, of what came back."""
        self.env["dunning.notice"]._note([
            {
                "account_id": delivery.reminder_id.account_id.id, "reminder_id": delivery.reminder_id.id,
                "kind": "bounced", "words": reason,
            }
            for delivery in self
        ])  # fmt: skip
