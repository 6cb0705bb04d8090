import logging

from odoo import api, fields, models

from ..core import reasons
from ..core.facts import Hold
from ..settings.apart import apart
from . import decision_queries
from .decision_follow import ACTIVITY
from .dunning_decision import STANDING

_logger = logging.getLogger(__name__)
HOLD = reasons.HOLD_PREFIX + "decision"


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

    @api.model
    def _holds(self, company, partners, day):
        """Also hold what waits for a decision, what got a new delay, and what was handed over."""
        holds = super()._holds(company, partners, day)
        for partner, item, state, until, pay_until in self.env.execute_query(
            decision_queries.holds(self.env, company, partners, day)
        ):
            hold = Hold("legal", item) if state == "case" else Hold("decision", item, None, until, since=pay_until)
            holds.setdefault(partner, []).append(hold)
        # The night asks for the decisions first; a preview of its day, or of a later one, asks for none.
        for item, _reminder, partner, sent, until in self.env["dunning.decision"].sudo()._notices(
            company, day, partners
        ):
            expired = until is not None and until < day
            hold = Hold("decision", item, since=until) if expired else Hold("notice", item, None, until, since=sent)
            holds.setdefault(partner, []).append(hold)
        return holds

    def _why(self, reasons):
        """Say first what waits for a decision: it is why the account is on top of the list."""
        return super()._why(sorted(reasons or [], key=lambda reason: reason["code"] != HOLD))

    def _own_words(self):
        """Also say since when a decision is needed, and what was decided."""
        words = super()._own_words()
        own = self.standing_decision_ids
        for code, states in (("decision", ("open", "delay")), ("legal", ("case",))):
            if told := own.filtered(lambda decision, states=states: decision.state in states):
                words[reasons.HOLD_PREFIX + code] = ", ".join(told.sorted("id").mapped("sentence"))
        return words

    @api.depends("decision_ids.state", "decision_ids.until")
    def _compute_reason_text(self):
        return super()._compute_reason_text()

    def _end_decision_activities(self):
        """Close what the persons in charge had to decide."""
        if activities := self._tasks(ACTIVITY):
            activities.action_feedback()

    def _absorb(self, others):
        """Take over the decisions."""
        super()._absorb(others)
        others.sudo().decision_ids.account_id = self.id
        self.sudo().decision_ids.with_context(dunning_no_refresh=True)._has_changed()

    # === PAYMENTS === #

    @api.model
    def _refresh_now(self, touched):
        """Also close the decisions about what is paid, before the accounts are decided again."""
        self._close_paid_decisions(touched.get("items", ()))
        return super()._refresh_now(touched)

    @api.model
    def _close_paid_decisions(self, items):
        """Close decisions; a payment never fails because of them, the night does it again."""
        if not items:
            return  # a savepoint would run what waits for the commit

        def told(_error):
            _logger.exception("The decisions about %s could not follow what is paid", items)

        with apart(self.env, told):
            decisions = self.env["dunning.decision"].sudo().search([
                ("item_ids", "in", list(items)), ("state", "in", STANDING),
            ])  # fmt: skip
            decisions.with_context(dunning_no_refresh=True)._close_overtaken()

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
