"""What the law of each country gives: published examples, and what is particular."""

from datetime import date
from decimal import ROUND_DOWN, Decimal

import pytest
from late import after, halves, interest

from relance_progressive.core.law.rates import Rates
from relance_progressive.core.law.regimes import REGIMES

DUE = date(2026, 1, 31)
CONSUMERS = [code for code in REGIMES if code.endswith(("_consumer", "_non_professional"))]
PROFESSIONALS = [code for code in REGIMES if code not in CONSUMERS]

# === EXAMPLES THAT OTHERS PUBLISHED === #


@pytest.mark.parametrize(
    ("amount", "days", "percent", "published", "sum_"),
    [("5000", 30, "12.5", "51.37", 70), ("12000", 90, "13", "384.66", 100)],
)
def test_british_examples(amount, days, percent, published, sum_):
    """ycalculator.net: 121.37 in all; tools.gera.services: "roughly 384" and 100."""
    found = interest(amount, DUE, after(days, DUE), "gb_professional", contract_rate=Decimal(percent))
    assert (found.amount, found.indemnity) == (Decimal(published), sum_)


def test_a_british_example_that_truncates():
    """ryelandaccounting.co.uk: 1,000 from 19 May 2021, 45 days at 8.1 %: 9.98 and 70; half-up it is 9.99."""
    found = interest("1000", date(2021, 5, 18), date(2021, 7, 2), "gb_professional")
    (segment,) = found.segments
    assert (segment.days, segment.rate) == (45, Decimal("8.10"))
    assert (found.amount, found.indemnity) == (Decimal("9.99"), 70)
    assert (1000 * segment.days * segment.rate / 36500).quantize(Decimal("0.01"), ROUND_DOWN) == Decimal("9.98")


def test_a_british_example_that_rounds_each_day():
    """50 days of 0.23 a day are 11.50; computed at once, 11.64."""
    found = interest("1000", DUE, after(50, DUE), "gb_professional", contract_rate=Decimal("8.5"))
    assert (found.amount, found.per_day) == (Decimal("11.64"), Decimal("0.23"))


def test_a_german_example():
    """anleiter.de: 1,000 over 25 days at 5.12 %, a base rate of 0.12; no fixed sum."""
    found = interest(
        "1000", date(2012, 1, 31), date(2012, 3, 26), "de_consumer",
        notice=date(2012, 3, 1), rates=Rates({"de_base": halves(["0.12"], 2012)}),
    )  # fmt: skip
    assert [(one.days, one.rate, one.amount) for one in found.segments] == [(25, Decimal("5.12"), Decimal("3.51"))]
    assert found.indemnity == 0


def test_a_swiss_example():
    """de-jure.ch: "a month always has 30 days"; konsumentenschutz.ch: 600 at 5 % are 2.50 a month."""
    for due, until in ((date(2026, 1, 31), date(2026, 2, 28)), (date(2024, 1, 31), date(2024, 2, 29)),
                       (date(2026, 2, 28), date(2026, 3, 31)), (date(2026, 6, 30), date(2026, 7, 31))):  # fmt: skip
        found = interest("600", due, until, "ch_consumer", notice=due, day_count=REGIMES["ch_consumer"].day_count)
        assert [(one.days, one.amount) for one in found.segments] == [(30, Decimal("2.50"))]


def test_a_dutch_example_of_interest_on_interest():
    """Rentetool: 2,000 between professionals from 11 November 2015 to 16 January 2026 with interest: 2,820.43.

    Its table of rates and its cents differ by 0.21 over ten years.
    """
    found = interest("2000", date(2015, 11, 11), date(2026, 1, 16), "nl_professional", compound=True)
    assert abs(found.amount - Decimal("2820.43")) < Decimal("0.25")
    assert interest("2000", date(2015, 11, 11), date(2026, 1, 16), "nl_professional").amount == Decimal("1838.54")


# === WHAT IS PARTICULAR === #


def test_both_british_readings():
    due, until = date(2023, 6, 20), date(2023, 7, 10)
    each = REGIMES["gb_professional"].reading("each")
    assert [str(one.rate) for one in interest("1000", due, until, "gb_professional").segments] == ["11.50"]
    assert [str(one.rate) for one in interest("1000", due, until, each).segments] == ["11.50", "13.00"]


