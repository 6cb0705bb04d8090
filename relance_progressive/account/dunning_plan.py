import logging

from odoo import api, models
from odoo.tools import SQL

from ..settings.apart import raise_if_lost
from . import plan_queries

_logger = logging.getLogger(__name__)


class DunningPlan(models.Model):
    _inherit = "dunning.plan"

    @api.model
    def _assign(self, company, account_ids=None):
        """Give the accounts of a company their plan: the one forced on the customer, else the first that fits.

        An account whose plan changes is decided again. When a filter is broken its plan takes nobody
        new, the accounts that follow it keep it, and everybody else is assigned as usual.

        :param account_ids: the accounts to look at, all those of the company by default
        """
        update = plan_queries.assign_plans(self.env, company.root_id, self._choices(company), account_ids)
        if self.env.execute_query(update):
            self.env["dunning.account"].invalidate_model(["plan_id", "fingerprint"])

    @api.model
    def _of_customers(self, company, partner_ids):
        """Return ``{customer id: plan id}`` for customers that may have no account yet; nothing is written."""
        company = company.root_id
        return dict(self.env.execute_query(
            plan_queries.plans_of_customers(self.env, company, self._choices(company), partner_ids)
        ))  # fmt: skip

    @api.model
    def _choices(self, company):
        """Return the plans to try in order, each with its customers; those on whom a plan is forced come first."""
        company = company.root_id.sudo()
        self.env.flush_all()  # what was to be written before is no fault of a filter
        plans = self.sudo().search([("company_id", "in", [False, company.id])])
        choices = [(plan.id, plan._forced_customers(company)) for plan in plans]
        for plan in plans:
            try:
                choices.append((plan.id, plan._customers(company)))
            except Exception as error:
                raise_if_lost(error, undone=True)
                _logger.exception("The customer filter of the reminder plan %s cannot be used.", plan.name)
                choices.append((plan.id, False))
        return choices

    def _forced_customers(self, company):
        """Return the subselect of the customers on whom this plan is forced in a company."""
        partners = self.env["res.partner"].sudo().with_company(company).with_context(active_test=False)
        return SQL("(%s)", partners._search([("dunning_plan_id", "=", self.id)]).select())
