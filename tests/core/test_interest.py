"""Late interest: published examples, and the rules one by one."""

import doctest
from datetime import date
from decimal import ROUND_DOWN, Decimal

import pytest
from late import RATES, after, interest

from relance_progressive.core.law import interest as code
from relance_progressive.core.law import rates as rates_code
from relance_progressive.core.law import regimes as regimes_code
from relance_progressive.core.law.interest import Debt, Move, Terms, below_floor, fixed_indemnity, late_interest
from relance_progressive.core.law.rates import Rates
from relance_progressive.core.law.regimes import FR_CONSUMER, FR_PROFESSIONAL, FR_PUBLIC
from relance_progressive.core.law.scale import KEPT

JANUARY = date(2026, 1, 1)
DUE = date(2026, 1, 31)


def test_the_examples_of_the_documentation():
    for module in (code, rates_code, regimes_code):
        failed, attempted = doctest.testmod(module)
        assert attempted and not failed


# === WORKED EXAMPLES THAT OTHERS PUBLISHED === #

AGREED = [  # amount, days, percent, what they publish
    ("15000", 30, "15", "184.93"),  # agenceipro.com
    ("5000", 30, "10", "41.10"),  # lesjooristes.fr
    ("5000", 30, "12.5", "51.37"),  # ycalculator.net, in GBP
    ("12000", 90, "13", "384.66"),  # tools.gera.services: "roughly 384", in GBP
    ("1000", 25, "5.12", "3.51"),  # anleiter.de
]


@pytest.mark.parametrize(("amount", "days", "percent", "published"), AGREED)
def test_published_examples_at_a_given_rate(amount, days, percent, published):
    found = interest(amount, DUE, after(days, DUE), contract_rate=Decimal(percent))
    assert found.amount == Decimal(published)
    assert [segment.days for segment in found.segments] == [days]


@pytest.mark.parametrize(
    ("amount", "due", "days", "published"),
    [
        ("1200", DUE, 30, "11.98"),
        ("3000", DUE, 105, "104.86"),
        ("1200", DUE, 20, "7.99"),
    ],
)
def test_published_examples_at_the_legal_rate_of_2026(amount, due, days, published):
    found = interest(amount, due, after(days, due))
    assert (found.amount, found.indemnity) == (Decimal(published), 40)
    assert {segment.rate for segment in found.segments} == {Decimal("12.15")}


@pytest.mark.parametrize(
    ("percent", "truncated", "rounded"),
    [("2.70", "2.14", "2.15"), ("10.87", "8.63", "8.64")],
)
def test_an_example_that_truncates(percent, truncated, rounded):
    """jobaround.com divides by 365 in a leap year, as we do, and truncates; we round half-up."""
    found = interest("1000", date(2020, 4, 30), date(2020, 5, 29), contract_rate=Decimal(percent))
    assert found.segments[0].days == 29
    assert found.amount == Decimal(rounded) != Decimal(truncated)
    assert cut(found.segments[0]) == Decimal(truncated)


def cut(segment):
    """Return the amount of a segment as those do it who cut off what is less than a cent."""
    exact = segment.balance * segment.days * segment.rate / (100 * segment.base)
    return exact.quantize(Decimal("0.01"), ROUND_DOWN)


def test_a_wrong_rate_stays_wrong():
    """The 10.87 % of jobaround.com are the legal rate plus 10, as the table of exeoffice.eu has it: it is 10.00."""
    (segment,) = interest("1000", date(2020, 4, 30), date(2020, 5, 29)).segments
    assert (segment.rate, segment.amount) == (Decimal("10.00"), Decimal("7.95"))


def test_a_published_example_paid_late_in_two_parts():
    """1,200 for 20 days at 12.15 %: 7.99 and 40; a payment counts from the day after it."""
    moves = [(after(20, DUE), "700"), (after(20, DUE), "500")]
    found = interest("1200", DUE, after(60, DUE), moves=moves)
    assert (found.amount, found.indemnity) == (Decimal("7.99"), 40)


def test_the_published_examples_of_consumers():
    """The same debts, of a consumer without notice: 0 and 0."""
    for amount, days in (("1200", 30), ("3000", 105)):
        found = interest(amount, DUE, after(days, DUE), FR_CONSUMER)
        assert (found.amount, found.indemnity) == (0, 0)


def test_a_wrong_example_stays_wrong():
    """emprendepyme.net publishes 12.38 for 1,000 over 120 days at 3.75 %."""
    found = interest("1000", DUE, after(120, DUE), contract_rate=Decimal("3.75"))
    assert found.amount == Decimal("12.33")


