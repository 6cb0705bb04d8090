from odoo import api, models


class DunningEngine(models.AbstractModel):
    """Tell the persons in charge in the morning what the day will bring."""

    _inherit = "dunning.engine"

    @api.model
    def _after_night(self, company):
        res = super()._after_night(company)
        day = self._today(company)
        if company.dunning_digest and company.dunning_digest_on != day:
            company.dunning_digest_on = day
            if company._dunning_calendar(day).is_open(day):
                self.env["dunning.digest"].sudo().with_company(company)._send(company, day)
            self._checkpoint()
        return res
