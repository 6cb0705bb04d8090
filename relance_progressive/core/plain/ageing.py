"""How late something is, in the brackets of an ageing balance."""

BOUNDS = (0, 30, 60, 90)  # the last day of each bracket but the last, which has no end


def bracket(days: int) -> int:
    """Return the bracket of a number of days late (0 or less: not due yet).

    >>> [bracket(days) for days in (-3, 0, 1, 30, 31, 90, 91)]
    [0, 0, 1, 1, 2, 3, 4]
    """
    return sum(days > bound for bound in BOUNDS)
