from odoo import api, fields, models

from .decision_follow import ACTIVITY
from .dunning_decision import STANDING


class DunningAccount(models.Model):
    """What of an account waits for a decision."""

    _inherit = "dunning.account"
    # What expired comes first; without a decision to take the date is empty, hence last.
    _order = "decision_since, broken_promise_date, next_date, amount_overdue DESC, id"

    decision_ids = fields.One2many("dunning.decision", "account_id", "Decisions", readonly=True)
    decision_since = fields.Date(
        "To Decide Since", readonly=True, help="Since when a formal notice without payment waits for a decision."
    )
    standing_decision_ids = fields.Many2many("dunning.decision", compute="_compute_standing_decision_ids")
    decision_text = fields.Char("To Decide", compute="_compute_standing_decision_ids")

    @api.depends("decision_ids.state", "decision_ids.until")
    @api.depends_context("lang")
    def _compute_standing_decision_ids(self):
        today = self.company_id._dunning_days()
        for account in self:
            own = account.decision_ids.filtered(lambda decision: decision.state in STANDING)
            own = own.filtered(
                lambda decision: decision.state != "delay" or decision.until >= today[decision.company_id]
            )
            account.standing_decision_ids = own
            opened = own.filtered(lambda decision: decision.state == "open").sorted("id")
            account.decision_text = " · ".join(opened.mapped("sentence"))

    def _end_decision_activities(self):
        """Close what the persons in charge had to decide."""
        if activities := self._tasks(ACTIVITY):
            activities.action_feedback()

    # === BUTTONS === #

    def _open_decisions(self):
        return self.decision_ids.filtered(lambda decision: decision.state == "open")

    def action_hand_over(self):
        """Hand over to a case what waits for a decision."""
        return self._open_decisions().action_hand_over()

    def action_new_delay(self):
        """Give more time for what waits for a decision."""
        return self._open_decisions().action_new_delay()

    def action_give_up(self):
        """Give up what waits for a decision."""
        return self._open_decisions().action_give_up()

    def action_open_decisions(self):
        """Show the decisions of the account, those taken too."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("relance_progressive.dunning_decision_action")
        return action | {
            "name": self.env._("Decisions about %(customer)s", customer=self.partner_id.display_name),
            "domain": [("account_id", "=", self.id)],
            "context": {},
        }
