"""Late interest and the fixed indemnity, exactly, in pieces that anyone can compute again by hand.

Interest runs from the day after the due date, or after the formal notice where the law asks for one, and the
day of the payment is counted: the number of days is the day of the payment less the due date. It is simple
interest on what is left of the debt, VAT included: a payment or a credit note lowers it from the next day on.

Each piece has one balance and one rate: ``balance x days x rate / (100 x base)``, rounded half-up once. A delay
is cut where the balance changes and where a new published rate begins to hold (C. com. art. L441-10 II).
Amounts are ``Decimal`` in the currency of the debt, rates are percent per year, days are ``date``.

>>> rates = Rates({"ecb_mro": [(date(2026, 1, 1), Decimal("2.15"))]})
>>> debt = Debt(Decimal(1200), due=date(2026, 1, 31))
>>> late_interest(debt, Terms(FR_PROFESSIONAL), rates, until=date(2026, 3, 2)).amount
Decimal('11.98')
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from typing import NamedTuple

from .rates import REFERENCES, Rates
from .regimes import ACT_365, ACT_ACT, BEGUN, DAY_COUNTS, EACH, FR_PROFESSIONAL, NOTICE, PAYMENT, Rate, Regime, Tier

ZERO = Decimal(0)
DAY = timedelta(days=1)
PAID, CREDITED = MOVES = "payment", "credit_note"


class Move(NamedTuple):
    """What lowers a debt, from the day after ``day`` on; ``amount`` is positive."""

    day: date  # on which the money was at the creditor's disposal, or of the credit note
    amount: Decimal
    kind: str = PAID  # or CREDITED


class Debt(NamedTuple):
    """An instalment of an invoice, VAT included.

    ``notice`` is the day on which the formal notice took effect; where the law leaves a waiting time after it,
    the last day of that time (:func:`.costs.waiting_until`).
    """

    amount: Decimal
    due: date
    moves: tuple[Move, ...] = ()
    notice: date | None = None


class Terms(NamedTuple):
    """What interest is computed by."""

    regime: Regime
    contract_rate: Decimal | None = None  # the rate that was agreed
    day_count: str = ACT_365
    interest_first: bool = False  # part payments settle interest before the debt (C. civ. 1343-1)
    stopped: date | None = None  # opening of insolvency: no interest from this day on (C. com. L622-28)
    suspended: tuple[tuple[date, date], ...] = ()  # first and last days without interest: payment plans


class Source(NamedTuple):
    """Where a rate comes from."""

    kind: str  # "legal", "agreed", or "capped": agreed, and brought down to the most the law allows
    article: str
    reference: str = ""  # the published rate it is made of, if any,
    day: date | None = None  # the first day of the period it was published for,
    value: Decimal | None = None  # and what it is
    margin: Decimal = ZERO  # points on top of it


class Segment(NamedTuple):
    """Some days on which balance and rate do not change."""

    first: date
    last: date
    days: int
    balance: Decimal
    rate: Decimal
    base: int | None  # days of a year
    amount: Decimal
    source: Source


class Interest(NamedTuple):
    """What being late costs."""

    segments: tuple[Segment, ...]
    amount: Decimal  # of all segments
    per_day: Decimal  # what one more day adds, at the rate of the last day
    indemnity: Decimal  # the fixed sum: see fixed_indemnity() for an invoice of several instalments
    paid: Decimal = ZERO  # what payments have settled of ``amount`` (Terms.interest_first)


def late_interest(debt: Debt, terms: Terms, rates: Rates, until: date, digits: int = 2) -> Interest:
    """Return the interest on ``debt`` until ``until``, that day included.

    :param digits: decimal places of the currency
    :raises MissingRate: if interest runs on a day for which no rate is known
    """
    raise NotImplementedError


def invoice_interest(debts: Sequence[Debt], terms: Terms, rates: Rates, until: date, digits: int = 2) -> Interest:
    """Return the interest on all instalments of an invoice, with the fixed sum once."""
    raise NotImplementedError


def fixed_indemnity(debts: Iterable[Debt], terms: Terms, until: date) -> Decimal:
    """Return the fixed sum that an invoice has cost its debtor until ``until``: once, whatever came late of it."""
    raise NotImplementedError


def below_floor(rate: Decimal, day: date, rates: Rates, regime: Regime = FR_PROFESSIONAL) -> Decimal | None:
    """Return the least that can be agreed on ``day`` if ``rate`` is less, else None; nothing is changed by it."""
    raise NotImplementedError
