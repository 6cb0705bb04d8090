"""The last chance of a customer before a payment plan ends.

A payment plan with an acceleration clause ends when a date is missed. Not at once for a consumer: a clause that ends
it without a reasonable notice is unfair (Cass. 1re civ., 22 March 2023, no. 21-16.044; C. conso. L212-1). The
customer is warned in writing and has some days from then on (:data:`CHANCE_DAYS`); what is paid within them counts
as paid in time. A plan of which no warning left never ends. That eight days are enough is a reading: for the loan of
a home fifteen were not (Cass. 1re civ., 29 May 2024, no. 23-12.904).
"""

from ..law.regime import PROFESSIONAL, PUBLIC

CHANCE_DAYS = 8  # after a written warning, before a payment plan of a consumer ends


def chance_of(status: str | None) -> int:
    """Return the days that a customer has after a written warning before a plan ends, 0 if none is needed.

    Who is not known to be in business or a public body is treated as a consumer: prudent.

    >>> [chance_of(status) for status in ("professional", "public", "consumer", "non_professional", None)]
    [0, 0, 8, 8, 8]
    """
    return 0 if status in (PROFESSIONAL, PUBLIC) else CHANCE_DAYS
