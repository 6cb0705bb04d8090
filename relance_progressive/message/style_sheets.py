"""Style sheets that need no web server: what they would fetch is put into them, or left out."""

import base64
import re
from collections.abc import Callable

FONT_FACE = re.compile(r"@font-face\s*{[^}]*}")
FAMILY = re.compile(r"font-family:\s*['\"]?([^;'\"}]+)")
WEIGHT = re.compile(r"font-weight:\s*(\w+)")
STYLE = re.compile(r"font-style:\s*(\w+)")
FILE = re.compile(r"url\(['\"]?/([^)'\"?#]+\.(?:woff|ttf))['\"]?\)")
WEIGHTS = {"400", "700", "normal", "bold"}


def self_contained(css: str, family: str, read: Callable[[str], bytes | None]) -> str:
    """Return a style sheet with the fonts of one family inside, and without the others.

    A font that the PDF engine cannot fetch leaves the paper blank where its text should be; without
    the font it takes one of the machine's.

    :param family: as people write it: "Open Sans"
    :param read: gives the content of a static file by its address without the leading slash, or nothing
    """

    def face(found):
        rule = found[0]
        if FAMILY.search(rule)[1].strip().replace("_", " ") != family or _value(STYLE, rule, "normal") != "normal":
            return ""
        weight = _value(WEIGHT, rule, "400")
        name = FILE.search(rule)
        content = read(name[1]) if name and weight in WEIGHTS else None
        if not content:
            return ""
        data = base64.b64encode(content).decode()
        source = f"url(data:font/{name[1].rpartition('.')[2]};base64,{data})"
        return f"@font-face{{font-family: '{FAMILY.search(rule)[1].strip()}'; font-weight: {weight}; src: {source}}}"

    return FONT_FACE.sub(face, css)


def _value(pattern, rule, default):
    found = pattern.search(rule)
    return found[1] if found else default
