"""Amounts of money in words, as cheques and letters write them."""

import re
from decimal import Decimal

from num2words import CONVERTER_CLASSES, num2words

MARK = "|"
# num2words writes "quatre-vingt euros" in Belgium, "deux cents trente" and "huitante": one French for all.
ONE_FOR_ALL = {"fr"}
# Whatever the currency asked for, num2words writes these in the currency of one country.
WRONG_CURRENCY = {"ar"}
# Currencies that num2words lacks in these languages: one unit, several, one hundredth, several.
FORMS = {
    ("en", "CHF"): ("Swiss franc", "Swiss francs", "centime", "centimes"),
    ("fr", "CHF"): ("franc suisse", "francs suisses", "centime", "centimes"),
    ("fr", "MAD"): ("dirham marocain", "dirhams marocains", "centime", "centimes"),
    ("fr", "XAF"): ("franc CFA", "francs CFA", "", ""),
    ("fr", "XOF"): ("franc CFA", "francs CFA", "", ""),
    ("fr", "XPF"): ("franc CFP", "francs CFP", "", ""),
}
MILLIONS = re.compile(r"\b(millions?|milliards?) (?=[a-zé])")
VOWELS = "aeéiouyh"


def language(code):
    """Return the language of num2words for a language of Odoo, English when it knows none.

    English because an amount in figures stands beside it, and a wrong language is worse than a foreign one.

    >>> [language(code) for code in ("fr_CH", "pt_BR", "es_MX", "el_GR")]
    ['fr', 'pt_BR', 'es', 'en']
    """
    short = (code or "en").replace("@", "_").split("_")[0]
    if code in CONVERTER_CLASSES and short not in ONE_FOR_ALL:
        return code
    return short if short in CONVERTER_CLASSES else "en"


def in_words(amount, lang, currency, units, both):
    """Return an amount in words, cents included, without those that are zero.

    :param Decimal amount: rounded to the decimals of the currency
    :param lang: a language of :func:`language`
    :param currency: its ISO code
    :param units: what to call the currency and its hundredth where nothing here knows better
    :param both: how that joins units and hundredths: ``"%(units)s and %(cents)s"``

    >>> in_words(Decimal("80.01"), "fr", "EUR", ("euros", "centimes"), "")
    'quatre-vingts euros et un centime'
    >>> in_words(Decimal("2000000.00"), "fr", "EUR", ("euros", "centimes"), "")
    "deux millions d'euros"
    >>> in_words(Decimal("1234.50"), "en", "EUR", ("euros", "cents"), "")
    'one thousand, two hundred and thirty-four euros and fifty cents'
    """
    known = currency in getattr(CONVERTER_CLASSES[lang], "CURRENCY_FORMS", {}) and lang not in WRONG_CURRENCY
    whole, _dot, rest = f"{abs(amount)}".partition(".")
    left, right = int(whole), int(rest or 0)
    if known and len(rest) == 2:
        text = _known(Decimal(whole + "." + rest), lang, currency, left, right)
    else:
        forms = FORMS.get((lang, currency)) or (units[0], units[0], units[1], units[1])
        text = _unknown(left, right, lang, forms, both)
    if lang == "fr":
        text = MILLIONS.sub(lambda found: _of_units(text, found), text)
    return text if amount >= 0 else f"- {text}"


def _known(amount, lang, currency, left, right):
    words = num2words(amount, lang=lang, to="currency", currency=currency, separator=MARK)
    units, mark, cents = words.partition(MARK)
    if not mark:
        return words  # this language leaves out what is zero by itself
    if lang == "en" and currency == "EUR" and left != 1:
        units = units.replace(" euro", " euros")
    if not right:
        return units.strip()
    if not left:
        return cents.strip()
    if lang == "en":
        return f"{units.strip()} and {cents.strip()}"
    if currency == "EUR" or lang == "fr":
        return num2words(amount, lang=lang, to="currency", currency=currency)
    return f"{units.strip()}, {cents.strip()}"


def _unknown(left, right, lang, forms, both):
    unit, units, cent, cents = forms
    whole = f"{num2words(left, lang=lang)} {unit if left == 1 else units}"
    rest = f"{num2words(right, lang=lang)} {cent if right == 1 else cents}"
    if not right:
        return whole
    return both % {"units": whole, "cents": rest} if left else rest


def _of_units(text, found):
    """Return the link of French between millions and units: "deux millions d'euros", but "deux millions un euros"."""
    after = text[found.end() :]
    if re.split(r"[ -]", after, maxsplit=1)[0] in FRENCH_NUMBERS:
        return found[0]
    return f"{found[1]} d'" if after[0] in VOWELS else f"{found[1]} de "


FRENCH_NUMBERS = {
    word for number in (*range(101), 200, 1000) for word in re.split(r"[ -]", num2words(number, lang="fr"))
}
