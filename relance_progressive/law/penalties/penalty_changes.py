"""What people change that penalties depend on has the next night compute them again."""

from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def write(self, vals):
        res = super().write(vals)
        if vals.keys() & {
            "dunning_status", "dunning_interest_rate", "dunning_law_id", "dunning_insolvency_date", "country_id",
        }:  # fmt: skip
            self.env["dunning.account"].sudo()._penalties_changed_for(self)
        return res


class ResCompany(models.Model):
    _inherit = "res.company"

    def write(self, vals):
        res = super().write(vals)
        if vals.keys() & {
            "dunning_interest_rate", "dunning_day_count", "dunning_interest_first", "dunning_uk_reading", "country_id",
            "account_fiscal_country_id", "dunning_costs_agreed", "dunning_ie_reading", "dunning_nl_compound",
        }:  # fmt: skip
            self.env["dunning.account"].sudo()._penalties_changed_for(company=self)
        return res


class AccountPaymentTerm(models.Model):
    _inherit = "account.payment.term"

    def write(self, vals):
        res = super().write(vals)
        if "dunning_interest_rate" in vals:
            self.env["dunning.account"].sudo()._penalties_changed_for()
        return res
