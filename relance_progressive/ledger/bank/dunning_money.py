from odoo import api, fields, models
from odoo.tools import SQL

from ..query_parts import READ
from . import money_queries


class DunningMoney(models.Model):
    """The documents that are money on its way, read when somebody looks: nothing is stored."""

    _name = "dunning.money"
    _description = "Money on Its Way"
    _auto = False
    _order = "date, id"
    _depends = READ

    account_id = fields.Many2one("dunning.account", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    kind = fields.Selection(
        [
            ("payment", "Payment, not allocated"),
            ("credit_note", "Credit note, not allocated"),
            ("bank_line", "Bank statement line, not reconciled"),
            ("direct_debit", "Direct debit in progress"),
            ("transaction", "Online payment in progress"),
            ("entry", "Entry outside follow-up"),
            ("refund", "Paid back to the customer"),
        ],
        readonly=True,
    )
    date = fields.Date(readonly=True)
    name = fields.Char("Document", readonly=True)
    amount = fields.Monetary(readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount_currency = fields.Monetary("In Currency", currency_field="document_currency_id", readonly=True)
    document_currency_id = fields.Many2one("res.currency", readonly=True)
    res_model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference(model_field="res_model", readonly=True)

    @property
    def _table_query(self):
        accounts = self.env["dunning.account"].sudo()
        companies = self.env.companies.root_id.sudo()
        return SQL(" UNION ALL ").join(
            money_queries.all_money(self.env, company, *accounts._scope(company), company._dunning_today())
            for company in companies
        )

    @api.model
    def _kinds_to_allocate(self):
        """Name the kinds that wait for a person; the others are still under way."""
        return ("payment", "credit_note", "bank_line", "entry", "refund")

    def action_open(self):
        """Show the document: of an entry its payment, invoice or bank entry."""
        self.ensure_one()
        document = self.env[self.res_model].browse(self.res_id)
        if self.res_model == "account.bank.statement.line":
            document = document.move_id  # Community has no form for bank lines: they are allocated in their entry
        elif self.res_model == "account.move.line":
            document = document.payment_id or document.move_id
        return document.get_formview_action()
