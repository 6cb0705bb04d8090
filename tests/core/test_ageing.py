from decimal import Decimal

from relance_progressive.core.ageing import ageing


def test_the_last_day_of_a_bracket_belongs_to_it():
    days = (-5, 0, 1, 30, 31, 60, 61, 90, 91)
    assert ageing([(day, Decimal(1)) for day in days]) == (2, 2, 2, 2, 1)


def test_nothing_is_lost():
    owed = [(day, Decimal(day) / 7) for day in range(-40, 200)]
    assert sum(ageing(owed)) == sum(amount for _day, amount in owed)


def test_other_bounds():
    assert ageing([(10, Decimal(4)), (11, Decimal(5))], bounds=(0, 10)) == (0, 4, 5)
