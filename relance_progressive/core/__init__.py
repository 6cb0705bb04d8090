"""The rules of payment reminders, as a library: no Odoo, no clock, no database, no file.

What it is
    Values go in, a decision with its reasons comes out. All amounts are `Decimal` in one currency unless a name says
    otherwise, all days are `date`; "today" is always an argument, so that a year can be replayed day by day.

How a decision is made
    :func:`decide` takes the facts of one customer (:class:`AccountFacts`: open :class:`Item`, :class:`Credit` that
    may pay for them, :class:`Hold` that stop them), a plan (:class:`Policy` with its :class:`Level`) and a day. What
    is held or on its way is taken off first (``decision/claims``), each item finds the level that its lateness has
    reached (``decision/schedule``), nothing is said more softly than before about something still owed
    (``decision/firmness``), and the firmest level speaks for all that is overdue. The :class:`Decision` names the
    level, what is claimed of which item, every :class:`Reason` why something is not, and the next day to look.

How to use it
    >>> from datetime import date
    >>> from decimal import Decimal
    >>> plan = Policy(levels=(Level(id=1, delay=5, stage="friendly"), Level(id=2, delay=20, stage="firm")))
    >>> facts = AccountFacts(items=(Item(id=7, due=date(2026, 1, 10), amount=Decimal(120)),))
    >>> decision = decide(facts, plan, date(2026, 1, 15))
    >>> decision.send, decision.level, decision.lines[0].amount
    (True, 1, Decimal('120'))
    >>> decide(facts, plan, date(2026, 1, 12)).next_date
    datetime.date(2026, 1, 15)

The law
    Interest, indemnity and limitation are data per country and kind of customer (:data:`REGIMES`), each figure with its
    article. A rate that is not known raises :class:`MissingRate`: it is never guessed.

Caveats
    Currencies are not converted here: the caller gives one amount in the company's currency. Holidays are those that
    the caller's :class:`Calendar` has. A fact that is not given does not exist: an unread answer stops nothing unless
    it comes as a hold.
"""

import sys

from . import decision, law, plain
from .decision.decide import decide
from .decision.facts import (
    AccountFacts, Credit, Decision, Hold, Item, Level, Line, Offer, Policy, Reason, Source,
)  # fmt: skip
from .law.interest import Debt, Interest, Move, fixed_indemnity, known_interest, late_interest
from .law.limitation import Facts, Interruption, Limitation, Period, Special, Suspension, limitation, period_of
from .law.rates import MissingRate, Rates, Reference
from .law.regimes import REGIMES, regime_of
from .law.scale import Terms
from .plain import s10
from .plain.days import Calendar, bracket

__all__ = [
    "REGIMES", "AccountFacts", "Calendar", "Credit", "Debt", "Decision", "Facts", "Hold", "Interest", "Interruption",
    "Item", "Level", "Limitation", "Line", "MissingRate", "Move", "Offer", "Period", "Policy", "Rates", "Reason",
    "Reference", "Source", "Special", "Suspension", "Terms", "bracket", "decide", "fixed_indemnity", "known_interest",
    "late_interest", "limitation", "period_of", "regime_of", "s10",
]  # fmt: skip

# 19.0.1.1.0 had the library's files here: who imports from ``core.facts`` or ``core.decide`` still finds them.
for _file in (
    decision.decide, decision.explain, decision.facts, decision.forecast, law.interest, law.limitation, law.rates,
    law.regimes, law.scale, s10,
):  # fmt: skip
    sys.modules.setdefault(f"{__name__}.{_file.__name__.rpartition('.')[2]}", _file)
for _name in ("ageing", "workdays"):
    sys.modules.setdefault(f"{__name__}.{_name}", plain.days)
