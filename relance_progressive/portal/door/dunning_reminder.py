from odoo import models


class DunningReminder(models.Model):
    """The page of the customer, in every message."""

    _inherit = "dunning.reminder"

    def _customer_link(self):
        """Return the page of the account: what is owed, by now, and how to answer.

        Whoever has the link answers as the customer: who only looks is shown none, in no preview and no export.
        """
        self.ensure_one()
        shown = self.has_access("write") and not self.env.context.get("dunning_without_link")  # made for who only looks
        return self.account_id._portal_link() if shown else ""
