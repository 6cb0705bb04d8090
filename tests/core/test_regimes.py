"""What the law of each country gives, against the figures that were published."""

from datetime import date
from decimal import Decimal

import pytest
from late import FR_LEGAL, RATES, after, halves, interest

from relance_progressive.core.law import regime as forms
from relance_progressive.core.law.interest import Debt, fixed_indemnity
from relance_progressive.core.law.rates import REFERENCES, Rates
from relance_progressive.core.law.regimes import REGIMES, STATUSES, regime_of
from relance_progressive.core.law.scale import Terms, rate_on

DUE = date(2026, 1, 31)
CONSUMERS = [code for code in REGIMES if code.endswith(("_consumer", "_non_professional"))]
PROFESSIONALS = [code for code in REGIMES if code not in CONSUMERS]


def percents(code, first, last, rates=RATES):
    """Return the rate of each half-year, from the first to the last year."""
    days = [date(year, month, 15) for year in range(first, last + 1) for month in (3, 9)]
    return [str(rate_on(Terms(REGIMES[code]), rates, day)[0]) for day in days]


# === WHO IS UNDER WHICH === #


@pytest.mark.parametrize(
    ("country", "status", "code"),
    [
        ("FR", "professional", "fr_professional"),
        ("FR", "consumer", "fr_consumer"),
        ("FR", "non_professional", "fr_non_professional"),
        ("FR", "public", "fr_public"),
        ("RE", "public", "fr_public"),
        ("BE", "consumer", "be_consumer"),
        ("BE", "non_professional", "be_consumer"),
        ("BE", "public", "be_professional"),
        ("CH", "consumer", "ch_consumer"),
        ("GB", "professional", "gb_professional"),
        ("IT", "public", "it_professional"),
    ],
)
def test_which_regime(country, status, code):
    assert regime_of(country, status).code == code


@pytest.mark.parametrize(
    ("country", "status"), [("US", "professional"), ("IT", "consumer"), ("GB", "non_professional")]
)
def test_no_rule_is_made_up(country, status):
    assert regime_of(country, status) is None


def test_an_unknown_status_is_an_error():
    with pytest.raises(ValueError, match="customer"):
        regime_of("FR", "customer")


@pytest.mark.parametrize("code", REGIMES)
def test_every_figure_has_its_article(code):
    regime = REGIMES[code]
    assert regime.code == code
    assert regime.rate.article and regime.starts_article
    limits = regime.limitation, regime.carriage, regime.agreement
    for part in (regime.indemnity, regime.floor, regime.ceiling, regime.costs, *limits):
        assert part is None or part.article
    for reference in (regime.rate.reference, regime.floor and regime.floor.reference):
        assert not reference or REFERENCES[reference].article


def test_what_was_not_read_at_its_source_says_so():
    doubtful = {reference.code for reference in REFERENCES.values() if not reference.verified}
    assert doubtful == {"boe_base", "be_legal"}
    flags = {
        (code, name)
        for code, regime in REGIMES.items()
        for name in ("rate", "indemnity", "costs", "limitation", "carriage")
        if getattr(regime, name) and not getattr(regime, name).verified
    }
    assert flags == {
        ("be_consumer", "rate"), ("be_professional", "indemnity"), ("lu_professional", "indemnity"),
        ("de_professional", "indemnity"), ("nl_consumer", "costs"), ("nl_professional", "costs"),
        ("fr_public", "limitation"),
    }  # fmt: skip
    starts = {code for code, regime in REGIMES.items() if not regime.starts_verified}
    assert starts == {"de_professional", "de_consumer", "at_consumer"}


def test_which_rates_are_published_by_the_year():
    assert {code: reference.months for code, reference in REFERENCES.items() if reference.months != 6} == {
        "be_legal": 12,
        "lu_consumer": 12,
    }


@pytest.mark.parametrize("code", CONSUMERS)
def test_a_consumer_has_no_fixed_sum_and_nothing_before_a_notice(code):
    regime = REGIMES[code]
    assert (regime.indemnity, regime.starts) == (None, forms.NOTICE)
    assert interest("1000", DUE, date(2026, 9, 1), code) == ((), 0, 0, 0, 0)
    assert interest("1000", DUE, date(2026, 9, 1), code, contract_rate=Decimal(12)) == ((), 0, 0, 0, 0)
    assert interest("1000", DUE, date(2026, 9, 1), code, notice=date(2026, 3, 1)).amount > 0


@pytest.mark.parametrize("status", STATUSES)
def test_only_statuses_that_exist(status):
    assert regime_of("FR", status)


# === RATES AS THEY WERE PUBLISHED === #


def test_french_rates():
    assert percents("fr_professional", 2023, 2026) == "12.50 14.00 14.50 14.25 13.15 12.15 12.15 12.40".split()
    assert percents("fr_public", 2023, 2026) == "10.50 12.00 12.50 12.25 11.15 10.15 10.15 10.40".split()
    assert percents("fr_consumer", 2015, 2026) == FR_LEGAL


def test_the_floors_of_agreed_rates():
    factor = REGIMES["fr_professional"].floor.factor
    expected = "2.79 2.97 3.03 2.79 2.70 2.70 2.67 2.64 2.58 2.61 2.61 2.52 2.37 2.28 2.28 2.31".split()
    assert [str(factor * Decimal(one)) for one in FR_LEGAL[:16]] == expected
    assert [
        str(factor * Decimal(one)) for one in FR_LEGAL[16:]
    ] == "6.18 12.66 15.21 14.76 11.13 8.28 7.86 8.25".split()


