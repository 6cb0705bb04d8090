from odoo import api, fields, models

from ..core import reasons
from . import queries

# Reasons that the open reminder itself tells better.
TOLD_BY_REMINDER = (reasons.LEVEL_DUE, reasons.PENDING, reasons.FAILED, reasons.UNCERTAIN)


class DunningAccount(models.Model):
    _inherit = "dunning.account"

    reminder_ids = fields.One2many("dunning.reminder", "account_id", "Reminders", readonly=True)
    reminder_count = fields.Integer("Number of Reminders", compute="_compute_reminder_count")
    open_reminder_id = fields.Many2one("dunning.reminder", compute="_compute_open_reminder_id")

    @api.depends("reminder_ids")
    def _compute_reminder_count(self):
        groups = self.env["dunning.reminder"]._read_group(
            [("account_id", "in", self.ids)], ["account_id"], ["__count"]
        )
        counts = dict(groups)
        for account in self:
            account.reminder_count = counts.get(account._origin, 0)

    @api.depends("reminder_ids.state")
    def _compute_open_reminder_id(self):
        reminders = self.env["dunning.reminder"].search(
            [("account_id", "in", self.ids), ("state", "in", ("draft", "ready", "failed", "uncertain"))]
        )
        by_account = {reminder.account_id: reminder for reminder in reminders}
        for account in self:
            account.open_reminder_id = by_account.get(account._origin)

    @api.depends("reminder_ids.state", "reminder_ids.date", "reminder_ids.reason")
    def _compute_reason_text(self):
        """Say first what the open reminder waits for: it is why no other one leaves."""
        res = super()._compute_reason_text()
        for account in self.filtered("open_reminder_id"):
            others = [reason for reason in account.reasons or [] if reason["code"] not in TOLD_BY_REMINDER]
            words = account._why(others)
            account.reason_text = " · ".join(filter(None, [account.open_reminder_id._words_while_open(), words]))
        return res

    def _absorb(self, others):
        """Take over the reminders; of several open ones one stays, a customer gets one message.

        One that may have left stays before all others: a person has to say what became of it.
        """
        super()._absorb(others)
        accounts = self + others
        waiting = self.env["dunning.reminder"].search(
            [("account_id", "in", accounts.ids), ("state", "in", ("draft", "ready", "failed", "uncertain"))], order="id"
        ).sorted(lambda reminder: ("uncertain", "ready", "draft", "failed").index(reminder.state))
        waiting[1:]._check_not_leaving()
        waiting[1:]._set_state("cancelled", reason=self.env._("The customer was merged with another one."))
        self.env.execute_query(queries.move_reminders(self.env, self.id, others.ids))
        self.env.invalidate_all()
        self.env.execute_query(queries.mark_contacts(self.env, self.ids))

    # === BUTTONS === #

    def action_open_reminders(self):
        """Show the reminders of the account, whatever became of them."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("relance_progressive.dunning_reminder_action")
        return action | {
            "name": self.env._("Reminders of %(customer)s", customer=self.partner_id.display_name),
            "domain": [("account_id", "=", self.id)],
            "context": {},
        }

    def action_open_open_reminder(self):
        """Show the reminder that waits."""
        return self.open_reminder_id.get_formview_action()
