"""What a phone number is worth for a call."""

from phonenumbers import PhoneNumberType

from ..phone_number import numbers

DEAR = (PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST)  # the caller pays for a service


def parse(text, region, fiction=False):
    """Return the first number of ``text`` that one can call, else the first that exists, else nothing.

    :param str text: as somebody typed it; may hold several numbers
    :param str region: two letters of the country it is written in, empty if unknown
    :rtype: phone_number.Number | None
    """
    found = [number for number in numbers(text, region, fiction) if number.e164]
    return next((number for number in found if not is_dear(number)), found[0] if found else None)


def is_dear(number):
    """Tell whether calling a number costs more than a call."""
    return number.kind in DEAR


def place(international):
    """Return the number of a call, with where it rings, or nothing if there is no such number."""
    found = numbers(international, "", True)
    return found[0] if found and found[0].e164 else None
