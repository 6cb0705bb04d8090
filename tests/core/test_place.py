"""Where a company is: the parts of France overseas, week-ends."""

from datetime import date

import pytest

from relance_progressive.core.law.place import territory, weekend_of
from relance_progressive.core.plain.days import Calendar

FRIDAY, SATURDAY, SUNDAY = date(2026, 3, 6), date(2026, 3, 7), date(2026, 3, 8)


@pytest.mark.parametrize(
    ("country", "postal_code", "found"),
    [
        ("FR", "97110", "GP"), ("FR", "97200", "MQ"), ("FR", "97300", "GF"), ("FR", "97400", "RE"),
        ("FR", "97500", "PM"), ("FR", "97600", "YT"), ("FR", "97700", "BL"), ("FR", "97800", "MF"),
        ("FR", "98600", "WF"), ("FR", "98713", "PF"), ("FR", "98 800", "NC"), ("FR", "98000", "FR"),
        ("FR", "97000", "FR"), ("FR", "", "FR"), ("FR", "75001", "FR"),
        ("MQ", "", "MQ"), ("NC", "98800", "NC"), ("DE", "97200", "DE"), ("", "97200", ""),
    ],
)  # fmt: skip
def test_an_address_in_france_may_lie_overseas(country, postal_code, found):
    assert territory(country, postal_code) == found


@pytest.mark.parametrize(
    ("country", "closed"),
    [
        ("FR", {SATURDAY, SUNDAY}), ("IL", {FRIDAY, SATURDAY}), ("SA", {FRIDAY, SATURDAY}), ("AE", {SATURDAY, SUNDAY}),
        ("DZ", {FRIDAY, SATURDAY}), ("BN", {FRIDAY, SUNDAY}), ("", {SATURDAY, SUNDAY}),
    ],
)  # fmt: skip
def test_a_week_end_is_that_of_the_country(country, closed):
    calendar = Calendar(weekend=weekend_of(country))
    assert {day for day in (FRIDAY, SATURDAY, SUNDAY) if not calendar.is_open(day)} == closed
