"""Which invoice is due again when the bank takes a payment back."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from relance_progressive.core.said.sent_back import FEE, Paid, due_again

DAY = date(2026, 3, 30)


def paid(item, amount=1000, ago=10, due_ago=None, **values):
    day = DAY - timedelta(days=ago)
    due = day if due_ago is None else DAY - timedelta(days=due_ago)
    return Paid(item, due, Decimal(amount), day, **values)


def found(amount, *payments, **values):
    return due_again(Decimal(amount), DAY, payments, **values)


def test_the_payment_of_that_amount():
    assert found(1000, paid(1, 800), paid(2, 1000)) == 2


def test_none_is_found_without_a_payment():
    assert found(1000) is None


def test_a_recent_payment_comes_before_an_old_one():
    assert found(1000, paid(1, ago=300), paid(2, ago=5)) == 2


def test_an_old_payment_is_better_than_none():
    assert found(1000, paid(1, ago=300)) == 1


def test_of_several_the_oldest_that_is_not_contested():
    payments = paid(3, due_ago=20), paid(1, due_ago=40), paid(2, due_ago=30)
    assert found(1000, *payments) == 1
    assert found(1000, *payments, contested={1}) == 2
    assert found(1000, *payments, contested={1, 2, 3}) == 1


def test_two_that_came_back_are_two_invoices():
    payments = paid(1, due_ago=40), paid(2, due_ago=30)
    assert found(1000, *payments, taken={1}) == 2
    assert found(1000, *payments, taken={1, 2}) == 1, "presented again, it came back again"


def test_the_label_names_it():
    assert found(1000, paid(1, due_ago=40), paid(2, due_ago=30, named=True)) == 2


def test_a_payment_of_several_invoices_is_for_a_person():
    assert found(1500, paid(1, 1500, items=2)) is None


def test_a_part_of_the_only_payment():
    assert found(400, paid(1)) == 1
    assert found(400, paid(1), paid(2)) is None


def test_the_fee_of_the_bank():
    assert found("1012.50", paid(1), paid(2, 5000)) == 1
    assert found(1000 + FEE + 1, paid(1)) is None
    assert found(1012, paid(1), paid(2, 1005)) is None


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 5), st.integers(0, 300)), max_size=8), st.integers(1, 5))
def test_it_is_one_of_the_payments_in_whatever_order(rows, amount):
    payments = [paid(item, 100 * size, ago) for item, size, ago in rows]
    answer = found(100 * amount, *payments)
    assert answer is None or answer in {own.item for own in payments}
    assert answer == found(100 * amount, *reversed(payments))
