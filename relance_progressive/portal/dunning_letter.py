import base64
import io
import logging

from odoo import models
from odoo.tools.image import image_data_uri

try:
    import qrcode
except ImportError:
    qrcode = None

_logger = logging.getLogger(__name__)


class DunningLetter(models.AbstractModel):
    """The customer's page on paper: a code for the phone, and the address for who types it."""

    _inherit = "dunning.letter"

    def _frame(self, reminder, contact, subject, text, kind):
        link = reminder._customer_link()
        return super()._frame(reminder, contact, subject, text, kind) | {"link": link, "link_qr": self._draw_link(link)}

    def _draw_link(self, link):
        """Return the QR code of an address as a data URL, or nothing where nothing draws one."""
        if qrcode is None:
            _logger.info("No QR code of the customer's page: the library qrcode is missing")
            return ""
        picture = io.BytesIO()
        qrcode.make(link, border=0, error_correction=qrcode.constants.ERROR_CORRECT_M).save(picture, "PNG")
        return image_data_uri(base64.b64encode(picture.getvalue()))
