"""What follows a customer who is merged into another one: all that hangs on his account, in this order."""

from odoo import api, models

# Each takes over what is its own by a method ``_merge(account, others)``.
MOVED = (
    "dunning.reminder",  # first: it refuses while a message is on its way
    "dunning.pause",
    "dunning.promise",
    "dunning.dispute",
    "dunning.decision",
    "dunning.penalty.waiver",
    "dunning.penalty.line",
    "dunning.interruption",
    "dunning.portal.answer",
)


def move(account, others):
    """Bring what hangs on ``others`` to ``account``, before they are deleted."""
    activities = account.env["mail.activity"].search([("res_model", "=", account._name), ("res_id", "in", others.ids)])
    activities.res_id = account.id
    for model in MOVED:
        account.env[model]._merge(account, others)
    account._keep_entered_period(others)


class BasePartnerMerge(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Merge the accounts first: Odoo would delete those that the unique constraint refuses."""
        self.env["dunning.account"].sudo()._merge_customers(src_partners, dst_partner)
        return super()._update_foreign_keys(src_partners, dst_partner)
