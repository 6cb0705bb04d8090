"""Penalties of many debts added up by customer, without keeping an object for each of them."""

from decimal import Decimal

from ...core.law.interest import Debt
from . import debts as one
from .debts import ZERO


class Sums:
    """What customers have to pay for being late, and why nothing is claimed of some of their debts."""

    def __init__(self):
        self.amounts = {}  # {(customer id, currency id): [what is left to pay, what one more day adds]}
        self.codes = {}  # {customer id: {stored code of a reason: its oldest debt, (due date, item id)}}

    def add(self, customer, currency, amount, per_day):
        """Count what one debt costs."""
        own = self.amounts.get((customer, currency))
        if own is None:
            self.amounts[customer, currency] = [amount, per_day]
        else:
            own[0] += amount
            own[1] += per_day

    def explain(self, customer, currency, code, due, item):
        """Note why nothing is claimed of a debt, or not all of it."""
        self.add(customer, currency, ZERO, ZERO)
        codes = self.codes.setdefault(customer, {})
        codes[code] = min(codes.get(code, (due, item)), (due, item))

    def codes_of(self, customer):
        """Return the reasons of a customer as they are stored, that of the oldest debt first."""
        codes = self.codes.get(customer, {})
        return ",".join(sorted(codes, key=codes.get))


def keys_of(debts):
    """Return what is to be known of debts: ``(customer, payment term)`` of those with a status, and currencies."""
    pairs, currencies = set(), set()
    for _item, _asked, _move, _document, customer, term, currency, _amount, _due, status, *_rest in debts:
        currencies.add(currency)
        if status:
            pairs.add((customer, term))
    return pairs, currencies


def add_up(debts, basis, settled, less_settled):
    """Return the :class:`Sums` of debts that are not paid yet.

    :param debts: rows of :func:`.penalty_queries.debts`
    :param settled: ids of the items of which something was waived or invoiced
    :param less_settled: a function that takes it off ``{item id: Penalty}``
    """
    sums, others = Sums(), []
    for values in debts:
        item, _asked, _move, _document, customer, term, currency, amount, due, status, is_penalty, split, by, later = (
            values
        )
        if split or item in settled:
            others.append(one.row_of(*values))
            continue
        terms = one.terms_of(customer, term, later, basis)
        why_not = one.why_never(status, is_penalty, terms)
        if why_not:
            sums.explain(customer, currency, why_not, due, item)
        else:
            debt = Debt(
                Decimal(amount), due, one.with_received(one.moves_of(by), item, basis),
                one.notice_of(item, terms, basis),
                *one.first_reminder(item, terms, basis),
            )  # fmt: skip
            own = one.terms_of_item(terms, basis, item)
            interest, indemnity, why_not, missing = one.of_debt(debt, own, basis, currency)
            sums.add(customer, currency, one.interest_left(interest) + indemnity, interest.per_day)
            if why_not:
                sums.explain(customer, currency, one.stored_code(why_not, terms.regime.code, missing), due, item)
    for own in one.by_document(others):
        for item, penalty in less_settled(dict(one.of_document(own, basis))).items():
            sums.add(penalty.customer_id, penalty.currency_id, penalty.total_left, penalty.per_day)
            if penalty.why_not:
                sums.explain(penalty.customer_id, penalty.currency_id, one.code_of(penalty), penalty.due, item)
    return sums
