from datetime import date

from odoo import api, models


class DunningFrame(models.AbstractModel):
    """What a written message shows of late interest and indemnity: the computation, and what it adds up to."""

    _inherit = "dunning.frame"

    @api.model
    def _penalties(self, reminder):
        """Return in words what a message shows of penalties, or that it is free; nothing if there are none."""
        sums, free = reminder._penalty_sums(), reminder.free_text
        if not sums["interest"] and not sums["indemnity"]:
            return {"claimed": False, "sentences": [free], "waiver": ""} if free else {}
        claimed = reminder._lines_of_the_claim()
        lines = claimed.filtered("penalty_shown")
        segments = [(line, segment) for line in lines for segment in line.penalty_shown["segments"]]
        shown = segments[: self._max_items]
        sources = dict.fromkeys(self._source(reminder, segment) for _line, segment in segments)
        return {
            "claimed": reminder._claims_penalties(),
            "sentences": [words for words in (reminder.penalty_text, reminder.penalty_per_day_text, free) if words],
            "rows": [
                self._segment_row(reminder, line.move_name, line.currency_id or reminder.currency_id, segment)
                for line, segment in shown
            ],
            "more": self._more_periods(reminder.env, len(segments) - len(shown)),
            "sources": list(sources),
            "until": reminder._day_in_words(reminder._interest_day()),
            "gap": reminder._gap_sentence(),
            "invoices": reminder._amounts_in_words(claimed),
            "interest": reminder._sums_in_words(sums["interest"]),
            "indemnity": reminder._sums_in_words(sums["indemnity"]),
            "indemnity_label": self._indemnity_label(reminder),
            "indemnity_article": reminder._penalty_articles()[1],
            "settled": reminder._sums_in_words(self._settled(reminder, lines)),
            "total": reminder.grand_total_text,
            "per_day": reminder.penalty_per_day_text,
            "waiver": reminder._waiver_sentence(),
        }

    @api.model
    def _more_periods(self, env, count):
        """Return which rows of the computation are not shown, empty if all are."""
        return env._("and 1 more period") if count == 1 else count and env._("and %(count)s more periods", count=count)

    @api.model
    def _indemnity_label(self, reminder):
        """Return what the fixed sum of a reminder is."""
        return self._fixed_sum_label(reminder.env, reminder._shows_costs())

    @api.model
    def _fixed_sum_label(self, env, costs):
        return env._("Recovery costs") if costs else env._("Fixed indemnity for recovery costs")

    def _segment_row(self, reminder, number, currency, segment):
        """Return a row of the computation: anyone can do it again with what stands in it.

        :param reminder: gives the language; of a page it is empty
        """
        return {
            "number": number or "",
            "balance": reminder._amount_in_words(float(segment["balance"]), currency),
            "first": reminder._day_in_words(date.fromisoformat(segment["first"])),
            "last": reminder._day_in_words(date.fromisoformat(segment["last"])),
            "days": f"{segment['days']}/{segment['base']}",  # of the year they are counted in: 365, 366, 360
            "rate": self.env["dunning.penalty"]._percent(reminder.env, segment["rate"]),
            "amount": reminder._amount_in_words(float(segment["amount"]), currency),
        }

    def _source(self, reminder, segment):
        penalties = self.env["dunning.penalty"]
        source = penalties._source_in_words(reminder.env, segment)
        return reminder.env._(
            "%(rate)s: %(basis)s", rate=penalties._percent(reminder.env, segment["rate"]), basis=source
        )

    def _settled(self, reminder, lines):
        """Return ``{currency: amount}`` of what was computed and is paid, waived or invoiced already."""
        totals = {}
        for line in lines:
            detail = line.penalty_shown
            gross = float(detail["interest"]) + float(detail["indemnity"])
            currency = line.currency_id or reminder.currency_id
            left = gross - line.interest_shown - line.indemnity_shown
            if not currency.is_zero(left):
                totals[currency] = totals.get(currency, 0.0) + left
        return totals
