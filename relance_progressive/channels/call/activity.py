from odoo import models

CALL = "mail.mail_activity_data_call"


class DunningReminder(models.Model):
    _inherit = "dunning.reminder"

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """Have nobody follow a reminder for having to make its call."""
        if self.env.context.get("dunning_no_follower"):
            return True
        return super().message_subscribe(partner_ids=partner_ids, subtype_ids=subtype_ids)


class DunningDelivery(models.Model):
    """The activity that stands for a call, from the moment it is to be made until it has an outcome."""

    _inherit = "dunning.delivery"

    def _schedule_calls(self):
        """Give the persons in charge something to do, without one e-mail for each call."""
        quick = {"mail_activity_quick_update": True, "dunning_no_follower": True}
        model, kind = self.env["ir.model"]._get_id("dunning.reminder"), self.env.ref(CALL)
        values = []
        for user, own in self.grouped(lambda delivery: delivery.reminder_id._person_in_charge()).items():
            summary = self.with_context(lang=user.lang or self.env.lang).env._("Call the customer")
            values += [
                {
                    "activity_type_id": kind.id,
                    "automated": True,
                    "summary": summary,
                    "date_deadline": delivery.to_do_on,
                    "res_model_id": model,
                    "res_id": delivery.reminder_id.id,
                    "user_id": user.id,
                }
                for delivery in own
            ]
        self.env["mail.activity"].sudo().with_context(**quick).create(values)

    def _call_activities(self):
        """Return the activities of these calls that are still to be done."""
        return self.env["mail.activity"].sudo().search([
            ("res_model", "=", "dunning.reminder"), ("res_id", "in", self.reminder_id.ids),
            ("activity_type_id", "=", self.env.ref(CALL).id), ("automated", "=", True),
        ])  # fmt: skip

    def _end_call_activities(self, state):
        """Close the activities of calls that are over, however they ended."""
        if not self:
            return
        activities = self._call_activities()
        if state != "sent":
            activities.unlink()
            return
        for delivery in self:
            own = activities.filtered(lambda one, call=delivery: one.res_id == call.reminder_id.id)
            own.action_feedback(feedback=delivery.call_ids[:1].summary)

    def _call_again_on(self, day):
        """Put the call off to a day."""
        self.to_do_on = day
        self._call_activities().with_context(mail_activity_quick_update=True).date_deadline = day


class DunningAccount(models.Model):
    _inherit = "dunning.account"

    def write(self, vals):
        """Also hand the calls over to a new person in charge."""
        res = super().write(vals)
        if "user_id" in vals:
            waiting = self.env["dunning.delivery"].sudo().search([
                ("channel", "=", "call"), ("state", "=", "ready"), ("reminder_id.account_id", "in", self.ids),
            ])  # fmt: skip
            for user, own in waiting.grouped(lambda delivery: delivery.reminder_id._person_in_charge()).items():
                own._call_activities().with_context(dunning_no_follower=True).user_id = user
        return res


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def action_open_document(self):
        """Open the call itself, with all that is to be said, rather than its reminder."""
        if self.res_model == "dunning.reminder" and self.activity_category == "phonecall":
            if call := self.env["dunning.reminder"].browse(self.res_id).call_delivery_id:
                return call.action_open_call()
        return super().action_open_document()
