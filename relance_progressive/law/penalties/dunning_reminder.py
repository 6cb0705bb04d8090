from datetime import date, timedelta

from odoo import api, fields, models

from ...core.law.regime import PUBLIC, cite
from ...reminder.dunning_reminder import FROZEN_STATES


class DunningReminder(models.Model):
    """What a reminder says of late interest and indemnity, in the language of the context."""

    _inherit = "dunning.reminder"

    penalty_day = fields.Date(
        "Penalties Until", readonly=True, copy=False,
        help="The last day of the late interest that the message tells, once it has left.",
    )  # fmt: skip
    level_penalties = fields.Selection(string="Penalties of the Level", related="level_id.penalties")
    interest_text = fields.Char("Late Interest in Words", compute="_compute_penalty_texts")
    indemnity_text = fields.Char("Indemnity in Words", compute="_compute_penalty_texts")
    penalty_text = fields.Char("Late Interest and Indemnity in a Sentence", compute="_compute_penalty_texts")
    penalty_per_day_text = fields.Char("What One More Day Adds, in a Sentence", compute="_compute_penalty_texts")
    recovery_costs = fields.Boolean(
        compute="_compute_penalty_texts", help="What stands in the place of a fixed indemnity are costs of collection."
    )
    grand_total_text = fields.Char(
        "Total with Penalties in Words", compute="_compute_penalty_texts",
        help="What the message asks for: the invoices, with late interest and indemnity if the level claims them.",
    )  # fmt: skip

    @api.depends(
        "line_ids.interest_shown", "line_ids.indemnity_shown", "line_ids.penalty_shown", "level_id.penalties",
        "line_ids.amount_currency",
    )  # fmt: skip
    @api.depends_context("lang", "dunning_penalties_frozen", "dunning_letter_day")
    def _compute_penalty_texts(self):
        for reminder in self:
            sums = reminder._penalty_sums()
            interest, indemnity, per_day = (
                reminder._sums_in_words(sums[name]) for name in ("interest", "indemnity", "per_day")
            )
            reminder.update({
                "interest_text": interest,
                "indemnity_text": indemnity,
                "recovery_costs": reminder._shows_costs(),
                "penalty_text": reminder._penalty_sentence(
                    reminder._claims_penalties(), interest, indemnity, *reminder._penalty_articles(),
                    reminder._day_in_words(reminder._interest_day()), reminder._gap_sentence(),
                    reminder._shows_costs(),
                ),
                "penalty_per_day_text": reminder._per_day_sentence(per_day),
                "grand_total_text": reminder._sums_in_words(reminder._asked(reminder._lines_of_the_claim())),
            })  # fmt: skip

    # === FIGURES === #

    def _claims_penalties(self):
        """Tell whether the message asks for them, if there are any."""
        return self.level_id.penalties == "claim"

    def _penalty_day(self):
        """Return the last day of the interest that the message tells."""
        frozen = self.env.context.get("dunning_penalties_frozen") or self.state in FROZEN_STATES
        return (frozen and self.penalty_day) or self.env.context.get("dunning_letter_day") or self.date

    def _interest_day(self):
        """Return the last day up to which late interest is computed: an earlier one where a rate is missing."""
        details = [line.penalty_shown for line in self.line_ids if line.penalty_shown and line.interest_shown]
        if not any("missing" in detail for detail in details):
            return self._penalty_day()
        return date.fromisoformat(max(detail["until"] for detail in details))

    def _penalty_sums(self):
        """Return ``{"interest", "indemnity", "per_day": {currency: amount}}``, without those that are zero."""
        sums = {"interest": {}, "indemnity": {}, "per_day": {}}
        for line in self.line_ids:
            detail = line.penalty_shown
            if not detail:
                continue
            currency = line.currency_id or self.currency_id
            own = {"interest": line.interest_shown, "indemnity": line.indemnity_shown}
            for name, amount in (own | {"per_day": float(detail["per_day"])}).items():
                if amount:
                    sums[name][currency] = sums[name].get(currency, 0.0) + amount
        return sums

    def _shows_costs(self):
        """Tell whether what stands in the place of the fixed indemnity are costs of collection."""
        return any((line.penalty_shown or {}).get("costs") for line in self.line_ids)

    def _penalty_articles(self):
        """Return the articles that interest and indemnity of this reminder rest on."""
        interest, indemnity = [], []
        for line in self.line_ids:
            for segment in (line.penalty_shown or {}).get("segments", ()) if line.interest_shown else ():
                interest.append(segment["article"])
            if line.indemnity_shown:
                indemnity.append(line.penalty_shown["article"])
        told = ("; ".join(dict.fromkeys(articles)) for articles in (interest, indemnity))
        return tuple(cite(articles, self.env.lang) for articles in told)

    # === WORDS === #

    @api.model
    def _penalty_sentence(
        self, claimed, interest, indemnity, interest_article, indemnity_article, day, gap="", costs=False
    ):
        """Return what is said of interest and indemnity, empty if there is neither.

        :param gap: what else is to be said of the interest: :meth:`_gap_sentence`
        :param costs: what stands in the place of the indemnity are costs of collection: a sentence of their own
        """
        if costs and indemnity:
            own = self._penalty_sentence(claimed, interest, "", interest_article, "", day, gap)
            return f"{own} {self._costs_sentence(claimed, indemnity, indemnity_article)}".strip()
        words = self._penalty_words(claimed, interest, indemnity, interest_article, indemnity_article, day)
        return f"{words} {gap}".strip() if words else ""

    @api.model
    def _penalty_words(self, claimed, interest, indemnity, interest_article, indemnity_article, day):
        """Return one sentence on interest and indemnity, empty if there is neither."""
        words = {
            "interest": interest, "indemnity": indemnity, "basis": interest_article, "article": indemnity_article,
            "day": day,
        }  # fmt: skip
        if interest and indemnity:
            if claimed:
                return self.env._(
                    "To this sum we add late interest of %(interest)s until %(day)s (%(basis)s) and the fixed "
                    "indemnity for recovery costs of %(indemnity)s (%(article)s).",
                    **words,
                )
            return self.env._(
                "On %(day)s, late interest comes to %(interest)s (%(basis)s) and the fixed indemnity for recovery "
                "costs to %(indemnity)s (%(article)s). This message does not ask for them.",
                **words,
            )
        if interest:
            if claimed:
                return self.env._(
                    "To this sum we add late interest of %(interest)s until %(day)s (%(basis)s).", **words
                )
            return self.env._(
                "On %(day)s, late interest comes to %(interest)s (%(basis)s). This message does not ask for it.",
                **words,
            )
        if indemnity:
            if claimed:
                return self.env._(
                    "To this sum we add the fixed indemnity for recovery costs of %(indemnity)s (%(article)s).", **words
                )
            return self.env._(
                "The fixed indemnity for recovery costs comes to %(indemnity)s (%(article)s). This message does not "
                "ask for it.",
                **words,
            )
        return ""

    @api.model
    def _costs_sentence(self, claimed, costs, article):
        """Return a sentence on costs of collection."""
        words = {"costs": costs, "article": article}
        if claimed:
            return self.env._("To this sum we add recovery costs of %(costs)s (%(article)s).", **words)
        return self.env._(
            "Recovery costs come to %(costs)s (%(article)s). This message does not ask for them.", **words
        )

    @api.model
    def _per_day_sentence(self, per_day):
        """Return what one more day adds, empty if nothing."""
        if not per_day:
            return ""
        return self.env._("Until it is paid, late interest grows by %(amount)s a day.", amount=per_day)

    def _gap_sentence(self):
        """Return from which day on interest is not in the figures, its rate not being known, or nothing."""
        details = [line.penalty_shown for line in self.line_ids if line.penalty_shown]
        days = [detail["missing"]["day"] for detail in details if "missing" in detail]
        return self._gap_words(date.fromisoformat(min(days))) if days else ""

    @api.model
    def _gap_words(self, day):
        """Return that the interest from a day on is not in the figures."""
        return self.env._(
            "The late interest that runs from %(day)s on is not included: its rate is not known yet.",
            day=self._day_in_words(day),
        )

    def _waiver_sentence(self):
        """Return by when the invoices are to be paid for penalties that are claimed to be given up, if they are.

        Only what is claimed is named: a consumer in France never reads of an indemnity. To a public body nothing is
        given up (CCP L2192-14). A message has one way of counting its days: where the time to pay begins with the
        receipt of a registered letter, that time is the one in which paying spares the penalties.
        """
        days = self.account_id.plan_id.penalty_waive_days
        if not days or not self._claims_penalties() or self.partner_id.dunning_status == PUBLIC:
            return ""
        sums = self._penalty_sums()
        if self._counted_from_receipt():
            until = self.deadline_text
        else:
            until = self._day_in_words(self._penalty_day() + timedelta(days=days))
        return self._waiver_words(until, sums["interest"], sums["indemnity"], self._shows_costs())

    @api.model
    def _waiver_words(self, day, interest, indemnity, costs):
        """Return by when to pay for what is claimed of interest and indemnity to be given up, empty if nothing is.

        :param costs: what stands in the place of the indemnity are costs of collection
        """
        if indemnity and costs:
            if interest:
                return self.env._(
                    "If all these invoices are paid by %(day)s, we give up late interest and recovery costs.", day=day
                )
            return self.env._("If all these invoices are paid by %(day)s, we give up the recovery costs.", day=day)
        if interest and indemnity:
            return self.env._(
                "If all these invoices are paid by %(day)s, we give up late interest and indemnity.", day=day
            )
        if interest:
            return self.env._("If all these invoices are paid by %(day)s, we give up late interest.", day=day)
        if indemnity:
            return self.env._("If all these invoices are paid by %(day)s, we give up the fixed indemnity.", day=day)
        return ""

    # === LIFE === #

    def _freeze_penalties(self, day=None):
        """Keep what being late costs for the day on which these reminders leave; return them as they are read then."""
        open_ones = self.filtered(lambda reminder: reminder.state == "ready")
        for own_day, own in open_ones.grouped(lambda reminder: day or reminder.date).items():
            own.line_ids._freeze_penalties(own_day)
        return self.with_context(dunning_penalties_frozen=True)
