from odoo import models
from odoo.tools import format_date

from ...core.law import notice
from ...core.law.citation import cite


class DunningDelivery(models.Model):
    """The legal dates of registered letters, in words."""

    _inherit = "dunning.delivery"

    def _notice_words(self, read):
        """Return where the notice stands, one sentence for each date.

        :param read: a :class:`core.notice.Notice`
        """
        sentences = [self._words_of_effect(read), self._words_of_claim(read)]
        if read.pay_until:
            sentences.append(self.env._(
                "The letter gives %(days)s from then to pay: until %(day)s. This is a contractual term, which is "
                "not moved.",
                days=self.env["dunning.reminder"]._days_in_words(self.notice_days),
                day=format_date(self.env, read.pay_until),
            ))  # fmt: skip
        if read.missing:
            names = ", ".join(self._words_of_missing()[code] for code in read.missing)
            sentences.append(self.env._("Still missing to prove it: %(names)s.", names=names))
        return "\n".join(filter(None, sentences))

    def _words_of_effect(self, read):
        day = format_date(self.env, read.effective) if read.effective else ""
        basis = cite(notice.BASIS.get(read.why), self.env.lang)
        words = {
            "not_sent": self.env._("Not handed in yet."),
            "waiting": self.env._("No effect yet: neither delivered, refused nor left unclaimed so far."),
            "no_presentation": self.env._(
                "Not claimed, which leaves a formal notice valid; its day is not known as long as the first "
                "presentation is not recorded."
            ),
            "unknown": self.env._("No effect: it came back from an address where nobody knows the customer."),
            "delivered": self.env._(
                "Takes effect on %(day)s, the day it was received (%(basis)s).", day=day, basis=basis
            ),
            "refused": self.env._(
                "Takes effect on %(day)s, the day it was refused: this is the prudent reading, no text about a refused "
                "letter was found.", day=day,
            ),
            "unclaimed": self.env._(
                "Takes effect on %(day)s, the day of the first presentation: a letter of formal notice that is not "
                "claimed stays valid (%(basis)s). No text names the day; this is the prudent reading.",
                day=day, basis=basis,
            ),
        }  # fmt: skip
        return words[read.why]

    def _words_of_claim(self, read):
        if not read.claim_until:
            return ""
        day = format_date(self.env, read.claim_until)
        if self.channel == "lre":
            return self.env._(
                "Last day to accept it: %(day)s, 15 days from the day after the notice (%(basis)s).",
                day=day, basis=cite(notice.BASIS["claim_electronic"], self.env.lang),
            )  # fmt: skip
        return self.env._(
            "Last day at the post office: %(day)s, 15 calendar days after the first presentation (%(basis)s).",
            day=day, basis=cite(notice.BASIS["claim_paper"], self.env.lang),
        )  # fmt: skip

    def _words_of_missing(self):
        """Return what each code of ``Notice.missing`` means."""
        electronic = self.channel == "lre"
        return {
            "number": self.env._("the reference of the item") if electronic else self.env._("the number of the letter"),
            "handed_in": self.env._("the proof of deposit"),
            "presented": self.env._("the day of the first presentation"),
            "delivered": self.env._("the acknowledgement of receipt"),
            "refused": self.env._("the proof of the refusal"),
            "unclaimed": self.env._("the proof that nobody claimed it"),
        }

    def _problem_words(self, problem):
        """Return a contradiction between two events in words.

        :param problem: a :class:`core.notice.Problem`
        """
        kinds = dict(self.env["dunning.delivery.event"]._fields["kind"]._description_selection(self.env))
        values = {
            "kind": kinds[problem.kind], "day": format_date(self.env, problem.day),
            "other": kinds[problem.other], "other_day": format_date(self.env, problem.other_day),
        }  # fmt: skip
        if problem.code == "twice":
            return self.env._("“%(kind)s” cannot be on %(day)s: it was on %(other_day)s.", **values)
        if problem.code == "two_ends":
            return self.env._(
                "“%(kind)s” on %(day)s and “%(other)s” on %(other_day)s cannot both be true.", **values
            )  # fmt: skip
        if problem.code == "after_return":
            return self.env._("“%(kind)s” on %(day)s comes after it came back, on %(other_day)s.", **values)
        return self.env._("“%(kind)s” on %(day)s comes before “%(other)s” on %(other_day)s.", **values)
