"""Placeholders in the texts that people write: what would reach a customer as it stands, instead of his figures.

Each kind of text has one form; the others look like placeholders too, and nothing replaces them:

====== ================================ =======================================
BODY   ``<t t-out="object.name"/>``     the text of an e-mail or a letter (HTML)
LINE   ``{{ object.name }}``            a subject, a text message
SCRIPT ``{name}``                       what is said on the phone
AS_IS  none                             what a person writes for one customer
====== ================================ =======================================
"""

import ast
import re
from html import unescape

BODY, LINE, SCRIPT, AS_IS = "body", "line", "script", "as_is"

# What looks like a placeholder, whole or left open, in any of the forms that people know from this or another program.
LOOKS_LIKE_ONE = re.compile(
    r"\{\{.*?\}\}"  # Odoo, Jinja, Mustache
    r"|\{\s*\{[^{}]*\}\s*\}"
    r"|\{%.*?%\}|\[%.*?%\]|<%.*?%>|<\?.*?\?>"
    r"|\[\[.*?\]\]"
    r"|[$#%@]\{[^{}]*\}"
    r"|%\([\w.]+\)[a-z]"  # Python
    r"|\{(?:\d+|[A-Za-z_][\w.]*)(?:[!:|][^{}]*)?\}"
    r"|\{\s*[A-Za-z_]\w*[._]\w[\w.]*\s*\}"
    r"|<<\s*[A-Za-z_][\w.]*\s*>>"
    r"|<t\b[^<>]*\bt-(?:out|esc|raw|field)\b[^<>]*>"
    r"|(?<!\w)%[A-Za-z_][\w.]*%(?!\w)"
    r"|(?<![\w?&])\$[a-z_][\w.]*"  # $CAN is a currency
    r"|(?<![\w./@?&-])object\.[A-Za-z_]\w*"  # whatever stands around it
    r"|\{\{|\}\}|\[\[|\]\]|\$\{|<%",
    re.DOTALL,
)
BRACKETED = re.compile(r"[\[{<]\s*([A-Za-z_]\w*)\s*[\]}>]")  # one word: a placeholder if it is the name of a field
WORD = re.compile(r"(?<![\w./@&?=-])[a-z]+(?:_[a-z]+)+(?![\w=@])")  # likewise: nobody writes such words to a customer
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
    names = frozenset(names)
    if kind == BODY:
        found = _wrong_in_document(text or "", names)
    else:
        found = [one for one in _look_like_ones(text or "", names) if not _is_right(one, kind, names)]
    return list(dict.fromkeys(" ".join(one.split()) for one in found))


def _look_like_ones(words, names):
    """Return what looks like a placeholder among words, in order; the name of a field does wherever it stands."""
    found = [(one.start(), one[0]) for one in LOOKS_LIKE_ONE.finditer(words)]
    rest = LOOKS_LIKE_ONE.sub(lambda one: " " * len(one[0]), words)
    named = [one for one in BRACKETED.finditer(rest) if one[1] in names]
    for one in named:
        rest = rest[: one.start()] + " " * len(one[0]) + rest[one.end() :]
    named += [one for one in WORD.finditer(rest) if one[0] in names]
    return [one for _start, one in sorted(found + [(one.start(), one[0]) for one in named])]


def _is_right(found, kind, names):
    """Tell whether something that looks like a placeholder is one of this kind of text."""
    if kind == LINE and found.startswith("{{") and len(found) > 4:
        return _names_something(found[2:-2].partition("|||")[0].strip(), names)
    return kind == SCRIPT and found[1:-1] in names


def _names_something(expression, names):
    """Tell whether an expression may be worked out: it can be read, and what it takes from the object is there."""
    if not PATH.fullmatch(expression):
        return _can_be_read(expression, names)
    top, _point, rest = expression.partition(".")
    if top != "object":
        return bool(rest)  # the user, the context
    return not rest or rest.partition(".")[0] in names


def _can_be_read(expression, names):
    """Tell whether an expression that is more than a path has a meaning, and names fields of the object only."""
    try:
        tree = ast.parse(expression, mode="eval")
    except (SyntaxError, ValueError):
        return False
    return all(
        one.attr in names
        for one in ast.walk(tree)
        if isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name) and one.value.id == "object"
    )


def _wrong_in_document(document, names):
    """Return what is wrong in the words of a document, in the values of its attributes and in what it works out."""
    found, end, document = [], 0, CODE.sub("", document)
    for tag in (*TAG.finditer(document), None):
        words = document[end : tag.start()] if tag else document[end:]
        found += _look_like_ones(unescape(words), names)
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
