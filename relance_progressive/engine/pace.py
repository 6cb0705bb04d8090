TRIES = 5  # of the same work in conflict with others


class Pace:
    """How many of a long list are done together: half as many after a conflict, more again after what went well."""

    def __init__(self, most):
        self._most = self.size = most
        self.tries = 0  # of the one that is tried alone

    def goes_on(self, count):
        """Note a conflict of ``count`` of them; tell whether to try again, else the one that it was is left out."""
        self.size, self.tries = max(1, count // 2), self.tries + (count == 1)
        if self.tries < TRIES:
            return True
        self.tries = 0
        return False

    def went_well(self):
        """Note that what was tried is done."""
        self.size, self.tries = min(self._most, self.size * 2), 0
