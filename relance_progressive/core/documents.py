"""What a customer counts as one document."""

from collections.abc import Hashable


def document_of(entry: int, name: str, item: int) -> Hashable:
    """Return what the items of one document have in common: the entry and the number under which it is known.

    The instalments of an invoice have both. An entry that is no invoice may hold many documents; a name without any
    digit ("balance brought forward") identifies none of them, so that every item counts.

    >>> document_of(7, "FA/1", 1) == document_of(7, "FA/1", 2)
    True
    >>> len({document_of(7, name, item) for item, name in enumerate(("FA-1", "FA-2", "FA-2", "old", "old"))})
    4
    """
    return (entry, name) if any(letter.isdigit() for letter in name) else (entry, item)
