"""Penalties of debts as the database has them: plain values in, plain values out."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from ...core.law.accrual import CREDITED, PAID, Move
from ...core.law.costs import notice_day, waiting_until
from ...core.law.interest import NOTHING, ONE, Debt, Interest, fixed_indemnity, known_interest
from ...core.law.rates import REFERENCES, MissingRate, Rates, period
from ...core.law.regimes import NOTICE
from ...core.plain.days import months_later

NOTICE_CHANNEL = "registered"
LARGE = Decimal(1_000_000)
ZERO = Decimal(0)


class Penalty(NamedTuple):
    """What an item costs its debtor for being late, in the currency of the item."""

    item_id: int
    move_id: int
    customer_id: int
    due: date
    currency_id: int
    interest: Interest = NOTHING
    # The fixed sum, or the costs of collection: on the first instalment of an invoice that owes them, zero on others.
    indemnity: Decimal = ZERO
    waived_interest: Decimal = ZERO
    waived_indemnity: Decimal = ZERO
    invoiced_interest: Decimal = ZERO
    invoiced_indemnity: Decimal = ZERO
    regime: str = ""  # code of core.regimes
    why_not: str = ""  # code of the reason why nothing is claimed, or of a missing rate: why not all of it
    missing_rate: MissingRate | None = None  # from whose day on no interest is computed

    @property
    def interest_left(self):
        """Interest that is still to be paid."""
        return interest_left(self.interest, self.waived_interest + self.invoiced_interest)

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
    later: bool  # born after the opening of insolvency


class Basis(NamedTuple):
    """What penalties are computed from, for a batch of debts."""

    terms: dict  # {(customer id, payment term id): Terms}
    notices: dict  # {item id: day on which a formal notice took effect}
    # {item id: (day, channel, what it claimed in all) of the first reminder in writing}, where costs may follow it
    reminded: dict
    suspended: dict  # {item id: [(first day, last day)] without interest}
    rates: Rates
    until: date
    claimed: dict  # {item id: amount}
    digits: dict  # {currency id: decimal places}
    fixed_sum: Callable  # (amount, currency code, currency id, day) -> amount
    received: dict = {}  # noqa: RUF012 -- {item id: [core.received.Part]}: money that nobody has matched yet
    settled: frozenset = frozenset()  # items of whose penalties something was invoiced or waived


def code_of(penalty):
    """Return why nothing is claimed, or not all of it, as it is stored."""
    return stored_code(penalty.why_not, penalty.regime, penalty.missing_rate)


def stored_code(why_not, regime, missing):
    """Return a reason as it is stored; see :class:`Penalty`."""
    if why_not == "missing_rate":
        first, _last = period(missing.day, REFERENCES[missing.reference].months)  # one code for all debts
        return f"missing_rate:{missing.reference}:{first}"
    return f"{why_not}:{regime}" if why_not in ("before_notice", "before_months") else why_not


def row_of(
    id_, asked, move, document, customer, term, currency, amount, due, status, is_penalty, _split, lowered, later
):
    """Return a row of :func:`.penalty_queries.debts` as the computation reads it."""
    return Row(
        id_, asked, move, document, customer, term, currency, Decimal(amount), due, status, is_penalty,
        moves_of(lowered), bool(later),
    )  # fmt: skip


def moves_of(text):
    """Return what lowered a debt, oldest first."""
    if not text:
        return ()
    parts = sorted(part.split(" ") for part in text.split(","))
    return tuple(
        Move(date.fromisoformat(day), Decimal(amount), CREDITED if kind == "c" else PAID) for day, amount, kind in parts
    )


def with_received(moves, item, basis):
    """Return what lowered an item, with the money that is there and that nobody has matched yet."""
    return (*moves, *(
        Move(part.day, part.amount, CREDITED if part.credit_note else PAID) for part in basis.received.get(item, ())
    ))  # fmt: skip


def by_document(rows):
    """Return the debts by document, those of one oldest first."""
    documents = defaultdict(list)
    for row in rows:
        documents[row.document].append(row)
    return documents.values()


def of_document(rows, basis):
    """Yield ``(item id, Penalty)`` of the instalments of one document that were asked for, oldest first."""
    first = rows[0]
    terms = terms_of(first.customer, first.term, first.later, basis)
    why_not = why_never(first.status, first.is_penalty, terms)
    regime = "" if why_not else terms.regime.code
    indemnities = None
    if not why_not:
        debts = [_debt(row, terms, basis) for row in rows]
        if len(rows) > 1:
            indemnities = _indemnities(rows, debts, terms, basis)
    for number, row in enumerate(rows):
        if not row.asked:
            continue
        found = (NOTHING, ZERO, why_not, None)
        if not why_not:
            fixed = None if indemnities is None else indemnities.get(row.id, ZERO)
            found = of_debt(debts[number], terms_of_item(terms, basis, row.id), basis, row.currency, fixed)
        interest, indemnity, reason, missing = found
        yield row.id, Penalty(
            row.id, row.move, row.customer, row.due, row.currency, interest, indemnity,
            regime=regime, why_not=reason, missing_rate=missing,
        )  # fmt: skip


def of_debt(debt, terms, basis, currency, fixed=None):
    """Return ``(Interest, indemnity, why nothing is claimed or empty, MissingRate or None)`` of one debt.

    A missing rate takes nothing else away: the interest until the day before it and the indemnity stay.

    :param fixed: the part of the fixed sum that stands on this instalment; of an invoice of a single one if empty
    """
    interest, missing = known_interest(debt, terms, basis.rates, basis.until, basis.digits[currency])
    why_not = "missing_rate" if missing else ""
    if not interest.segments and not missing:
        if terms.regime.starts == NOTICE and (not debt.notice or debt.notice >= basis.until):
            why_not = "before_notice"
        elif terms.stopped:
            why_not = "insolvency"
        elif terms.regime.months and basis.until <= months_later(debt.due, terms.regime.months):
            why_not = "before_months"
    indemnity = interest.indemnity if fixed is None else fixed
    if indemnity:
        if fixed is None and (worth := _worth(terms, basis, currency, debt.due)) != 1:
            indemnity = fixed_indemnity([debt], terms, basis.until, worth)
        indemnity = basis.fixed_sum(indemnity, terms.regime.currency, currency, debt.due)
    return interest, indemnity, why_not, missing


def terms_of(customer, term, later, basis):
    """Return the terms of a debt, nothing if none are known.

    :param later: born after the opening of insolvency, which stops the interest of the others only (C. com. L622-28)
    """
    terms = basis.terms.get((customer, term))
    return terms._replace(stopped=None) if later and terms else terms


def terms_of_item(terms, basis, item):
    """Return the terms of an item: no interest runs on it while a payment plan says so.

    Nor does interest bear interest once a part of it was invoiced or waived: that part may be paid, or given up.
    """
    days = basis.suspended.get(item)
    if terms.compounds and item in basis.settled:
        terms = terms._replace(compound=False)
    return terms._replace(suspended=tuple(days)) if days else terms


def notice_of(item, terms, basis):
    """Return the day from which a notice counts for an item, or nothing.

    Where the law leaves a waiting time after the first reminder, that has to be over too. Without such a reminder it is
    counted from the day the notice took effect: prudent.
    """
    notice = basis.notices.get(item)
    free = first_reminder(item, terms, basis)[0] if notice else None
    return max(notice, free) if free else notice_day(terms.regime, notice, NOTICE_CHANNEL)


def first_reminder(item, terms, basis):
    """Return the last day of the waiting time after the first reminder of an item, if any, and what that claimed."""
    if item not in basis.reminded:
        return None, ZERO
    day, channel, claim = basis.reminded[item]
    return waiting_until(terms.regime, day, channel), claim


def interest_left(interest, settled=ZERO):
    """Return the interest that is still to be paid, ``settled`` having been waived or invoiced."""
    return max(ZERO, interest.amount - interest.paid - settled)


def why_never(status, is_penalty, terms):
    """Return why nothing is claimed of a debt whatever the figures, or nothing."""
    if is_penalty:
        return "penalty"  # no interest on interest (C. civ. 1343-2)
    if not status:
        return "no_status"
    return "" if terms else "no_regime"


def _indemnities(rows, debts, terms, basis):
    """Return ``{item id: amount}``: the fixed sum of an invoice, on the first of its instalments that owes one."""
    for row, debt in zip(rows, debts, strict=True):
        if fixed_indemnity([debt], terms, basis.until):
            worth = _worth(terms, basis, row.currency, row.due)
            return {row.id: fixed_indemnity(debts, terms, basis.until, worth)}
    return {}


def _worth(terms, basis, currency, day):
    """Return what a unit of a currency is worth in that of the law, where the size of the debt decides on the sum."""
    regime = terms.regime
    if not regime.costs and len(regime.indemnity.tiers) == 1:
        return ONE
    return LARGE / basis.fixed_sum(LARGE, regime.currency, currency, day)


def _debt(row, terms, basis):
    """Return the debt as the computation reads it; what is not claimed of it was never due, so to speak."""
    moves, claimed = with_received(row.moves, row.id, basis), basis.claimed.get(row.id)
    if claimed is not None:
        moves = row.moves
        unclaimed = row.amount - sum((move.amount for move in moves), ZERO) - claimed
        if unclaimed > 0:
            moves = (*moves, Move(row.due, unclaimed, CREDITED))
    return Debt(row.amount, row.due, moves, notice_of(row.id, terms, basis), *first_reminder(row.id, terms, basis))
