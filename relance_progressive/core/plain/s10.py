"""Numbers of registered letters: the UPU's S10, and the domestic numbers of La Poste.

An S10 number has 13 characters: two letters for the service, a serial of eight digits, a check digit
and the ISO 3166-1 code of the country of posting. The check digit is 11 less the weighted sum of the
serial modulo 11; 10 becomes 0 and 11 becomes 5 (UPU standard S10, "Identification of postal items").

>>> compact(" rr 4731-2482.9 pl ")
'RR473124829PL'
>>> check_digit("47312482")
'9'
>>> validate("RR 473 124 829 PL")
'RR473124829PL'
>>> validate("RR473124820PL")
Traceback (most recent call last):
    ...
relance_progressive.core.plain.s10.InvalidCheckDigit: RR473124820PL

The post offices also number letters inside their own country by rules that nobody publishes: what has
not the form of an S10 number can only be looked at, so it is doubted at most and never refused.

>>> look("1A 234 567 8901 2")
Look(number='1A23456789012', kind='domestic', doubt='')
>>> look("LM473124829US")
Look(number='LM473124829US', kind='s10', doubt='service')
"""

import re
from typing import NamedTuple

WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
FORM = re.compile(r"[A-Z]{2}[0-9]{9}[A-Z]{2}")
# La Poste prints its domestic numbers "9X 999 999 9999 9"; its tracking service takes 11 to 15
# letters and digits, and publishes no check digit.
DOMESTIC_FORM = re.compile(r"[0-9][A-Z][0-9]{11}")
TRACKING_FORM = re.compile(r"[0-9A-Z]{11,15}")
SEPARATORS = re.compile(r"[\s.\-_/\u200b\ufeff]")
# The first letter of the service: registered, and insured, which is registered with a value.
REGISTERED = "RV"

# ISO 3166-1 alpha-2.
COUNTRIES = frozenset(
    """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ
    CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO
    FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE
    JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO
    MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW
    PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM
    TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
    """.split()
)


class InvalidNumber(ValueError):
    """The number is not an S10 number."""

    code = "form"


class InvalidCheckDigit(InvalidNumber):
    """One of its digits was misread."""

    code = "check_digit"


class InvalidCountry(InvalidNumber):
    """It ends with letters that are no country."""

    code = "country"


class Look(NamedTuple):
    """What can be said of a number that was typed or scanned."""

    number: str
    kind: str  # "s10", "domestic", or "" for any other
    doubt: str  # "" none; "service": not registered; "unchecked": only its length is right; "unknown": no known form


def compact(number: str) -> str:
    """Return the number as it is stored: in capitals, without spaces and separators."""
    return SEPARATORS.sub("", number).upper()


def check_digit(serial: str) -> str:
    """Return the check digit of a serial of eight digits.

    >>> [check_digit(serial) for serial in ("12345678", "00000000", "00000099")]
    ['5', '5', '0']

    :raises InvalidNumber: if ``serial`` is not eight digits
    """
    if not re.fullmatch(r"[0-9]{8}", serial):
        raise InvalidNumber(serial)
    rest = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, serial, strict=True)) % 11
    return str({0: 5, 1: 0}.get(rest, 11 - rest))


def validate(number: str) -> str:
    """Return the compact form of an S10 number.

    :raises InvalidNumber: if it is not one; its ``code`` tells why
    """
    number = compact(number)
    if not FORM.fullmatch(number):
        raise InvalidNumber(number)
    if number[-2:] not in COUNTRIES:
        raise InvalidCountry(number)
    if check_digit(number[2:10]) != number[10]:
        raise InvalidCheckDigit(number)
    return number


def look(number: str) -> Look:
    """Return what can be said of a number: S10 strictly, anything else by its form only.

    :raises InvalidNumber: if there is nothing, or if it has the form of an S10 number and is wrong
    """
    number = compact(number)
    if not number:
        raise InvalidNumber(number)
    if FORM.fullmatch(number):
        return Look(validate(number), "s10", "" if number[0] in REGISTERED else "service")
    if DOMESTIC_FORM.fullmatch(number):
        return Look(number, "domestic", "")
    return Look(number, "", "unchecked" if TRACKING_FORM.fullmatch(number) else "unknown")
