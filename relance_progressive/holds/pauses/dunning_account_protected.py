from odoo import api, fields, models
from odoo.exceptions import UserError

from ...core.decision.facts import STAGES
from . import queries

DEFAULT_STAGE = "friendly"


class DunningAccount(models.Model):
    """A customer not to lose: from a stage on, a person reads every message before it leaves."""

    _inherit = "dunning.account"

    protected = fields.Boolean(
        "Do Not Lose This Customer", tracking=True, people=True,
        help="Above the chosen stage no message leaves by itself: it waits for a person's approval.",
    )  # fmt: skip
    protected_stage = fields.Selection(
        [
            ("pre_due", "Reminders before the due date"),
            ("friendly", "Friendly reminders"),
            ("firm", "Firm reminders"),
        ],
        "Without Approval Up To", tracking=True, people=True, help="Friendly reminders if empty.",
    )  # fmt: skip

    def write(self, vals):
        marks = {"protected", "protected_stage"} & vals.keys()
        if marks and not self.env.su and not self.env.user.has_group("relance_progressive.dunning_group_manager"):
            self._check_more_careful(vals)
        res = super().write(vals)
        if marks:
            self._ask_above_the_cap()
            self.sudo()._decide_again()
            for company, own in self.grouped("company_id").items():
                self.env["dunning.account"]._refresh_live(company, own.partner_id)
        return res

    def _check_more_careful(self, vals):
        """Let a user be more careful with a customer; only a manager may be less.

        :raise UserError: if the mark is taken off or its stage raised
        """
        for account in self.filtered("protected"):
            rank = STAGES.index(vals.get("protected_stage", account.protected_stage) or DEFAULT_STAGE)
            if not vals.get("protected", True) or rank > account._rank_without_approval():
                raise UserError(self.env._("Only a manager takes this mark off, or lets firmer messages go."))

    def _is_above_cap(self, level):
        """Tell whether a message of this level needs a person's approval for this customer."""
        return self.protected and STAGES.index(level.stage) > self._rank_without_approval()

    def _rank_without_approval(self):
        return STAGES.index(self.protected_stage or DEFAULT_STAGE)

    def _ask_above_the_cap(self):
        """Have what is ready and too firm wait for an approval: nobody has given one for this customer."""
        ready = self.env["dunning.reminder"].sudo().search([("account_id", "in", self.ids), ("state", "=", "ready")])
        firm = ready.filtered(lambda reminder: reminder.account_id._is_above_cap(reminder.level_id))
        firm._check_not_leaving()
        firm._set_state("draft", draft_reason="approval")

    @api.model
    def _careful_stages(self, company, partners):
        """Return ``{customer id: the firmest stage that leaves without approval}`` of those not to lose."""
        rows = self.env.execute_query(queries.protected_stages(self.env, company, partners))
        return {partner: stage or DEFAULT_STAGE for partner, stage in rows}

    @api.model
    def _careful_policies(self, company, partners):
        """Return the function ``(customer, policy) -> policy`` that asks for an approval above the stage of each."""
        stages, careful = self._careful_stages(company, partners), {}

        def policy_for(partner, policy):
            stage = stages.get(partner)
            if not policy or not stage:
                return policy
            key = (id(policy), stage)
            if key not in careful:  # one policy for each: the core makes each ready once
                careful[key] = policy.asking_above(stage)
            return careful[key]

        return policy_for
