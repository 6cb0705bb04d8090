import logging
from collections import Counter

from markupsafe import Markup
from psycopg2 import errors

from odoo import api, fields, models

from ..settings.apart import apart
from ..settings.inside import without_ours
from . import night, queries

_logger = logging.getLogger(__name__)


class DunningAccount(models.Model):
    _inherit = "dunning.account"

    # The moment a reminded customer has paid: the person in charge is told, the customer may be thanked.
    settled_on = fields.Date(
        "Paid in Full On", readonly=True, help="The day on which all that was reminded turned out to be paid."
    )
    to_thank = fields.Boolean(readonly=True, help="A word of thanks leaves with the next delivery.")
    thanked_at = fields.Datetime(readonly=True, help="When the thanks were sent: they count as an e-mail.")

    _to_thank = models.Index("(company_id) WHERE to_thank")
    _thanked = models.Index("(company_id, thanked_at) WHERE thanked_at IS NOT NULL")

    @api.model
    def _refresh_live(self, company, partners):
        """Store the present figures of customers whose invoices or payments just changed, and see who has just paid.

        Invoicing never fails because of reminders: a failure is logged, and the night run decides
        these accounts again.
        """
        customers = partners.commercial_partner_id

        def told(_error):
            _logger.exception("The reminder accounts of %s could not be brought up to date", company.name)

        with apart(self.env, told):
            accounts = self._of_all(customers, company)
            self.env["dunning.sent.back"]._explain(company, accounts.partner_id.ids)
            self.env["dunning.engine"]._refresh(accounts._lock_free_ones())

        def not_seen(_error):
            _logger.exception("Who has paid %s could not be seen", company.name)

        with apart(self.env, not_seen):
            self.sudo()._note_settled(company, customers.ids)

    @api.model
    def _note_settled(self, company, partners=None):
        """Note the customers who have paid all that was reminded since they were last reminded.

        :param partners: ids of commercial partners, all those of the company if empty
        :return: their accounts
        """
        day = company._dunning_today()
        rows = self.env.execute_query(queries.settled_accounts(self.env, company, partners, day))
        settled = self.browse([account for account, _amount in rows])
        if settled:
            settled.invalidate_recordset(["settled_on", "to_thank"])
            words = self.env._("All that was reminded is paid.")
            settled._message_log_batch(bodies={account.id: Markup("<p>%s</p>") % words for account in settled})
            self.env["dunning.notice"]._note(
                [{"account_id": account, "kind": "paid", "amount": amount} for account, amount in rows]
            )
        return settled

    def _lock_free_ones(self):
        """Return those of these accounts that this transaction may write.

        Those that a delivery or the night run holds are brought up to date by it. None may be written when one was
        changed since this transaction began; the payment that is just entered stands, and the night sees it.
        """
        try:
            with self.env.cr.savepoint(flush=False):
                return self.try_lock_for_update(allow_referencing=True)
        except errors.SerializationFailure:
            return self.browse()

    def action_prepare(self):
        """Prepare the reminders of these customers now, without waiting for the night; nothing is sent."""
        self.check_access("write")
        engine, prepared = without_ours(self.env["dunning.engine"].sudo()), Counter()
        for company, own in self.grouped("company_id").items():
            day = company._dunning_today()
            policies = self.env["dunning.plan"].sudo()._policies(company, day)
            rows = [(account.id, account.partner_id.id, None) for account in own]
            prepared += night.decide(engine.with_company(company), company, policies, day, rows)
            self.sudo()._refresh_live(company, own.partner_id)
        return self._prepared_words(sum(prepared.values()))

    def _prepared_words(self, count):
        """Return the notification of what was prepared."""
        if not count:
            message = self.env._("No reminder is due for these customers today: see the column “Why”.")
        elif count == 1:
            message = self.env._("One reminder is prepared.")
        else:
            message = self.env._("%(count)s reminders are prepared.", count=count)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if count else "info",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
