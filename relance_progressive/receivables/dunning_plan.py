import logging

from odoo import api, models

from . import plan_queries

_logger = logging.getLogger(__name__)


class DunningPlan(models.Model):
    _inherit = "dunning.plan"

    def _changed(self):
        super()._changed()
        self.env["dunning.account"]._mark_dirty(self)

    @api.model
    def _assign(self, company, account_ids=None):
        """Give the accounts of a company their plan: the one forced on the customer, else the first that fits.

        An account whose plan changes is decided again. When a filter is broken its plan takes nobody
        new, the accounts that follow it keep it, and everybody else is assigned as usual.

        :param account_ids: the accounts to look at, all those of the company by default
        """
        company = company.root_id.sudo()
        update = plan_queries.assign_plans(self.env, company, *self._choices(company), account_ids)
        if self.env.execute_query(update):
            self.env["dunning.account"].invalidate_model(["plan_id", "fingerprint"])

    @api.model
    def _of_customers(self, company, partner_ids):
        """Return ``{customer id: plan id}`` for customers that may have no account yet; nothing is written."""
        company = company.root_id.sudo()
        return dict(self.env.execute_query(
            plan_queries.plans_of_customers(self.env, company, *self._choices(company), partner_ids)
        ))  # fmt: skip

    @api.model
    def _choices(self, company):
        """Return the plans to try in order, each with its customers, and the expression of the forced plan."""
        choices = []
        for plan in self.sudo().search([("company_id", "in", [False, company.id])]):
            try:
                customers = plan._customers(company)
            except Exception:
                _logger.exception("The customer filter of the reminder plan %s cannot be used.", plan.name)
                customers = False
            choices.append((plan.id, customers))
        return choices, self.env["res.partner"].with_company(company)._field_to_sql("p", "dunning_plan_id")
