from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class DunningAccount(models.Model):
    """What is paused of an account, and why."""

    _inherit = "dunning.account"

    pause_ids = fields.One2many("dunning.pause", "account_id", "Pauses", readonly=True)
    running_pause_ids = fields.Many2many("dunning.pause", string="Running Pauses", compute="_compute_running_pause_ids")
    whole_pause = fields.Boolean("Paused as a Whole", compute="_compute_running_pause_ids")

    @api.depends("pause_ids.ended_on", "pause_ids.until")
    def _compute_running_pause_ids(self):
        pauses = self.env["dunning.pause"]
        found = pauses.search(
            pauses._domain_running_now()
            & (
                Domain("account_id", "in", self.ids)
                | (Domain("scope", "=", "company") & Domain("company_id", "in", self.company_id.ids))
            )
        )
        by_account = found.grouped("account_id")
        of_companies = by_account.get(self.env["dunning.account"], pauses)
        for account in self:
            of_company = of_companies.filtered(lambda pause, account=account: pause.company_id == account.company_id)
            own = by_account.get(account._origin, pauses)
            account.running_pause_ids = of_company | own
            account.whole_pause = any(pause.scope == "account" for pause in own)

    @api.model
    def _decide_company_again(self, company):
        """Have every account of a company decided again by the next run."""
        self._forget_fingerprint(SQL("company_id = %s", company.id))

    # === BUTTONS === #

    def action_pause(self):
        """Ask until when this customer is not reminded."""
        self.ensure_one()
        return self.env["dunning.pause"]._new_action(scope="account", account_id=self.id)

    def action_end_pause(self):
        """Lift what pauses this customer as a whole."""
        self.running_pause_ids.filtered(lambda pause: pause.scope == "account").action_end()
