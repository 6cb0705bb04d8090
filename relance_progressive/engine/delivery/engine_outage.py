from markupsafe import Markup

from odoo import models


class DunningEngine(models.AbstractModel):
    """Tell the person in charge, once, of what carries reminders and is out of order."""

    _inherit = "dunning.engine"

    def _tell_of_outages(self, company):
        """Tell of services that are out of order; end what was told of those that work again."""
        outages = self.env["dunning.outage"].search([("company_id", "child_of", company.id)])
        for outage in outages:
            if outage.until and not outage.told:
                outage.told = True
                self._tell_of_outage(company, outage)
        works = outages.filtered(lambda outage: not outage.until)
        works.activity_ids.unlink()
        works.unlink()

    def _tell_of_outage(self, company, outage):
        """Give the person in charge of reminders something to look at; nobody else is asked when there is none."""
        user = company._dunning_person()
        if not user:
            return
        own = outage.with_context(
            lang=user.lang or company.partner_id.lang or self.env.lang,
            mail_activity_quick_update=True,  # no e-mail about it: it would take the same way
        )
        words = own.env._(
            "The reminders that it carries wait. They leave by themselves once it works again; only what it has not "
            "taken for a day goes on over the next channel, or fails."
        )
        own.activity_schedule(
            "mail.mail_activity_data_warning",
            summary=own.env._("%(service)s takes no reminders now", service=outage.name),
            note=Markup("<p>%s</p><p>%s</p>") % (outage.reason or "", words),
            user_id=user.id,
        )
