"""Phone numbers, as one calls them: no Odoo here."""

from functools import lru_cache
from typing import NamedTuple

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType, timezone


class Number(NamedTuple):
    """A number that exists, in the forms that people and phones read."""

    international: str
    premium: bool  # the caller pays for a service


class Place(NamedTuple):
    """Where a number rings, and how it is written there."""

    national: str
    region: str  # ISO code of its country, empty for a number of no country (+800)
    zones: tuple[str, ...]  # time zones it may ring in


@lru_cache(maxsize=2000)  # a batch reads each number several times
def parse(text: str, country: str) -> Number | None:
    """Return the number that ``text`` stands for in a country (ISO code), or nothing if there is none.

    >>> parse("01 23 45 67 89", "FR").international
    '+33 1 23 45 67 89'
    """
    number = _valid(text, country)
    if not number:
        return None
    international = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
    return Number(international, phonenumbers.number_type(number) == PhoneNumberType.PREMIUM_RATE)


def place(international: str) -> Place | None:
    """Return where a number in international form rings, or nothing if there is no such number.

    >>> place("+33 1 23 45 67 89").zones
    ('Europe/Paris',)
    """
    number = _valid(international, "")
    if not number:
        return None
    known = timezone.time_zones_for_number(number)
    return Place(
        phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL),
        phonenumbers.region_code_for_number(number) or "",
        tuple(zone for zone in known if zone != timezone.UNKNOWN_TIMEZONE),
    )


def _valid(text, country):
    try:
        number = phonenumbers.parse(text, country or None)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None
