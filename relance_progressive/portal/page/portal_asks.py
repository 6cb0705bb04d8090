from datetime import date
from typing import NamedTuple

from odoo import api, models

from .owed import Owed

OVERDUE, AGREED, OWED, ALL = "overdue", "agreed", "owed", "all"


class Ask(NamedTuple):
    """What the page shows how to pay in one go, by transfer and online."""

    kind: str
    shares: tuple[tuple[Owed, float], ...]  # what is paid of each item, in its currency
    day: date | None = None  # for which it was agreed


class DunningPortal(models.AbstractModel):
    """What is asked for: what is overdue, and what was agreed as it was agreed; all of it where the customer wants."""

    _inherit = "dunning.portal"

    @api.model
    def _asks(self, owed, day):
        """Return ``(what is asked for, all that can be paid if that is more)``, ``Ask`` each.

        What is overdue comes first, then the next agreed payment. Where there is neither, all that falls due later;
        where nothing is claimed at all, whatever is open: who wants to pay always can.
        """
        items = owed[0]
        asks = [Ask(OVERDUE, tuple((item, item.to_claim) for item in items if item.late > 0 and item.to_claim > 0))]
        if agreed := self._agreed(items, day)[:1]:
            ((on, _due, shares),) = agreed
            asks.append(Ask(AGREED, shares, on))
        asks = [ask for ask in asks if ask.shares]
        if not asks:
            shares = tuple((item, item.payable) for item in items if not item.excluded and item.payable > 0)
            asks = [Ask(OWED, shares)] if shares else []
        whole = Ask(ALL, tuple((item, item.payable) for item in items if item.payable > 0))
        if not asks and whole.shares:
            return [whole], None
        asked = sum(amount for ask in asks for _item, amount in ask.shares)
        return asks, whole if sum(amount for _item, amount in whole.shares) > asked + 1e-6 else None

    @api.model
    def _agreed(self, items, day):
        """Return ``[(day, whether it has come, ((Owed, amount), ...))]`` of what was promised, the next day first.

        Dates that have come, and are not given up yet, are one payment: the earliest names it.
        """
        by_day = {}
        for item in items:
            for on, amount in item.agreed:
                by_day.setdefault(on, []).append((item, amount))
        come = sorted(on for on in by_day if on <= day)
        found = [(come[0], True, tuple(share for on in come for share in by_day[on]))] if come else []
        return found + [(on, False, tuple(by_day[on])) for on in sorted(by_day.keys() - come)]

    def _sums_of(self, shares):
        """Return ``{currency id: total}`` of shares of items."""
        sums = {}
        for item, amount in shares:
            currency = item.row["currency_id"]
            sums[currency] = sums.get(currency, 0.0) + amount
        return sums

    def _title_of(self, ask):
        """Return in words what is asked for."""
        if ask.kind == AGREED:
            return self.env._("The next agreed payment, for %(day)s", day=self._day(ask.day))
        return {
            OVERDUE: self.env._("What is overdue"),
            OWED: self.env._("What falls due later"),
            ALL: self.env._("All that is open"),
        }[ask.kind]