def test_belgian_rates_are_rounded_up_to_the_half_point():
    expected = ["8.5"] * 3 + ["8.0"] * 13 + "10.5 12.0 12.5 12.5 11.5 10.5 10.5 10.5".split()
    assert percents("be_professional", 2015, 2026) == expected


def test_german_rates():
    base = ["-0.83"] * 3 + ["-0.88"] * 13 + "1.62 3.12 3.62 3.37 2.27 1.27 1.27 1.52".split()
    rates = Rates({"de_base": halves(base)})
    assert percents("de_professional", 2015, 2016, rates) == ["8.17", "8.17", "8.17", "8.12"]
    assert percents("de_consumer", 2015, 2016, rates) == ["4.17", "4.17", "4.17", "4.12"]
    assert percents("de_professional", 2026, 2026, rates) == ["10.27", "10.52"]


def test_austrian_rates():
    rates = Rates({"at_base": halves(["-0.62", "1.88"], 2022) + halves(["3.88"], 2024)})
    assert percents("at_professional", 2022, 2022, rates) == ["8.58", "11.08"]
    assert rate_on(Terms(REGIMES["at_professional"]), rates, date(2024, 3, 1))[0] == Decimal("13.08")
    assert percents("at_consumer", 2026, 2026, Rates({})) == ["4", "4"]


@pytest.mark.parametrize("code", ["lu", "nl", "it", "es", "pt", "ie"])
def test_rates_of_the_directive(code):
    assert percents(f"{code}_professional", 2015, 2015) == ["8.05", "8.05"]
    assert percents(f"{code}_professional", 2024, 2026) == "12.50 12.25 11.15 10.15 10.15 10.40".split()


def test_british_rates():
    assert percents("gb_professional", 2015, 2022) == [
        "8.50", "8.50", "8.50", "8.50", "8.25", "8.25", "8.50", "8.50",
        "8.75", "8.75", "8.75", "8.10", "8.10", "8.10", "8.25", "9.25",
    ]  # fmt: skip
    assert percents("gb_professional", 2023, 2026) == "11.50 13.00 13.25 13.25 12.75 12.25 11.75 11.75".split()


@pytest.mark.parametrize(("code", "reference"), [("be", "be_legal"), ("lu", "lu_consumer"), ("nl", "nl_consumer")])
def test_consumers_owe_the_rate_that_is_published_for_them(code, reference):
    rates = Rates({reference: halves(["4.25"], 2026)})
    assert rate_on(Terms(REGIMES[f"{code}_consumer"]), rates, date(2026, 3, 1))[0] == Decimal("4.25")


def test_swiss_rate():
    found = interest("1000", DUE, date(2027, 3, 1), "ch_professional", notice=date(2026, 3, 1), rates=Rates({}))
    assert [(one.days, one.rate, one.amount) for one in found.segments] == [(365, 5, 50)]
    assert interest("1000", DUE, date(2027, 3, 1), "ch_professional").amount == 0


def test_a_reading_nobody_defends():
    with pytest.raises(ValueError, match="payment"):
        REGIMES["gb_professional"].reading("payment")
    with pytest.raises(ValueError, match="each"):
        REGIMES["fr_public"].reading("each")
    assert REGIMES["fr_public"].reading("begun") == REGIMES["fr_public"]


# === FIXED SUMS === #


@pytest.mark.parametrize("code", [code for code in PROFESSIONALS if code[:2] not in ("ch", "gb", "ie")])
def test_forty_euros(code):
    assert interest("1", DUE, after(1, DUE), code).indemnity == 40
    assert interest("1000000", DUE, after(1, DUE), code).indemnity == 40
    assert REGIMES[code].currency == "EUR"


@pytest.mark.parametrize(
    ("amount", "irish", "british"),
    [
        ("999.99", 40, 40), ("1000", 40, 70), ("1000.01", 70, 70),
        ("9999.99", 70, 70), ("10000", 70, 100), ("10000.01", 100, 100),
    ],
)  # fmt: skip
def test_the_larger_the_debt_the_larger_the_sum(amount, irish, british):
    assert interest(amount, DUE, after(1, DUE), "ie_professional").indemnity == irish
    assert interest(amount, DUE, after(1, DUE), "gb_professional").indemnity == british


def test_what_was_open_when_it_became_late_decides_which_sum():
    moves = [(DUE, "500")]
    assert interest("1000", DUE, after(9, DUE), "gb_professional", moves=moves).indemnity == 40
    assert interest("1000", DUE, after(9, DUE), "gb_professional", moves=[(after(1, DUE), "500")]).indemnity == 70


def test_two_instalments_are_one_debt():
    terms = Terms(REGIMES["gb_professional"])
    debts = [Debt(Decimal(600), DUE), Debt(Decimal(600), after(30, DUE))]
    assert fixed_indemnity(debts, terms, after(9, DUE)) == 40
    assert fixed_indemnity(debts, terms, after(31, DUE)) == 70


@pytest.mark.parametrize("country", ["PM", "BL", "MF"])
def test_three_collectivities_overseas_are_as_france_but_not_read(country):
    """Nothing is claimed of a public body there; what is claimed of others says that nobody has read it."""
    assert regime_of(country, "public") is None
    for status in ("professional", "consumer", "non_professional"):
        found, french = regime_of(country, status), regime_of("FR", status)
        assert (found.code, found.rate.margin, found.limitation.years) == (
            french.code, french.rate.margin, french.limitation.years,
        )  # fmt: skip
        assert not (found.rate.verified or found.starts_verified or found.limitation.verified)
        assert french.rate.verified
        assert found is regime_of(country, status)
