from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ...settings.inside import INSIDE

LONGEST_DAYS = 90  # of a pause that needs no manager
DEFAULT_DAYS = 14  # proposed


class DunningPause(models.Model):
    """What may be paused, by whom and for how long."""

    _inherit = "dunning.pause"

    only_items = fields.Boolean("Only Some Invoices", compute="_compute_only_items", readonly=False, people=True)

    @api.model
    def default_get(self, fields_list):
        """Propose two weeks from today."""
        values = super().default_get(fields_list)
        if "until" in fields_list and "until" not in values:
            values["until"] = self.env.company._dunning_today() + timedelta(days=DEFAULT_DAYS)
        return values

    @api.depends("scope")
    def _compute_only_items(self):
        for pause in self:
            pause.only_items = pause.scope == "items"

    @api.onchange("only_items")
    def _onchange_only_items(self):
        if self.scope != "company":
            self.scope = "items" if self.only_items else "account"

    def _is_manager(self):
        return self.env.su or self.env.user.has_group("relance_progressive.dunning_group_manager")

    def _check_may_lift(self):
        """Refuse to users to lift, or to shorten, what only a manager could set.

        :raise UserError: saying what is allowed
        """
        if self._is_manager():
            return
        for pause in self.filtered(lambda pause: pause.kind != "blocked"):  # anybody may toggle that one in Odoo
            if pause.scope == "company":
                raise UserError(self.env._("Only a manager lets the reminders of the whole company go on."))
            if not pause.until:
                raise UserError(self.env._("This exclusion has no end: only a manager lifts it."))

    def _check_rights(self):
        """Refuse to users what only a manager may: a whole company, no end, or one too far away.

        :raise UserError: saying what is allowed
        """
        if self._is_manager():
            return
        for pause in self:
            if pause.scope == "company":
                raise UserError(self.env._("Only a manager pauses the reminders of the whole company."))
            if not pause.until:
                raise UserError(self.env._("An exclusion without an end needs a manager: give the pause an end date."))
            last = pause.company_id._dunning_today() + timedelta(days=LONGEST_DAYS)
            if pause.until > last:
                raise UserError(self.env._(
                    "You may pause reminders for %(days)s days, until %(last)s; a longer pause needs a manager.",
                    days=LONGEST_DAYS, last=format_date(self.env, last),
                ))  # fmt: skip

    @api.constrains("until")
    def _check_until(self):
        """An end that is past pauses nothing; one that was typed for a replay is judged from its beginning."""
        for pause in self:
            if pause.until and pause.until < pause.date_from:
                raise ValidationError(self.env._("A pause cannot end before it begins."))

    @api.constrains("company_id")
    def _check_company(self):
        if self.company_id.parent_id:
            raise ValidationError(self.env._("A branch is reminded by its main company: pause that one."))

    @api.constrains("scope", "line_ids", "account_id", "company_id")
    def _check_items(self):
        """The items are those of the account, the account is one of the company."""
        if self.env.su and self.env.context.get("dunning_merging") is INSIDE:
            return  # the items follow their account to the customer that stays
        for pause in self:
            account, lines = pause.account_id.sudo(), pause.line_ids.sudo()
            if account and account.company_id != pause.company_id:
                raise ValidationError(self.env._("The account belongs to another company."))
            if (pause.scope == "items") != bool(lines):
                raise ValidationError(self.env._("Choose the invoices to pause, or pause the whole account."))
            account._check_owes(lines)
