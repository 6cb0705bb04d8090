"""What a customer counts as one document."""

from collections.abc import Hashable


def document_of(entry: int, name: str, item: int, entry_number: str = "") -> Hashable:
    """Return what the items of one document have in common: the entry and the number under which it is known.

    The instalments of an invoice have both. An entry that is no invoice may hold many documents: neither its own number
    nor a name without any digit ("balance brought forward") identifies one, so that every item counts.

    :param entry_number: the number of an entry that is no invoice
    >>> document_of(7, "FA/1", 1) == document_of(7, "FA/1", 2)
    True
    >>> names = ("FA-1", "FA-2", "FA-2", "old", "old", "OD/1", "OD/1")
    >>> len({document_of(7, name, item, "OD/1") for item, name in enumerate(names)})
    6
    """
    identifies = name != entry_number and any(letter.isdigit() for letter in name)
    return (entry, name) if identifies else (entry, item)
