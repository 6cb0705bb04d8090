from odoo import api, models
from odoo.tools import format_date

from .dunning_interruption import KINDS

NOT_INTERRUPTING = "Cass. com. 18/05/2022, 20-23.204"


class DunningLimitation(models.AbstractModel):
    """Until when a claim can be brought to court, step by step, in words."""

    _inherit = "dunning.limitation"

    @api.model
    def _in_words(self, claim):
        """Return the explanation of the last day, one sentence for each step.

        :param claim: a :class:`limitation_items.Claim`
        """
        rule, found = claim
        if not found.last_day:
            country = rule.country or self.env._("this country")
            return self.env._("No rule is known here for %(country)s: ask a lawyer.", country=country)
        first, *others = found.steps
        sentences = [self._words_of_rule(rule), self._words_of_start(first)]
        sentences += [self._words_of_step(step) for step in others]
        if not rule.regime.limitation.verified:
            sentences.append(self.env._("This text was not read at its source: have it checked."))
        return "\n".join(filter(None, sentences))

    def _words_of_rule(self, rule):
        statuses = dict(self.env["res.partner"]._fields["dunning_status"]._description_selection(self.env))
        values = {
            "years": rule.regime.limitation.years, "article": rule.regime.limitation.article, "country": rule.country,
            "status": statuses.get(rule.regime.code.partition("_")[2], ""),
        }  # fmt: skip
        if rule.assumed:
            return self.env._(
                "Nobody has said what kind of customer this is: the shortest period is taken, %(years)s years "
                "(%(article)s). Set the status of the customer.", **values,
            )  # fmt: skip
        return self.env._("%(status)s, law of %(country)s: %(years)s years (%(article)s).", **values)

    def _words_of_start(self, step):
        values = {"day": format_date(self.env, step.day), "last": format_date(self.env, step.last_day)}
        words = {
            "delivered": self.env._("Counted from the delivery, %(day)s: until %(last)s.", **values),
            "invoiced": self.env._("Counted from the date of the invoice, %(day)s: until %(last)s.", **values),
            "due": self.env._("Counted from the due date, %(day)s: until %(last)s.", **values),
        }
        return words[step.code] + " " + self.env._("The earliest known day is taken, the prudent reading.")

    def _words_of_step(self, step):
        kinds = dict(self.env["dunning.interruption"]._fields["kind"]._description_selection(self.env))
        own = dict(KINDS)
        values = {
            "day": format_date(self.env, step.day), "last": format_date(self.env, step.last_day),
            "article": step.article, "kind": kinds.get(step.kind or step.code, own.get(step.kind or step.code, "")),
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
