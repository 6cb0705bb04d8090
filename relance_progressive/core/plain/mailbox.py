"""Several customers with one mailbox, which receives one message a day: which message waits for how long."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Message(NamedTuple):
    """A message that would leave: ``key`` is the caller's."""

    key: int
    owner: int  # whose it is: what an owner sends does not wait for what he sends himself
    addresses: Sequence[str]
    first: int = 0  # the day on which it would leave, in working days from now


def waits(messages: Iterable[Message], taken: Iterable[tuple[str, int]] = ()) -> dict[int, int]:
    """Return in how many working days from now each message leaves; the first ones leave first.

    >>> waits([Message(1, 10, ["a@x"]), Message(2, 20, ["a@x", "b@x"]), Message(3, 30, ["b@x"])])
    {1: 0, 2: 1, 3: 0}

    :param taken: ``(address, owner)`` of what has left today
    """
    owners: dict[tuple[str, int], set[int]] = {}
    for address, owner in taken:
        owners.setdefault((address, 0), set()).add(owner)
    result = {}
    for message in messages:
        day = message.first
        while any(owners.get((address, day), set()) - {message.owner} for address in message.addresses):
            day += 1
        for address in message.addresses:
            owners.setdefault((address, day), set()).add(message.owner)
        result[message.key] = day
    return result
