"""What kind of customer somebody seems to be, from what is known of them: a proposal, never a decision.

The kind of customer decides what the law gives (C. conso. art. liminaire: a consumer is a natural person who acts
outside any trade; a non-professional is a legal person that acts for no business, such as an association or
co-owners; C. com. L441-10 and its fixed indemnity need a professional). A number says that somebody is registered,
not in what capacity they bought: in doubt nothing is proposed, and a person asks.

>>> propose(company=True, vat="FR23334175221")
Proposal(status='professional', reason='vat', number='FR23334175221')
>>> propose(company=True)
Proposal(status='', reason='company_without_number', number='')
"""

import re
import unicodedata
from typing import NamedTuple

from ..law.regime import CONSUMER, NON_PROFESSIONAL, PROFESSIONAL, PUBLIC

SIREN_LENGTH, SIRET_LENGTH = 9, 14
PUBLIC_DIGITS = ("1", "2")  # the first digit of the SIREN of public bodies
RNA = re.compile(r"W[0-9A-Z]{3}[0-9]{6}")  # the French register of associations: W, department, office, number
FEWEST_DIGITS = 5  # of a VAT number anywhere: fewer is a remark in the wrong field
# Names of those who have a number and may not act for a business all the same.
DOUBTFUL_NAMES = re.compile(
    r"\b(asso|associations?|amicale|comite|coproprietaires?|coproprietes?|fondation|syndicat|charity|verein)\b"
)


class Proposal(NamedTuple):
    """A kind of customer, empty if one has to ask, and why."""

    status: str
    reason: str  # a code, said in words by whoever shows it
    number: str = ""  # the number that is the reason


def propose(company: bool, vat: str = "", registry: str = "", name: str = "", french: bool = True) -> Proposal:
    """Return what a customer seems to be.

    :param company: whether the customer is entered as a company
    :param vat: VAT number
    :param registry: registration number, in France a SIREN, a SIRET or the number of an association
    :param french: whether the customer is in France, where registration numbers can be checked
    """
    vat, registry = compact(vat), compact(registry)
    siren = siren_of(registry) or (siren_of(vat[4:]) if vat.startswith("FR") else "")
    numbered = vat if sum(letter.isdigit() for letter in vat) >= FEWEST_DIGITS else ""
    if RNA.fullmatch(registry):
        return Proposal(NON_PROFESSIONAL, "rna", registry)
    if siren.startswith(PUBLIC_DIGITS):
        return Proposal(PUBLIC, "public_siren", siren)
    if (numbered or siren) and company and DOUBTFUL_NAMES.search(plain(name)):
        return Proposal("", "doubtful_name", numbered or registry)
    if numbered:
        return Proposal(PROFESSIONAL, "vat", numbered)
    if siren or (registry and not french):
        return Proposal(PROFESSIONAL, "registry", registry)
    if vat or registry:
        return Proposal("", "unreadable_number", vat or registry)
    return Proposal("", "company_without_number") if company else Proposal(CONSUMER, "person_without_number")


def compact(number: str) -> str:
    """Return a number without what people write between its digits; a slash alone stands for none.

    >>> compact("fr 23 334.175.221"), compact("/")
    ('FR23334175221', '')
    """
    return re.sub(r"[^0-9A-Z]", "", (number or "").upper())


def siren_of(number: str) -> str:
    """Return the SIREN that a SIREN or SIRET holds, nothing if it is neither.

    >>> siren_of("33417522101010"), siren_of("334175221"), siren_of("334175222")
    ('334175221', '334175221', '')
    """
    if not number.isdigit() or len(number) not in (SIREN_LENGTH, SIRET_LENGTH):
        return ""
    siren = number[:SIREN_LENGTH]
    return siren if luhn(siren) else ""


def luhn(digits: str) -> bool:
    """Tell whether the last of the digits is the key of the others (ISO/IEC 7812-1)."""
    doubled = sum(sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (doubled + sum(int(digit) for digit in digits[::-2])) % 10 == 0


def plain(text: str) -> str:
    """Return a text without accents and capitals."""
    letters = unicodedata.normalize("NFKD", (text or "").lower())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
