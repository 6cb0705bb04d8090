from odoo import api, models
from odoo.tools import format_date

from ...core.law.citation import cite
from ...core.law.limitation import LONGEST, Facts, limitation
from .dunning_interruption import KINDS


class DunningLimitation(models.AbstractModel):
    """Until when a claim can be brought to court, step by step, in words."""

    _inherit = "dunning.limitation"

    @api.model
    def _in_words(self, claim):
        """Return the explanation of the last day, one sentence for each step.

        :param claim: a :class:`limitation_items.Claim`
        """
        rule, found, due = claim
        sentences = [self._words_of_refused_period(rule), self._words_of_rule(rule)]
        if found.last_day:
            first, *others = found.steps
            sentences.append(self._words_of_start(first))
            if due and not others:  # what interrupts it has one day, whoever counts
                sentences.append(self._words_of_due_date(first, due, rule.period.limit))
            sentences += [self._words_of_step(step) for step in others]
            if not rule.period.limit.verified:
                sentences.append(self.env._("This text was not read at its source: have it checked."))
        return "\n".join(filter(None, sentences))

    def _values_of_rule(self, rule):
        statuses = dict(self.env["res.partner"]._fields["dunning_status"]._description_selection(self.env))
        limit, special = rule.period.limit, rule.entered.special if rule.entered else None
        country = self.env["res.country"].browse(rule.law or ())
        return {
            "length": limit and self._words_of_length(limit.length),
            "article": limit and cite(limit.article, self.env.lang),
            "country": country.name or self.env._("this country"),
            "status": self.env._("status not known") if rule.assumed else statuses[rule.status],
            "reason": special.text if special else "",
        }  # fmt: skip

    def _words_of_rule(self, rule):
        values = self._values_of_rule(rule)
        if not rule.period.limit:
            return self.env._(
                "Not known: no rule is known here for this kind of customer (%(status)s, law of %(country)s). Ask a "
                "lawyer; a manager can then enter the period.", **values,
            )  # fmt: skip
        if rule.assumed:
            return self.env._(
                "Nobody has said what kind of customer this is: the shortest period is taken, %(length)s "
                "(%(article)s). Set the status of the customer.", **values,
            )  # fmt: skip
        if not rule.entered or rule.period.refused:
            return self.env._("%(status)s, law of %(country)s: %(length)s (%(article)s).", **values)
        return {
            "carriage": self.env._("Carriage of goods, law of %(country)s: %(length)s (%(article)s).", **values),
            "agreed": self.env._("Agreed with the customer: %(length)s (%(article)s).", **values),
            "other": self.env._("Entered from another text: %(length)s (%(article)s).", **values),
        }[rule.entered.special.kind] + " " + self._words_of_entry(rule, values)

    def _words_of_entry(self, rule, values):
        place = {
            "invoice": self.env._("Entered for this invoice."),
            "customer": self.env._("Entered for this customer."),
            "company": self.env._("The settings of the company say so for all its claims."),
        }[rule.entered.place]
        if not values["reason"] or rule.entered.special.kind == "other":  # that text stands there already
            return place
        return place + " " + self.env._("Reason: %(reason)s", **values)

    def _words_of_refused_period(self, rule):
        """Say that a period was entered and does not count; nothing if there is none."""
        if rule.period.refused:
            return self.env._("The period that was entered does not count. %(why)s", why=self._words_of_refusal(rule))
        return ""

    def _words_of_refusal(self, rule):
        """Return why an entered period does not hold."""
        period, values = rule.period, self._values_of_rule(rule)
        values["article"] = cite(period.article, self.env.lang)
        if period.refused == "forbidden":
            return self.env._("With a consumer no other period can be agreed (%(article)s).", **values)
        if period.refused == "longer":
            return self.env._(
                "With a consumer the period cannot be longer than that of the law, %(length)s (%(article)s).", **values
            )
        if period.refused == "bounds" and period.article:
            return self.env._("Agree on 12 months at least and 120 months at most (%(article)s).", **values)
        if period.refused == "bounds":
            return self.env._("Enter the number of months, from 1 to %(most)s.", most=LONGEST)
        return self.env._(
            "No such rule is known here for this kind of customer (%(status)s, law of %(country)s). If there is one, "
            "enter it as that of another text, with its article.", **values,
        )  # fmt: skip

    def _words_of_length(self, months):
        years, rest = divmod(months, 12)
        if rest:
            return self.env._("%(months)s months", months=months)
        return self.env._("1 year") if years == 1 else self.env._("%(years)s years", years=years)

    def _words_of_start(self, step):
        values = {"day": format_date(self.env, step.day), "last": format_date(self.env, step.last_day)}
        words = {
            "delivered": self.env._("Counted from the delivery, %(day)s: until %(last)s.", **values),
            "invoiced": self.env._("Counted from the date of the invoice, %(day)s: until %(last)s.", **values),
            "due": self.env._("Counted from the due date, %(day)s: until %(last)s.", **values),
        }
        return words[step.code] + " " + self.env._("The earliest known day is taken, the prudent reading.")

    def _words_of_due_date(self, first, due, limit):
        """Return until when those count who begin with the due date; nothing if that is the same day."""
        later = limitation(Facts(due), limit).last_day
        if later == first.last_day:
            return ""
        return self.env._(
            "Others count from the due date, %(day)s: until %(last)s. Keep to the earlier day, which is in time under "
            "both readings.",
            day=format_date(self.env, due), last=format_date(self.env, later),
        )

    def _words_of_step(self, step):
        kinds = dict(self.env["dunning.interruption"]._fields["kind"]._description_selection(self.env))
        own = dict(KINDS)
        values = {
            "day": format_date(self.env, step.day), "last": format_date(self.env, step.last_day),
            "article": cite(step.article, self.env.lang),
            "kind": kinds.get(step.kind or step.code, own.get(step.kind or step.code, "")),
        }  # fmt: skip
        ignored = {
            "no_effect": self.env._("%(day)s, %(kind)s: no effect on it (%(article)s).", **values),
            "void": self.env._("%(day)s, %(kind)s: withdrawn, lapsed or dismissed, no effect (%(article)s).", **values),
            "too_late": self.env._("%(day)s, %(kind)s: too late, it had lapsed.", **values),
            "too_early": self.env._("%(day)s, %(kind)s: before it began, no effect.", **values),
        }
        if step.code in ignored:
            return ignored[step.code]
        if step.code in ("mediation", "conciliation", "small_claim"):
            return self.env._(
                "%(day)s, %(kind)s: it stops meanwhile, and six months remain at least: until %(last)s (%(article)s).",
                **values,
            )  # fmt: skip
        return self.env._("%(day)s, %(kind)s: it begins again, until %(last)s (%(article)s).", **values)
