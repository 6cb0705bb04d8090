from datetime import timedelta

from odoo import api, fields, models

# A phone that is off gets its messages later, for days; after that no report comes any more.
KEPT = timedelta(days=30)
SOON = (timedelta(minutes=1), timedelta(minutes=10))  # when a batch of deliveries is recorded for sure


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
