import re

from odoo import api, models

from . import portal_token

DIGITS = -(-portal_token.LENGTH * 4 // 3)  # of a token, as text
KEY = re.compile(rf"/reminders/([A-Za-z0-9_-]{{{DIGITS}}})(?![A-Za-z0-9_-])")


class DunningChannel(models.AbstractModel):
    """Who reads a message later, an auditor say, does not come in as the customer by the link that it carried."""

    _inherit = "dunning.channel"

    @api.model
    def _without_keys(self, body):
        """Put the address for whoever logs in, of the same page, in the place of that which opens by itself."""
        return KEY.sub(self._of_who_logs_in, str(super()._without_keys(body)))

    def _of_who_logs_in(self, found):
        account = portal_token.read(found[1]).account_id
        return f"/my/reminders/{account}" if account else found[0]
