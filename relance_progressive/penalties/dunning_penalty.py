import json
from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from odoo import api, models
from odoo.tools.misc import formatLang

from ..core.interest import CREDITED, PAID, Debt, Interest, Move, fixed_indemnity, late_interest
from ..core.rates import MissingRate
from ..core.regimes import NOTICE, REGIMES
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
    document: int  # what the instalments of an invoice have in common
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
    def _of_claim(self, company, claimed, until):
        """Return ``{journal item id: Penalty}`` of what a message claims, as :meth:`_of_items`.

        Where the instalment that the indemnity of an invoice stands on is not claimed, because it was paid late, the
        first one that is claimed carries it.
        """
        penalties = self._of_debts(company, queries.these_items(claimed), until, claimed, whole=True)
        first = {}
        for item, penalty in penalties.items():
            if item in claimed:
                first.setdefault(penalty.move_id, item)
        for item, penalty in penalties.items():
            if penalty.indemnity and item not in claimed:
                own = first[penalty.move_id]
                penalties[own] = penalties[own]._replace(
                    indemnity=penalty.indemnity,
                    waived_indemnity=penalty.waived_indemnity,
                    invoiced_indemnity=penalty.invoiced_indemnity,
                )
        return {item: penalties[item] for item in claimed if item in penalties}

    @api.model
    def _of_debts(self, company, condition, until, claimed, whole=False):
        """Return ``{journal item id: Penalty}`` of the items that an SQL condition names, oldest due date first.

        :param whole: also of the other instalments of their invoices
        """
        rows = [_row(*values) for values in self.env.execute_query(queries.debts(self.env, condition))]
        if whole:
            rows = [row._replace(asked=True) for row in rows]
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
        """Return ``{(customer id, payment term id): Terms}`` of debts, without those for which no rule is known."""
        keys = {(row.customer, row.term) for row in rows if row.status}
        return company._dunning_terms(keys) if keys else {}

    def _of_document(self, company, rows, terms, notices, rates, until, claimed):
        """Yield ``(item id, Penalty)`` of the instalments of one document that were asked for, oldest first."""
        first = rows[0]
        own = terms.get((first.customer, first.term))
        if why_not := _why_not(first, own):
            for row in rows:
                if row.asked:
                    yield row.id, Penalty(row.id, row.move, row.customer, row.due, row.currency, why_not=why_not)
            return
        debts = [_debt(row, notices.get(row.id), claimed.get(row.id)) for row in rows]
        indemnities = _indemnities(rows, debts, own, until) if len(rows) > 1 else None
        for row, debt in zip(rows, debts, strict=True):
            if row.asked:
                yield row.id, self._of_debt(company, row, debt, own, rates, until, indemnities)

    def _of_debt(self, company, row, debt, terms, rates, until, indemnities):
        """Return the Penalty of one debt.

        :param indemnities: ``{item id: amount}`` of an invoice of several instalments
        """
        regime, currency = terms.regime, self.env["res.currency"].browse(row.currency)
        head = (row.id, row.move, row.customer, row.due, row.currency)
        try:
            interest = late_interest(debt, terms, rates, until, currency.decimal_places)
        except MissingRate as missing:
            return Penalty(*head, regime=regime.code, why_not="missing_rate", missing_rate=missing)
        if not interest.segments:
            if regime.starts == NOTICE and (not debt.notice or debt.notice >= until):
                return Penalty(*head, regime=regime.code, why_not="before_notice")
            if terms.stopped:
                return Penalty(*head, regime=regime.code, why_not="insolvency")
        indemnity = interest.indemnity if indemnities is None else indemnities.get(row.id, ZERO)
        if indemnity:
            indemnity = self._in_currency(company, indemnity, regime.currency, currency, until)
        return Penalty(*head, interest, indemnity, regime=regime.code)

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

    @api.model
    def _sums_of_customers(self, company, partners, until):
        """Return ``{customer id: (amount, amount per day, reason codes)}`` in the currency of the company.

        :param partners: ids of commercial partners
        """
        amounts, codes = defaultdict(lambda: [ZERO, ZERO]), defaultdict(dict)
        for penalty in self._of_customers(company, partners, until).values():
            sums = amounts[penalty.customer_id, penalty.currency_id]
            sums[0] += penalty.total_left
            sums[1] += penalty.per_day
            if penalty.why_not:
                codes[penalty.customer_id][_code(penalty)] = True
        result, own = {}, company.currency_id
        for (customer, currency_id), (amount, per_day) in amounts.items():
            if currency_id != own.id:
                currency = self.env["res.currency"].browse(currency_id)
                amount, per_day = (
                    Decimal(str(currency._convert(float(one), own, company, until))) for one in (amount, per_day)
                )  # fmt: skip
            before = result.get(customer, (ZERO, ZERO))
            result[customer] = (before[0] + amount, before[1] + per_day, ",".join(codes[customer]))
        return result

    # === WORDS === #

    @api.model
    def _why_not_in_words(self, penalty):
        """Return why nothing is claimed for an item, empty if something is."""
        return self._code_in_words(_code(penalty)) if penalty.why_not else ""

    @api.model
    def _code_in_words(self, code):
        """Return why nothing is claimed, in the language of the reader.

        :param code: a reason; a missing rate with its reference and day, a missing notice with the regime
        """
        code, _colon, rest = code.partition(":")
        if code == "missing_rate":
            reference, _colon, day = rest.partition(":")
            missing = MissingRate(reference, date.fromisoformat(day))
            return self.env._(
                "No late interest and no indemnity. %(why)s",
                why=self.env["dunning.interest.rate"]._missing_words(missing),
            )
        if code == "before_notice":
            return self.env._(
                "No late interest and no indemnity before a formal notice has reached this customer (%(article)s).",
                article=REGIMES[rest].starts_article,
            )
        return {
            "no_status": self.env._(
                "No late interest and no indemnity: nobody has said yet whether this customer is a professional, a "
                "consumer, a non-professional or a public body."
            ),
            "no_regime": self.env._(
                "No late interest and no indemnity: no rule is known for this country and this kind of customer."
            ),
            "insolvency": self.env._("No late interest since the opening of insolvency (C. com. L622-28)."),
            "penalty": self.env._("No interest on an invoice of penalties (C. civ. 1343-2)."),
        }[code]

    @api.model
    def _source_in_words(self, env, segment):
        """Return where the rate of a segment, as plain data, comes from."""
        words = {"article": segment["article"]}
        if segment["kind"] == "agreed":
            return env._("agreed rate (%(article)s)", **words)
        if segment["kind"] == "capped":
            return env._("agreed rate, brought down to the most the law allows (%(article)s)", **words)
        if not segment.get("reference"):
            return env._("legal rate (%(article)s)", **words)
        words |= {
            "reference": env["dunning.interest.rate"]._labels()[segment["reference"]],
            "value": self._percent(env, segment["value"]),
        }
        if not float(segment["margin"]):
            return env._("%(reference)s (%(article)s)", **words)
        points = formatLang(env, float(segment["margin"]), digits=_digits(segment["margin"]))
        return env._("%(reference)s %(value)s + %(margin)s points (%(article)s)", margin=points, **words)

    @api.model
    def _percent(self, env, rate):
        """Return a rate as the language of ``env`` writes it."""
        return env._("%(rate)s %%", rate=formatLang(env, float(rate), digits=max(2, _digits(rate))))

    # === OF REMINDERS === #

    @api.model
    def _store_on_lines(self, figures):
        """Keep ``{reminder line id: (interest, indemnity, computation)}``."""
        rows = [
            {"line": line, "interest": interest, "indemnity": indemnity, "detail": detail}
            for line, (interest, indemnity, detail) in figures.items()
        ]
        if rows:
            self.env.execute_query(queries.freeze(self.env, json.dumps(rows)))
            names = ["interest_amount", "indemnity_amount", "penalty_detail"]
            self.env["dunning.reminder.line"].browse(figures).invalidate_recordset(names, flush=False)


def _digits(number):
    """Return how many decimals a number, given as text, has.

    >>> [_digits(text) for text in ("10", "12.40", "0.125")]
    [0, 1, 3]
    """
    return len(str(number).partition(".")[2].rstrip("0"))


def _code(penalty):
    """Return why nothing is claimed as it is stored."""
    if penalty.why_not == "missing_rate":
        return f"missing_rate:{penalty.missing_rate.reference}:{penalty.missing_rate.day}"
    return f"before_notice:{penalty.regime}" if penalty.why_not == "before_notice" else penalty.why_not


def _row(id_, asked, move, document, customer, term, currency, amount, due, status, is_penalty, lowered):
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


def _by_document(rows):
    """Return the debts by document, those of one oldest first."""
    documents = defaultdict(list)
    for row in rows:
        documents[row.document].append(row)
    return documents.values()


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


def _debt(row, notice, claimed):
    """Return the debt as the computation reads it; what is not claimed of it was never due, so to speak."""
    moves = row.moves
    if claimed is not None:
        unclaimed = row.amount - sum((move.amount for move in moves), ZERO) - claimed
        if unclaimed > 0:
            moves = (*moves, Move(row.due, unclaimed, CREDITED))
    return Debt(row.amount, row.due, moves, notice)
