from bisect import bisect_right
from collections import defaultdict
from datetime import date
from decimal import Decimal
from operator import itemgetter

from odoo import api, models
from odoo.tools.misc import formatLang

from ...core.law.rates import MissingRate
from ...core.law.regime import cite
from ...core.law.regimes import REGIMES
from .debts import code_of
from .words import digits_of

DAY = itemgetter(0)


class DunningPenalty(models.AbstractModel):
    """Where the figures come from, and why there are none, in words."""

    _inherit = "dunning.penalty"

    @api.model
    def _why_not_in_words(self, penalty):
        """Return why nothing, or not all, is claimed for an item, empty if all of it is."""
        return self._code_in_words(code_of(penalty)) if penalty.why_not else ""

    @api.model
    def _missing_in_words(self, data):
        """Return which rate is missing in a computation, as plain data; empty if none is."""
        if "missing" not in data:
            return ""
        missing = MissingRate(data["missing"]["reference"], date.fromisoformat(data["missing"]["day"]))
        return self.env["dunning.interest.rate"]._missing_words(missing)

    @api.model
    def _code_in_words(self, code):
        """Return why nothing, or not all, is claimed, in the language of the reader.

        :param code: a reason; a missing rate with its reference and day, a missing notice with the regime
        """
        code, _colon, rest = code.partition(":")
        if code == "missing_rate":
            reference, _colon, day = rest.partition(":")
            missing = MissingRate(reference, date.fromisoformat(day))
            return self.env["dunning.interest.rate"]._missing_words(missing)
        if code == "before_notice":
            return self.env._(
                "No late interest before a formal notice has reached this customer (%(article)s).",
                article=cite(REGIMES[rest].starts_article, self.env.lang),
            )
        if code == "before_months":
            return self.env._(
                "No late interest before %(months)s months after the due date (%(article)s).",
                months=REGIMES[rest].months, article=cite(REGIMES[rest].starts_article, self.env.lang),
            )  # fmt: skip
        return {
            "no_status": self.env._(
                "No late interest and no indemnity: nobody has said yet whether this customer is a professional, a "
                "consumer, a non-professional or a public body."
            ),
            "no_regime": self.env._(
                "No late interest and no indemnity: no rule is known for this country and this kind of customer."
            ),
            "insolvency": self.env._("No late interest since the opening of insolvency (C. com. L622-28)."),
            "penalty": self.env._("No interest on an invoice of penalties (C. civ. 1343-2)."),
        }[code]

    @api.model
    def _source_in_words(self, env, segment):
        """Return where the rate of a segment, as plain data, comes from."""
        words = {"article": cite(segment["article"], env.lang)}
        if segment["kind"] == "agreed":
            return env._("agreed rate (%(article)s)", **words) if segment["article"] else env._("agreed rate")
        if segment["kind"] == "capped":  # of messages that left before 19.0.1.2.0
            return env._("agreed rate, brought down to the most the law allows (%(article)s)", **words)
        source = self._legal_source_in_words(env, segment, words)
        if segment["kind"] == "void":
            source = env._("%(legal_rate)s; more was agreed than the law allows, which is void", legal_rate=source)
        if "compounded" in segment:
            source = env._("%(rate_source)s; the balance includes interest of past years", rate_source=source)
        return source

    @api.model
    def _legal_source_in_words(self, env, segment, words):
        """Return what the legal rate of a segment, as plain data, is made of."""
        if not segment.get("reference"):
            return env._("legal rate (%(article)s)", **words)
        rates = env["dunning.interest.rate"]
        period = rates._period_of(segment["reference"], date.fromisoformat(segment["day"]))
        words |= {
            "reference": f"{rates._labels()[segment['reference']]} {period}",
            "value": self._percent(env, segment["value"]),
        }
        margin = Decimal(segment["margin"])
        if not margin:
            return env._("%(reference)s (%(article)s)", **words)
        words |= {
            "margin": formatLang(env, float(margin), digits=digits_of(segment["margin"])),
            "rate": self._percent(env, segment["rate"]),
        }
        if Decimal(segment["rate"]) != Decimal(segment["value"]) + margin:
            return env._(
                "%(reference)s %(value)s + %(margin)s points, rounded up to %(rate)s (%(article)s)", **words
            )  # fmt: skip
        return env._("%(reference)s %(value)s + %(margin)s points (%(article)s)", **words)

    @api.model
    def _percent(self, env, rate):
        """Return a rate as the language of ``env`` writes it."""
        return env._("%(rate)s %%", rate=formatLang(env, float(rate), digits=max(2, digits_of(rate))))

    # === RATES OF EXCHANGE === #
    # Those of many days from one query: Odoo asks the database once for each day.

    def _exchange(self, source, target, company):
        """Return the function ``(amount, day)`` that converts as ``res.currency._convert`` does.

        The rates of the company come before those of all companies; before the first rate, the first one counts.
        """
        rates = self.env["res.currency.rate"].sudo().search_fetch(
            [("currency_id", "in", (source | target).ids), ("company_id", "in", (False, company.root_id.id))],
            ["company_id", "currency_id", "name", "rate"],
        )
        known = defaultdict(list)  # {(currency id, whether of the company): [(day, rate)] oldest first}
        for rate in rates.sorted("name"):
            known[rate.currency_id.id, bool(rate.company_id)].append((rate.name, rate.rate))

        def rate_on(currency, day):
            lists = [known[currency.id, True], known[currency.id, False]]
            for own in lists:
                if place := bisect_right(own, day, key=DAY):
                    return own[place - 1][1]
            return next((own[0][1] for own in lists if own), 1.0)

        return lambda amount, day: target.round(amount * (rate_on(target, day) / rate_on(source, day)))
