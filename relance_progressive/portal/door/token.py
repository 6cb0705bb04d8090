"""The key to a customer's page: short enough for a text message and a QR code, and worthless once altered.

It holds the id of the account and the last day of its life, in clear, and a signature over both and over the
secret key of the account. Odoo's own ``hash_sign`` does the same with twice the characters.
"""

import base64
import binascii
import hashlib
from datetime import date, timedelta
from typing import NamedTuple

from odoo.tools.misc import consteq, hmac

SCOPE = "relance_progressive.portal"
EPOCH = date(2020, 1, 1)  # two bytes count the days until 2199
SIGNATURE = 16  # bytes: 128 bits, the half of an HMAC-SHA256
LENGTH = 4 + 2 + SIGNATURE
NOBODY = "no account has this key"  # signed with when there is no account, so that it takes as long


class Token(NamedTuple):
    """What a token says, before anyone knows whether it is true."""

    account_id: int
    last_day: date
    signature: bytes


def make(env, account_id, last_day, key):
    """Return the token that opens an account until ``last_day`` included, as text for an address."""
    return _as_text(_head(account_id, last_day) + _sign(env, account_id, last_day, key))


def read(text):
    """Return what a text says; what is no token is one of nobody, long over."""
    try:
        raw = base64.urlsafe_b64decode(text.encode("ascii") + b"==")
    except (UnicodeEncodeError, binascii.Error):
        raw = b""
    if len(raw) != LENGTH or _as_text(raw) != text:  # what decodes alike is not the same text
        return Token(0, EPOCH, bytes(SIGNATURE))
    last_day = EPOCH + timedelta(days=int.from_bytes(raw[4:6], "big"))
    return Token(int.from_bytes(raw[:4], "big"), last_day, raw[6:])


def is_signed(env, token, key):
    """Tell whether a token was signed with the key of its account; without an account (``None``) none was."""
    known = key is not None
    return consteq(_sign(env, token.account_id, token.last_day, key if known else NOBODY), token.signature) and known


def _as_text(raw):
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _head(account_id, last_day):
    return account_id.to_bytes(4, "big") + (last_day - EPOCH).days.to_bytes(2, "big")


def _sign(env, account_id, last_day, key):
    message = (account_id, last_day.isoformat(), key)
    return bytes.fromhex(hmac(env, SCOPE, repr(message), hash_function=hashlib.sha256))[:SIGNATURE]
