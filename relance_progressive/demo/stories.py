"""What the ledger of each demo customer tells: documents dated from the day of installation."""

from random import Random
from typing import NamedTuple


class Document(NamedTuple):
    """One invoice, credit note or payment of a customer.

    ``due`` counts days from the day of installation, negative in the past; it is the first due
    date of an invoice in instalments, and the document's own date otherwise. ``scale`` is the part
    of the customer's usual amount; for a credit note the part of the invoice before it, for a
    payment the part of the first open invoice.
    """

    due: int
    kind: str = "invoice"  # "invoice", "credit_note" or "payment"
    paid: float = 0.0  # part already paid
    left: float = 0.0  # or all of it but this amount
    currency: str = "EUR"
    instalments: int = 1
    state: str = "posted"  # "draft", "cancelled", "no_followup", "blocked"
    allocated: bool = False  # a credit note set against the invoice before it
    scale: float = 1.0


def invoices(*dues):
    """Return plain invoices with these due dates."""
    return tuple(Document(due) for due in dues)


STORIES = {
    "clean": invoices(18),
    "not_due": invoices(12, 25),
    "due_soon": invoices(5, 26),
    "late": invoices(9),  # and the invoice that is late
    "several": invoices(-70, -41, -12, 8),
    "chronic": (Document(-118, paid=0.5), *invoices(-88, -57, -27, 4)),
    "long_late": invoices(-120, -104, -79),
    "instalments": (Document(-40, instalments=3), Document(21)),
    "first_paid": (Document(-35, instalments=3, paid=0.4),),
    "instalments_late": (Document(-66, instalments=2), Document(-9)),
    "partial": (Document(-24, paid=0.35), Document(14)),
    "remainder": (Document(-48, left=4.9),),
    "covered": (Document(-15), Document(-2, kind="payment")),
    "half_covered": (Document(-33), Document(-11), Document(-4, kind="payment")),
    "credit_note": (Document(-21), Document(-8, kind="credit_note", scale=0.3)),
    "credit_over": (Document(-18, scale=0.4), Document(-6, kind="credit_note", scale=1.5)),
    "allocated": (Document(-26), Document(-20, kind="credit_note", scale=0.5, allocated=True)),
    "excluded": (Document(-37, state="no_followup"),),
    "blocked": (Document(-52, state="blocked"), Document(-6)),
    "pounds": (Document(-19, currency="GBP"), Document(11, currency="GBP")),
    "multi_currency": (Document(-22), Document(-14, currency="CHF"), Document(-7, currency="USD")),
    "draft": (Document(20, state="draft"), Document(30, state="draft")),
    "cancelled": (Document(-30, state="cancelled"), Document(-5)),
    "archived": invoices(-82),
    "key_late": invoices(-16, -6, 12, 27),
    "key_several": (Document(-47, paid=0.6), *invoices(-31, -14, 3, 17)),
    "key_partial": (Document(-28, instalments=2), Document(-13, paid=0.2)),
    "consumer_late": (),
    "consumer_due": invoices(3),
    "consumer_paid": (),
    "consumer_covered": (Document(-12), Document(-1, kind="payment", scale=0.7)),
    "consumer_remainder": (Document(-25, left=2.4),),
}

# Paid invoices of the past year, and the usual amount before tax (lowest, highest, step).
HISTORY = {"company": (3, 5), "key": (6, 8), "consumer": (0, 2)}
AMOUNTS = {"company": (380, 5200, 20), "key": (6400, 28000, 100), "consumer": (180, 2400, 20)}


def documents(kind: str, story: str, rng: Random) -> list[Document]:
    """Return the documents of a customer of this kind, oldest first.

    >>> [document.due for document in documents("consumer", "consumer_late 9", Random(3))][-1]
    -9
    """
    name, _blank, days = story.partition(" ")
    told = list(STORIES[name])
    if days:
        told.append(Document(-int(days)))
    past = rng.randint(*HISTORY[kind])
    paid = [Document(-rng.randrange(40, 350), paid=1.0, scale=rng.uniform(0.3, 1.4)) for _n in range(past)]
    paid.sort(key=lambda document: document.due)
    return paid + sorted(told, key=lambda document: document.kind != "invoice")
