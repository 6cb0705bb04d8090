"""Where an address stands on a sheet, and how the post wants to read it."""

import re
import unicodedata
from typing import NamedTuple

LONGEST_LINE = 38  # NF Z10-011 (AFNOR): characters of a line, spaces included
MOST_LINES = 6  # NF Z10-011; one more for the country


class Window(NamedTuple):
    """Where the first letter of an address stands, in millimetres from the top left corner of the sheet."""

    left: float
    top: float


# A sheet folded in three slides in its envelope: an address must be seen in every position.
# France: a DL envelope (220 x 110 mm) has its window 20 mm from the right and from the bottom, 100 mm wide and
# 35 or 45 mm high. La Poste wants the address in a frame of 85 x 33 mm, 110 mm from the left and 55 mm from
# the top of the sheet (so quoted by edics.fr, "Rédiger vos adresses : les bonnes pratiques").
RIGHT = Window(110, 55)
WINDOWS = {
    # DIN 5008, form B: the field for the address is 85 mm wide, 62.7 to 90 mm from the top, 20 mm from the left;
    # text begins 5 mm further. Austria writes alike.
    "AT": Window(25, 63),
    "DE": Window(25, 63),
    # DL with the window 20 mm from the left, 18 mm from the bottom, 90 x 35 mm.
    "GB": Window(24, 57),
    "IE": Window(24, 57),
    # No. 10 envelope (9.5 x 4.125 in): window 7/8 in from the left, 1/2 in from the bottom, 4.5 x 1.125 in.
    "CA": Window(26, 64),
    "US": Window(26, 64),
    # C5 with the window on the right, 12 mm from the edge.
    "CH": Window(118, 57),
    "LI": Window(118, 57),
}
# The countries whose letters France's norm is for: no accent, no punctuation in the last lines.
FRENCH = {"FR", "GP", "GF", "MQ", "RE", "YT", "PM", "BL", "MF", "NC", "PF", "WF", "MC"}


def window_of(country_code):
    """Return where the post of a sender's country looks for the address."""
    return WINDOWS.get(country_code, RIGHT)


def french_line(text):
    """Return a line as sorting machines read it best: capitals without accents and punctuation.

    >>> french_line("12 bis, rue de l'Église")
    '12 BIS RUE DE L EGLISE'
    """
    plain = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "OE"))
    letters = "".join(char for char in plain if not unicodedata.combining(char))
    return " ".join(re.sub(r"[^\w\s]|_", " ", letters).upper().split())


def fold(names, others, country=""):
    """Return the lines of an address: names as they are, then where they are; at most six and the country.

    :param names: who, the first line first
    :param others: street, complement, locality: capitals already
    :param country: the name of the country, empty within the country of the sender

    >>> fold(["Société Anonyme des Établissements Dupont et Fils"], ["1 RUE HAUTE", "69001 LYON"])
    ['SOCIÉTÉ ANONYME DES ÉTABLISSEMENTS', 'DUPONT ET FILS', '1 RUE HAUTE', '69001 LYON']
    """
    lines = [name.upper() for name in names if name] + [line for line in others if line]
    room = MOST_LINES - len(lines)
    folded = []
    for line in lines:
        if len(line) > LONGEST_LINE and room > 0 and " " in line[:LONGEST_LINE]:
            cut = line.rindex(" ", 0, LONGEST_LINE + 1)
            folded += [line[:cut], line[cut + 1 :]]
            room -= 1
        else:
            folded.append(line)
    return folded + ([country.upper()] if country else [])
