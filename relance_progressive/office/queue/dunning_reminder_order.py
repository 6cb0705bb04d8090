from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError


class DunningReminderOrder(models.TransientModel):
    """A person's word about reminders that have not left: later, or not this level."""

    _name = "dunning.reminder.order"
    _inherit = ["dunning.pointing"]
    _description = "Postpone or Pass Reminders"

    act = fields.Selection(
        [("postpone", "Postpone"), ("skip", "Pass the level")], required=True, readonly=True, default="postpone"
    )
    reminder_ids = fields.Many2many("dunning.reminder", string="Reminders", required=True, readonly=True)
    count = fields.Integer("Number of Reminders", compute="_compute_count")
    date = fields.Date("Leaves On", default=lambda self: self._tomorrow())
    reason = fields.Char(help="Kept with the customer: who decided it, and why.")

    @api.model
    def _tomorrow(self):
        company = self.env.company.root_id
        today = company._dunning_today()
        return company.sudo()._dunning_calendar(today).next_open(today + timedelta(days=1))

    @api.depends("reminder_ids")
    def _compute_count(self):
        for order in self:
            order.count = len(order.reminder_ids)

    def _get_window(self, title):
        return {
            "type": "ir.actions.act_window", "name": title, "res_model": self._name, "res_id": self.id,
            "view_mode": "form", "target": "new",
        }  # fmt: skip

    def action_apply(self):
        """Carry out what was decided."""
        self.ensure_one()
        if self.act == "postpone":
            self._apply_postpone()
        else:
            self._apply_skip()
        return {"type": "ir.actions.act_window_close"}

    def _apply_postpone(self):
        reminders = self.reminder_ids
        reminders._check_selection(("draft", "ready"), self.env._("Only what has not left can be postponed."))
        for company, own in reminders.sudo().grouped("company_id").items():
            today = company._dunning_today()
            if not self.date or self.date <= today:
                raise UserError(self.env._("Choose a later day than today."))
            own._postpone(company._dunning_calendar(today).next_open(self.date))
        reminders._show_accounts_now()

    def _apply_skip(self):
        reminders = self.reminder_ids
        reminders._check_selection(
            ("draft", "ready", "failed"), self.env._("Only what has not left can be passed.")
        )  # fmt: skip
        if not (self.reason or "").strip():
            raise UserError(self.env._("Say why: it stays with the customer."))
        words = self.env._(
            "Level passed without sending, says %(user)s: %(reason)s", user=self.env.user.name, reason=self.reason
        )
        for company, own in reminders.sudo().grouped("company_id").items():
            own.with_context(tracking_disable=True)._pass_level(company._dunning_today(), words)
        link = Markup("<a href='#' data-oe-model='dunning.reminder' data-oe-id='%s'>%s</a>")
        reminders.account_id.sudo()._message_log_batch(bodies={
            reminder.account_id.id: Markup("<p>%s, %s. %s</p>") % (
                link % (reminder.id, reminder.name), reminder.level_id.name, words
            )
            for reminder in reminders
        }, author_id=self.env.user.partner_id.id)  # fmt: skip
        reminders._show_accounts_now()
