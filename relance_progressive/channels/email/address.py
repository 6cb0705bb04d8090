"""E-mail addresses as servers know them."""

from email.utils import parseaddr
from functools import lru_cache

import idna

from odoo.tools import email_normalize_all, formataddr

from ...core.plain.typed import one_line


def addresses(text):
    """Return the addresses in a field, once each: in lower case, international domains as they are sent (IDNA).

    >>> addresses("Compta <COMPTA@société.example>, compta@xn--socit-esab.example")
    ['compta@xn--socit-esab.example']
    """
    return list(_addresses(text or ""))


@lru_cache(4096)  # a message asks six times for those of its customer
def _addresses(text):
    return tuple(dict.fromkeys(filter(None, map(_as_sent, email_normalize_all(text)))))


def with_name(name, address):
    """Return ``"name" <address>``, in one line: what else stands in a name would be headers and addresses of a message.

    Customers write their names themselves, in the portal.

    >>> with_name("Anna\\r\\nBcc: other@petit.example", "anna@petit.example")
    '"Anna Bcc: other@petit.example" <anna@petit.example>'
    """
    return formataddr((one_line(name or ""), address))


def with_sent_domain(formatted):
    """Return ``"name" <address>`` with the domain as it is sent; anything else stays as it is."""
    name, address = parseaddr(formatted or "")
    if not address or address.isascii():
        return formatted
    return formataddr((name, _as_sent(address) or address))


def _as_sent(address):
    local, at, domain = address.rpartition("@")
    if domain.isascii():
        return address
    try:
        return local + at + idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        return ""  # no domain can have that name
