from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from odoo import api, models

from ...core.decision.firmness import LETTER_DAYS
from ...core.law.regime import PUBLIC, cite
from . import queries

SOURCE = ("rate", "kind", "article", "reference", "value", "margin")  # what of a period tells where its rate comes from
DAY = timedelta(days=1)
PERIODS = 100  # of a computation that are listed on a page; the spreadsheet has all of them


class Late(NamedTuple):
    """What an item costs for being late, as far as reminders have told the customer; in its currency."""

    interest: Decimal  # left to pay
    indemnity: Decimal
    claimed: bool  # else it was mentioned only
    spared_until: date | None  # given up if all is paid by then
    spared_days: int  # of them, those counted from a receipt that is not known yet: the day is not said then
    penalty: Any  # of ``dunning.penalty``: how it was computed

    @property
    def asked(self):
        """What the customer is asked for."""
        return self.interest + self.indemnity if self.claimed else Decimal(0)


class DunningPortal(models.AbstractModel):
    """Late interest and indemnity on the page: those that a reminder has told of, computed until today.

    A customer reads nothing of them before a level that mentions or claims them has reached him, and then what the
    law gives of what is claimed: of what is contested, promised or on its way there is none, as in a message.
    """

    _inherit = "dunning.portal"

    @api.model
    def _penalties(self, account, items, day):
        """Return ``{journal item id: Late}``; three queries, however many items.

        :param items: what is owed
        :param day: last day of the interest
        """
        open_ones = {item.row["id"]: item for item in items if item.late > 0 and item.to_claim > 0}
        told = self._told(account, list(open_ones), day)
        if not told:
            return {}
        claimed = {key: Decimal(str(round(open_ones[key].to_claim, 6))) for key in told}
        found = self.env["dunning.penalty"]._of_claim(account.company_id, claimed, day)
        return {
            key: Late(penalty.interest_left, penalty.indemnity_left, *told[key], penalty)
            for key, penalty in found.items() if penalty.total_left
        }  # fmt: skip

    def _told(self, account, item_ids, day):
        """Return ``{item id: (whether penalties were claimed, until when paying spares them, days from a receipt)}``.

        As the customer has received them.
        """
        reminders = self._received(account).reminder_id.ids if item_ids else []
        if not reminders:
            return {}
        days = account.plan_id.penalty_waive_days if account.partner_id.dunning_status != PUBLIC else 0
        told = {}
        for item, claimed_on, pay_until, from_receipt in self.env.execute_query(
            queries.penalties_told(self.env, reminders, item_ids)
        ):
            counted = timedelta(days=LETTER_DAYS if from_receipt else days)
            last = max(claimed_on + counted, pay_until or claimed_on) if claimed_on and days else None
            spared = last if last and last >= day else None
            told[item] = (bool(claimed_on), spared, from_receipt if spared and from_receipt else 0)
        return told

    # === IN WORDS === #

    @api.model
    def _penalties_in_words(self, items, shown, late, day):
        """Return what the statement says of penalties, nothing if there are none.

        :param shown: the items whose computation is listed
        :param late: as :meth:`_penalties` gives it
        """
        if not late:
            return {}
        words = self.env["dunning.reminder"]
        asked, told = ({key: own for key, own in late.items() if own.claimed is claimed} for claimed in (True, False))
        missing = [own.penalty.missing_rate.day for own in late.values() if own.penalty.missing_rate]
        costs, article = self._fixed_sum(late)
        return {
            "until": self._day(max(missing) - DAY if missing else day),
            "gap": words._gap_words(min(missing)) if missing else "",
            "asked": self._sums_of_penalties(asked),
            "told": self._told_in_words(told, day),
            "label": self.env["dunning.frame"]._fixed_sum_label(self.env, costs),
            "article": article,
            "total": self._amounts(self._with_asked(items, asked)) if asked else "",
            "per_day": words._per_day_sentence(self._sum_of(late, lambda own: own.penalty.per_day)),
            "waiver": self._waiver_in_words(asked.values(), costs),
            "settled": self._sum_of(late, lambda own: own.penalty.interest.amount + own.penalty.indemnity
                                    - own.interest - own.indemnity),
            **self._computations(shown, late, day),
        }  # fmt: skip

    def _waiver_in_words(self, asked, costs):
        """Return by when paying spares what is asked, counted as the message counted it; empty if nothing is spared."""
        words = self.env["dunning.reminder"]
        spared = [own for own in asked if own.spared_until]
        if not spared:
            return ""
        if days := [own for own in spared if not own.spared_days]:
            until = self._day(min(own.spared_until for own in days))
        else:
            until = words._receipt_in_words(min(own.spared_days for own in spared), False)
        return words._waiver_words(
            until, any(own.interest for own in asked), any(own.indemnity for own in asked), costs
        )

    def _sums_of_penalties(self, late):
        """Return interest, indemnity and both of them, in words; nothing of what is zero."""
        if not late:
            return {}
        return {
            "interest": self._sum_of(late, lambda own: own.interest),
            "indemnity": self._sum_of(late, lambda own: own.indemnity),
            "both": self._sum_of(late, lambda own: own.interest + own.indemnity),
        }

    def _told_in_words(self, told, day):
        """Return in one sentence what was mentioned and is not asked for."""
        sums = self._sums_of_penalties(told)
        if not sums:
            return ""
        costs, article = self._fixed_sum(told)
        words = sums | {
            "day": self._day(day), "article": article,
            "label": self.env["dunning.frame"]._fixed_sum_label(self.env, costs),
        }  # fmt: skip
        if not sums["indemnity"]:
            return self.env._("Not asked for at present, until %(day)s: late interest %(interest)s.", **words)
        if not sums["interest"]:
            return self.env._("Not asked for at present: %(label)s (%(article)s) %(indemnity)s.", **words)
        return self.env._(
            "Not asked for at present, until %(day)s: late interest %(interest)s; %(label)s (%(article)s) "
            "%(indemnity)s.", **words,
        )  # fmt: skip

    def _sum_of(self, late, amount_of):
        sums = {}
        for own in late.values():
            currency = own.penalty.currency_id
            sums[currency] = sums.get(currency, 0.0) + float(amount_of(own))
        return self._amounts({currency: amount for currency, amount in sums.items() if amount > 0})

    def _with_asked(self, items, asked):
        """Return ``{currency id: amount}`` of all that is open and of the penalties asked for."""
        sums = {}
        for item in items:
            row = item.row
            more = float(asked[row["id"]].asked) if row["id"] in asked else 0.0
            sums[row["currency_id"]] = sums.get(row["currency_id"], 0.0) + row["balance"] + more
        return sums

    def _fixed_sum(self, late):
        """Return ``(whether the fixed sums are costs of collection, their articles)``, empty if there are none."""
        found = [self.env["dunning.penalty"]._fixed_sum_of(regime) for regime in dict.fromkeys(
            own.penalty.regime for own in late.values() if own.indemnity
        )]  # fmt: skip
        articles = "; ".join(article for _costs, article in found)
        return any(costs for costs, _article in found), cite(articles, self.env.lang)

    def _computations(self, shown, late, day):
        """Return the periods of the items shown, and the sources of their rates."""
        frame, words = self.env["dunning.frame"], self.env["dunning.reminder"]
        periods = list(self._periods(shown, late, day))
        by_source = {
            (*(segment.get(name) for name in SOURCE), "compounded" in segment): segment
            for _number, _currency, segment in periods
        }
        return {
            "rows": [frame._segment_row(words, *period) for period in periods[:PERIODS]],
            "more": frame._more_periods(self.env, max(0, len(periods) - PERIODS)),
            "sources": [frame._source(words, segment) for segment in by_source.values()],
        }

    def _periods(self, items, late, day):
        """Yield ``(number, currency, segment as plain data)`` of the late interest of items."""
        for item in items:
            if own := late.get(item.row["id"]):
                currency = self.env["res.currency"].browse(item.row["currency_id"])
                for segment in self.env["dunning.penalty"]._as_data(own.penalty, day)["segments"]:
                    yield item.row["name"], currency, segment

    def _penalty_cells(self, item, late):
        """Return what a row of the statement says of penalties."""
        own = late.get(item.row["id"])
        if not own:
            return {"interest": "", "indemnity": "", "asked": True}
        interest, indemnity = (
            self._amount(float(amount), item.row["currency_id"]) if amount else ""
            for amount in (own.interest, own.indemnity)
        )
        return {"interest": interest, "indemnity": indemnity, "asked": own.claimed}
