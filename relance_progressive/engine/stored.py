"""Decisions as they are stored: plain data for the database."""

import json


def reasons_as_data(reasons):
    """Return reasons as a list of dicts without empty values, days and amounts as text."""
    return [
        {"code": code, **{
            key: value if isinstance(value, int) else str(value)
            for key, value in (("until", until), ("amount", amount), ("count", count))
            if value is not None
        }}
        for code, until, amount, count in reasons
    ]  # fmt: skip


def reasons_as_json(reasons):
    """Return reasons as the text of a JSON array."""
    return json.dumps(reasons_as_data(reasons))
