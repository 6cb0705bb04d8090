from odoo import api, fields, models

from . import bank_queries


class DunningAccount(models.Model):
    """What people see of the money on its way to an account, and what they have to allocate."""

    _inherit = "dunning.account"

    money_ids = fields.One2many("dunning.money", "account_id", "Money on Its Way", readonly=True)
    amount_to_allocate = fields.Monetary(
        "To Allocate", compute="_compute_amount_to_allocate", search="_search_amount_to_allocate",
        help="Payments, credit notes and bank lines of this customer that nobody has allocated to an invoice yet.",
    )  # fmt: skip

    def _compute_amount_to_allocate(self):
        money = self.env["dunning.money"]
        groups = money._read_group(
            [("account_id", "in", self.ids), ("kind", "in", money._kinds_to_allocate())], ["account_id"], ["amount:sum"]
        )
        amounts = {account.id: amount for account, amount in groups}
        for account in self:
            account.amount_to_allocate = max(0.0, amounts.get(account.id, 0.0))

    @api.model
    def _search_amount_to_allocate(self, operator, value):
        if operator not in (">", ">=") or value < 0:
            return NotImplemented
        money = self.env["dunning.money"]
        groups = money._read_group(
            [("account_id", "!=", False), ("kind", "in", money._kinds_to_allocate())], ["account_id"], ["amount:sum"],
            having=[("amount:sum", operator, value)],
        )  # fmt: skip
        return [("id", "in", [account.id for account, _amount in groups])]

    @api.model
    def _touch_bank_lines(self, lines):
        """Bring the accounts of those who paid these bank lines up to date when the transaction commits."""
        if lines.ids:
            self._to_refresh()["lines"].update(lines.ids)

    @api.model
    def _payers(self, line_ids):
        """Return ``{(main company id, customer id)}`` of those who paid these bank lines and have an account."""
        lines = self.env["account.bank.statement.line"].browse(line_ids).exists().filtered(lambda line: line.amount > 0)
        return {
            (company.id, customer)
            for company, own in lines.grouped(lambda line: line.company_id.root_id).items()
            for (customer,) in self.env.execute_query(
                bank_queries.whose_lines(self.env, company, own.company_id.ids, company._dunning_today(), own.ids)
            )
        }

    def action_open_payments(self):
        """Show the customer's payments in Odoo's own list, those not allocated first."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("account.action_account_payments")
        return {
            **action,
            "display_name": self.env._("Payments of %(customer)s", customer=self.partner_id.display_name),
            "domain": [
                ("partner_id", "child_of", self.partner_id.ids),
                ("payment_type", "=", "inbound"),
                ("company_id", "child_of", self.company_id.ids),
                ("state", "in", ("in_process", "paid")),
                ("is_reconciled", "=", False),
            ],
            "context": {"create": False, "default_partner_id": self.partner_id.id},
        }
