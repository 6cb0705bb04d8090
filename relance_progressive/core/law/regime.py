"""The form of what the law gives a creditor who is paid late; :mod:`.regimes` fills it in, country by country.

Next to each legal number stands the text it comes from. ``verified`` is False where that text, or a secondary
source that quotes it, was not read: whoever shows such a figure says so.
"""

import re
from decimal import Decimal
from typing import NamedTuple

STATUSES = PROFESSIONAL, CONSUMER, NON_PROFESSIONAL, PUBLIC = "professional", "consumer", "non_professional", "public"

# Which of the published rates applies.
EACH = "each"  # to each period its own
BEGUN = "begun"  # that of the period in which interest began to run, for the whole delay
PAYMENT = "payment"  # that of the day of payment, for the whole delay

# When interest starts: on the day after the due date, or after the formal notice has taken effect.
DUE, NOTICE = "due", "notice"

ACT_365, ACT_ACT, THIRTY_360 = DAY_COUNTS = ("act/365", "act/act", "30/360")
NUMBER = re.compile(r"\b([ADLR])(?:\.[ \N{NO-BREAK SPACE}]?)?(?=\d{2,})")


class Rate(NamedTuple):
    """The legal rate: a published one plus a margin, or a fixed one (``reference`` empty, ``margin`` is the rate)."""

    reference: str
    margin: Decimal  # percentage points
    applies: str  # EACH, BEGUN or PAYMENT
    article: str
    verified: bool = True
    step: Decimal = Decimal(0)  # rounded up to the next multiple of it; 0: not rounded
    readings: tuple[str, ...] = ()  # other values of ``applies`` that are defended


class Tier(NamedTuple):
    """A fixed sum, for debts up to ``limit`` (without limit: for any)."""

    amount: Decimal
    limit: Decimal | None = None
    included: bool = True  # whether a debt of exactly ``limit`` is in it


class Indemnity(NamedTuple):
    """The fixed sum for the costs of collection, once per invoice."""

    tiers: tuple[Tier, ...]  # the smallest debts first
    article: str
    verified: bool = True


class Floor(NamedTuple):
    """Below what an agreed rate may not lie: a multiple of a published rate."""

    reference: str
    factor: int
    article: str


class Band(NamedTuple):
    """Costs of collection for debts up to ``limit`` that are larger than the limit of the band before."""

    limit: Decimal | None
    fixed: Decimal
    percent: Decimal  # of what exceeds the limit of the band before


class Costs(NamedTuple):
    """The most that can be charged for collection, and what has to come first."""

    bands: tuple[Band, ...]
    least: Decimal
    most: Decimal
    waiting: int  # calendar days after a first reminder in writing, which is free
    post: int  # their first one: this working day after a letter was sent,
    email: int  # or this calendar day after an e-mail
    article: str
    verified: bool = True
    clause: bool = False  # nothing is owed but what the contract provides for
    together: bool = False  # computed once of all that the first reminder claims


class Limit(NamedTuple):
    """How long a claim can be brought to court."""

    years: int
    article: str
    verified: bool = True
    next_year: bool = False  # counted from 1 January of the year that follows
    written_claim: bool = False  # a written claim for payment interrupts it
    months: int = 0  # beside the years

    @property
    def length(self) -> int:
        """Return the whole of it, in months."""
        return self.years * 12 + self.months


class Agreement(NamedTuple):
    """Between which bounds the parties may agree on another limitation."""

    least: int  # months
    most: int  # months
    article: str


class Regime(NamedTuple):
    """What the law gives a creditor of one country against one kind of debtor."""

    code: str
    rate: Rate
    starts: str  # DUE or NOTICE
    starts_article: str
    starts_verified: bool = True
    indemnity: Indemnity | None = None
    floor: Floor | None = None  # of an agreed rate
    ceiling: Rate | None = None  # of an agreed rate
    agreed: bool = True  # whether an agreed rate takes the place of the legal one
    months: int = 0  # interest does not run before so many months after the due date
    day_count: str = ACT_365  # usual in the country
    costs: Costs | None = None
    limitation: Limit | None = None
    carriage: Limit | None = None  # of what is owed for the carriage of goods
    agreement: Agreement | None = None  # on another limitation
    no_agreement: str = ""  # the text that forbids one
    currency: str = "EUR"  # of the fixed sums
    compound: str = ""  # the text that gives interest on interest, once a year (Terms.compound); empty: none does

    def reading(self, applies: str) -> "Regime":
        """Return the same regime, another of the defended readings deciding which published rate applies.

        :raises ValueError: if nobody defends it
        """
        if applies not in (self.rate.applies, *self.rate.readings):
            raise ValueError(f"{self.code} has no reading {applies!r}")
        return self._replace(rate=self.rate._replace(applies=applies))


def cite(article: str | None, lang: str | None) -> str:
    """Return articles as they are written in a language (a code).

    >>> cite("C. com. L441-10 II, D441-5", "en_US")
    'C. com. L441-10 II, D441-5'
    >>> cite("C. com. L441-10 II, D441-5", "fr_FR").replace("\\N{NO-BREAK SPACE}", "~")
    'C. com. L.~441-10 II, D.~441-5'
    """
    if not article or not (lang or "").startswith("fr"):
        return article or ""
    return NUMBER.sub("\\1.\N{NO-BREAK SPACE}", article)
