from odoo import api, models

# Modules that remind customers by themselves: with one of them, a customer would get two messages for one debt.
KNOWN = (
    "account_followup",  # Odoo Enterprise
    "account_credit_control",
    "account_invoice_overdue_reminder",
    "account_payment_followup",
    "account_payment_reminder",
    "base_accounting_kit",
    "dunning_automation",
    "eh_account_collections",
    "fr_relances_mise_en_demeure_generator",
    "nx_invoice_reminder_sequence",
    "om_account_followup",
    "s_account_followup",
    "snm_invoice_due_reminder",
)


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model
    def _dunning_other_modules(self):
        """Return the titles of the installed modules that remind customers as well."""
        modules = self.env["ir.module.module"].sudo().search(
            [("name", "in", KNOWN), ("state", "in", ("installed", "to upgrade"))]
        )
        return modules.mapped(lambda module: f"{module.shortdesc} ({module.name})")

    @api.model
    def _dunning_other_warning(self):
        """Return what people should know when something else also reminds, or nothing."""
        if titles := self._dunning_other_modules():
            return self.env._(
                "Something else also reminds customers: %(modules)s. Switch off one of the two, or a customer may get "
                "two messages for the same debt.", modules=", ".join(titles),
            )
        return ""
