from odoo import api, fields, models

from .readers import READERS


class ResPartner(models.Model):
    """What the customer form shows of the customer's account in the present company."""

    _inherit = "res.partner"

    dunning_account_id = fields.Many2one(
        "dunning.account", "Reminder Account", compute="_compute_dunning_account_id", groups=READERS
    )
    dunning_headline = fields.Char("Reminders in Short", compute="_compute_dunning_account_id", groups=READERS)
    dunning_reason_text = fields.Char("Why", compute="_compute_dunning_account_id", groups=READERS)
    dunning_next_step = fields.Char("What Comes Next", compute="_compute_dunning_account_id", groups=READERS)
    dunning_level_id = fields.Many2one(
        "dunning.level", "Reminder Level Reached", compute="_compute_dunning_account_id", groups=READERS
    )

    @api.depends("commercial_partner_id", "dunning_account_ids")
    @api.depends_context("company", "lang")
    def _compute_dunning_account_id(self):
        accounts = self.env["dunning.account"].search([
            ("company_id", "=", self.env.company.root_id.id),
            ("partner_id", "in", self.commercial_partner_id.ids),
        ])  # fmt: skip
        by_customer = accounts.grouped("partner_id")
        for partner in self:
            account = by_customer.get(partner.commercial_partner_id, accounts[:0])
            partner.dunning_account_id = account
            partner.dunning_headline = account.headline
            partner.dunning_reason_text = account.reason_text
            partner.dunning_next_step = account.next_step
            partner.dunning_level_id = account.level_id

    def action_dunning_account(self):
        """Show the account of the customer."""
        self.ensure_one()
        return self.dunning_account_id.get_formview_action()
