
from odoo import fields, models
from odoo.exceptions import UserError


class DunningSentBack(models.TransientModel):
    """Say which invoice is due again because its money came back."""

    _name = "dunning.sent.back"
    _inherit = ["dunning.pointing"]
    _description = "Money Sent Back"

    account_id = fields.Many2one("dunning.account", required=True, readonly=True, ondelete="cascade")
    partner_id = fields.Many2one(related="account_id.partner_id")
    company_id = fields.Many2one(related="account_id.company_id")
    item_id = fields.Many2one("account.move.line", "Sent Back", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one(related="item_id.currency_id")
    amount = fields.Monetary(related="item_id.amount_residual_currency")
    date = fields.Date(related="item_id.date")
    label = fields.Char(related="item_id.name")
    origin_id = fields.Many2one(
        "account.move.line", "Invoice That Is Due Again",
        domain="[('partner_id', 'child_of', partner_id), ('company_id', 'child_of', company_id), ('balance', '>', 0), "
        "('parent_state', '=', 'posted'), ('account_type', '=', 'asset_receivable'), ('id', '!=', item_id), "
        "('move_id.move_type', 'in', ('out_invoice', 'out_receipt'))]",
    )  # fmt: skip

    def action_save(self):
        """Have the invoice reminded again from where it stood.

        :raise UserError: without an invoice, or with one of somebody else
        """
        self.ensure_one()
        account = self.account_id
        account.check_access("write")
        if not self.origin_id:
            raise UserError(self.env._("Choose the invoice whose payment came back."))
        account._check_owes(self.origin_id | self.item_id)
        self._check_came_back()
        account.sudo()._due_again([(self.item_id.id, self.origin_id.id)])
        return self._decided(self.env._("It is reminded again as %(invoice)s.", invoice=self.origin_id.move_name))

    def action_leave_out(self):
        """Take a person's word that the customer does not owe it: it is left out of reminders."""
        self.ensure_one()
        self.account_id.check_access("write")
        self._check_came_back()
        self.item_id.no_followup = True
        return self._decided(self.env._("It is left out of reminders."))

    def _check_came_back(self):
        if self.item_id.id not in self.account_id._items_to_explain():
            raise UserError(self.env._("This is no money sent back, or it is explained already."))

    def _decided(self, words):
        self.account_id.action_refresh()
        return self.account_id._close_and_say(words)
