from odoo import models

from . import queries


class DunningEngine(models.AbstractModel):
    """What became of the promises is stored by the night run and whenever payments change."""

    _inherit = "dunning.engine"

    def _begin(self, company, day):
        """Look first at the promises of which a date has passed."""
        self.env["dunning.promise.warning"].sudo()._put_off(company, day)
        self.env["dunning.promise"].sudo()._follow(company, queries.time_has_come(day), day, tell=True)
        return super()._begin(company, day)

    def _run_batch(self, company, policies, day, batch):
        """Look again at the promises of the customers of the batch: their payments may have changed."""
        partners = [partner for _account, partner, _fingerprint in batch]
        self.env["dunning.promise"].sudo()._follow(company, queries.of_customers(partners), day, tell=True)
        return super()._run_batch(company, policies, day, batch)

    def _refresh(self, accounts, date=None, drop=True):
        for company, own in accounts.grouped("company_id").items():
            day = date or company._dunning_today()
            self.env["dunning.promise"].sudo()._follow(company, queries.of_customers(own.partner_id.ids), day)
        return super()._refresh(accounts, date, drop)
