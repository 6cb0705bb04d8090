from datetime import timedelta

from odoo import api, fields, models

# A phone that is off gets its messages later, for days; after that no report comes any more.
KEPT = timedelta(days=30)
SOON = (timedelta(minutes=1), timedelta(minutes=10))  # when a batch of deliveries is recorded for sure
TAKEN = ("process", "pending")  # by the gateway
FAILED = ("bounce", "exception")
PERMANENT = ("sms_invalid_destination", "sms_not_allowed", "sms_rejected")


class SmsTracker(models.Model):
    """The delivery reports of reminders: every gateway brings them here, by the number it gave to the message."""

    _inherit = "sms.tracker"

    # No foreign key: it would wait for the locks of the delivery that is still going on.
    dunning_reminder_id = fields.Integer("Reminder", help="The reminder whose message this is.")
    dunning_news = fields.Json(help="A report that came before the delivery was recorded.")

    _early_news = models.Index("(id) WHERE dunning_news IS NOT NULL")

    def _update_sms_notifications(self, notification_status, failure_type=False, failure_reason=False):
        own = self.filtered("dunning_reminder_id")
        deliveries = own._dunning_deliveries()
        early = own.filtered(lambda tracker: tracker.sms_uuid not in deliveries)
        if early:
            early.dunning_news = [notification_status, failure_type, failure_reason]
            now = fields.Datetime.now()
            self.env.ref("relance_progressive.ir_cron_dunning_sms_news").sudo()._trigger([now + wait for wait in SOON])
        for tracker in own - early:
            message = deliveries[tracker.sms_uuid].message_id
            tracker.mail_notification_id = message.notification_ids.filtered(lambda one: one.notification_type == "sms")
        res = super()._update_sms_notifications(notification_status, failure_type, failure_reason)
        for delivery in deliveries.values():
            delivery._sms_news(notification_status, failure_type, failure_reason)
        return res

    def _dunning_deliveries(self):
        """Return ``{uuid: delivery}`` of those that are recorded."""
        domain = [("reference", "in", self.mapped("sms_uuid")), ("channel", "=", "sms")]
        return {delivery.reference: delivery for delivery in self.env["dunning.delivery"].sudo().search(domain)}

    @api.model
    def _cron_dunning_news(self):
        """Take up the reports that came before their deliveries were recorded."""
        early = self.search([("dunning_news", "!=", False)])
        recorded = early._dunning_deliveries()
        for tracker in early.filtered(lambda one: one.sms_uuid in recorded):
            news, tracker.dunning_news = tracker.dunning_news, False
            tracker._update_sms_notifications(*news)

    @api.autovacuum
    def _gc_dunning(self):
        """Drop trackers that no report can reach any more."""
        old = fields.Datetime.now() - KEPT
        self.search([("dunning_reminder_id", "!=", 0), ("create_date", "<", old)]).unlink()


class DunningDelivery(models.Model):
    _inherit = "dunning.delivery"

    def _sms_news(self, status, failure_type, failure_reason):
        """Record what a gateway reports of a text message.

        :param status: a status of ``mail.notification``: "sent" is Odoo's word for delivered
        """
        self.ensure_one()
        lang = self.company_id.partner_id.lang or self.env.lang
        delivery = self.with_context(tracking_disable=True, lang=lang)
        if status in FAILED and self.state in ("sent", "uncertain"):
            delivery._bounced(delivery._sms_failure_in_words(failure_type, failure_reason))
            delivery.failure = "refused" if failure_type in PERMANENT else "unreachable"
        elif status == "sent" and self.state in ("sent", "uncertain"):
            delivery._sms_arrived("delivered", news_at=fields.Datetime.now())
        elif status in TAKEN and self.state == "uncertain":
            delivery._sms_arrived("sent")

    def _sms_arrived(self, state, **vals):
        self._set_state(state, **vals)
        self.reminder_id.filtered(lambda reminder: reminder.state == "uncertain")._set_state("sent", reason=False)

    def _sms_failure_in_words(self, failure_type, failure_reason):
        words = {
            "sms_expired": self.env._("The phone could not be reached in time."),
            "sms_invalid_destination": self.env._("The number does not exist or is not in service."),
            "sms_not_allowed": self.env._("The number does not receive SMS."),
            "sms_rejected": self.env._("The operator of this number rejected the message."),
            "sms_not_delivered": self.env._("The operator could not deliver the message."),
        }
        why = words.get(failure_type) or failure_reason or self.env._("The gateway gives no reason.")
        return self.env._("The SMS to %(number)s was not delivered: %(why)s", number=self.address, why=why)
