
from odoo import api, fields, models

DIGITS = (7, 4)


class AccountPaymentTerm(models.Model):
    """A rate that goes with a payment term."""

    _inherit = "account.payment.term"

    dunning_interest_rate = fields.Float(
        "Agreed Interest Rate", digits=DIGITS,
        help="Percent per year when it is paid late. It counts for professional customers without a rate of their own, "
        "instead of that of the company (C. com. L441-10 II). 0: none.",
    )  # fmt: skip
    dunning_interest_words = fields.Char("Late Interest", compute="_compute_dunning_interest")
    dunning_interest_warning = fields.Char("Warning About the Rate", compute="_compute_dunning_interest")

    @api.depends("dunning_interest_rate", "company_id")
    @api.depends_context("company", "lang")
    def _compute_dunning_interest(self):
        for term in self:
            company = term.company_id or self.env.company
            words = company._dunning_interest_words(term.dunning_interest_rate)
            term.dunning_interest_words, term.dunning_interest_warning = words

    @api.constrains("dunning_interest_rate")
    def _check_dunning_interest_rate(self):
        self.env["res.company"]._dunning_check_percent("dunning_interest_rate", self)

    def write(self, vals):
        """Have the next night compute penalties again: they depend on the rate."""
        res = super().write(vals)
        if "dunning_interest_rate" in vals:
            self.env["dunning.account"].sudo()._penalties_changed_for()
        return res
