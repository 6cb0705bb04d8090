from markupsafe import Markup

from odoo import Command, api, fields, models

from . import queries
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

    # The moment a reminded customer has paid: the person in charge is told, the customer may be thanked.

    settled_on = fields.Date(
        "Paid in Full On", readonly=True, help="The day on which all that was reminded turned out to be paid."
    )
    to_thank = fields.Boolean(readonly=True, help="A word of thanks leaves with the next delivery.")

    _to_thank = models.Index("(company_id) WHERE to_thank")

    @api.model
    def _note_settled(self, company, partners=None):
        """Note the customers who have paid all that was reminded since they were last reminded.

        :param partners: ids of commercial partners, all those of the company if empty
        :return: their accounts
        """
        day = company._dunning_today()
        rows = self.env.execute_query(queries.settled_accounts(self.env, company, partners, day))
        settled = self.browse([account for account, _amount in rows])
        if settled:
            settled.invalidate_recordset(["settled_on", "to_thank"])
            words = self.env._("All that was reminded is paid.")
            settled._message_log_batch(bodies={account.id: Markup("<p>%s</p>") % words for account in settled})
            self.env["dunning.notice"]._note(
                [{"account_id": account, "kind": "paid", "amount": amount} for account, amount in rows]
            )
        return settled
