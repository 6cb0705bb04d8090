"""What a phone number is worth for a text message: plain functions, no Odoo."""

import re
from functools import lru_cache
from typing import NamedTuple

import phonenumbers
from phonenumbers import PhoneNumberType as Type
from phonenumbers import timezone

# One way of writing numbers for several codes: 0690... is a mobile of Guadeloupe, in Paris as over there.
FRENCH = ("FR", "GP", "MQ", "GF", "RE", "YT")
NO_COUNTRY = "001"  # satellites and international networks
USABLE = {Type.MOBILE, Type.FIXED_LINE_OR_MOBILE}
PROBLEMS = {
    Type.FIXED_LINE: "landline",
    Type.PREMIUM_RATE: "premium",
    Type.SHARED_COST: "premium",
    Type.UAN: "premium",
    Type.TOLL_FREE: "toll_free",
    Type.VOIP: "voip",
    Type.PAGER: "pager",
}
# Mobile numbers that the French numbering plan (ARCEP) gives to nobody, for films: they are not valid,
# and the only ones that a demonstration may use without disturbing anyone.
FICTION = "+3363998"
SEVERAL = re.compile(r"[/;,\n]")  # contacts have one field for phones: people write two numbers into it


class Number(NamedTuple):
    """A number as networks write it (E.164), or what is wrong with it."""

    e164: str = ""
    problem: str = ""  # empty, "invalid", "satellite", "other" or one of PROBLEMS
    text: str = ""  # as people read it


@lru_cache(maxsize=10000)
def parse(text, region, fiction=False):
    """Return the first number of ``text`` that receives text messages, else the first one with its problem.

    :param str text: as somebody typed it; may hold several numbers
    :param str region: two letters of the country it is written in, empty if unknown
    :param bool fiction: take the numbers of films for real ones
    :rtype: Number | None
    """
    found = [_parse_one(part.strip(), region, fiction) for part in SEVERAL.split(text) if part.strip()]
    return next((number for number in found if not number.problem), found[0] if found else None)


def _parse_one(text, region, fiction):
    regions = (region, *(other for other in FRENCH if other != region)) if region in FRENCH else (region,)
    for one in regions:
        try:
            number = phonenumbers.parse(text, one or None)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return _judge(number, text)
        if fiction and _e164(number).startswith(FICTION) and phonenumbers.is_possible_number(number):
            return Number(_e164(number), "", text)
        if phonenumbers.region_code_for_country_code(number.country_code) == NO_COUNTRY:
            return Number("", "satellite", text)
    return Number("", "invalid", text)


def _judge(number, text):
    if phonenumbers.region_code_for_number(number) == NO_COUNTRY:
        return Number("", "satellite", text)
    kind = phonenumbers.number_type(number)
    if kind not in USABLE:
        return Number("", PROBLEMS.get(kind, "other"), text)
    return Number(_e164(number), "", text)


def _e164(number):
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@lru_cache(maxsize=10000)
def zones(e164):
    """Return the names of the time zones in which the owner of a number may be, none if nobody knows."""
    found = timezone.time_zones_for_number(phonenumbers.parse(e164))
    return () if timezone.UNKNOWN_TIMEZONE in found else tuple(found)
