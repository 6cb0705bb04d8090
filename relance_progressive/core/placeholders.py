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
from html.parser import HTMLParser

BODY, LINE, SCRIPT, AS_IS = "body", "line", "script", "as_is"

# What looks like a placeholder, whole or left open, in any of the forms that people know.
LOOKS_LIKE_ONE = re.compile(
    r"\{\{.*?\}\}|\{%.*?%\}|\$\{[^{}]*\}|#\{[^{}]*\}|%\(\w+\)s|<t\b[^<>]*\bt-(?:out|esc|raw|field)\b[^<>]*>|"
    r"\{[A-Za-z_][\w.]*\}|\{\{|\}\}|\$\{",
    re.DOTALL,
)
PATH = re.compile(r"[A-Za-z_]\w*(?:\.\w+)*")
CODE = ("style", "script")


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
        reader = _Reader(names)
        reader.feed(text or "")
        reader.close()
        found = reader.found
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


class _Reader(HTMLParser):
    """Collect what is wrong in the words of a document and in the values of its attributes."""

    def __init__(self, names):
        super().__init__(convert_charrefs=True)
        self.names, self.found, self.inside = names, [], []

    def handle_starttag(self, tag, attrs):
        if tag in CODE:
            self.inside.append(tag)
        for name, value in attrs:
            if name in ("t-out", "t-esc"):
                if not _names_something((value or "").strip(), self.names):
                    self.found.append(f'<t t-out="{value}"/>')
            elif not name.startswith("t-") and name != "style":
                self.handle_data(value or "")

    def handle_endtag(self, tag):
        if tag in self.inside:
            self.inside.remove(tag)

    def handle_data(self, data):
        if not self.inside:
            self.found += LOOKS_LIKE_ONE.findall(data)
