from odoo import api, fields, models
from odoo.exceptions import UserError

# French general chart of accounts (PCG): where the income of late payments stands.
FRENCH_CODES = {
    "interest": "7631",  # Revenus des créances commerciales
    "indemnity": "7581",  # Dédits et pénalités perçus sur achats et ventes
}
FRENCH_CHARTS = ("FR", "MC")  # Monaco keeps its books by the French chart


class ResCompany(models.Model):
    """Where penalties are booked."""

    _inherit = "res.company"

    dunning_interest_account_id = fields.Many2one(
        "account.account", "Account of Late Interest", check_company=True,
        domain="[('account_type', 'in', ('income', 'income_other'))]",
        help="Where invoiced late interest is booked. Empty: account 763100 of the French chart.",
    )  # fmt: skip
    dunning_indemnity_account_id = fields.Many2one(
        "account.account", "Account of Fixed Indemnities", check_company=True,
        domain="[('account_type', 'in', ('income', 'income_other'))]",
        help="Where invoiced fixed indemnities are booked. Empty: account 758100 of the French chart.",
    )  # fmt: skip
    dunning_penalty_journal_id = fields.Many2one(
        "account.journal", "Journal of Penalty Invoices", check_company=True, domain="[('type', '=', 'sale')]",
        help="Empty: the usual journal of customer invoices.",
    )  # fmt: skip

    @api.model
    def _dunning_setting_names(self):
        return (
            *super()._dunning_setting_names(), "dunning_interest_account_id", "dunning_indemnity_account_id",
            "dunning_penalty_journal_id",
        )  # fmt: skip

    def _dunning_penalty_account(self, kind):
        """Return the income account of penalties of a company.

        :param kind: ``interest`` or ``indemnity``
        :raise UserError: if none is set and the chart has none that is known
        """
        self.ensure_one()
        account = self[f"dunning_{kind}_account_id"] or self._dunning_french_account(FRENCH_CODES[kind])
        if not account:
            label = self._fields[f"dunning_{kind}_account_id"]._description_string(self.env)
            raise UserError(self.env._(
                "%(company)s has no account for this income yet: choose one in Settings > Invoicing > Late "
                "Interest, “%(label)s”.", company=self.display_name, label=label,
            ))  # fmt: skip
        return account

    def _dunning_french_account(self, code):
        """Return the account of a French chart whose code is ``code``, zeros on the right apart."""
        accounts = self.env["account.account"]
        if self.root_id.account_fiscal_country_id.code not in FRENCH_CHARTS:
            return accounts
        company = self.root_id
        found = accounts.sudo().with_company(company).search([
            *accounts._check_company_domain(company), ("code", "=like", f"{code}%"),
            ("account_type", "in", ("income", "income_other")),
        ])  # fmt: skip
        return found.filtered(lambda account: account.code.rstrip("0") == code)[:1].with_env(self.env)
