"""What people type in a form: read it, or say that it cannot be read (``None``). Nothing is guessed."""

import re
from datetime import date
from decimal import Decimal

ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})\Z", re.ASCII)
EUROPEAN = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\Z", re.ASCII)
PHONE = re.compile(r"\+?[0-9()./ -]{6,31}\Z", re.ASCII)
BLANKS = re.compile(r"[\s\u202f\u00a0]+")
PLAIN = re.compile(r"(\d{1,12})(?:[.,](\d{1,2}))?\Z", re.ASCII)
# 1.234,50 and 1,234.50: one separator between the thousands, the other one before the cents.
GROUPED = re.compile(r"(\d{1,3}(?:([.,])\d{3})(?:\2\d{3}){0,2})(?!\2)[.,](\d{1,2})\Z", re.ASCII)
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
UNSAFE_IN_NAMES = re.compile(r"[\\/:*?\"<>|\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def read_day(text: str) -> date | None:
    """Return the day of a date field, or of what is typed where the browser has none.

    >>> read_day("2026-12-31"), read_day("31/12/2026"), read_day("31-12-2026"), read_day("2026-02-30")
    (datetime.date(2026, 12, 31), datetime.date(2026, 12, 31), datetime.date(2026, 12, 31), None)
    """
    text = text.strip()
    if found := ISO.match(text):
        year, month, day = map(int, found.groups())
    elif found := EUROPEAN.match(text):
        day, month, year = map(int, found.groups())
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def read_amount(text: str) -> Decimal | None:
    """Return an amount above zero: with a comma or a point, and blanks or the other one between the thousands.

    What may be read in two ways (``1.234``) is not read at all.

    >>> [str(read_amount(text)) for text in ("1 234,50", "1234.5", "1.234,50", "12", "1.234", "-5", "0", "1e3")]
    ['1234.50', '1234.5', '1234.50', '12.0', 'None', 'None', 'None', 'None']
    """
    text = BLANKS.sub("", text)
    if found := PLAIN.match(text):
        whole, cents = found.groups()
    elif found := GROUPED.match(text):
        whole, _separator, cents = found.groups()
    else:
        return None
    amount = Decimal(f"{whole.replace(',', '').replace('.', '')}.{cents or '0'}")
    return amount if amount > 0 else None


def read_phone(text: str) -> str | None:
    """Return a phone number as it was typed, blanks made one.

    >>> read_phone(" +33 6 12 34 56 78 "), read_phone("call me"), read_phone("12")
    ('+33 6 12 34 56 78', None, None)
    """
    text = one_line(text)
    return text if PHONE.match(text) and sum(sign.isdigit() for sign in text) >= 6 else None


def one_line(text: str) -> str:
    """Return a text in one line, without signs that cannot be seen.

    >>> one_line(" a\\n b\\x00c\\u202e ")
    'a bc'
    """
    return " ".join(CONTROLS.sub("", text.replace("\r", "\n").replace("\n", " ")).split())


def lines(text: str) -> str:
    """Return a text of several lines, without signs that cannot be seen.

    >>> lines(" a\\r\\nb\\x00 ")
    'a\\nb'
    """
    return CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def file_name(text: str, extension: str) -> str:
    """Return a name that is safe to save under, with the extension of what the file is.

    >>> file_name("../../etc/passwd", "pdf"), file_name("C:\\\\x\\\\order.PDF", "pdf"), file_name("a.php", "png")
    ('passwd.pdf', 'order.pdf', 'a.png')
    """
    base = re.split(r"[\\/]", text)[-1]
    stem = UNSAFE_IN_NAMES.sub("", base.rsplit(".", 1)[0]).strip(" .")
    return f"{stem[:80] or 'file'}.{extension}"
