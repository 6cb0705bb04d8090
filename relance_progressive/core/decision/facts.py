"""The plain values that a decision reads and gives.

Amounts are ``Decimal`` in the company's currency, days are ``date``. What is called ``own`` is the same amount in
the currency of the document, which is what is owed; it is empty where that is the company's. Named tuples
rather than dataclasses: a night builds half a million of them.
"""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from ..plain.days import Calendar

ZERO = Decimal(0)
STAGES = ("pre_due", "friendly", "firm", "formal_notice")  # from the softest to the firmest


class Item(NamedTuple):
    """An open debit item: an instalment of an invoice that the customer has not settled.

    ``excluded`` names why it is never reminded (a reason code), or is empty. ``known`` is the day on which the
    customer had it, empty if that was before the due date: the delays count from the later of the two.
    """

    id: int
    due: date
    amount: Decimal
    level: int | None = None  # the last level done for this item
    level_date: date | None = None  # and the day it was done
    excluded: str = ""
    known: date | None = None
    level_due: date | None = None  # the due date that it had then, empty if nobody knows
    stage: str = ""  # the firmest of the messages that claimed it, empty if none did
    stage_due: date | None = None  # the due date that it had then, empty if nobody knows
    currency: int | None = None  # of the document, empty for the company's
    own: Decimal | None = None  # the amount in that currency


class Credit(NamedTuple):
    """Money on its way: a document that nobody has allocated yet."""

    kind: str  # "credit_note", "payment", "direct_debit", "bank_line" or "transaction"
    amount: Decimal
    day: date | None = None  # of the document, empty when several settle one another
    meant_for: tuple[tuple[int, Decimal], ...] = ()  # (item, amount in the money's currency) that the customer chose
    currency: int | None = None  # of the document, empty for the company's
    own: Decimal | None = None  # the amount in that currency
    rates: dict[int, Decimal] = {}  # noqa: RUF012 -- what one unit of the company's currency bought on that day


class Offer(NamedTuple):
    """A cash discount: what settles an item in full if it is there in time, in the currency of the item.

    Less what was allocated in time already: nothing, or less, is left when that was enough.
    """

    item: int
    until: date  # the last day
    amount: Decimal


class Hold(NamedTuple):
    """Why an item, an amount of it, or the whole account is not reminded.

    ``item`` is empty for the whole account; ``amount`` is empty for the whole item; ``until`` is
    the last day of the hold, empty when nobody knows it yet; ``named`` is the day that people know
    it by, when that is another one (a promise holds for some days after its date).
    """

    reason: str  # one of reasons.HOLD_REASONS
    item: int | None = None
    amount: Decimal | None = None
    until: date | None = None
    named: date | None = None
    since: date | None = None  # the day that explains it, if there is one
    own: Decimal | None = None  # the amount in the currency of the item, where it was said in that one


class AccountFacts(NamedTuple):
    """All that a decision knows of one customer account."""

    items: tuple[Item, ...]
    credits: tuple[Credit, ...] = ()
    holds: tuple[Hold, ...] = ()
    last_contact: date | None = None
    pending: str = ""  # state of the reminder that is still open: draft, ready, failed, uncertain
    offers: tuple[Offer, ...] = ()
    units: dict[int | None, Decimal] = {}  # noqa: RUF012 -- smallest amount of a currency, a cent if it is not named


class Level(NamedTuple):
    """One step of a plan; ``delay`` counts days from the due date, negative before it."""

    id: int
    delay: int
    min_days: int = 0
    stage: str = "friendly"  # "pre_due", "friendly", "firm", "formal_notice"
    amount_min: Decimal = ZERO
    share_min: Decimal = ZERO  # percent of the account's open balance
    approval: bool = False
    from_month_end: bool = False
    deadline: int = 8  # days to pay that a formal notice gives, as far as it can be told before it leaves


class Policy(NamedTuple):
    """The plan of an account, and the calendar of its company.

    ``passed`` tells, for a level of another plan, how many of this plan's levels it stands for.
    ``cap`` is the highest level that a message may have (a position, counted from 1), or empty. ``tolerance`` is the
    amount under which nobody writes; ``patience`` counts the working days for which an expired formal notice waits
    for a person's decision before the other items are reminded again.
    """

    levels: tuple[Level, ...]
    spacing: int = 1
    calendar: Calendar | None = None  # None: every day is a working day
    passed: dict[int, int] = {}  # noqa: RUF012 -- read only
    cap: int | None = None
    tolerance: Decimal = ZERO
    patience: int = 5

    def asking_above(self, stage: str) -> "Policy":
        """Return this policy with a person's approval for every level that is firmer than ``stage``."""
        softer = STAGES[: STAGES.index(stage) + 1]
        levels = tuple(level if level.stage in softer else level._replace(approval=True) for level in self.levels)
        return self._replace(levels=levels)

    def position(self, level: int) -> int:
        """Return how many levels of this plan are passed once ``level`` is done."""
        for index, own in enumerate(self.levels, start=1):
            if own.id == level:
                return index
        return self.passed.get(level, 0)


class Reason(NamedTuple):
    """Why, or why not: a code of :mod:`.reasons` with what it needs to be put in words."""

    code: str
    until: date | None = None
    amount: Decimal | None = None
    count: int | None = None


class Source(NamedTuple):
    """Where a reason comes from: the day since which a hold stands, or the largest of the credits."""

    code: str  # of the reason
    since: date
    kind: str = ""  # of the largest credit
    others: int = 0  # how many more credits there are


class Line(NamedTuple):
    """An item as the message shows it."""

    item: int
    amount: Decimal  # what is claimed of it: open amount less what is covered or held
    level: int | None = None  # the level it advances to, empty if it is only listed
    upcoming: bool = False  # not yet due: announced, not claimed
    own: Decimal | None = None  # the amount in the currency of the document, empty for the company's

    @property
    def claimed(self) -> Decimal:
        """The amount in the currency of the document, whichever it is."""
        return self.amount if self.own is None else self.own


class Decision(NamedTuple):
    """What to do for one account on one day, and why."""

    send: bool
    level: int | None  # of the message
    lines: tuple[Line, ...]
    reasons: tuple[Reason, ...]
    next_date: date | None  # next day on which a message would leave, as things stand
    next_level: int | None
    check_date: date | None  # next day on which these figures change by themselves
    approval: bool
    due: Decimal  # open items, gross
    overdue: Decimal
    covered: Decimal  # of it, by money on its way
    oldest_due: date | None  # of the overdue items
    level_done: int | None  # highest level done among the open items
    under_notice: Decimal = ZERO  # what is still owed of formal notices
    sources: tuple[Source, ...] = ()  # of some of the reasons
    covered_in: tuple[tuple[int | None, Decimal], ...] = ()  # (currency, amount) where a debt is in a foreign one
    notice_in: tuple[tuple[int | None, Decimal], ...] = ()  # likewise, of what is under notice
