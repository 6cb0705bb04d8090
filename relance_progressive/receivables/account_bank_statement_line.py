from odoo import api, fields, models

from . import bank_queries


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    # Read for every decision: few lines among the years of statements.
    _dunning_open_idx = models.Index("(company_id, internal_index) WHERE is_reconciled IS NOT TRUE AND amount > 0")

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._dunning_touch()
        return lines

    def write(self, vals):
        told = {"account_number", "amount", "partner_id", "payment_ref"} & vals.keys()
        if told:
            self._dunning_touch()
        res = super().write(vals)
        if told:
            self._dunning_touch()
        return res

    def unlink(self):
        self._dunning_touch()
        return super().unlink()

    def _dunning_touch(self):
        """Bring the accounts of the customers who paid these lines up to date."""
        accounts, day = self.env["dunning.account"].sudo(), fields.Date.context_today(self)
        received = self.filtered(lambda line: line.amount > 0)
        for company, own in received.grouped(lambda line: line.company_id.root_id).items():
            query = bank_queries.whose_lines(self.env, company, own.company_id.ids, day, own.ids)
            accounts._touch_keys({(company.id, customer) for (customer,) in self.env.execute_query(query)})
