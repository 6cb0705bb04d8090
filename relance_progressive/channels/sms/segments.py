"""How a text travels as SMS: its alphabet, its length, the number of SMS it is billed for. No Odoo."""

from typing import NamedTuple

# GSM 03.38 (3GPP TS 23.038, 6.2.1): the basic alphabet, without the escape character.
GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_EXTENDED = frozenset("\f^{}\\[~]|€")  # two places each
# Of a text that is cut up, each part carries a header of six bytes.
GSM_LENGTHS = (160, 153)
UCS2_LENGTHS = (70, 67)
# What word processors put where people type something plainer: it would halve the room for nothing.
TYPOGRAPHY = str.maketrans({
    "‘": "'", "’": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-", "—": "-", "‑": "-", "…": "...",
    "\N{NO-BREAK SPACE}": " ", "\N{NARROW NO-BREAK SPACE}": " ", "\t": " ",
})  # fmt: skip


class Segments(NamedTuple):
    """What a text costs."""

    encoding: str  # "GSM" or "UCS-2"
    characters: int  # places used, in that encoding
    count: int  # number of SMS
    foreign: str = ""  # the characters that forced UCS-2, each once


def plain(text):
    """Return a text without the typography that no phone needs, its accents kept.

    >>> plain("L’essentiel\N{NARROW NO-BREAK SPACE}: prêt…")
    "L'essentiel : prêt..."
    """
    return text.translate(TYPOGRAPHY)


def segments(text):
    """Return how a text travels.

    >>> segments("Déjà à l'été")
    Segments(encoding='GSM', characters=12, count=1, foreign='')
    >>> segments("fenêtre")
    Segments(encoding='UCS-2', characters=7, count=1, foreign='ê')
    """
    foreign = "".join(dict.fromkeys(one for one in text if one not in GSM and one not in GSM_EXTENDED))
    if foreign:
        widths = [2 if ord(one) > 0xFFFF else 1 for one in text]
        return Segments("UCS-2", sum(widths), _count(widths, *UCS2_LENGTHS), foreign)
    widths = [2 if one in GSM_EXTENDED else 1 for one in text]
    return Segments("GSM", sum(widths), _count(widths, *GSM_LENGTHS))


def _count(widths, alone, part):
    """Return the number of SMS; a character of two places is never cut in half."""
    if sum(widths) <= alone:
        return 1
    count, used = 1, 0
    for width in widths:
        if used + width > part:
            count, used = count + 1, 0
        used += width
    return count
