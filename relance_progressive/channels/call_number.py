"""Phone numbers, as one calls them: no Odoo here."""

from typing import NamedTuple

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType, timezone


class Number(NamedTuple):
    """A number that exists, in the forms that people and phones read."""

    international: str
    national: str
    region: str  # ISO code of its country, empty for a number of no country (+800)
    zones: tuple[str, ...]  # time zones it may ring in
    premium: bool  # the caller pays for a service


def parse(text: str, country: str) -> Number | None:
    """Return the number that ``text`` stands for in a country (ISO code), or nothing if there is none.

    >>> parse("01 23 45 67 89", "FR").international
    '+33 1 23 45 67 89'
    """
    try:
        number = phonenumbers.parse(text, country or None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    known = timezone.time_zones_for_number(number)
    return Number(
        phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL),
        phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL),
        phonenumbers.region_code_for_number(number) or "",
        tuple(zone for zone in known if zone != timezone.UNKNOWN_TIMEZONE),
        phonenumbers.number_type(number) == PhoneNumberType.PREMIUM_RATE,
    )
