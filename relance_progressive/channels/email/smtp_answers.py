"""What an answer of a mail server means, and whom it concerns. No Odoo, no network.

Sources: RFC 5321 (codes), RFC 3463 and RFC 5248 (the three numbers that many servers add), RFC 6647 (greylisting).
"""

import re

from ..dunning_channel import DELAYED, MESSAGE, REFUSED, SENDER, SERVICE, UNCERTAIN, UNCLEAR

ENHANCED = re.compile(r"\b[245]\.(\d{1,3})\.(\d{1,3})\b")
GREYLIST = re.compile(r"gr[ae]y.?list", re.IGNORECASE)
TOO_BIG = re.compile(r"\bsize\b|too (big|large)", re.IGNORECASE)
CLOSING = 421
NO_RIGHTS = (454, 530, 534, 535, 538)  # the server does not know us, or not any more
FULL = 552  # the disk of the server, a mailbox, or a message above the limit
# The second and the third number.
BAD_SENDER = {("1", "7"), ("1", "8")}
FULL_MAILBOX = ("2", "2")
TOO_BIG_HERE = ("3", "4")


def meaning(stage, code, words, text_left=False):
    """Return ``(state, scope)`` of an answer that is not 2xx.

    :param stage: what was answered: "mail", "rcpt" or "data" (the command, or the text)
    :param code: the number, -1 for an answer that cannot be read
    :param text_left: whether the answer is one to the text
    """
    if not 400 <= code < 600:  # nothing that a server may say here
        return (UNCERTAIN if text_left else DELAYED), UNCLEAR
    found = ENHANCED.search(words)
    detail = found.groups() if found else ("", "")
    if code == CLOSING or code in NO_RIGHTS:
        return DELAYED, SERVICE
    if code == FULL:
        return _full(stage, detail, words)
    if detail in BAD_SENDER:
        return DELAYED, SENDER
    if stage == "mail":  # it has not heard yet to whom
        if detail == TOO_BIG_HERE:
            return REFUSED, MESSAGE
        return DELAYED, SENDER if code >= 500 else SERVICE
    return _later(detail, words) if code < 500 else _never(stage, code, detail)


def _full(stage, detail, words):
    """Return what 552 means: a full disk is emptied, a message that is too big stays so."""
    if detail == TOO_BIG_HERE or (detail == ("", "") and TOO_BIG.search(words)):
        return REFUSED, MESSAGE
    if detail == FULL_MAILBOX:
        return DELAYED, MESSAGE
    return DELAYED, SERVICE if stage == "mail" else UNCLEAR


def _later(detail, words):
    """Return whom a temporary refusal of a recipient, or of a text, concerns.

    A server that is limited says the same as one that makes a single recipient wait: the next messages tell.
    """
    if GREYLIST.search(words) or detail[0] in ("1", "2") or detail in (TOO_BIG_HERE, ("5", "3")):
        return DELAYED, MESSAGE
    return DELAYED, SERVICE if detail[0] == "3" else UNCLEAR


def _never(stage, code, detail):
    """Return whom a refusal for good concerns; "not from you" and "not this text" may be said to all."""
    known = detail[0] in ("1", "2", "5", "6") or detail == TOO_BIG_HERE
    if known or (not detail[0] and stage == "rcpt" and code in (550, 551, 553)):
        return REFUSED, MESSAGE
    return REFUSED, UNCLEAR
