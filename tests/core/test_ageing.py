import doctest

import pytest

from relance_progressive.core.plain import days as ageing


@pytest.mark.parametrize(
    ("days", "place"), [(-400, 0), (0, 0), (1, 1), (30, 1), (31, 2), (60, 2), (61, 3), (90, 3), (91, 4), (4000, 4)]
)
def test_a_bracket_ends_with_its_last_day(days, place):
    assert ageing.bracket(days) == place


def test_examples():
    assert doctest.testmod(ageing).failed == 0
