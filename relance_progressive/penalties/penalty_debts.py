"""Penalties of debts as the database has them: plain values in, plain values out."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from ..core.costs import notice_day
from ..core.interest import CREDITED, PAID, Debt, Interest, Move, fixed_indemnity, late_interest
from ..core.rates import MissingRate, Rates
from ..core.regimes import NOTICE

NOTICE_CHANNEL = "registered"
ZERO = Decimal(0)
NOTHING = Interest((), ZERO, ZERO, ZERO)


class Penalty(NamedTuple):
    """What an item costs its debtor for being late, in the currency of the item."""

    item_id: int
    move_id: int
    customer_id: int
    due: date
    currency_id: int
    interest: Interest = NOTHING
    indemnity: Decimal = ZERO  # on the first instalment of an invoice that was late, zero on the others
    waived_interest: Decimal = ZERO
    waived_indemnity: Decimal = ZERO
    invoiced_interest: Decimal = ZERO
    invoiced_indemnity: Decimal = ZERO
    regime: str = ""  # code of core.regimes
    why_not: str = ""  # code of the reason why nothing is claimed
    missing_rate: MissingRate | None = None

    @property
    def interest_left(self):
        """Interest that is still to be paid."""
        settled = self.interest.paid + self.waived_interest + self.invoiced_interest
        return max(ZERO, self.interest.amount - settled)

    @property
    def indemnity_left(self):
        """Indemnity that is still to be paid."""
        if self.invoiced_indemnity:
            return ZERO  # once for an invoice: a person may have invoiced less of it
        return max(ZERO, self.indemnity - self.waived_indemnity)

    @property
    def total_left(self):
        """Both of them."""
        return self.interest_left + self.indemnity_left

    @property
    def per_day(self):
        """What one more day adds."""
        return self.interest.per_day


class Row(NamedTuple):
    """A debt as the database has it."""

    id: int
    asked: bool
    move: int
    document: int  # what the instalments of an invoice have in common
    customer: int
    term: int | None
    currency: int
    amount: Decimal
    due: date
    status: str | None
    is_penalty: bool
    moves: tuple[Move, ...]


class Basis(NamedTuple):
    """What penalties are computed from, for a batch of debts."""

    terms: dict  # {(customer id, payment term id): Terms}
    notices: dict  # {item id: day on which a formal notice took effect}
    suspended: dict  # {item id: [(first day, last day)] without interest}
    rates: Rates
    until: date
    claimed: dict  # {item id: amount}
    digits: dict  # {currency id: decimal places}
    fixed_sum: Callable  # (amount, currency code, currency id, day) -> amount


def code_of(penalty):
    """Return why nothing is claimed as it is stored."""
    if penalty.why_not == "missing_rate":
        return f"missing_rate:{penalty.missing_rate.reference}:{penalty.missing_rate.day}"
    return f"before_notice:{penalty.regime}" if penalty.why_not == "before_notice" else penalty.why_not


def row_of(id_, asked, move, document, customer, term, currency, amount, due, status, is_penalty, lowered):
    return Row(
        id_, asked, move, document, customer, term, currency, Decimal(amount), due, status, is_penalty, _moves(lowered)
    )  # fmt: skip


def _moves(text):
    """Return what lowered a debt, oldest first."""
    if not text:
        return ()
    parts = sorted(part.split(" ") for part in text.split(","))
    return tuple(
        Move(date.fromisoformat(day), Decimal(amount), CREDITED if kind == "c" else PAID) for day, amount, kind in parts
    )


def by_document(rows):
    """Return the debts by document, those of one oldest first."""
    documents = defaultdict(list)
    for row in rows:
        documents[row.document].append(row)
    return documents.values()


def of_document(rows, basis):
    """Yield ``(item id, Penalty)`` of the instalments of one document that were asked for, oldest first."""
    first = rows[0]
    terms = basis.terms.get((first.customer, first.term))
    if why_not := _why_not(first, terms):
        for row in rows:
            if row.asked:
                yield row.id, Penalty(row.id, row.move, row.customer, row.due, row.currency, why_not=why_not)
        return
    debts = [_debt(row, terms, basis) for row in rows]
    indemnities = _indemnities(rows, debts, terms, basis.until) if len(rows) > 1 else None
    for row, debt in zip(rows, debts, strict=True):
        if row.asked:
            yield row.id, _of_debt(row, debt, terms, basis, indemnities)


def _of_debt(row, debt, terms, basis, indemnities):
    """Return the Penalty of one debt.

    :param indemnities: ``{item id: amount}`` of an invoice of several instalments
    """
    if days := basis.suspended.get(row.id):
        terms = terms._replace(suspended=tuple(days))
    regime, head = terms.regime, (row.id, row.move, row.customer, row.due, row.currency)
    try:
        interest = late_interest(debt, terms, basis.rates, basis.until, basis.digits[row.currency])
    except MissingRate as missing:
        return Penalty(*head, regime=regime.code, why_not="missing_rate", missing_rate=missing)
    if not interest.segments:
        if regime.starts == NOTICE and (not debt.notice or debt.notice >= basis.until):
            return Penalty(*head, regime=regime.code, why_not="before_notice")
        if terms.stopped:
            return Penalty(*head, regime=regime.code, why_not="insolvency")
    indemnity = interest.indemnity if indemnities is None else indemnities.get(row.id, ZERO)
    if indemnity:
        indemnity = basis.fixed_sum(indemnity, regime.currency, row.currency, row.due)
    return Penalty(*head, interest, indemnity, regime=regime.code)


def _why_not(row, terms):
    """Return why nothing is claimed whatever the figures, or nothing."""
    if row.is_penalty:
        return "penalty"  # no interest on interest (C. civ. 1343-2)
    if not row.status:
        return "no_status"
    return "" if terms else "no_regime"


def _indemnities(rows, debts, terms, until):
    """Return ``{item id: amount}``: the fixed sum of an invoice, on the first of its instalments that was late."""
    for row, debt in zip(rows, debts, strict=True):
        if fixed_indemnity([debt], terms, until):
            return {row.id: fixed_indemnity(debts, terms, until)}
    return {}


def _debt(row, terms, basis):
    """Return the debt as the computation reads it; what is not claimed of it was never due, so to speak.

    Where the law leaves a waiting time after a notice, it is counted from the day the notice took effect: prudent.
    """
    notice, claimed = basis.notices.get(row.id), basis.claimed.get(row.id)
    notice = notice_day(terms.regime, notice, NOTICE_CHANNEL)
    moves = row.moves
    if claimed is not None:
        unclaimed = row.amount - sum((move.amount for move in moves), ZERO) - claimed
        if unclaimed > 0:
            moves = (*moves, Move(row.due, unclaimed, CREDITED))
    return Debt(row.amount, row.due, moves, notice)
