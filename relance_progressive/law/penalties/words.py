"""Penalties as plain data that is kept with a reminder, and as rows of a table that anyone can compute again."""

from datetime import timedelta

from ...core.law.regimes import REGIMES

DAY = timedelta(days=1)


def as_data(penalty, until):
    """Return how a penalty was computed as plain data: days, amounts and rates as text.

    Where a rate is missing, ``until`` ends before it, and ``missing`` tells which rate, and from which day on.

    :param until: last day of the interest
    """
    missing = penalty.missing_rate
    data = {
        "until": str(missing.day - DAY if missing else until),
        "regime": penalty.regime,
        "segments": [_segment(segment) for segment in penalty.interest.segments],
        "interest": str(penalty.interest.amount),
        "per_day": str(penalty.interest.per_day),
        "indemnity": str(penalty.indemnity),
        "article": indemnity_article(penalty.regime) if penalty.indemnity else "",
        "costs": is_costs(penalty.regime),
    }
    less = {
        "paid": penalty.interest.paid,
        "waived": penalty.waived_interest + penalty.waived_indemnity,
        "invoiced": penalty.invoiced_interest + penalty.invoiced_indemnity,
    }
    if missing:
        data["missing"] = {"reference": missing.reference, "day": str(missing.day)}
    return data | {name: str(amount) for name, amount in less.items() if amount}


def indemnity_article(regime):
    """Return where the fixed indemnity of a regime, or its costs of collection, comes from."""
    source = REGIMES[regime].costs or REGIMES[regime].indemnity
    return source.article if source else ""


def is_costs(regime):
    """Tell whether the fixed sum of a regime, empty if there is none, are costs of collection: other words name it."""
    return bool(regime) and REGIMES[regime].costs is not None


def is_verified(regime):
    """Tell whether the texts of the rate and of the indemnity or costs of a regime were read: two answers."""
    law = REGIMES[regime]
    source = law.costs or law.indemnity
    return law.rate.verified and law.starts_verified, source is None or source.verified


def _segment(segment):
    source = segment.source
    data = {
        "first": str(segment.first), "last": str(segment.last), "days": segment.days, "base": segment.base,
        "balance": str(segment.balance), "rate": str(segment.rate), "amount": str(segment.amount),
        "kind": source.kind, "article": source.article,
    }  # fmt: skip
    if source.reference:
        data |= {
            "reference": source.reference, "value": str(source.value), "margin": str(source.margin),
            "day": str(source.day),
        }  # fmt: skip
    if segment.compounded:
        data["compounded"] = str(segment.compounded)
    return data


def digits_of(number):
    """Return how many decimals a number, given as text, has.

    >>> [digits_of(text) for text in ("10", "12.40", "0.125")]
    [0, 1, 3]
    """
    return len(str(number).partition(".")[2].rstrip("0"))
