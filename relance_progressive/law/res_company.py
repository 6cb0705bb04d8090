from odoo import fields, models
from odoo.exceptions import UserError

from ..core.law.regime import CONSUMER

# French general chart of accounts (PCG): where the income of late payments stands.
FRENCH_CODES = {
    "interest": "7631",  # Revenus des créances commerciales
    "indemnity": "7581",  # Dédits et pénalités perçus sur achats et ventes
}
FRENCH_CHARTS = ("FR", "MC")  # Monaco keeps its books by the French chart


class ResCompany(models.Model):
    """What a company says of its claims, of late interest and of the mediator of its consumers."""

    _inherit = "res.company"

    dunning_carriage = fields.Boolean(
        "Carriage of Goods",
        help="What the company invoices is the carriage of goods, or removals: its claims lapse after one year (C. "
        "com. L133-6, L133-9). A customer or an invoice for which that is wrong says so.",
    )  # fmt: skip

    def write(self, vals):
        """What all claims or all late interest depend on has the night look at all of them."""
        res = super().write(vals)
        if {"account_fiscal_country_id", "country_id", "dunning_carriage"} & vals.keys():
            self.env["dunning.account"]._look_again_at_limitations(self)
        if vals.keys() & {
            "dunning_interest_rate", "dunning_day_count", "dunning_interest_first", "dunning_uk_reading", "country_id",
            "account_fiscal_country_id", "dunning_costs_agreed", "dunning_ie_reading", "dunning_nl_compound",
        }:  # fmt: skip
            self.env["dunning.account"].sudo()._penalties_changed_for(company=self)
        return res

    # The consumer mediator, whom French law has a seller name to consumers (C. conso L612-1, L616-1, R616-1).

    def _dunning_owes_mediator(self, customer):
        """Tell whether a customer is a consumer under French law.

        An association or a co-ownership is none: mediation is for natural persons (C. conso, article liminaire). Nor is
        who has no status: no law is cited to a customer of whom nobody knows it.
        """
        company, entity = self.root_id.sudo(), customer.sudo().commercial_partner_id
        if entity.dunning_status != CONSUMER:
            return False
        law = company._dunning_law_of(CONSUMER, entity.country_id, entity.with_company(company).dunning_law_id)
        regime = company._dunning_regime(law, CONSUMER)
        return bool(regime) and regime.code == "fr_consumer"

    def _dunning_mediator_sentence(self, customer):
        """Return who mediates, in the language of the context; nothing to who is no consumer, or without a mediator."""
        mediator = self.sudo()._dunning_mediator()
        if not mediator or not self._dunning_owes_mediator(customer):
            return ""
        return self.env._(
            "If our answer does not satisfy you, you may turn, free of charge, to the consumer mediator we depend on: "
            "%(mediator)s (articles L612-1 and L616-1 of the French Consumer Code).",
            mediator=mediator,
        )

    # === WHERE PENALTIES ARE BOOKED === #

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
