import re

from werkzeug.exceptions import BadRequest, HTTPException, NotFound, RequestEntityTooLarge

from odoo import models
from odoo.http import Response, request

from .answers import form_fields as answer_fields
from .door import rights
from .door.door import failed, message_values, speak

# What the addresses of a customer's pages begin with, a language before it or not.
OWN = re.compile(r"/+(?:[a-z]{2,3}(?:[_@]\w+)*/+)?(?P<my>my/+)?reminders(?:/+(?P<token>[^/]+)|/*$)")
# Addresses that no page has, and over which Odoo's own page for them stumbles, or that of its websites.
UNSPEAKABLE = re.compile(r"\x00|\d{4000}|/(?:\.|%2e){1,2}(?:/|$)", re.IGNORECASE)
SIZE = answer_fields.MOST_BYTES // 1024 // 1024


class IrHttp(models.AbstractModel):
    """Nobody keeps, lists or frames an answer to a customer, whatever it is and wherever in Odoo it is made."""

    _inherit = "ir.http"

    @classmethod
    def _match(cls, path_info):
        """Seal what is refused before a page is called: another method or address, another kind of body."""
        if not _own_path():
            return super()._match(path_info)
        request.future_response.headers.update(rights.HEADERS)  # of what is answered by ``abort``
        try:
            rule, args = _match_or_not_found(super()._match, path_info)
            request._set_request_dispatcher(rule)  # Odoo does it next, where nothing can be sealed
            if rule.endpoint.routing["type"] == "jsonrpc" and not _can_be_read():
                raise BadRequest()
            return rule, args
        except NotFound:
            raise  # Odoo makes a page of it, which is sealed
        except HTTPException as refusal:
            if refusal.code:
                refusal.response = refusal.error_response = _seal(refusal.get_response(request.httprequest.environ))
            raise

    @classmethod
    def _post_dispatch(cls, response):
        super()._post_dispatch(response)
        if _own_path():
            _seal(response)

    @classmethod
    def _handle_error(cls, exception):
        """Also seal what never reached a page of ours: an address that is none, a form without its token, a failure."""
        own = _own_path()
        if not own:
            return super()._handle_error(exception)
        if isinstance(exception, RequestEntityTooLarge):
            response = cls._dunning_too_large(own)
        elif request.dispatcher.routing_type == "jsonrpc" and not isinstance(exception, NotFound):
            response = request.dispatcher._response(result=failed(request.env._(
                "This did not work. Please try again in a moment; if it happens again, please call us."
            )))  # fmt: skip
        else:
            response = super()._handle_error(exception)
        if isinstance(response, HTTPException):
            response = response.get_response(request.httprequest.environ)
        return _seal(response)

    @classmethod
    def _dunning_too_large(cls, own):
        """Return the page for files that are too large: nothing of the form was read, the browser still has it."""
        if not request.env.uid:
            cls._auth_method_public()
        cls._frontend_pre_dispatch()
        request.params = {}  # what Odoo's frame would read of the form
        token = None if own["my"] else own["token"]
        accounts = request.env["dunning.account"]
        account = accounts._portal_account(token) if token else accounts
        speak(account, token, request.httprequest.args.get("lang"))
        html = request.env["ir.ui.view"]._render_template("relance_progressive.portal_too_large", {
            "count": answer_fields.MOST_FILES, "size": SIZE, **message_values(),
        })  # fmt: skip
        response = Response(html, status=413, content_type="text/html;charset=utf-8")
        cls._post_dispatch(response)
        return response


def _match_or_not_found(match, path):
    """Return the page of an address; one that no page has, and that Odoo's search for files cannot read, is refused."""
    try:
        return match(path)
    except ValueError as error:  # a number of thousands of digits
        raise BadRequest() from error
    except NotFound as error:
        if UNSPEAKABLE.search(path):
            raise BadRequest() from error
        raise


def _can_be_read():
    """Tell whether the body is what Odoo reads of a script; of another one it would make an error of the server."""
    try:
        sent = request.get_json_data()
    except (ValueError, RecursionError):
        return False
    return isinstance(sent, dict) and isinstance(sent.get("params", {}), dict)


def _own_path():
    """Return whose page is asked for, or nothing for a page that is not ours."""
    return OWN.match(request.httprequest.path)


def _seal(response):
    """Make of an answer one that nobody keeps, lists or frames; it replaces what was said before."""
    response.headers.update(rights.HEADERS)
    return response
