from odoo import api, fields, models
from odoo.tools import format_amount, format_date


class DunningAccount(models.Model):
    """What a person reads on an account: where it stands and what comes next, in sentences."""

    _inherit = "dunning.account"

    level_stage = fields.Selection(string="Stage Reached", related="level_id.stage")
    headline = fields.Char("In Short", compute="_compute_headline")

    @api.depends("amount_due", "amount_overdue", "amount_covered", "amount_notice", "oldest_due_date")
    @api.depends_context("lang")
    def _compute_headline(self):
        for account in self:
            account.headline = account._headline()

    def _headline(self):
        owed = self._headline_owed()
        if self.amount_notice > 0:
            return self.env._("%(owed)s; %(notice)s of it under formal notice",
                              owed=owed, notice=self._in_words(self.amount_notice))  # fmt: skip
        return owed

    def _headline_owed(self):
        if self.amount_overdue > 0:
            late = (
                self.env._("the oldest invoice is one day late")
                if self.days_late == 1
                else self.env._("the oldest invoice is %(days)s days late", days=self.days_late)
            )
            return self.env._("%(amount)s overdue, %(late)s", amount=self._in_words(self.amount_overdue), late=late)
        if self.amount_due > 0:
            return self.env._("%(amount)s due later, nothing overdue", amount=self._in_words(self.amount_due))
        if self.amount_covered > 0:
            return self.env._("Nothing to claim: %(amount)s is on its way", amount=self._in_words(self.amount_covered))
        return self.env._("Nothing is owed")

    def _words_of_last_step(self):
        if not self.last_contact_date:
            return self.env._("Never reminded.")
        day = format_date(self.env, self.last_contact_date)
        if not self.level_id:
            return self.env._("Last message on %(day)s.", day=day)
        return self.env._("Last message on %(day)s, level reached: %(level)s.", day=day, level=self.level_id.name)

    def _in_words(self, amount):
        return format_amount(self.env, amount, self.currency_id)

    # === BUTTONS === #

    def action_refresh(self):
        """Decide these accounts again now, without waiting for the night."""
        self.check_access("read")
        for company, own in self.grouped("company_id").items():
            self.sudo()._refresh_live(company, own.partner_id)

    def action_open_customer(self):
        """Show the customer."""
        self.ensure_one()
        return self.partner_id.get_formview_action()
