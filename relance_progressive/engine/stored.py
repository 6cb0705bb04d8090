"""Decisions as they are stored: plain data for the database."""

import json


def as_json(data):
    """Return plain data as JSON, None as itself."""
    return None if data is None else json.dumps(data)


def by_currency(amounts, company):
    """Return amounts of a decision by currency, ``[[currency id, amount as text]]``, or None if none is foreign."""
    return [[currency or company.currency_id.id, str(amount)] for currency, amount in amounts] or None


def reasons_as_data(decision):
    """Return the reasons of a decision as a list of dicts without empty values, days and amounts as text."""
    data, sources = [], {source.code: source for source in decision.sources}
    for code, until, amount, count in decision.reasons:
        reason = {"code": code}
        if until is not None:
            reason["until"] = str(until)
        if amount is not None:
            reason["amount"] = str(amount)
        if count is not None:
            reason["count"] = count
        if source := sources.get(code):
            reason["since"] = str(source.since)
            if source.kind:
                reason.update(kind=source.kind, others=source.others)
        data.append(reason)
    return data
