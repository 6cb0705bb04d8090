"""Addresses and forms hold whatever somebody typed: an endpoint is called all the same."""

import functools

from werkzeug.datastructures import FileStorage


def any_parameter(route):
    """Let an endpoint of ``http.route`` be called whatever the parameters are called, and whatever they hold.

    Odoo passes all of them by name: one called ``self`` is taken for the controller, an error for whoever reads the
    log. A file where a text is meant, which any request may hold, is left out: who wants files reads those of the
    request. A text with a zero byte is none that the database takes: the byte is shown as one that cannot be read.
    """

    @functools.wraps(route)  # with what Odoo notes on a route
    def endpoint(self, /, **typed):
        typed.pop("self", None)
        return route(self, **{
            name: value.replace("\x00", "\ufffd") if isinstance(value, str) else value
            for name, value in typed.items() if not isinstance(value, FileStorage)
        })  # fmt: skip

    return endpoint
