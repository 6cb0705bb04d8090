import json
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal

from odoo import api, models

from ..core.facts import AccountFacts, Credit, Hold, Item
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
        """Return ``{customer id: (plan id, AccountFacts)}`` in one query.

        :param partners: ids of commercial partners.
        """
        items, credits, others = defaultdict(list), defaultdict(list), {}
        outside, refunds = defaultdict(Decimal), defaultdict(Decimal)
        rows = self.env.execute_query(
            queries.facts(self.env, company, *self._scope(company), partners, day)
        )
        for partner, kind, id_, due, amount, reference, level, level_date, excluded, *more in rows:
            if kind == "item":
                items[partner].append(Item(id_, due, Decimal(amount), level, level_date, excluded, *more))
                if excluded == "no_followup":
                    outside[partner] -= Decimal(amount)
            elif kind == "account":
                others[partner] = (reference, due, excluded)
            elif kind == "entry":
                outside[partner] += Decimal(amount)
            elif kind == "refund":
                refunds[partner] += Decimal(amount)
            elif reference:  # an online transaction
                own = self._in_company_currency(company, amount, reference, day)
                credits[partner].append(Credit(kind, own, due, meant_for(excluded, own)))
            else:
                credits[partner].append(Credit(kind, Decimal(amount), due, meant_for(excluded, Decimal(amount))))
        for partner, amount in outside.items():
            if amount > 0:  # entries outside follow-up settle one another before they cover invoices
                credits[partner].append(Credit("payment", amount))
        return {
            partner: (plan, AccountFacts(
                items=tuple(items[partner]),
                credits=tuple(less_refunds(credits[partner], refunds[partner])),
                holds=(Hold("archived"),) if archived else (),
                last_contact=last_contact,
            ))
            for partner, (plan, last_contact, archived) in others.items()
        }  # fmt: skip

    @api.model
    def _holds(self, company, partners, day):
        """Hook: return ``{customer id: [core.facts.Hold]}``, in one query per feature for the whole batch.

        Here: every account waits while the books are late, if the company wants it so; an invoice that was never sent
        waits for a person, and so does money sent back that nothing explains.
        """
        stop = self._books_stop(company, day) if company.dunning_stale_mode == "hold" else None
        holds = {partner: [Hold("transit", since=stop)] for partner in partners} if stop else {}
        if company.dunning_sending == "sent":
            query = sending_queries.unsent_items(self.env, *self._scope(company), partners)
            for partner, item in self.env.execute_query(query):
                holds.setdefault(partner, []).append(Hold("unsent", item))
        for partner, hold in self._holds_of_sent_back(company, partners):
            holds.setdefault(partner, []).append(hold)
        return holds

    @api.model
    def _books_stop(self, company, day):
        """Return where late books stop: asked once for all the batches of a run, which puts it in its context."""
        known = self.env.context.get("dunning_books")
        if known and known[:2] == (company.id, day):
            return known[2]
        return company._dunning_books_stop(day)

    @api.model
    def _in_company_currency(self, company, amount, currency_id, day):
        currency = self.env["res.currency"].browse(currency_id)
        converted = currency._convert(float(amount), company.currency_id, company, day)
        return Decimal(str(converted))


def meant_for(chosen, amount):
    """Return the items that a customer chose to pay online, with their shares of ``amount``.

    :param chosen: ``payment.transaction.dunning_items`` as JSON, in the currency of the transaction, or empty
    """
    if not chosen:
        return ()
    shares = [(item, Decimal(share)) for item, share in json.loads(chosen)]
    whole = sum(share for _item, share in shares)
    cent = Decimal("0.01")
    return tuple((item, min(amount, (share * amount / whole).quantize(cent, ROUND_HALF_UP))) for item, share in shares)


def less_refunds(credits, refunded):
    """Take money paid back to the customer off the credits, which it used up."""
    for credit in credits:
        used = min(credit.amount, refunded)
        refunded -= used
        if credit.amount > used:
            yield credit._replace(amount=credit.amount - used)
