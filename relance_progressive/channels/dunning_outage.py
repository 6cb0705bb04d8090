from markupsafe import Markup

from odoo import api, fields, models

from ..core.decision.patience import wait


class DunningOutage(models.Model):
    """Who carries messages and does not now: a mail server that asks to wait, a gateway without credit, a full disk.

    The rows are written while messages leave, each on its own (see the engine's journal), by whoever finds out;
    they go once the service works again.
    """

    _name = "dunning.outage"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _description = "Service out of Order"
    _log_access = False
    _order = "id"
    _mail_post_access = "read"  # nobody writes one, its activity is for all who see it

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    service = fields.Char("Key", required=True, readonly=True, help="The same every day.")
    name = fields.Char("Service", required=True, readonly=True)
    reason = fields.Text("What It Says", readonly=True)
    since = fields.Datetime("Takes Nothing Since", readonly=True, help="Empty while it works.")
    until = fields.Datetime("Next Attempt", readonly=True)
    tries = fields.Integer("Attempts in Vain", readonly=True, aggregator=None)
    told = fields.Boolean(readonly=True, help="The person in charge knows.")

    _one_per_service = models.UniqueIndex("(company_id, service)")

    @api.model
    def _does_not_work(self, company, key, name, reason):
        """Note that a service is out of order, in this transaction: news that come by themselves."""
        outage, now = self._of(company, key), fields.Datetime.now()
        values = {
            "name": name, "reason": reason, "since": outage.since or now, "until": now + wait(outage.tries),
            "tries": outage.tries + 1,
        }  # fmt: skip
        if outage:
            outage.write(values)
        else:
            self.sudo().create({"company_id": company.id, "service": key, **values})

    @api.model
    def _works(self, company, key):
        """Note that a service works, in this transaction."""
        self._of(company, key).write({"since": False, "until": False, "tries": 0})

    @api.model
    def _of(self, company, key):
        return self.sudo().search([("company_id", "=", company.id), ("service", "=", key)])

    @api.model
    def _tell_of(self, company):
        """Tell the person in charge, once, of what is out of order; end what was told of what works again."""
        outages = self.search([("company_id", "child_of", company.id)])
        for outage in outages:
            if outage.until and not outage.told:
                outage.told = True
                outage._tell(company)
        works = outages.filtered(lambda outage: not outage.until)
        works.activity_ids.unlink()
        works.unlink()

    def _tell(self, company):
        """Give the person in charge of reminders something to look at; nobody else is asked when there is none."""
        user = company._dunning_person()
        if not user:
            return
        own = self.with_context(
            lang=user.lang or company.partner_id.lang or self.env.lang,
            mail_activity_quick_update=True,  # no e-mail about it: it would take the same way
        )
        words = own.env._(
            "The reminders that it carries wait. They leave by themselves once it works again; only what it has not "
            "taken for a day goes on over the next channel, or fails."
        )
        own.activity_schedule(
            "mail.mail_activity_data_warning",
            summary=own.env._("%(service)s takes no reminders now", service=self.name),
            note=Markup("<p>%s</p><p>%s</p>") % (self.reason or "", words),
            user_id=user.id,
        )
