import re

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools.mail import unfold_references

from ..settings.inside import Mark, marked
from .automatic_mail import is_automatic, is_failure

OURS = re.compile(r"<([0-9a-f]{32})-openerp-(\d{1,9})-dunning\.reminder@")  # see ``dunning.channel.email._message_id``


class MailThread(models.AbstractModel):
    """Tell reminders which of the incoming e-mails a program wrote: their headers are known here only."""

    _inherit = "mail.thread"

    @api.private  # a step of the mail gateway; it looks reminders up as superuser
    @api.model
    def message_route(self, message, message_dict, model=None, thread_id=None, custom_values=None):
        """Find the reminder of an answer to a message that this database does not know: it left after the backup."""
        reminder = not message_dict.get("is_bounce") and self._dunning_sent_elsewhere(message_dict)
        if reminder:
            return [(reminder._name, reminder.id, custom_values, self.env.uid, None)]
        return super().message_route(message, message_dict, model, thread_id, custom_values)

    def _dunning_sent_elsewhere(self, message_dict):
        """Return the reminder whose message an e-mail answers, if that message has not left from here."""
        references = unfold_references(message_dict["references"] or message_dict["in_reply_to"] or "")
        reminders = self.env["dunning.reminder"].sudo()
        for identifier, reminder_id in OURS.findall(" ".join(references)):
            reminder = reminders.browse(int(reminder_id)).exists()
            if reminder and self.env["dunning.channel.email"]._is_identifier(identifier, reminder, "email"):
                known = self.env["mail.message"].sudo().search_count([("message_id", "in", references)], limit=1)
                return reminders if known else reminder
        return reminders

    def _dunning_check_gateway(self, names):
        """Refuse an e-mail to records of ours from whoever is not the mail gateway.

        Odoo lets any employee hand in a message, and then works as superuser: he would answer for any customer, and
        make any record of ours.

        :raise AccessError: for whoever is neither the system nor an administrator
        """
        if any((name or "").startswith("dunning.") for name in names) and not (
            self.env.su or self.env.user.has_group("base.group_system")
        ):
            raise AccessError(self.env._(
                "E-mails that concern reminders are handed in by the system: by an incoming mail server of Odoo's, or "
                "by a mail gateway that logs in as an administrator."
            ))  # fmt: skip

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        self._dunning_check_gateway([route[0] for route in routes or ()])
        if any(route[0] == "dunning.reminder" for route in routes or ()) and is_automatic(message):
            self = marked(self, Mark.AUTOMATIC_MAIL)
        return super()._message_route_process(message, message_dict, routes)

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        """Pass over reports that tell of no failure: "delivered", "delayed", "displayed" would undo a reminder."""
        self._dunning_check_gateway([message_dict["bounced_message"].model])
        if message_dict["bounced_message"].model == "dunning.reminder" and not is_failure(email_message):
            return None
        return super()._routing_handle_bounce(email_message, message_dict)
