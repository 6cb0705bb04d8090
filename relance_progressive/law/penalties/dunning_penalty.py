import json
from collections import defaultdict
from decimal import Decimal

from odoo import api, models

from ...core.said.received import received
from . import costs_queries
from . import penalty_queries as queries
from .debts import ZERO, Basis, by_document, of_document, row_of
from .sums import add_up, keys_of
from .words import as_data, indemnity_article, is_costs


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
    def _as_data(self, penalty, until):
        """Return how a penalty was computed as plain data, for features that cannot import it."""
        return as_data(penalty, until)

    @api.model
    def _fixed_sum_of(self, regime):
        """Return ``(whether the fixed sum of a regime, by its code, are costs of collection, its article)``."""
        return is_costs(regime), indemnity_article(regime)

    @api.model
    def _of_debts(self, company, condition, until, claimed, whole=False):
        """Return ``{journal item id: Penalty}`` of the items that an SQL condition names, oldest due date first.

        :param whole: also of the other instalments of their invoices
        """
        rows = [row_of(*values) for values in self.env.execute_query(queries.debts(self.env, condition))]
        if whole:
            rows = [row._replace(asked=True) for row in rows]
        asked = [row.id for row in rows if row.asked]
        if not asked:
            return {}
        pairs = {(row.customer, row.term) for row in rows if row.status}
        every = [row.id for row in rows]
        basis = self._basis(company, every, pairs, {row.currency for row in rows}, until, claimed)
        penalties = {}
        for own in by_document(rows):
            penalties.update(of_document(own, basis))
        return self._less_settled(penalties)

    @api.model
    def _basis(self, company, items, pairs, currency_ids, until, claimed, covered=None):
        """Return what the penalties of items are computed from.

        :param items: ids, with those of the other instalments of their invoices
        :param pairs: ``(customer id, payment term id)`` of the customers whose status is known
        :param covered: as :meth:`_received`
        """
        currencies = self.env["res.currency"].browse(currency_ids)
        terms = company._dunning_terms(pairs) if pairs else {}
        costs = any(own.regime.costs for own in terms.values())
        return Basis(
            terms=terms,
            notices=self.env["dunning.decision"]._notices_of_items(items),
            reminded=self._reminded(items) if costs else {},
            suspended=self._suspended(items),
            rates=self.env["dunning.interest.rate"]._rates(company),
            until=until,
            claimed=claimed,
            digits={currency.id: currency.decimal_places for currency in currencies},
            fixed_sum=self._fixed_sums(company, currencies),
            received={} if claimed else self._received(
                company, {customer for customer, _term in pairs}, until, covered
            ),
            settled=self._settled_items(items) if any(own.compounds for own in terms.values()) else frozenset(),
        )

    @api.model
    def _received(self, company, customers, until, covered=None):
        """Return ``{item id: [core.received.Part]}`` of the money that is there and not matched: it bears no interest.

        Of a message what such money covers is not claimed at all.

        :param customers: ids of commercial partners
        :param covered: ids of those with such money, where they are known; as stored if empty
        """
        accounts = self.env["dunning.account"].sudo()
        if covered is None:
            covered = accounts.search([
                ("company_id", "=", company.id), ("partner_id", "in", list(customers)), ("amount_covered", ">", 0),
            ]).partner_id.ids  # fmt: skip
        wanted = [customer for customer in covered if customer in customers]
        facts, found = accounts._read_facts(company, wanted, until) if wanted else {}, {}
        for _plan, own in facts.values():
            found |= received(own, until)
        return found

    @api.model
    def _settled_items(self, item_ids):
        """Return the ids of the items of whose penalties something was invoiced or waived."""
        invoiced, waived = self._settled(item_ids)
        return frozenset(invoiced.keys() | waived.keys())

    @api.model
    def _suspended(self, item_ids):
        """Return ``{item id: [(first day, last day)]}`` without interest, as payment plans grant it."""
        suspended = defaultdict(list)
        for item, first, last in self.env.execute_query(queries.suspensions(self.env, item_ids)):
            suspended[item].append((first, last))
        return suspended

    @api.model
    def _reminded(self, item_ids):
        """Return ``{item id: (day, channel, claim)}`` of the first reminder in writing of each item that had one."""
        rows = self.env.execute_query(costs_queries.first_reminders(self.env, item_ids))
        return {item: (day, channel, Decimal(claim)) for item, _reminder, day, channel, claim in rows}

    def _fixed_sums(self, company, currencies):
        """Return the function ``(amount, currency code, currency id, day)`` that gives a sum of the law in a currency.

        The day is that on which the debt was due: a sum that moved with the exchange would never be settled.
        """
        known, legal, names = {}, {}, {currency.id: currency.name for currency in currencies}
        every = self.env["res.currency"].with_context(active_test=False)

        def fixed_sum(amount, code, currency, day):
            if names[currency] == code:
                return amount
            key = (amount, code, currency, day)
            if key not in known:
                if (code, currency) not in legal:
                    source = every.search([("name", "=", code)], limit=1)
                    legal[code, currency] = self._exchange(source, every.browse(currency), company)
                known[key] = Decimal(str(legal[code, currency](float(amount), day)))
            return known[key]

        return fixed_sum

    @api.model
    def _less_settled(self, penalties, settled=None):
        """Take off what was waived and what was invoiced.

        :param settled: as :meth:`_settled` gives it, if it is known
        """
        invoiced, waived = settled or self._settled(list(penalties))
        for item in penalties.keys() & (invoiced.keys() | waived.keys()):
            penalty = penalties[item]
            # That of an invoice, whichever of its instalments it was settled with: counted where it stands by now.
            carries = 1 if penalty.indemnity else 0
            if own := invoiced.get(item):
                penalty = penalty._replace(
                    invoiced_interest=own.interest, invoiced_indemnity=own.indemnity * carries,
                    waived_interest=own.given_up,
                )  # fmt: skip
            if own := waived.get(item):
                interest = penalty.interest_left if own.to_come else own.interest
                indemnity = penalty.indemnity if own.whole else own.indemnity * carries
                penalty = penalty._replace(
                    waived_interest=penalty.waived_interest + interest, waived_indemnity=indemnity
                )
                if own.to_come:
                    penalty = penalty._replace(interest=penalty.interest._replace(per_day=ZERO))
            penalties[item] = penalty
        return penalties

    @api.model
    def _settled(self, items):
        """Return ``({item id: Invoiced}, {item id: Waived})`` of the items that have any."""
        return self.env["dunning.penalty.line"]._invoiced(items), self.env["dunning.penalty.waiver"]._waived(items)

    # === OF CUSTOMERS === #

    @api.model
    def _of_customers(self, company, partners, until):
        """Return ``{journal item id: Penalty}`` of what customers (commercial ids) have open and late."""
        scope = self.env["dunning.account"]._scope(company)
        return self._of_debts(company, queries.late_items_of(self.env, *scope, partners, until), until, {})

    @api.model
    def _sums_of_customers(self, company, partners, until, covered=None):
        """Return ``{customer id: (amount, amount per day, reason codes)}`` in the currency of the company.

        :param partners: ids of commercial partners
        :param covered: as :meth:`_received`
        """
        scope = self.env["dunning.account"]._scope(company)
        late = queries.late_items_of(self.env, *scope, partners, until)
        debts = self.env.execute_query(queries.debts(self.env, late))
        if not debts:
            return {}
        items = [item for item, asked, *_values in debts if asked]
        settled = self._settled(items)
        pairs, currency_ids = keys_of(debts)
        basis = self._basis(company, [item for item, *_values in debts], pairs, currency_ids, until, {}, covered)
        sums = add_up(debts, basis, settled[0].keys() | settled[1].keys(), lambda own: self._less_settled(own, settled))
        result, own = {}, company.currency_id
        for (customer, currency_id), (amount, per_day) in sums.amounts.items():
            if currency_id != own.id:
                currency = self.env["res.currency"].browse(currency_id)
                amount, per_day = (
                    Decimal(str(currency._convert(float(one), own, company, until))) for one in (amount, per_day)
                )  # fmt: skip
            before = result.get(customer, (ZERO, ZERO))
            result[customer] = (before[0] + amount, before[1] + per_day, sums.codes_of(customer))
        return result

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
