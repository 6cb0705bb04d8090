"""Late interest and the fixed indemnity, exactly, in pieces that anyone can compute again by hand.

Interest runs from the day after the due date, or after the formal notice where the law asks for one, and the
day of the payment is counted: the number of days is the day of the payment less the due date. It is simple
interest on what is left of the debt, VAT included: a payment or a credit note lowers it from the next day on.
Interest on interest, once a year, is added where the law gives it and the creditor claims it (:class:`.Terms`).

Each piece has one balance and one rate: ``balance x days x rate / (100 x base)``, rounded half-up once. A delay
is cut where the balance changes and where a new published rate begins to hold (C. com. art. L441-10 II).
Amounts are ``Decimal`` in the currency of the debt, rates are percent per year, days are ``date``.

>>> rates = Rates({"ecb_mro": [(date(2026, 1, 1), Decimal("2.15"))]})
>>> debt = Debt(Decimal(1200), due=date(2026, 1, 31))
>>> late_interest(debt, Terms(FR_PROFESSIONAL), rates, until=date(2026, 3, 2)).amount
Decimal('11.98')
"""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from ..plain.days import months_later
from .accrual import PAID, Move, Run, Segment
from .costs import CENT, highest_costs
from .rates import MissingRate, Rates
from .regime import NOTICE, PAYMENT, Regime
from .regimes import FR_PROFESSIONAL
from .scale import DAY, ZERO, Terms

ONE = Decimal(1)


