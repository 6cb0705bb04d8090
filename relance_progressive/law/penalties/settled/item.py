from odoo import api, fields, models


class DunningPenaltyItem(models.AbstractModel):
    """An item in a dialog about penalties: what is shown of it is that of the account, whatever ids are sent.

    Who may handle the penalties of an account need not have the right to read journal items: these fields are read
    with the rights of the add-on, hence only of an account that the person may read.
    """

    _name = "dunning.penalty.item"
    _description = "Item in a Dialog About Penalties"

    account_id = fields.Many2one("dunning.account", required=True, readonly=True, ondelete="cascade")
    move_line_id = fields.Many2one("account.move.line", required=True, readonly=True, ondelete="cascade")
    move_name = fields.Char("Document", compute="_compute_item", compute_sudo=True)
    date_maturity = fields.Date(
        "Due On", compute="_compute_date_maturity", store=True, precompute=True, compute_sudo=True
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_item", compute_sudo=True)
    amount_residual = fields.Monetary("Balance", compute="_compute_item", compute_sudo=True)

    @api.depends("account_id", "move_line_id")
    def _compute_item(self):
        for row in self:
            item = row._own_item()
            row.move_name, row.currency_id = item.dunning_name, item.currency_id
            row.amount_residual = item.amount_residual_currency

    @api.depends("account_id", "move_line_id")
    def _compute_date_maturity(self):
        for row in self:
            row.date_maturity = row._own_item().date_maturity

    def _own_item(self):
        """Return the item if it is one of the account, and the account the person's to read."""
        account, item = self.account_id._origin.sudo(), self.move_line_id._origin.sudo()
        own = (
            item.company_id.root_id == account.company_id
            and item.partner_id.commercial_partner_id == account.partner_id
            and account.sudo(False).has_access("read")
        )
        return item if own else item.browse()
