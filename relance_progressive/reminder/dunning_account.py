from odoo import api, fields, models


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

    def _show_now(self):
        """Bring these accounts up to date: their next step has changed."""
        self._decide_again()
        for company, own in self.grouped("company_id").items():
            self._refresh_live(company, own.partner_id)

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
