from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models

from ...reminder.dunning_reminder import FROZEN_STATES
from .words import as_data


class DunningReminderLine(models.Model):
    """What being late costs, of an item as the message shows it.

    Frozen for the day on which the reminder leaves; until then computed whenever somebody looks.
    """

    _inherit = "dunning.reminder.line"

    interest_amount = fields.Monetary("Late Interest Sent", readonly=True)
    indemnity_amount = fields.Monetary("Indemnity Sent", readonly=True)
    # Read for those who ask for it alone: it is as long as all the rest of a line.
    penalty_detail = fields.Json("Computation Sent", readonly=True, prefetch=False)

    interest_shown = fields.Monetary("Late Interest", compute="_compute_penalties_shown")
    indemnity_shown = fields.Monetary("Indemnity", compute="_compute_penalties_shown")
    penalty_shown = fields.Json("Computation", compute="_compute_penalties_shown")

    @api.depends(
        "interest_amount", "indemnity_amount", "penalty_detail", "move_line_id", "amount_currency", "upcoming",
        "reminder_id.state", "reminder_id.date", "reminder_id.level_id.penalties",
    )  # fmt: skip
    @api.depends_context("dunning_penalties_frozen", "dunning_letter_day")
    def _compute_penalties_shown(self):
        frozen = self if self.env.context.get("dunning_penalties_frozen") else self.filtered(
            lambda line: line.reminder_id.state in FROZEN_STATES
        )
        for line in frozen:
            line.interest_shown, line.indemnity_shown = line.interest_amount, line.indemnity_amount
            line.penalty_shown = line.penalty_detail
        live = self - frozen
        figures = live._penalties(self.env.context.get("dunning_letter_day"))
        for line in live:
            line.interest_shown, line.indemnity_shown, line.penalty_shown = figures.get(line.id, (0.0, 0.0, False))

    def _penalties(self, day=None):
        """Return ``{line id: (interest, indemnity, computation)}`` of those that have any, for a few queries.

        Nothing is computed where the level does not speak of them, nor for what is not due yet.

        :param day: last day of the interest, each reminder's own day if empty
        """
        groups = defaultdict(lambda: self.browse())
        for line in self:
            reminder = line.reminder_id
            if line.move_line_id and not line.upcoming and reminder.level_id.penalties != "none":
                groups[reminder.company_id, day or reminder.date] |= line
        figures = {}
        for (company, until), lines in groups.items():
            figures.update(lines._penalties_on(company, until))
        return figures

    def _penalties_on(self, company, until):
        claimed = {line.move_line_id.id: Decimal(str(line.amount_currency)) for line in self}
        penalties = self.env["dunning.penalty"].sudo()._of_claim(company, claimed, until)
        return {
            line.id: (float(penalty.interest_left), float(penalty.indemnity_left), as_data(penalty, until))
            for line in self
            if (penalty := penalties.get(line.move_line_id.id)) and penalty.total_left
        }

    def _freeze_penalties(self, day):
        """Keep what being late costs on the day on which the reminders leave.

        :return: the lines, as they are read from now on
        """
        figures = self._penalties(day)
        self.env["dunning.penalty"]._store_on_lines({line.id: figures.get(line.id, (0, 0, None)) for line in self})
        self.reminder_id.sudo().write({"penalty_day": day})
