"""Phone numbers as people type them: plain functions, no Odoo."""

import re
from functools import lru_cache
from typing import NamedTuple

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType, timezone

# One way of writing numbers for several codes: 0690... is a mobile of Guadeloupe, in Paris as over there.
FRENCH = ("FR", "GP", "MQ", "GF", "RE", "YT")
# Mobile numbers that the French numbering plan (ARCEP) gives to nobody, for films: they are not valid,
# and the only ones that a demonstration may use without disturbing anyone.
FICTION = "+3363998"
SEVERAL = re.compile(r"[/;,\n]")  # contacts have one field for phones: people write two numbers into it
WORLDWIDE = "001"  # satellites and international networks


class Number(NamedTuple):
    """One number of a text; without ``e164`` there is no such number."""

    text: str  # as somebody typed it
    e164: str = ""  # as networks write it
    international: str = ""  # as people read it abroad, and at home
    national: str = ""
    kind: int = PhoneNumberType.UNKNOWN
    region: str = ""  # two letters of its country, "001" for worldwide networks
    zones: tuple[str, ...] = ()  # time zones it may ring in, none if nobody knows


@lru_cache(maxsize=10000)  # a batch reads each number several times
def numbers(text: str, region: str, fiction: bool = False) -> tuple[Number, ...]:
    """Return the numbers that ``text`` holds.

    :param region: two letters of the country it is written in, empty if unknown
    :param fiction: take the numbers of films for real ones

    >>> [number.international for number in numbers("01 23 45 67 89 / 06 12 34 56 78", "FR")]
    ['+33 1 23 45 67 89', '+33 6 12 34 56 78']
    """
    return tuple(_number(part.strip(), region, fiction) for part in SEVERAL.split(text) if part.strip())


def _number(text, region, fiction):
    worldwide = False
    for one in (region, *(other for other in FRENCH if other != region)) if region in FRENCH else (region,):
        try:
            number = phonenumbers.parse(text, one or None)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return _described(number, text)
        if fiction and _e164(number).startswith(FICTION) and phonenumbers.is_possible_number(number):
            return _described(number, text)._replace(kind=PhoneNumberType.MOBILE, region="FR")
        worldwide |= phonenumbers.region_code_for_country_code(number.country_code) == WORLDWIDE
    return Number(text, region=WORLDWIDE if worldwide else "")


def _described(number, text):
    zones = timezone.time_zones_for_number(number)
    return Number(
        text,
        _e164(number),
        phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL),
        phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL),
        phonenumbers.number_type(number),
        phonenumbers.region_code_for_number(number) or "",
        () if timezone.UNKNOWN_TIMEZONE in zones else tuple(zones),
    )


def _e164(number):
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)
