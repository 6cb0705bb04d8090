"""What the database knows of customers, as plain values for the core."""

import json
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal

from ..core.decision.facts import AccountFacts, Credit, Hold, Item, Offer
from ..core.plain.money import less_refunds, settled_among
from . import queries


def read(env, company, scope, partners, day):
    """Return ``{customer id: (plan id, AccountFacts)}`` in one query, and one for rates where currencies meet.

    :param scope: the accounts and branches of the company, as ``dunning.account._scope`` gives them
    :param partners: ids of commercial partners.
    """
    items, credits, offers, others = defaultdict(list), defaultdict(list), defaultdict(list), {}
    outside, refunds = defaultdict(list), defaultdict(list)
    rows = env.execute_query(queries.facts(env, company, *scope, partners, day))
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
    units = _units(env, company, items, credits, outside, refunds)
    for partner, entries in outside.items():
        credits[partner] += settled_among(entries, units)  # before they cover invoices
    _add_rates(env, company, items, credits)
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


def _add_rates(env, company, items, credits):
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
    for currency, day, rate in env.execute_query(queries.rates(company, list(wanted))):
        for partner, index in wanted[currency, day]:
            credit = credits[partner][index]
            credits[partner][index] = credit._replace(rates={**credit.rates, currency: Decimal(rate)})


def _units(env, company, *found):
    """Return the smallest amounts of the currencies that are met, ``{id, or None for the company's: amount}``."""
    documents = (document for by_customer in found for own in by_customer.values() for document in own)
    currencies = env["res.currency"].browse({one.currency for one in documents if one.currency})
    return {
        None: Decimal(str(company.currency_id.rounding)),
        **{currency.id: Decimal(str(currency.rounding)) for currency in currencies},
    }
