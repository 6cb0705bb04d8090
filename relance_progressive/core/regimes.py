"""What the law gives a creditor who is paid late: rate, start, fixed sum, costs, limitation.

One object per country and kind of debtor, and next to each legal number the text it comes from. ``verified``
is False where that text was not read at its source: whoever shows such a figure says so. Sources: the list of
legal facts this add-on was written from, state of November 2026.

Nothing is guessed: where no rule is known for a country and a kind of debtor there is no regime, and
nothing is claimed. A legal person that acts outside any business (a club, co-owners) is treated as a
consumer, which is the prudent reading (C. conso. art. liminaire).

>>> regime_of("FR", "professional").rate[:3]
('ecb_mro', Decimal('10'), 'each')
>>> regime_of("US", "professional") is None
True
"""

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


class Costs(NamedTuple):
    """The most a consumer can be charged for collection, and what has to come first."""

    slices: tuple[tuple[Decimal | None, Decimal], ...]  # (upper end of the slice of the debt, percent of it)
    least: Decimal  # the costs are never less
    most: Decimal
    waiting: int  # calendar days after a first, free reminder
    post: int  # the waiting begins on this working day after the letter was sent
    email: int  # or on this calendar day after the e-mail
    article: str
    verified: bool = True
    reminder: Decimal | None = None  # the most for a later reminder, without the postage


class Limit(NamedTuple):
    """How long a claim can be brought to court."""

    years: int
    article: str
    verified: bool = True
    next_year: bool = False  # counted from 1 January of the year that follows
    written_claim: bool = False  # a written claim for payment interrupts it


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
    currency: str = "EUR"  # of the fixed sums

    def reading(self, applies: str) -> "Regime":
        """Return the same regime, another of the defended readings deciding which published rate applies.

        :raises ValueError: if nobody defends it
        """
        if applies not in (self.rate.applies, *self.rate.readings):
            raise ValueError(f"{self.code} has no reading {applies!r}")
        return self._replace(rate=self.rate._replace(applies=applies))


def _points(value: str) -> Decimal:
    return Decimal(value)


# === FRANCE === #

FIVE_YEARS = Limit(5, "C. com. L110-4, C. civ. 2224")

FR_PROFESSIONAL = Regime(
    "fr_professional",
    Rate("ecb_mro", _points("10"), EACH, "C. com. L441-10 II"),
    DUE,
    "C. com. L441-10 II",
    indemnity=Indemnity((Tier(Decimal("40.00")),), "C. com. L441-10 II, D441-5"),
    floor=Floor("fr_legal_professional", 3, "C. com. L441-10 II"),
    limitation=FIVE_YEARS,
)
FR_CONSUMER = Regime(
    "fr_consumer",
    # The column of the legal rate follows the creditor, who is in business.
    Rate("fr_legal_professional", _points("0"), EACH, "C. civ. 1231-6, CMF L313-2"),
    NOTICE,
    "C. civ. 1231-6, 1344-1",
    limitation=Limit(2, "C. conso. L218-2"),
)
FR_NON_PROFESSIONAL = FR_CONSUMER._replace(
    code="fr_non_professional",
    limitation=FIVE_YEARS._replace(article="C. civ. 2224"),  # L218-2 does not protect legal persons
)
FR_PUBLIC = Regime(
    "fr_public",
    Rate("ecb_mro", _points("8"), BEGUN, "CCP L2192-13, R2192-31"),
    DUE,
    "CCP R2192-32",
    indemnity=Indemnity((Tier(Decimal("40.00")),), "CCP L2192-13, D2192-35"),
    agreed=False,  # CCP L2192-14
    limitation=Limit(4, "L. 68-1250 art. 1, 2", verified=False, next_year=True, written_claim=True),
)

REGIMES = {regime.code: regime for regime in (FR_PROFESSIONAL, FR_CONSUMER, FR_NON_PROFESSIONAL, FR_PUBLIC)}

# The overseas departments are under French law (Constitution art. 73).
LAW_OF = {"GF": "FR", "GP": "FR", "MQ": "FR", "RE": "FR", "YT": "FR"}


def regime_of(country_code: str, status: str) -> Regime | None:
    """Return the regime of a kind of debtor, or None if no rule is known.

    :param country_code: ISO 3166-1 alpha-2, of the country whose law governs the contract
    :param status: one of STATUSES
    :raises KeyError: if ``status`` is none of them
    """
    if status not in STATUSES:
        raise KeyError(status)
    country = LAW_OF.get(country_code, country_code).lower()
    return REGIMES.get(f"{country}_{status}")
