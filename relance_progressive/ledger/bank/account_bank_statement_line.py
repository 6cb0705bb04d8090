from odoo import api, models


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    # Read for every decision: few lines among the years of statements.
    _dunning_open_idx = models.Index("(company_id, internal_index) WHERE is_reconciled IS NOT TRUE AND amount > 0")

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        self.env["dunning.account"]._touch_bank_lines(lines)
        return lines

    def write(self, vals):
        told = {"account_number", "amount", "partner_id", "payment_ref"} & vals.keys()
        accounts = self.env["dunning.account"]
        if "partner_id" in told:
            accounts._touch_customers(self.filtered(lambda line: line.partner_id.id != vals["partner_id"]))
        res = super().write(vals)
        if told:
            accounts._touch_bank_lines(self)
        return res

    def unlink(self):
        accounts = self.env["dunning.account"].sudo()
        accounts._touch_keys(accounts._payers(self.ids))
        return super().unlink()
