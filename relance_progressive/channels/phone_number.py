"""Phone numbers as people type them, and what they are worth for a text message and for a call. No Odoo here."""

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
DEAR = (PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST)  # the caller pays for a service
TEXTED = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
NOT_TEXTED = {
    PhoneNumberType.FIXED_LINE: "landline",
    PhoneNumberType.PREMIUM_RATE: "premium",
    PhoneNumberType.SHARED_COST: "premium",
    PhoneNumberType.UAN: "premium",
    PhoneNumberType.TOLL_FREE: "toll_free",
    PhoneNumberType.VOIP: "voip",
    PhoneNumberType.PAGER: "pager",
}


class Number(NamedTuple):
    """One number of a text; without ``e164`` there is no such number."""

    text: str  # as somebody typed it
    e164: str = ""  # as networks write it
    international: str = ""  # as people read it abroad, and at home
    national: str = ""
    kind: int = PhoneNumberType.UNKNOWN
    region: str = ""  # two letters of its country, "001" for worldwide networks
    zones: tuple[str, ...] = ()  # time zones it may ring in, none if nobody knows

    @property
    def is_dear(self):
        """Tell whether calling it costs more than a call."""
        return self.kind in DEAR

    @property
    def not_texted(self):
        """Why it receives no text messages, empty if it does: "invalid", "satellite", "other" or one of NOT_TEXTED."""
        if self.region == WORLDWIDE:
            return "satellite"
        if not self.e164:
            return "invalid"
        return "" if self.kind in TEXTED else NOT_TEXTED.get(self.kind, "other")


@lru_cache(maxsize=10000)  # a batch reads each number several times
def numbers(text: str, region: str, fiction: bool = False) -> tuple[Number, ...]:
    """Return the numbers that ``text`` holds.

    :param region: two letters of the country it is written in, empty if unknown
    :param fiction: take the numbers of films for real ones

    >>> [number.international for number in numbers("01 23 45 67 89 / 06 12 34 56 78", "FR")]
    ['+33 1 23 45 67 89', '+33 6 12 34 56 78']
    """
    return tuple(_number(part.strip(), region, fiction) for part in SEVERAL.split(text) if part.strip())


def to_text(text, region, fiction=False):
    """Return the first number of ``text`` that receives text messages, else the first one, nothing if there is none."""
    found = numbers(text, region, fiction)
    return next((number for number in found if not number.not_texted), found[0] if found else None)


def to_call(text, region, fiction=False):
    """Return the first number of ``text`` that one can call, else the first that exists, else nothing."""
    found = [number for number in numbers(text, region, fiction) if number.e164]
    return next((number for number in found if not number.is_dear), found[0] if found else None)


def known(international):
    """Return a number as it was kept, with where it rings, or nothing if there is no such number."""
    found = numbers(international, "", True)
    return found[0] if found and found[0].e164 else None


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