class Debt(NamedTuple):
    """An instalment of an invoice, VAT included.

    ``notice`` is the day on which the formal notice took effect; where the law leaves a waiting time after it,
    the last day of that time. ``free`` is the last day of the waiting time after the first reminder, where costs of
    collection can be charged after it (:func:`.costs.waiting_until`).
    """

    amount: Decimal
    due: date
    moves: tuple[Move, ...] = ()
    notice: date | None = None
    free: date | None = None
    reminded: Decimal = ZERO  # what that first reminder claimed in all


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
    :raises ValueError: if a move raises the debt, or if nobody counts days as ``terms`` say
    """
    start = _start(debt, terms, until)
    if start is None:
        return NOTHING._replace(indemnity=fixed_indemnity([debt], terms, until)) if terms.regime.costs else NOTHING
    free, last, balance = start
    run = Run(terms, rates, free + DAY, last, _UNITS[digits])
    indemnity = _fixed(debt, terms, until, balance)
    moves = sorted(move for move in debt.moves if free < move.day <= until) if debt.moves else ()
    if terms.regime.rate.applies == PAYMENT and not run.agreed:
        balance = run.by_payment(balance, moves)
    else:
        balance = run.by_balance(balance, moves)
    amount = sum([segment.amount for segment in run.segments], ZERO)
    per_day = run.per_day(balance, until) if balance > 0 and last == until else ZERO
    return Interest(tuple(run.segments), amount, per_day, indemnity, run.paid)


def known_interest(
    debt: Debt, terms: Terms, rates: Rates, until: date, digits: int = 2
) -> tuple[Interest, MissingRate | None]:
    """Return the interest on ``debt`` as far as the rates are known, and the rate that is missing from then on.

    Nobody may take it for the interest until ``until`` if a rate is missing: whoever shows it says that it ends on
    the day before that of the missing rate. What one more day adds is not known then. The indemnity needs no rate.
    """
    missing, last = None, until
    while True:
        try:
            found = late_interest(debt, terms, rates, last, digits)
            break
        except MissingRate as error:
            missing, last = error, error.day - DAY
    if missing is None:
        return found, None
    free, _last, balance = _start(debt, terms, until)
    paid = found.paid
    if terms.interest_first:  # what was paid since settles first what is known of the interest
        since = [move.amount for move in debt.moves if last < move.day <= until and move.kind == PAID]
        paid = min(found.amount, sum(since, paid))
    found = found._replace(per_day=ZERO, indemnity=_fixed(debt, terms, until, balance), paid=paid)
    return found, MissingRate(missing.reference, max(missing.day, free + DAY))


def fixed_indemnity(debts: Sequence[Debt], terms: Terms, until: date, worth: Decimal = ONE) -> Decimal:
    """Return the fixed sum that an invoice has cost its debtor until ``until``: once, whatever came late of it.

    None for what fell due when the opening of insolvency forbade to pay it (C. com. L441-10 II). Where the sum
    depends on the size of the debt, that is what was open of the late instalments when they became late; for the
    costs of collection, when the waiting time after the first reminder was over, and its share of the costs of all
    that this reminder claimed where they are computed together.

    :param worth: what one unit of the currency of the debts is worth in the currency of the sum
    """
    last = until if terms.stopped is None else min(until, terms.stopped - DAY)
    late = sum((_balance_on(debt, debt.due) for debt in debts if debt.due < last), ZERO)
    fixed = _tier(terms.regime, late * worth)
    if not charges_costs(terms):
        return fixed
    waited = [(debt, max(debt.due, debt.free)) for debt in debts if debt.free is not None]
    owed = sum((_balance_on(debt, day) for debt, day in waited if day < last), ZERO)
    if not terms.regime.costs.together or not owed:
        return max(fixed, highest_costs(terms.regime, owed * worth))
    whole = max(owed, *(debt.reminded for debt in debts))
    return max(fixed, (highest_costs(terms.regime, whole * worth) * owed / whole).quantize(CENT, ROUND_HALF_UP))


def _fixed(debt: Debt, terms: Terms, until: date, balance: Decimal) -> Decimal:
    """Return the fixed sum of a debt of which ``balance`` came late; costs of collection can begin before interest."""
    return fixed_indemnity([debt], terms, until) if terms.regime.costs else _tier(terms.regime, balance)


def charges_costs(terms: Terms) -> bool:
    """Tell whether costs of collection can be charged at all under ``terms``."""
    costs = terms.regime.costs
    return costs is not None and (terms.costs_agreed or not costs.clause)


def below_floor(rate: Decimal, day: date, rates: Rates, regime: Regime = FR_PROFESSIONAL) -> Decimal | None:
    """Return the least that can be agreed on ``day`` if ``rate`` is less, else None; nothing is changed by it.

    :raises MissingRate: if the published rate that the floor is a multiple of is not known
    """
    if regime.floor is None:
        return None
    least = regime.floor.factor * rates.rate(regime.floor.reference, day)
    return least if rate < least else None


# === FROM WHEN, ON WHAT === #


def _start(debt: Debt, terms: Terms, until: date) -> tuple[date, date, Decimal] | None:
    """Return the last day without interest, the last one with it and what is open then, None if none runs."""
    free = _last_day_free(debt, terms.regime)
    stopped = terms.stopped
    last = until if stopped is None or until < stopped else stopped - DAY
    if free is None or last <= free or debt.amount <= 0:
        return None
    balance = _balance_on(debt, free) if debt.moves else debt.amount
    return (free, last, balance) if balance > 0 else None


def _last_day_free(debt: Debt, regime: Regime) -> date | None:
    """Return the last day without interest, None if nothing has made it run yet."""
    free = debt.due
    if regime.starts == NOTICE:
        if debt.notice is None:
            return None
        free = max(free, debt.notice)
    return max(free, months_later(debt.due, regime.months)) if regime.months else free


def _balance_on(debt: Debt, day: date) -> Decimal:
    """Return what is open at the end of ``day``."""
    balance = debt.amount
    for move in debt.moves:
        if move.amount < 0:
            raise ValueError(f"a move raises the debt: {move.amount}")
        if move.day <= day:
            balance -= move.amount
    return max(balance, ZERO)


def _tier(regime: Regime, late: Decimal) -> Decimal:
    """Return the fixed sum for what is late."""
    if regime.indemnity is None or late <= 0:
        return ZERO
    for amount, limit, included in regime.indemnity.tiers:
        if limit is None or late < limit or (included and late == limit):
            return amount
    raise ValueError(f"{regime.code}: no fixed sum for {late}")


_UNITS = {digits: Decimal(1).scaleb(-digits) for digits in range(8)}
NOTHING = Interest((), ZERO, ZERO, ZERO)
