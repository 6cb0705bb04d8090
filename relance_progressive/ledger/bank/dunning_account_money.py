from odoo import api, fields, models
from odoo.tools import format_amount

from . import bank_queries


class DunningAccount(models.Model):
    """What people see of the money on its way to an account, and what they have to allocate."""

    _inherit = "dunning.account"

    money_ids = fields.One2many("dunning.money", "account_id", "Money on Its Way", readonly=True)
    amount_to_allocate = fields.Monetary(
        "To Allocate", compute="_compute_amount_to_allocate", search="_search_amount_to_allocate",
        help="Payments, credit notes and bank lines of this customer that nobody has allocated to an invoice yet.",
    )  # fmt: skip

    head_office_text = fields.Char("Money of the Head Office", compute="_compute_head_office_text")

    @api.depends("partner_id.parent_id")
    @api.depends_context("lang", "allowed_company_ids")
    def _compute_head_office_text(self):
        """Name the money that nobody has allocated of whoever pays for this customer: it may be meant for it."""
        payers = self._payers_for()
        money = self.env["dunning.money"].sudo().search([
            ("partner_id", "in", list({one for own in payers.values() for one in own})),
            ("company_id", "in", self.company_id.ids), ("amount", ">", 0),
            ("kind", "in", self.env["dunning.money"]._kinds_to_allocate()),
        ]) if payers else self.env["dunning.money"]  # fmt: skip
        for account in self:
            own = money.filtered(
                lambda one, account=account: one.company_id == account.company_id
                and one.partner_id.id in payers.get(account.id, ())
            )
            account.head_office_text = " ".join(
                account._money_of_payer_in_words(payer, documents)
                for payer, documents in own.grouped("partner_id").items()
            )

    def _money_of_payer_in_words(self, payer, documents):
        names = ", ".join(filter(None, documents[:3].mapped("name"))) + ("…" if len(documents) > 3 else "")  # noqa: PLR2004
        return self.env._(
            "%(payer)s, which pays for this customer or is its parent company, has sent %(amount)s that nobody has "
            "allocated yet (%(documents)s): some of it may be meant for this customer.",
            payer=payer.display_name, amount=format_amount(self.env, sum(documents.mapped("amount")), self.currency_id),
            documents=names,
        )  # fmt: skip

    def _payers_for(self):
        """Return ``{account id: {partner id}}``: its parent companies, and those whose money has paid its items."""
        payers = {}
        for account in self:
            parent = account.partner_id.sudo().parent_id
            while parent:
                payers.setdefault(account.id, set()).add(parent.commercial_partner_id.id)
                parent = parent.parent_id
        for account, payer in self.env.execute_query(bank_queries.payers_of_items(self.env, self.ids)):
            payers.setdefault(account, set()).add(payer)
        return payers

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
