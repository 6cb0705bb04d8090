import json
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from itertools import chain

from odoo import api, models

from ..account.holds import holders
from ..core.decision.facts import AccountFacts, Credit, Hold, Item, Offer
from ..core.plain.money import less_refunds, settled_among
from . import queries, sending_queries


class DunningAccount(models.Model):
    """What the database knows of the accounts, as plain values, set-wise."""

    _inherit = "dunning.account"

    @api.model
    def _scope(self, company):
        """Return the ids of the trade receivable accounts and of the branches of a main company."""
        branches = self.env["res.company"].with_context(active_test=False).search([("id", "child_of", company.id)])
        accounts = self.env["account.account"].with_context(active_test=False).search([
            ("company_ids", "in", branches.ids),
            ("account_type", "=", "asset_receivable"),
            ("non_trade", "=", False),
        ])  # fmt: skip
        return accounts.ids, branches.ids

    @api.model
    def _changed(self, company, day):
        """Return ``[(account id or None, customer id, fingerprint)]`` of the customers to decide again."""
        return self.env.execute_query(queries.changed_accounts(self.env, company, *self._scope(company), day))

    @api.model
    def _owing_customers(self, company):
        """Return the ids of the customers that have open items."""
        rows = self.env.execute_query(queries.owing_customers(self.env, *self._scope(company)))
        return [partner for (partner,) in rows]

    @api.model
    def _read_facts(self, company, partners, day):
        """Return ``{customer id: (plan id, AccountFacts)}`` in one query, and one for rates where currencies meet.

        :param partners: ids of commercial partners.
        """
        items, credits, offers, others = defaultdict(list), defaultdict(list), defaultdict(list), {}
        outside, refunds = defaultdict(list), defaultdict(list)
        rows = self.env.execute_query(
            queries.facts(self.env, company, *self._scope(company), partners, day)
        )
        for (
            partner, kind, id_, due, amount, reference, level, level_date, excluded, known, level_due, stage,
            stage_due, own, until, discounted,
        ) in rows:  # fmt: skip
            if kind == "account":
                others[partner] = (reference, due, excluded)
                continue
            amount = Decimal(amount)
            own = Decimal(own) if reference else None
            if kind == "item":
                past = (level, level_date, excluded, known, level_due, stage, stage_due)
                items[partner].append(Item(id_, due, amount, *past, reference, own))
                if until:
                    offers[partner].append(Offer(id_, until, Decimal(discounted)))
                if excluded == "no_followup":
                    outside[partner].append(Credit("payment", -amount, None, (), reference, own and -own))
            elif kind == "entry":
                outside[partner].append(Credit("payment", amount, None, (), reference, own))
            elif kind == "refund":
                refunds[partner].append(Credit(kind, amount, due, (), reference, own))
            else:
                credits[partner].append(
                    Credit(kind, amount, due, meant_for(excluded, amount if own is None else own), reference, own)
                )
        units = self._units(company, items, credits, outside, refunds)
        for partner, entries in outside.items():
            credits[partner] += settled_among(entries, units)  # before they cover invoices
        self._add_rates(company, items, credits)
        return {
            partner: (plan, AccountFacts(
                items=tuple(items[partner]),
                credits=tuple(
                    less_refunds(credits[partner], refunds[partner], units) if refunds[partner] else credits[partner]
                ),
                holds=(Hold("archived"),) if archived else (),
                last_contact=last_contact,
                offers=tuple(offers.get(partner, ())),
                units=units,
            ))
            for partner, (plan, last_contact, archived) in others.items()
        }  # fmt: skip

    @api.model
    def _add_rates(self, company, items, credits):
        """Tell money what it buys of the other currencies that its customer owes, at the rate of its day."""
        wanted = defaultdict(list)
        for partner, money in credits.items():
            foreign = {item.currency for item in items.get(partner, ()) if item.currency}
            for index, credit in enumerate(money):
                for currency in foreign - {credit.currency}:
                    if credit.day:
                        wanted[currency, credit.day].append((partner, index))
        if not wanted:
            return
        for currency, day, rate in self.env.execute_query(queries.rates(company, list(wanted))):
            for partner, index in wanted[currency, day]:
                credit = credits[partner][index]
                credits[partner][index] = credit._replace(rates={**credit.rates, currency: Decimal(rate)})

    @api.model
    def _units(self, company, *found):
        """Return the smallest amounts of the currencies that are met, ``{id, or None for the company's: amount}``."""
        documents = (document for by_customer in found for own in by_customer.values() for document in own)
        currencies = self.env["res.currency"].browse({one.currency for one in documents if one.currency})
        return {
            None: Decimal(str(company.currency_id.rounding)),
            **{currency.id: Decimal(str(currency.rounding)) for currency in currencies},
        }

    @api.model
    def _holds(self, company, partners, day):
        """Return ``{customer id: [core.facts.Hold]}`` of all :mod:`.holds`."""
        holds = {}
        for partner, hold in chain.from_iterable(holders(self, company, partners, day)):
            holds.setdefault(partner, []).append(hold)
        return holds

    @api.model
    def _holds_of_books(self, company, partners, day):
        """Yield ``(customer id, hold)`` while the books are late, if the company wants it so."""
        stop = self._books_stop(company, day) if company.dunning_stale_mode == "hold" else None
        return ((partner, Hold("transit", since=stop)) for partner in partners if stop)

    @api.model
    def _holds_of_unsent(self, company, partners):
        """Yield ``(customer id, hold)`` of the invoices that were never sent: they wait for a person."""
        known = self.env.context.get("dunning_sending")  # a request brings no tuple
        if (known[0] if isinstance(known, tuple) else company.dunning_sending) == "sent":
            query = sending_queries.unsent_items(self.env, *self._scope(company), partners)
            for partner, item in self.env.execute_query(query):
                yield partner, Hold("unsent", item)

    @api.model
    def _books_stop(self, company, day):
        """Return where late books stop: asked once for all the batches of a run, which puts it in its context."""
        known = self.env.context.get("dunning_books")
        if known and known[:2] == (company.id, day):
            return known[2]
        return company._dunning_books_stop(day)


def meant_for(chosen, amount):
    """Return the items that a customer chose to pay online, with their shares of ``amount``, in the money's currency.

    :param chosen: ``payment.transaction.dunning_items`` as JSON, in the currency of the transaction, or empty
    """
    if not chosen:
        return ()
    shares = [(item, Decimal(share)) for item, share in json.loads(chosen)]
    whole = sum(share for _item, share in shares)
    if not whole:
        return ()
    cent = Decimal("0.01")
    return tuple((item, min(amount, (share * amount / whole).quantize(cent, ROUND_HALF_UP))) for item, share in shares)
