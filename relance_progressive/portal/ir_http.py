from werkzeug.exceptions import HTTPException

from odoo import models
from odoo.http import request

from . import rights

OWN = ("/reminders/", "/my/reminders")  # what the addresses of a customer's pages begin with


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _post_dispatch(cls, response):
        super()._post_dispatch(response)
        _seal(response)

    @classmethod
    def _handle_error(cls, exception):
        """Also seal what never reached a page of ours: an address that is none, a form without its token, a failure."""
        response = super()._handle_error(exception)
        if not isinstance(response, HTTPException):
            _seal(response)
        return response


def _seal(response):
    """Make of an answer to a customer one that nobody keeps, lists or frames; it replaces what was said before."""
    if request.httprequest.path.startswith(OWN):
        response.headers.update(rights.HEADERS)
