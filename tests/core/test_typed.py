import doctest
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relance_progressive.core.plain import typed
from relance_progressive.core.plain.typed import file_name, lines, one_line, read_amount, read_day, read_phone


@pytest.mark.parametrize(
    "text",
    ["", "-5", "0", "0x10", "0,00", "1e3", "1.234", "1,234", "1.23.45", "1,234,50", "nan", "inf", "١٢", "9" * 13],
)
def test_no_amount(text):
    assert read_amount(text) is None


@pytest.mark.parametrize(
    ("text", "amount"),
    [("12", "12"), ("12,5", "12.5"), ("1 234.50", "1234.5"), ("1\u202f234,50", "1234.5"), ("1.234,50", "1234.5"),
     ("1,234.50", "1234.5"), ("1.234.567,89", "1234567.89")],
)  # fmt: skip
def test_amounts(text, amount):
    assert read_amount(text) == Decimal(amount)


NO_DAYS = ["", "tomorrow", "2026-13-01", "31/02/2026", "12/31/2026", "2026-1-1T00:00", "١/١/2026"]


@pytest.mark.parametrize("text", NO_DAYS)
def test_no_day(text):
    assert read_day(text) is None


@given(st.text())
def test_whatever_is_typed(text):
    """No text makes an error, none keeps a sign that hides what is written."""
    amount, day = read_amount(text), read_day(text)
    assert amount is None or amount > 0
    assert day is None or isinstance(day, date)
    assert not set("\x00\u202e\u2066") & set(one_line(text) + lines(text) + file_name(text, "pdf"))
    assert "\n" not in one_line(text)
    assert not set("/\\<>\"") & set(file_name(text, "pdf"))
    assert len(file_name(text, "pdf")) <= 84
    phone = read_phone(text)
    assert phone is None or set(phone) <= set("+0123456789()./- ")


def test_the_examples_are_right():
    assert doctest.testmod(typed).failed == 0
