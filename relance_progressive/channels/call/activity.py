from odoo import models


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def action_open_document(self):
        """Open the call itself, with all that is to be said, rather than its reminder."""
        if self.res_model == "dunning.reminder" and self.activity_category == "phonecall":
            if call := self.env["dunning.reminder"].browse(self.res_id).call_delivery_id:
                return call.action_open_call()
        return super().action_open_document()
