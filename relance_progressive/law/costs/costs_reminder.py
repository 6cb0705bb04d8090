from decimal import Decimal

from odoo import api, fields, models

from ...core.law.citation import cite
from ...core.law.costs import highest_costs
from ...core.law.interest import charges_costs
from ...core.law.regime import NOTICE
from . import costs_queries


class DunningReminder(models.Model):
    """The first reminder of a consumer in Belgium or the Netherlands is free, and says what may follow.

    Without that nothing can be charged later (CDE, book XIX; BW 6:96).
    """

    _inherit = "dunning.reminder"

    free_text = fields.Char("What May Follow a Free Reminder", compute="_compute_free_text", compute_sudo=True)

    @api.depends("line_ids.move_line_id", "line_ids.amount_currency", "level_id.penalties", "level_id.stage")
    @api.depends_context("lang")
    def _compute_free_text(self):
        """Two queries for each company, however many reminders."""
        self.free_text = ""
        free = self.filtered(lambda reminder: reminder.stage != "pre_due" and not reminder._claims_penalties())
        for company, own in free.grouped("company_id").items():
            known = company._dunning_terms({(reminder.partner_id.id, False) for reminder in own})
            terms = {
                reminder: found
                for reminder in own
                if (found := known.get((reminder.partner_id.id, False)))
                and found.regime.costs and found.regime.starts == NOTICE
            }  # fmt: skip
            items = [line.move_line_id.id for reminder in terms for line in reminder.line_ids if not line.upcoming]
            if not items:
                continue
            rows = self.env.execute_query(costs_queries.first_reminders(self.env, items))
            first = {item: reminder for item, reminder, *_rest in rows}
            for reminder, found in terms.items():
                reminder.free_text = reminder._free_sentence(found, first)

    def _free_sentence(self, terms, first):
        """Return what a free reminder says, nothing if an earlier one was the first of all that it claims.

        :param first: ``{item id: id of its first reminder}``
        """
        lines = self.line_ids.filtered(
            lambda line: not line.upcoming and first.get(line.move_line_id.id, self.id) == self.id
        )
        if not lines:
            return ""
        words, regime = [self.env._("This reminder is free of charge.")], terms.regime
        costs = self._costs_to_come(terms, lines) if charges_costs(terms) else {}
        if costs:
            words.append(self.env._(
                "If these invoices are not paid within %(days)s days from the day after you receive it, recovery costs "
                "of %(costs)s may be added to them (%(invoices)s; %(article)s).",
                days=regime.costs.waiting, costs=self._sums_in_words(costs),
                invoices=", ".join(dict.fromkeys(name for name in lines.mapped("move_name") if name)),
                article=cite(regime.costs.article, self.env.lang),
            ))  # fmt: skip
        return " ".join(words)

    def _costs_to_come(self, terms, lines):
        """Return ``{currency: costs}`` that may follow these lines: of each invoice, or their share of those of all."""
        regime, every = terms.regime, self._lines_of_the_claim()
        currency = every.currency_id
        if currency.mapped("name") != [regime.currency]:
            return {}  # a sum in another currency would be another one on the day it is claimed
        moves = [every] if regime.costs.together else lines.grouped(lambda line: line.move_line_id.move_id).values()
        sums = [sum(Decimal(str(line.amount_currency)) for line in own) for own in moves]
        costs = sum((highest_costs(regime, debt) for debt in sums), Decimal(0))
        if regime.costs.together and sums[0]:
            costs *= sum(Decimal(str(line.amount_currency)) for line in lines) / sums[0]
        return {currency: float(costs)} if costs else {}
