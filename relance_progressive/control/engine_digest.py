from datetime import timedelta

from odoo import api, fields, models


class DunningEngine(models.AbstractModel):
    """Tell the persons in charge in the morning what the day will bring."""

    _inherit = "dunning.engine"

    @api.model
    def _after_night(self, company):
        res = super()._after_night(company)
        day = company._dunning_today()
        if company.dunning_digest and company.dunning_digest_on != day:
            company.dunning_digest_on = day
            if company._dunning_calendar(day).is_open(day):
                mails = self.env["dunning.digest"].sudo().with_company(company)._send(company, day)
                company.dunning_digest_at = fields.Datetime.now() if mails else False
            self._checkpoint()
        return res

    @api.model
    def _is_open(self, company):
        """Leave whoever reads a digest some hours to stop what it announces, even after a night that was late."""
        sent = company.dunning_digest and company.dunning_digest_at
        wait = timedelta(hours=company.dunning_digest_hours)
        return super()._is_open(company) and (not sent or fields.Datetime.now() >= sent + wait)
