"""Files of post offices and postal services: numbers, events and dates, in whatever form they come.

>>> text = "N° de recommandé;Référence;Événement;Date\\nRR1;REL-000012;Distribué;05/03/2026"
>>> rows, headed = read(text.encode("cp1252"))
>>> rows[0]
Row(line=2, number='RR1', letter='REL-000012', event='Distribué', date='05/03/2026')
>>> kind_of("Pli avisé"), kind_of("N.P.A.I."), kind_of("?")
('presented', 'returned', '')
>>> day_of("5/3/26"), day_of("2026-03-05 10:12"), day_of("31/02/2026")
(datetime.date(2026, 3, 5), datetime.date(2026, 3, 5), None)
"""

import re
from datetime import date
from typing import NamedTuple

from ...core.plain import table

# Words of a heading, without accents -> the column it names. The first match counts.
HEADINGS = (
    ("date", ("date", "jour", "day", "le")),
    ("letter", ("relance", "reference", "ref", "reminder", "position", "rang", "ordre", "ligne", "line")),
    ("event", ("evenement", "event", "statut", "status", "etat", "state", "libelle", "quoi")),
    ("number", ("numero", "number", "no", "n", "recommande", "suivi", "tracking", "code", "barcode", "lrar")),
)
COLUMNS = ("number", "letter", "event", "date")

# Words of an event, without accents -> its kind. The first match counts: "non reclame, retourne" is not claimed.
EVENTS = (
    ("unclaimed", ("non reclame", "not claimed", "unclaimed", "delai de garde expire", "non retire")),
    ("returned", (
        "retourne", "retour", "returned", "came back", "npai", "inconnu", "unknown", "destinataire non identifiable",
    )),
    ("refused", ("refus", "refuse", "refused")),
    ("delivered", ("distribue", "remis", "delivered", "livre", "recu", "accepte", "accepted")),
    ("presented", (
        "presente", "presentation", "presented", "avise", "en instance", "notifie", "notified", "a retirer",
    )),
    ("handed_in", (
        "depose", "depot", "handed in", "pris en charge", "prise en charge", "poste", "posted", "expedie", "deposit",
    )),
)  # fmt: skip
FRENCH_DATE = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})(?!\d)")
ISO_DATE = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?!\d)")


class Row(NamedTuple):
    """A line of the file, as it is written there."""

    line: int
    number: str = ""
    letter: str = ""
    event: str = ""
    date: str = ""


def read(content: bytes) -> tuple[list[Row], bool]:
    """Return the lines of a file that say something, and whether it has headings.

    Without headings the columns are: number, letter, event, date.
    """
    filled = table.rows(content)
    if not filled:
        return [], False
    columns = headings(filled[0][1])
    headed = columns is not None
    columns = columns or dict(zip(COLUMNS, range(len(COLUMNS)), strict=True))
    return [Row(line, *table.in_order(cells, columns, COLUMNS)) for line, cells in filled[headed:]], headed


def headings(cells: list[str]) -> dict[str, int] | None:
    """Return the place of each column that the first line names, nothing if it is no heading."""
    columns = {}
    for place, cell in enumerate(cells):
        name = table.named(cell, HEADINGS)
        if name and name not in columns:
            columns[name] = place
    if any(day_of(cell) or kind_of(cell) and len(cell.split()) == 1 for cell in cells) and len(columns) < len(cells):
        return None
    return columns if "number" in columns or "letter" in columns else None


def kind_of(text: str) -> str:
    """Return the kind of an event from its name in French or English, or its code; nothing if unknown."""
    words = table.plain(text)
    if words.replace(" ", "_") in {kind for kind, _known in EVENTS}:
        return words.replace(" ", "_")
    words = f" {words.replace('n p a i', 'npai')} "
    return next((kind for kind, known in EVENTS if any(f" {name}" in words for name in known)), "")


def day_of(text: str) -> date | None:
    """Return the day of a date written the French or the international way, nothing if there is none."""
    text = text.strip()
    if match := ISO_DATE.match(text):
        year, month, day = map(int, match.groups())
    elif match := FRENCH_DATE.match(text):
        day, month, year = map(int, match.groups())
        year += 2000 if year < 100 else 0
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
