import logging

from odoo import api, models

_logger = logging.getLogger(__name__)


class DunningEngine(models.AbstractModel):
    """The two scheduled actions: decide at night, deliver during the sending hours."""

    _inherit = "dunning.engine"

    @api.model
    def _cron_run(self):
        """Decide and prepare for the companies that want it; go on at once while work remains."""
        for company in self._companies().filtered("dunning_automatic"):
            if not self._for_company(company, lambda company=company: self.run(company=company)["complete"]):
                self.env.ref("relance_progressive.ir_cron_dunning_run")._trigger()
                return
            self._for_company(company, lambda company=company: self._after_night(company))
        self.env.ref("relance_progressive.ir_cron_dunning_deliver")._trigger()

    @api.model
    def _after_night(self, company):
        """Hook: what follows once the night of a company is over; it may be called more than once a night."""

    @api.model
    def _cron_deliver(self):
        """Deliver for the companies that want it, within their sending hours; go on at once while work remains."""
        for company in self._companies().filtered("dunning_automatic"):
            if self._is_open(company) and not self._for_company(
                company, lambda company=company: self._deliver(None, company._dunning_today(), company)[1]
            ):
                self.env.ref("relance_progressive.ir_cron_dunning_deliver")._trigger()
                return
        self._checkpoint(remaining=0)

    def _for_company(self, company, work):
        """Return what ``work`` gives; a company that fails is logged, and the others go on."""
        try:
            return work()
        except Exception:
            if not self._can_commit():
                raise
            _logger.exception("The reminders of %s stopped on an error", company.display_name)
            self.env.cr.rollback()
            self.env.invalidate_all(flush=False)
            return True

    @api.model
    def _is_open(self, company):
        """Tell whether messages may leave now, at the hour it is where the company is."""
        now = company._dunning_local()
        return company.dunning_hour_from <= now.hour + now.minute / 60 < company.dunning_hour_to
