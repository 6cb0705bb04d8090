from odoo import api, models

from .automatic_mail import is_automatic, is_failure


class MailThread(models.AbstractModel):
    """Tell reminders which of the incoming e-mails a program wrote: their headers are known here only."""

    _inherit = "mail.thread"

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        if any(route[0] == "dunning.reminder" for route in routes or ()) and is_automatic(message):
            self = self.with_context(dunning_automatic_mail=True)
        return super()._message_route_process(message, message_dict, routes)

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        """Pass over reports that tell of no failure: "delivered", "delayed", "displayed" would undo a reminder."""
        if message_dict["bounced_message"].model == "dunning.reminder" and not is_failure(email_message):
            return None
        return super()._routing_handle_bounce(email_message, message_dict)
