"""What a phone number is worth for a text message."""

from typing import NamedTuple

from phonenumbers import PhoneNumberType as Type

from ..phone_number import WORLDWIDE, numbers

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


class Number(NamedTuple):
    """A number as networks write it (E.164), or what is wrong with it."""

    e164: str = ""
    problem: str = ""  # empty, "invalid", "satellite", "other" or one of PROBLEMS
    text: str = ""  # as people typed it


def parse(text, region, fiction=False):
    """Return the first number of ``text`` that receives text messages, else the first one with its problem.

    :param str text: as somebody typed it; may hold several numbers
    :param str region: two letters of the country it is written in, empty if unknown
    :param bool fiction: take the numbers of films for real ones
    :rtype: Number | None
    """
    found = [_judge(number) for number in numbers(text, region, fiction)]
    return next((number for number in found if not number.problem), found[0] if found else None)


def _judge(number):
    if number.region == WORLDWIDE:
        return Number("", "satellite", number.text)
    if not number.e164:
        return Number("", "invalid", number.text)
    if number.kind not in USABLE:
        return Number("", PROBLEMS.get(number.kind, "other"), number.text)
    return Number(number.e164, "", number.text)


def zones(e164):
    """Return the names of the time zones in which the owner of a number may be, none if nobody knows."""
    return numbers(e164, "", True)[0].zones
