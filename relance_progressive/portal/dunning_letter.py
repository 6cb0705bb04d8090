from odoo import models

from ..letters import qr_code


class DunningLetter(models.AbstractModel):
    """The customer's page on paper: a code for the phone, and the address for who types it."""

    _inherit = "dunning.letter"

    def _frame(self, reminder, contact, subject, text, kind):
        link = reminder._customer_link()
        frame = super()._frame(reminder, contact, subject, text, kind)
        return frame | {"link": link, "link_qr": link and qr_code.draw(link)}
