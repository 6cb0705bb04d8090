from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from odoo import api, models

from ..core.interest import CREDITED, PAID, Debt, Interest, Move, Terms, fixed_indemnity, late_interest
from ..core.rates import MissingRate
from ..core.regimes import NOTICE
from . import penalty_queries as queries

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
        return max(ZERO, self.indemnity - self.waived_indemnity - self.invoiced_indemnity)

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
    document: int  # what its instalments have in common
    customer: int
    term: int | None
    currency: int
    amount: Decimal
    due: date
    status: str | None
    is_penalty: bool
    moves: tuple[Move, ...]


class DunningPenalty(models.AbstractModel):
    """Late interest and fixed indemnity of journal items: the facts by SQL, the figures by ``core.interest``.

    Settled items have them too: who paid late still owes them. They never enter a decision: what is due decides.
    """

    _name = "dunning.penalty"
    _description = "Late Interest and Indemnity"

    @api.model
    def _of_items(self, company, item_ids, until, claimed=None):
        """Return ``{journal item id: Penalty}``; a handful of queries, however many items.

        :param company: a main company, its branches included
        :param until: last day of the interest, included
        :param claimed: ``{item id: Decimal}`` what is claimed of open items, in their currency: what is not
            claimed (it is disputed, promised, or its payment is on its way) bears no interest then
        """
        if not item_ids:
            return {}
        return self._of_debts(company, queries.these_items(item_ids), until, claimed or {})

    @api.model
    def _of_debts(self, company, condition, until, claimed):
        """Return ``{journal item id: Penalty}`` of the items that an SQL condition names."""
        rows = [_row(*values) for values in self.env.execute_query(queries.debts(self.env, condition))]
        asked = [row.id for row in rows if row.asked]
        if not asked:
            return {}
        terms = self._terms(company, rows)
        notices = self.env["dunning.delivery"]._notices_of_items(asked)
        rates = self.env["dunning.interest.rate"]._rates(company)
        penalties = {}
        for own in _by_document(rows):
            penalties.update(self._of_document(company, own, terms, notices, rates, until, claimed))
        return self._less_settled(penalties)

    @api.model
    def _terms(self, company, rows):
        """Return ``{(customer id, payment term id): Terms or None}`` of debts; None where no rule is known."""
        keys = {(row.customer, row.term) for row in rows if row.status}
        return self.env["res.partner"]._dunning_terms(company, keys) if keys else {}

    def _of_document(self, company, rows, terms, notices, rates, until, claimed):
        """Yield ``(item id, Penalty)`` of the instalments of one document that were asked for, oldest first."""
        first, late = rows[0], None
        own = terms.get((first.customer, first.term))
        why_not = _why_not(first, own)
        debts = {row.id: _debt(row, notices.get(row.id), claimed.get(row.id)) for row in rows}
        if not why_not and own.regime.indemnity:
            late = next((row.id for row in rows if fixed_indemnity([debts[row.id]], own, until)), None)
        for row in rows:
            if not row.asked:
                continue
            penalty = Penalty(row.id, row.move, row.customer, row.due, row.currency, why_not=why_not)
            if not why_not:
                indemnity = fixed_indemnity(debts.values(), own, until) if row.id == late else ZERO
                penalty = self._of_debt(company, penalty, debts[row.id], own, rates, until, indemnity)
            yield row.id, penalty

    def _of_debt(self, company, penalty, debt, terms, rates, until, indemnity):
        currency = self.env["res.currency"].browse(penalty.currency_id)
        penalty = penalty._replace(regime=terms.regime.code)
        try:
            interest = late_interest(debt, terms, rates, until, currency.decimal_places)
        except MissingRate as missing:
            return penalty._replace(why_not="missing_rate", missing_rate=missing)
        if terms.regime.starts == NOTICE and (not debt.notice or debt.notice >= until) and not interest.segments:
            return penalty._replace(why_not="before_notice")
        if terms.stopped and not interest.segments:
            return penalty._replace(why_not="insolvency")
        if indemnity:
            indemnity = self._in_currency(company, indemnity, terms.regime.currency, currency, until)
        return penalty._replace(interest=interest, indemnity=indemnity)

    def _in_currency(self, company, amount, code, currency, day):
        """Return a fixed sum of the law in the currency of the debt."""
        if currency.name == code:
            return amount
        known = self.env.cr.cache.setdefault("dunning.fixed_sums", {})
        key = (amount, code, currency.id, company.id, day)
        if key not in known:
            legal = self.env["res.currency"].with_context(active_test=False).search([("name", "=", code)], limit=1)
            known[key] = Decimal(str(legal._convert(float(amount), currency, company, day)))
        return known[key]

    @api.model
    def _less_settled(self, penalties):
        """Take off what was waived and what was invoiced."""
        invoiced = self.env["dunning.penalty.line"]._invoiced(list(penalties))
        waived = self.env["dunning.penalty.waiver"]._waived(list(penalties))
        for item in invoiced.keys() | waived.keys():
            penalty = penalties[item]
            if own := invoiced.get(item):
                penalty = penalty._replace(invoiced_interest=own.interest, invoiced_indemnity=own.indemnity)
            if own := waived.get(item):
                interest = penalty.interest_left if own.to_come else own.interest
                penalty = penalty._replace(waived_interest=interest, waived_indemnity=own.indemnity)
                if own.to_come:
                    penalty = penalty._replace(interest=penalty.interest._replace(per_day=ZERO))
            penalties[item] = penalty
        return penalties

    # === OF CUSTOMERS === #

    @api.model
    def _of_customers(self, company, partners, until):
        """Return ``{journal item id: Penalty}`` of what customers (commercial ids) have open and late."""
        scope = self.env["dunning.account"]._scope(company)
        return self._of_debts(company, queries.late_items_of(*scope, partners, until), until, {})


def _row(*values):
    row = Row(*values)
    return row._replace(amount=Decimal(row.amount), moves=_moves(row.moves))


def _moves(text):
    """Return what lowered a debt, oldest first."""
    if not text:
        return ()
    parts = sorted(part.split(" ") for part in text.split(","))
    return tuple(
        Move(date.fromisoformat(day), Decimal(amount), CREDITED if kind == "c" else PAID) for day, amount, kind in parts
    )


def _by_document(rows):
    """Return the debts by document, those of one oldest first."""
    documents = defaultdict(list)
    for row in rows:
        documents[row.document].append(row)
    return documents.values()


def _why_not(row, terms: Terms | None):
    """Return why nothing is claimed whatever the figures, or nothing."""
    if row.is_penalty:
        return "penalty"  # no interest on interest (C. civ. 1343-2)
    if not row.status:
        return "no_status"
    return "" if terms else "no_regime"


def _debt(row, notice, claimed):
    moves = row.moves
    if claimed is not None:
        unclaimed = row.amount - sum((move.amount for move in moves), ZERO) - claimed
        if unclaimed > 0:
            moves = (*moves, Move(row.due, unclaimed, CREDITED))
    return Debt(row.amount, row.due, tuple(sorted(moves, key=lambda move: move.day)), notice)