def test_in_ireland_the_rate_of_the_day_of_payment():
    due, until = date(2023, 6, 20), date(2023, 7, 20)
    found = interest("1000", due, until, "ie_professional", moves=[(date(2023, 6, 30), "400")])
    assert [(one.first, one.last, one.balance, str(one.rate)) for one in found.segments] == [
        (date(2023, 6, 21), date(2023, 6, 30), 400, "10.50"),
        (date(2023, 6, 21), until, 600, "12.00"),
    ]
    assert found.per_day == Decimal("0.20")  # 600 at 12 %
    assert (found.paid, found.indemnity) == (0, 40)


def test_both_irish_readings():
    """10,000 due on 15 June and paid on 15 July 2025: 10.15 % of the payment, or 11.15 % of the day it became late."""
    due, paid = date(2025, 6, 15), date(2025, 7, 15)
    begun = REGIMES["ie_professional"].reading("begun")
    for regime, rate, amount in (("ie_professional", "10.15", "83.42"), (begun, "11.15", "91.64")):
        found = interest("10000", due, paid, regime, moves=[(paid, "10000")])
        assert [(str(one.rate), one.days) for one in found.segments] == [(rate, 30)]
        assert found.amount == Decimal(amount)


def test_in_ireland_nothing_is_left_once_it_is_paid():
    found = interest("1000", date(2023, 6, 20), date(2030, 1, 1), "ie_professional", moves=[(date(2023, 7, 1), "2000")])
    assert [(one.days, one.balance, str(one.rate)) for one in found.segments] == [(11, 1000, "12.00")]
    assert found.per_day == 0


def test_in_ireland_what_was_agreed_holds():
    found = interest("1000", DUE, date(2026, 3, 1), "ie_professional", contract_rate=Decimal(3))
    assert [segment.rate for segment in found.segments] == [3]


def test_a_belgian_clause_that_asks_for_too_much_is_void():
    """Above the ceiling nothing is left of it but the legal rate: 1,000 over 101 days are 12.45, not 29.05."""
    found = interest(
        "1000", DUE, date(2026, 5, 12), "be_consumer", notice=DUE, contract_rate=Decimal(12)
    )  # fmt: skip
    assert [(str(one.rate), one.source.kind, one.days) for one in found.segments] == [("4.5", "void", 101)]
    assert found.amount == Decimal("12.45")
    assert {one.source.reference for one in found.segments} == {"be_legal"}


def test_a_belgian_clause_is_looked_at_in_each_half_year():
    """12 % was less than the 12.5 % of the first half of 2024, and more than the 11.5 % of early 2025."""
    found = interest(
        "1000", date(2024, 6, 1), date(2025, 1, 31), "be_consumer", notice=date(2024, 6, 1), contract_rate=Decimal(12)
    )
    assert [(str(one.first), str(one.rate), one.source.kind) for one in found.segments] == [
        ("2024-06-02", "12", "agreed"), ("2024-07-01", "12", "agreed"), ("2025-01-01", "4.5", "void"),
    ]  # fmt: skip


def test_a_belgian_consumer_never_owes_more_than_a_professional():
    agreed = interest("1000", DUE, date(2026, 7, 10), "be_consumer", notice=date(2026, 6, 20), contract_rate=Decimal(6))
    assert {(str(one.rate), one.source.kind) for one in agreed.segments} == {("6", "agreed")}
    as_much = {"notice": date(2026, 6, 20), "contract_rate": Decimal("10.5")}
    assert interest("1000", DUE, date(2026, 7, 10), "be_consumer", **as_much).segments[0].source.kind == "agreed"
    legal = interest("1000", DUE, date(2026, 7, 10), "be_consumer", notice=date(2026, 6, 20))
    assert [(str(one.rate), one.days) for one in legal.segments] == [("4.5", 20)]


def test_in_luxembourg_a_consumer_has_three_months():
    found = interest("1000", date(2025, 11, 30), date(2026, 3, 10), "lu_consumer", notice=date(2026, 1, 5))
    assert found.segments[0].first == date(2026, 3, 1)
    later = interest("1000", date(2025, 11, 30), date(2026, 3, 20), "lu_consumer", notice=date(2026, 3, 12))
    assert later.segments[0].first == date(2026, 3, 13)


@pytest.mark.parametrize("code", PROFESSIONALS)
def test_a_year_late_in_every_country(code):
    """Some of everything: what is computed by hand agrees."""
    found = interest("1000", date(2024, 12, 31), date(2025, 12, 31), code, notice=date(2024, 12, 31))
    assert sum(segment.days for segment in found.segments) == 365
    by_hand = sum(segment.days * segment.rate for segment in found.segments) * 1000 / 36500
    assert abs(found.amount - by_hand) <= Decimal("0.005") * len(found.segments)
