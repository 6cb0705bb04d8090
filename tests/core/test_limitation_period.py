"""How long a claim can be brought to court where it is not as long as usual."""

from datetime import date

import pytest

from relance_progressive.core.law.limitation import Facts, Interruption, Special, limitation, period_of
from relance_progressive.core.law.regimes import (
    BE_PROFESSIONAL,
    FR_CONSUMER,
    FR_NON_PROFESSIONAL,
    FR_PROFESSIONAL,
    FR_PUBLIC,
)

APRIL = date(2021, 4, 1)


def period(regime, *special):
    found = period_of(regime, Special(*special))
    return found.limit and found.limit.length, found.refused, found.article


@pytest.mark.parametrize("regime", [FR_PROFESSIONAL, FR_CONSUMER, FR_NON_PROFESSIONAL, FR_PUBLIC])
def test_carriage_of_goods_lapses_after_one_year_whoever_owes_it(regime):
    """C. com. L133-6, read at legifrance.gouv.fr: all the other actions, against the sender as well."""
    assert period(regime, "carriage") == (12, "", "")
    limit = period_of(regime, Special("carriage")).limit
    assert limitation(Facts(APRIL), limit).last_day == date(2022, 4, 1)
    paid = [Interruption("part_payment", date(2022, 2, 3))]
    assert limitation(Facts(APRIL), limit, paid).last_day == date(2023, 2, 3), "it begins again with the same length"


@pytest.mark.parametrize("months", [12, 18, 60, 120])
def test_the_parties_may_agree_on_one_to_ten_years(months):
    """C. civ. 2254."""
    assert period(FR_PROFESSIONAL, "agreed", months) == (months, "", "")
    assert period(FR_NON_PROFESSIONAL, "agreed", months) == (months, "", "")


@pytest.mark.parametrize("months", [-12, 0, 11, 121])
def test_not_less_and_not_more(months):
    assert period(FR_PROFESSIONAL, "agreed", months) == (60, "bounds", "C. civ. 2254")


@pytest.mark.parametrize("months", [12, 24, 60])
def test_never_with_a_consumer(months):
    """C. conso. L218-1: not even by common consent."""
    assert period(FR_CONSUMER, "agreed", months) == (24, "forbidden", "C. conso. L218-1")


def test_nor_with_a_public_body_or_where_no_rule_is_known():
    assert period(FR_PUBLIC, "agreed", 24) == (48, "no_rule", "")
    assert period(BE_PROFESSIONAL, "agreed", 24) == (None, "no_rule", "")
    assert period(BE_PROFESSIONAL, "carriage") == (None, "no_rule", "")
    assert period(None, "carriage") == (None, "no_rule", "")


def test_another_text_that_a_lawyer_names():
    """Where nothing is known here it is all there is; a consumer's period it may only shorten."""
    assert period(BE_PROFESSIONAL, "other", 120, "C. civ. BE 2262bis") == (120, "", "")
    assert period(None, "other", 36, "CCQ 2925") == (36, "", "")
    assert period(FR_CONSUMER, "other", 12, "CPCE L34-2") == (12, "", "")
    assert period(FR_CONSUMER, "other", 60, "C. civ. 2224") == (24, "longer", "C. conso. L218-1")
    assert period(None, "other", 0) == period(None, "other", 361) == (None, "bounds", "")
    assert not period_of(None, Special("other", 36, "CCQ 2925")).limit.verified


def test_an_agreed_period_of_months_ends_on_the_same_number():
    limit = period_of(FR_PROFESSIONAL, Special("agreed", 18)).limit
    assert limitation(Facts(date(2021, 8, 31)), limit).last_day == date(2023, 2, 28)
