"""An open item, with what a customer's page knows of it."""

from datetime import date
from typing import NamedTuple

PLACES = 6  # to which sums of floats are exact
IN_PAYMENT = "in_payment"  # the reason code of what is being paid already


class Owed(NamedTuple):
    """An open item with what is known of it; amounts in its currency, unless said otherwise."""

    row: dict  # of queries.items
    late: int  # days; 0 or less: not due yet
    excluded: str  # the reason code of what is not claimed, or empty
    covered: float = 0.0  # by money on its way
    dates: tuple[tuple[date, float], ...] = ()  # what is promised of it: (day, amount), the earliest first
    contested: float = 0.0

    @property
    def promised(self):
        """What is promised of it in all."""
        return sum(amount for _day, amount in self.dates)

    @property
    def left(self):
        """What is left once the money on its way has arrived, claimed or not."""
        return 0.0 if self.excluded == IN_PAYMENT else round(self.row["balance"] - self.covered, PLACES)

    @property
    def to_pay(self):
        """The same of what is claimed: nothing of an item that is not."""
        return 0.0 if self.excluded else self.left

    @property
    def payable(self):
        """What the customer may pay, claimed or not: nobody takes money for what is being examined."""
        return max(0.0, round(self.left - self.contested, PLACES))

    @property
    def agreed(self):
        """What is still to come of the promised dates: ``((day, amount), ...)``, the earliest first.

        Money that is meant for what is promised pays the earliest date; what is contested is taken off the last one.
        """
        paid = max(0.0, self.covered - max(0.0, self.row["balance"] - self.promised))
        room, found = self.payable, []
        for day, amount in self.dates:
            paid, amount = max(0.0, paid - amount), max(0.0, amount - paid)
            if (share := round(min(room, amount), PLACES)) > 0:
                found.append((day, share))
                room -= share
        return tuple(found)

    @property
    def unpromised(self):
        """What is left to pay, less what is agreed to come later; what is contested is among it."""
        return max(0.0, round(self.to_pay - sum(amount for _day, amount in self.agreed), PLACES))

    @property
    def to_claim(self):
        """What a reminder would ask for today: neither what is being examined, nor what is promised."""
        return max(0.0, round(self.to_pay - self.contested - self.promised, PLACES))

    @property
    def is_overdue(self):
        """Tell whether it is late with something for which no other day was agreed."""
        return self.late > 0 and self.unpromised > 0