def test_a_british_example_and_what_a_day_adds():
    """statutory-interest.pages.dev: 1,000 at 8.5 % is 85 a year, 0.23 a day."""
    found = interest("1000", date(2022, 12, 31), date(2023, 12, 31), contract_rate=Decimal("8.5"))
    assert (found.amount, found.per_day) == (85, Decimal("0.23"))


def test_a_day_of_a_british_example():
    """tools.gera.services: 12,000 at 13 % is 4.27 a day."""
    assert interest("12000", DUE, after(1, DUE), contract_rate=Decimal(13)).per_day == Decimal("4.27")


def test_a_german_example_with_months_of_thirty_days():
    """p-konto.de: 10,000 from 1 January to 30 July 2016 at 6 %, 210 days of 360."""
    found = interest("10000", date(2015, 12, 31), date(2016, 7, 30), contract_rate=Decimal(6), day_count="30/360")
    assert [(segment.days, segment.base) for segment in found.segments] == [(210, 360)]
    assert found.amount == 350


# === DAYS === #


def test_from_the_day_after_the_due_date_to_the_day_of_payment_included():
    found = interest("1000", DUE, date(2026, 2, 10), moves=[(date(2026, 2, 10), "1000")])
    assert [(segment.first, segment.last, segment.days) for segment in found.segments] == [
        (date(2026, 2, 1), date(2026, 2, 10), 10)
    ]
    assert found.per_day == 0


@pytest.mark.parametrize("until", [date(2026, 1, 30), DUE])
def test_nothing_until_the_due_date(until):
    assert interest("1000", DUE, until) == ((), 0, 0, 0, 0)


@pytest.mark.parametrize("paid_on", [date(2026, 1, 15), DUE])
def test_paid_in_time(paid_on):
    assert interest("1000", DUE, date(2026, 6, 1), moves=[(paid_on, "1000")]) == ((), 0, 0, 0, 0)


def test_a_debt_is_cut_where_a_new_rate_begins():
    found = interest("1000", date(2026, 6, 20), date(2026, 7, 10))
    assert [segment[:7] for segment in found.segments] == [
        (date(2026, 6, 21), date(2026, 6, 30), 10, 1000, Decimal("12.15"), 365, Decimal("3.33")),
        (date(2026, 7, 1), date(2026, 7, 10), 10, 1000, Decimal("12.40"), 365, Decimal("3.40")),
    ]
    assert found.amount == Decimal("6.73")
    assert found.per_day == Decimal("0.34")


def test_each_piece_says_where_its_rate_comes_from():
    first, second = interest("1000", date(2026, 6, 20), date(2026, 7, 10)).segments
    assert first.source == ("legal", "C. com. L441-10 II", "ecb_mro", JANUARY, Decimal("2.15"), 10)
    assert second.source.day == date(2026, 7, 1)


def test_an_agreed_rate_is_not_cut_and_needs_no_published_one():
    found = interest("1000", date(2026, 6, 20), date(2030, 7, 10), contract_rate=Decimal(12), rates=Rates({}))
    assert [(segment.days, segment.source.kind) for segment in found.segments] == [(1481, "agreed")]


def test_the_year_has_365_days_even_a_leap_year():
    found = interest("36500", date(2023, 12, 31), date(2024, 12, 31), contract_rate=Decimal(1))
    assert found.amount == 366


def test_the_true_length_of_the_year_if_asked_for():
    found = interest("36600", date(2023, 12, 30), date(2025, 1, 1), contract_rate=Decimal(1), day_count="act/act")
    assert [(segment.days, segment.base) for segment in found.segments] == [(1, 365), (366, 366), (1, 365)]
    assert [segment.amount for segment in found.segments] == [Decimal("1.00"), 366, Decimal("1.00")]


def test_the_true_length_of_the_year_with_published_rates():
    found = interest("1000", date(2023, 12, 30), date(2024, 7, 1), day_count="act/act")
    assert [(segment.days, segment.base) for segment in found.segments] == [(1, 365), (182, 366), (1, 366)]


def test_the_thirty_first_adds_nothing_in_months_of_thirty_days():
    terms = {"contract_rate": Decimal(6), "day_count": "30/360"}
    thirtieth = interest("10000", date(2026, 2, 28), date(2026, 3, 30), **terms)
    last = interest("10000", date(2026, 2, 28), date(2026, 3, 31), **terms)
    assert thirtieth.amount == last.amount
    assert thirtieth.segments[0].days == 30  # 28 February ends a month of thirty days, as 31 March does


