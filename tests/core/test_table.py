"""Files with headings, as office programs write them."""

import doctest

import pytest

from relance_progressive.core.plain import table

LINES = [(1, ["Numéro", "Événement"]), (3, ["RR1", "Distribué"])]


def test_the_examples_of_the_documentation():
    failed, attempted = doctest.testmod(table)
    assert attempted and not failed


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("mark", [";", ",", "\t", "|"])
def test_any_encoding_and_separator(encoding, mark):
    text = f"Numéro{mark}Événement\n{mark}\nRR1{mark} Distribué\n"
    assert table.rows(text.encode(encoding)) == LINES


def test_a_comma_of_a_number_separates_nothing():
    assert table.rows(b"ecb_mro;2,40;BCE, Francfort, le 5\n", decimals=True) == [
        (1, ["ecb_mro", "2,40", "BCE, Francfort, le 5"])
    ]


@pytest.mark.parametrize("content", [b"PK\3\4\0\0a;b\n", b"%PDF-1.4\n\0\0", b'"' + b"x" * 200_000])
def test_what_is_no_text_says_nothing(content):
    """Somebody chose a workbook, a PDF, or a file without an end: no line of it is read, and nothing breaks."""
    assert table.rows(content) == []
