"""Rates and debts that the tests of late interest share."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from relance_progressive.core.law.interest import Debt, Move, Terms, late_interest
from relance_progressive.core.law.rates import REFERENCES, Rates
from relance_progressive.core.law.regimes import REGIMES

# The ECB's rate on 1 January and 1 July, 2015 to 2026.
MRO = (
    "0.05 0.05 0.05 0.00 0.00 0.00 0.00 0.00 0.00 0.00 0.00 0.00 0.00 0.00 0.00 0.00 "
    "2.50 4.00 4.50 4.25 3.15 2.15 2.15 2.40"
).split()
FR_LEGAL = (
    "0.93 0.99 1.01 0.93 0.90 0.90 0.89 0.88 0.86 0.87 0.87 0.84 0.79 0.76 0.76 0.77 "
    "2.06 4.22 5.07 4.92 3.71 2.76 2.62 2.75"
).split()
BANK_RATE = (
    "0.50 0.50 0.50 0.50 0.25 0.25 0.50 0.50 0.75 0.75 0.75 0.10 0.10 0.10 0.25 1.25 "
    "3.50 5.00 5.25 5.25 4.75 4.25 3.75 3.75"
).split()


def halves(values, year=2015):
    return [(date(year + number // 2, 7 if number % 2 else 1, 1), Decimal(one)) for number, one in enumerate(values)]


def years(values, year=2015):
    return [(date(year + number, 1, 1), Decimal(one)) for number, one in enumerate(values)]


# Where a test needs no true value, any will do: one per period.
RATES = Rates(
    {
        reference: years(["4.5"] * 12) if REFERENCES[reference].months == 12 else halves(["1.27"] * 24)
        for reference in REFERENCES
    }
    | {"ecb_mro": halves(MRO), "fr_legal_professional": halves(FR_LEGAL), "boe_base": halves(BANK_RATE)}
)
CENT = Decimal("0.01")
FIRST, LAST = date(2015, 1, 1), date(2026, 12, 31)  # what RATES covers


def after(days, day=FIRST):
    return day + timedelta(days=days)


def interest(amount, due, until, regime="fr_professional", moves=(), notice=None, rates=RATES, **terms):
    """Return the interest on one debt; ``regime`` is a code or a regime, ``moves`` are tuples."""
    regime = REGIMES[regime] if isinstance(regime, str) else regime
    debt = Debt(Decimal(amount), due, tuple(Move(day, Decimal(paid), *kind) for day, paid, *kind in moves), notice)
    return late_interest(debt, Terms(regime, **terms), rates, until)


AMOUNTS = st.integers(1, 10_000_000).map(lambda number: number * CENT)
DAYS = st.dates(date(2015, 1, 1), date(2026, 6, 30))
