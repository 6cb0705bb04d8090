"""What a customer counts as one document."""

from relance_progressive.core.plain.documents import document_of


def count(*rows):
    return len({document_of(entry, name, item, "OD/1") for item, (entry, name) in enumerate(rows)})


def test_instalments_are_one_invoice():
    assert count((7, "FA/2026/1"), (7, "FA/2026/1"), (8, "FA/2026/2")) == 2


def test_an_entry_holds_many_documents():
    assert count((7, "FA-1"), (7, "FA-2"), (7, "FA-2")) == 2


def test_a_name_that_identifies_nothing():
    assert count((7, "Reprise"), (7, "Reprise"), (7, ""), (7, "")) == 4
    assert count((7, "OD/1"), (7, "OD/1")) == 2


def test_one_number_in_two_companies():
    assert count((7, "INV/1"), (9, "INV/1")) == 2
