"""Files with headings, as office programs write them: one line each, whatever the encoding and the separator.

>>> rows("Référence;Taux\\n\\necb_mro; 2,40 %\\n".encode("cp1252"))
[(1, ['Référence', 'Taux']), (3, ['ecb_mro', '2,40 %'])]
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

SEPARATORS = ";,\t|"
ENCODINGS = ("utf-8-sig", "cp1252")
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
FIRST_LINES = 20  # that tell the separator


def rows(content: bytes, *, decimals: bool = False) -> list[tuple[int, list[str]]]:
    """Return ``(line, cells)`` of the lines that say something: none of what is no text, such as a workbook.

    >>> rows(b"PK\\3\\4\\0\\0a;b")
    []

    :param decimals: cells hold numbers, so that a comma separates only where nothing else does
    """
    text = decode(content)
    if "\0" in text:
        return []
    try:
        lines = list(enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator(text, decimals)), start=1))
    except csv.Error:  # a cell longer than any
        return []
    stripped = [(line, [cell.strip() for cell in cells]) for line, cells in lines]
    return [(line, cells) for line, cells in stripped if any(cells)]


def decode(content: bytes) -> str:
    """Return the text of a file in one of the encodings of office programs."""
    if content.startswith(UTF_16):
        return content.decode("utf-16", errors="replace")
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")  # it reads anything


def separator(text: str, decimals: bool = False) -> str:
    """Return the separator that the first lines use most, a semicolon if none is seen.

    >>> separator("a;1,5,x,y"), separator("a;1,5,x,y", decimals=True), separator("a,1.5", decimals=True)
    (',', ';', ',')
    """
    start = "\n".join(text.splitlines()[:FIRST_LINES])
    if decimals and (";" in start or "\t" in start):
        return max(";\t", key=start.count)
    return max(SEPARATORS, key=lambda mark: (start.count(mark), mark == ";"))


def plain(text: str) -> str:
    """Return the words of a text without accents, capitals and punctuation.

    >>> plain("N° d'Événement"), plain("Taux légal français, créanciers")
    ('n d evenement', 'taux legal francais creanciers')
    """
    letters = unicodedata.normalize("NFKD", text.replace("°", " ").replace("º", " ").lower())
    return " ".join(re.findall(r"[a-z0-9]+", "".join(c for c in letters if not unicodedata.combining(c))))


def named(heading: str, known: Iterable[tuple[str, Sequence[str]]]) -> str | None:
    """Return the column that a heading names: the first one of ``(column, words)`` with a word of the heading.

    >>> named("N° de suivi", [("date", ("date", "jour")), ("number", ("numero", "n"))])
    'number'
    """
    words = set(plain(heading).split())
    return next((name for name, own in known if words & set(own)), None)


def in_order(cells: Sequence[str], places: Mapping[str, int], columns: Sequence[str]) -> list[str]:
    """Return what a line says in each of these columns, nothing where it has none.

    >>> in_order(["a", "b"], {"second": 1, "third": 2}, ("first", "second", "third"))
    ['', 'b', '']
    """
    return [cells[places[name]] if places.get(name, len(cells)) < len(cells) else "" for name in columns]
