from collections import Counter

from odoo import models

from ..settings.inside import without_ours


class DunningAccount(models.Model):
    _inherit = "dunning.account"

    def action_prepare(self):
        """Prepare the reminders of these customers now, without waiting for the night; nothing is sent."""
        self.check_access("write")
        engine, prepared = without_ours(self.env["dunning.engine"].sudo()), Counter()
        for company, own in self.grouped("company_id").items():
            day = company._dunning_today()
            policies = self.env["dunning.plan"].sudo()._policies(company, day)
            rows = [(account.id, account.partner_id.id, None) for account in own]
            prepared += engine.with_company(company)._run_batch(company, policies, day, rows)
            self.sudo()._refresh_live(company, own.partner_id)
        return self._prepared_words(sum(prepared.values()))

    def _prepared_words(self, count):
        """Return the notification of what was prepared."""
        if not count:
            message = self.env._("No reminder is due for these customers today: see the column “Why”.")
        elif count == 1:
            message = self.env._("One reminder is prepared.")
        else:
            message = self.env._("%(count)s reminders are prepared.", count=count)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if count else "info",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
