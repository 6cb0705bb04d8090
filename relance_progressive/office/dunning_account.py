
from odoo import Command, api, fields, models

from .forecast import next_action


class DunningAccount(models.Model):
    _inherit = "dunning.account"

    next_action = fields.Char("What Has to Happen", compute="_compute_next_step")
    next_step = fields.Char("What Comes Next", compute="_compute_next_step")

    @api.depends(
        "level_id", "last_contact_date", "next_level_id", "next_date", "reasons", "reminder_ids.state",
        "reminder_ids.date", "reminder_ids.draft_reason", "reminder_ids.waiting", "reminder_ids.delivery_ids.state",
    )  # fmt: skip
    @api.depends_context("lang")
    def _compute_next_step(self):
        """Say what has to happen, by whom or when: to decide, to approve, to call, to complete, to wait."""
        by_hand = self._left_to_people()
        for account in self:
            reminder = account.open_reminder_id
            account.next_action = (
                next_action.of_reminder(reminder) if reminder else next_action.of_account(account, by_hand.get(account))
            )
            account.next_step = f"{account._words_of_last_step()} {account.next_action}"

    def _left_to_people(self):
        """Return ``{account: the last reminder that has left but for a call to make or a letter to post}``."""
        deliveries = self.env["dunning.delivery"].search([
            ("state", "=", "ready"), ("reminder_id.state", "=", "sent"), ("reminder_id.account_id", "in", self.ids),
        ])  # fmt: skip
        return {reminder.account_id: reminder for reminder in deliveries.reminder_id.sorted("id")}

    def action_forecast(self):
        """Ask for a day, and show what would happen: to these customers, to all when none is chosen."""
        forecast = self.env["dunning.forecast"].create({"partner_ids": [Command.set(self.partner_id.ids)]})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What Would Happen"),
            "res_model": "dunning.forecast",
            "res_id": forecast.id,
            "view_mode": "form",
            "target": "new",
        }
