"""Placeholders in the texts that people write: what would reach a customer as it stands, instead of his figures.

Each kind of text has one form; the others look like placeholders too, and nothing replaces them:

====== ================================ =======================================
BODY   ``<t t-out="object.name"/>``     the text of an e-mail or a letter (HTML)
LINE   ``{{ object.name }}``            a subject, a text message
SCRIPT ``{name}``                       what is said on the phone
AS_IS  none                             what a person writes for one customer
====== ================================ =======================================
"""

import re
from html import unescape

BODY, LINE, SCRIPT, AS_IS = "body", "line", "script", "as_is"

# What looks like a placeholder, whole or left open, in any of the forms that people know.
LOOKS_LIKE_ONE = re.compile(
    r"\{\{.*?\}\}|\{%.*?%\}|\$\{[^{}]*\}|#\{[^{}]*\}|%\(\w+\)s|<t\b[^<>]*\bt-(?:out|esc|raw|field)\b[^<>]*>|"
    r"\{[A-Za-z_][\w.]*\}|\{\{|\}\}|\$\{",
    re.DOTALL,
)
PATH = re.compile(r"[A-Za-z_]\w*(?:\.\w+)*")
CODE = re.compile(r"<!--.*?-->|<(style|script)\b.*?</\1>", re.DOTALL | re.IGNORECASE)
TAG = re.compile(r"""</?[A-Za-z][\w:-]*((?:"[^"]*"|'[^']*'|[^<>"'])*)>""")
ATTRIBUTE = re.compile(r"""([^\s=<>"'/]+)\s*=\s*("[^"]*"|'[^']*')""")


def wrong_placeholders(text, kind, names):
    """Return the parts of a text that would be sent raw, or that name nothing; in order, each once.

    >>> wrong_placeholders("Unpaid: {{ object.amount_text }} ${object.days_late}", LINE, {"amount_text"})
    ['${object.days_late}']
    >>> wrong_placeholders("<p>{days} <t t-out='object.days_late'/></p>", BODY, {"days_late"})
    ['{days}']

    :param kind: BODY, LINE, SCRIPT or AS_IS
    :param names: what a placeholder may name: the fields of the object, or the names of a script
    """
    if kind == BODY:
        found = _wrong_in_document(text or "", names)
    else:
        found = [one for one in LOOKS_LIKE_ONE.findall(text or "") if not _is_right(one, kind, names)]
    return list(dict.fromkeys(" ".join(one.split()) for one in found))


def _is_right(found, kind, names):
    """Tell whether something that looks like a placeholder is one of this kind of text."""
    if kind == LINE and found.startswith("{{") and len(found) > 4:
        return _names_something(found[2:-2].partition("|||")[0].strip(), names)
    return kind == SCRIPT and found[1:-1] in names


def _names_something(expression, names):
    """Tell whether an expression may be worked out; what is more than a path is left to whoever works it out."""
    if not PATH.fullmatch(expression):
        return bool(expression)
    top, _point, rest = expression.partition(".")
    if top != "object":
        return bool(rest)  # the user, the context
    return not rest or rest.partition(".")[0] in names


def _wrong_in_document(document, names):
    """Return what is wrong in the words of a document, in the values of its attributes and in what it works out."""
    found, end, document = [], 0, CODE.sub("", document)
    for tag in (*TAG.finditer(document), None):
        words = document[end : tag.start()] if tag else document[end:]
        found += LOOKS_LIKE_ONE.findall(unescape(words))
        if not tag:
            break
        end = tag.end()
        for name, value in ATTRIBUTE.findall(tag[1]):
            value = unescape(value[1:-1])
            if name in ("t-out", "t-esc"):
                found += [] if _names_something(value.strip(), names) else [f'<t t-out="{value}"/>']
            elif not name.startswith("t-") and name != "style":
                found += LOOKS_LIKE_ONE.findall(value)
    return found
