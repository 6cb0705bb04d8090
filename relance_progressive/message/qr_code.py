"""QR codes on paper.

Odoo draws them with a part of reportlab that has no build for recent Pythons: a plain code is drawn with ``qrcode``,
another dependency of Odoo.
"""

import base64
import io

from odoo.tools.image import image_data_uri

try:
    import qrcode
except ImportError:
    qrcode = None

CAN_DRAW = qrcode is not None


def draw(text):
    """Return the QR code of a text as a data URL, or nothing where nothing draws one."""
    if not CAN_DRAW:
        return ""
    picture = io.BytesIO()
    qrcode.make(text, border=0, error_correction=qrcode.constants.ERROR_CORRECT_M).save(picture, "PNG")
    return image_data_uri(base64.b64encode(picture.getvalue()))
