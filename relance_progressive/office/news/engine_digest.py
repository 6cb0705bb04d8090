from odoo import api, fields, models


class DunningEngine(models.AbstractModel):
    """Tell the persons in charge in the morning what the day will bring."""

    _inherit = "dunning.engine"

    @api.model
    def _send_digest(self, company):
        """Send the digest of the day, once."""
        day = company._dunning_today()
        if company.dunning_digest and company.dunning_digest_on != day:
            company.dunning_digest_on = day
            if company._dunning_calendar(day).is_open(day):
                mails = self.env["dunning.digest"].sudo().with_company(company)._send(company, day)
                company.dunning_digest_at = fields.Datetime.now() if mails else False
            self._checkpoint()
