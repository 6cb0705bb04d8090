"""Numbers of registered letters."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relance_progressive.core.plain import s10

VALID = [
    "RR473124829PL", "RR287043775IN", "RB123456785GB", "RB123456785US", "XH545554533GB", "AA000000005GB",
    "LM473124829US",
]  # fmt: skip
INVALID = {
    "RB123456786US": "check_digit",
    "RR473124820PL": "check_digit",
    "RR123456789FR": "check_digit",  # a common dummy
    "RB123456785XX": "country",
    "RB12345678US": "form",
    "6A15602676300": "form",
    "": "form",
}


def is_valid(number):
    """Tell whether a number is one of the S10."""
    try:
        return bool(s10.validate(number))
    except s10.InvalidNumber:
        return False


SERIALS = st.text("0123456789", min_size=8, max_size=8)


def test_the_examples_of_the_documentation():
    assert doctest.testmod(s10).failed == 0


@pytest.mark.parametrize("number", VALID)
def test_published_numbers_are_valid(number):
    assert s10.validate(number) == number
    assert s10.validate(" ".join(number.lower())) == number


@pytest.mark.parametrize(("number", "code"), INVALID.items())
def test_wrong_numbers_say_why(number, code):
    with pytest.raises(s10.InvalidNumber) as error:
        s10.validate(number)
    assert error.value.code == code
    assert not is_valid(number)


def test_the_edges_of_the_check_digit():
    assert s10.check_digit("00000099") == "0"  # 10
    assert s10.check_digit("00000000") == "5"  # 11


@pytest.mark.parametrize("serial", ["", "1234567", "123456789", "1234567A", "１２３４５６７８"])
def test_a_serial_is_eight_digits(serial):
    with pytest.raises(s10.InvalidNumber):
        s10.check_digit(serial)


@pytest.mark.parametrize("number", ["6A15602676300", "6M17554710224", "1A 234 567 8901 2"])
def test_domestic_numbers_are_looked_at_only(number):
    assert s10.look(number) == (s10.compact(number), "domestic", "")


@pytest.mark.parametrize(
    ("number", "doubt"),
    [("RR473124829PL", ""), ("VV473124829FR", ""), ("LM473124829US", "service"), ("87000012345", "unchecked"),
     ("1234", "unknown"), ("Ceci n'est pas un numéro", "unknown")],
)  # fmt: skip
def test_what_is_odd_is_doubted_and_not_refused(number, doubt):
    assert s10.look(number).doubt == doubt


@pytest.mark.parametrize("number", ["RR123456789FR", "RB123456785XX", "", " - "])
def test_a_wrong_international_number_is_refused(number):
    with pytest.raises(s10.InvalidNumber):
        s10.look(number)


@given(SERIALS, st.integers(0, 7), st.integers(1, 9))
def test_one_wrong_digit_is_caught_but_for_the_hole_of_the_standard(serial, place, shift):
    """The check digit 5 stands for two remainders, 0 and 6: only a change from one to the other is not seen."""
    number = f"RR{serial}{s10.check_digit(serial)}FR"
    assert is_valid(number)
    wrong = serial[:place] + str((int(serial[place]) + shift) % 10) + serial[place + 1 :]
    if is_valid(f"RR{wrong}{number[10:]}"):
        assert {remainder(serial), remainder(wrong)} == {0, 6}
        assert number[10] == "5"


@given(SERIALS, st.integers(1, 9))
def test_a_wrong_check_digit_is_always_caught(serial, shift):
    digit = s10.check_digit(serial)
    assert not is_valid(f"RR{serial}{(int(digit) + shift) % 10}FR")


def remainder(serial):
    return sum(weight * int(digit) for weight, digit in zip((8, 6, 4, 2, 3, 5, 9, 7), serial, strict=True)) % 11


@given(st.text())
def test_compact_is_idempotent(text):
    assert s10.compact(s10.compact(text)) == s10.compact(text)


@given(st.text())
def test_any_text_is_either_looked_at_or_refused(text):
    try:
        assert s10.look(text).number == s10.compact(text)
    except s10.InvalidNumber as error:
        assert error.code