def test_an_unknown_way_to_count_days():
    with pytest.raises(ValueError, match="act/370"):
        interest("1000", DUE, date(2026, 3, 1), day_count="act/370")


# === WHICH RATE === #


def test_a_public_buyer_owes_one_rate_for_the_whole_delay():
    """CCP R2192-31: the rate of the half-year in which interest began to run."""
    found = interest("1000", date(2023, 12, 31), date(2026, 1, 10), FR_PUBLIC)
    assert [(segment.rate, segment.source.day) for segment in found.segments] == [(Decimal("12.50"), date(2024, 1, 1))]
    assert found.indemnity == 40


def test_a_public_buyer_cannot_agree_on_another_rate():
    found = interest("1000", DUE, date(2026, 3, 1), FR_PUBLIC, contract_rate=Decimal(2))
    assert found.segments[0].rate == Decimal("10.15")


def test_a_consumer_owes_the_legal_rate_from_the_notice_on_and_no_fixed_sum():
    assert interest("1200", DUE, date(2026, 3, 2), FR_CONSUMER) == ((), 0, 0, 0, 0)
    found = interest("1200", DUE, date(2026, 3, 2), FR_CONSUMER, notice=date(2026, 2, 20))
    assert [(one.first, one.days, one.rate) for one in found.segments] == [(date(2026, 2, 21), 10, Decimal("2.62"))]
    assert (found.amount, found.indemnity) == (Decimal("0.86"), 0)


def test_a_notice_before_the_due_date_does_not_advance_it():
    found = interest("1200", DUE, date(2026, 3, 2), FR_CONSUMER, notice=date(2026, 1, 10))
    assert found.segments[0].first == date(2026, 2, 1)


def test_a_professional_needs_no_notice():
    assert interest("1200", DUE, date(2026, 3, 2), notice=date(2026, 2, 20)) == interest("1200", DUE, date(2026, 3, 2))


def test_an_agreed_rate_is_checked_and_never_changed():
    """C. com. L441-10 II: three times the legal rate; 2024 is the year in which it mattered."""
    assert below_floor(Decimal("15"), date(2024, 3, 1), RATES) == Decimal("15.21")
    assert below_floor(Decimal("15.21"), date(2024, 3, 1), RATES) is None
    assert below_floor(Decimal("1"), date(2026, 3, 1), RATES, FR_CONSUMER) is None
    assert interest("1000", DUE, after(10, DUE), contract_rate=Decimal(1)).segments[0].rate == 1


def test_the_legal_rate_itself_is_not_raised_to_the_floor():
    assert interest("1000", date(2024, 1, 31), date(2024, 2, 10)).segments[0].rate == Decimal("14.50")


def test_as_many_agreed_rates_as_customers():
    rates = Rates({})
    for number in range(2 * KEPT):
        percent = Decimal(number) / 100
        assert interest("36500", DUE, after(1, DUE), contract_rate=percent, rates=rates).amount == percent
    assert len(rates.kept) == KEPT


# === INVOICES === #


def test_the_fixed_sum_is_owed_once_per_invoice():
    debts = [Debt(Decimal(500), DUE), Debt(Decimal(500), date(2026, 2, 10))]
    terms = Terms(FR_PROFESSIONAL)
    assert [late_interest(debt, terms, RATES, date(2026, 3, 1)).indemnity for debt in debts] == [40, 40]
    assert fixed_indemnity(debts, terms, date(2026, 3, 1)) == 40


def test_no_fixed_sum_for_an_invoice_paid_in_time():
    debts = [Debt(Decimal(500), DUE, (Move(DUE, Decimal(500)),)), Debt(Decimal(500), date(2026, 3, 10))]
    assert fixed_indemnity(debts, Terms(FR_PROFESSIONAL), date(2026, 3, 10)) == 0
    assert fixed_indemnity(debts, Terms(FR_PROFESSIONAL), date(2026, 3, 11)) == 40


def test_the_fixed_sum_stays_owed_when_the_debt_was_paid_late():
    assert interest("1000", DUE, date(2026, 6, 1), moves=[(after(1, DUE), "1000")]).indemnity == 40


def test_the_fixed_sum_bears_no_interest():
    found = interest("1000", DUE, date(2026, 3, 1))
    assert {segment.balance for segment in found.segments} == {1000}
