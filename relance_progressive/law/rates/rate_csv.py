"""Files of interest rates, in the forms that Odoo exports and people type.

>>> rows = read("Référence;À partir du;Taux;Source\\necb_mro;01/01/2027;2,40 %;BCE\\n".encode("cp1252"))
>>> rows[0]
Row(line=2, reference='ecb_mro', date_from='01/01/2027', value='2,40 %', source='BCE', verified='')
>>> percent_of("2,40 %"), percent_of("-0.88"), percent_of("two")
(Decimal('2.40'), Decimal('-0.88'), None)
"""

import re
from decimal import Decimal
from typing import NamedTuple

from ...core.plain import table
from ...core.plain.typed import read_day

COLUMNS = ("reference", "date_from", "value", "source", "verified")
# Words of a heading, without accents -> the column it names. The first match counts.
HEADINGS = (
    ("verified", ("verified", "verifie", "controle")),
    ("date_from", ("date", "from", "partir", "debut", "du", "jour")),
    ("source", ("source", "origine")),
    ("value", ("value", "percent", "pourcentage", "pourcent", "valeur", "taux")),
    ("reference", ("reference", "ref", "code", "rate", "indice")),
)
YES, NO = {"1", "yes", "y", "true", "vrai", "oui", "o", "x"}, {"", "0", "no", "n", "false", "faux", "non"}


class Row(NamedTuple):
    """One line of the file as it is written."""

    line: int
    reference: str = ""
    date_from: str = ""
    value: str = ""
    source: str = ""
    verified: str = ""


def read(content: bytes) -> list[Row]:
    """Return the lines of a file that say something; without headings the columns are those of :class:`Row`."""
    rows = [(line, row) for line, row in table.rows(content, decimals=True) if not row[0].startswith("#")]
    if not rows:
        return []
    places = headings(rows[0][1])
    headed = places is not None
    places = places or dict(zip(COLUMNS, range(len(COLUMNS)), strict=True))
    return [Row(line, *table.in_order(row, places, COLUMNS)) for line, row in rows[headed:]]


def headings(cells: list[str]) -> dict[str, int] | None:
    """Return the place of each column that the first line names, nothing if it is no heading."""
    places = {}
    if any(percent_of(cell) is not None or read_day(cell) for cell in cells):
        return None
    for place, cell in enumerate(cells):
        name = table.named(cell, HEADINGS)
        if name == "value" and name in places and "reference" not in places:  # Odoo calls the reference "Rate"
            places["reference"] = places["value"]
            places["value"] = place
        elif name and name not in places:
            places[name] = place
    return places


def percent_of(text: str) -> Decimal | None:
    """Return a percentage, nothing if it is none."""
    number = re.sub(r"[\s%]", "", text).replace(",", ".")
    return Decimal(number) if re.fullmatch(r"[+-]?\d{1,3}(\.\d{1,4})?", number) else None


def truth_of(text: str) -> bool | None:
    """Return yes or no, nothing if it is neither."""
    word = table.plain(text)
    return True if word in YES else False if word in NO else None
