from odoo import api, fields, models


class DunningReminderLine(models.Model):
    """An item as the message shows it: a snapshot that payments do not change."""

    _name = "dunning.reminder.line"
    _description = "Reminder Item"
    _order = "reminder_id, date_maturity, id"
    _log_access = False  # half a million rows a year: who and when stand on the reminder

    reminder_id = fields.Many2one(
        "dunning.reminder", required=True, readonly=True, index=True, ondelete="cascade"
    )
    move_line_id = fields.Many2one("account.move.line", "Item", readonly=True, index=True, ondelete="set null")
    move_id = fields.Many2one(string="Invoice", related="move_line_id.move_id")
    move_name = fields.Char("Number", readonly=True)
    date_maturity = fields.Date("Due Date", readonly=True)
    company_currency_id = fields.Many2one(string="Company Currency", related="reminder_id.currency_id")
    amount_residual = fields.Monetary("Claimed", currency_field="company_currency_id", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount_currency = fields.Monetary("Claimed in Currency", readonly=True)
    level_id = fields.Many2one(
        "dunning.level", "Advances To", readonly=True, ondelete="restrict",
        help="Empty: the item is only listed.",
    )  # fmt: skip
    upcoming = fields.Boolean("Not Due Yet", readonly=True)
    # What the item had before this reminder left: it falls back to it if the message comes back.
    previous_level_id = fields.Many2one("dunning.level", "Level Before", readonly=True, ondelete="restrict")
    previous_date = fields.Date("Day of the Level Before", readonly=True)
    previous_due = fields.Date("Due Date at the Level Before", readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        self.env["dunning.reminder"].browse({vals.get("reminder_id") for vals in vals_list})._check_not_frozen()
        return super().create(vals_list)

    def write(self, vals):
        self.reminder_id._check_not_frozen()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_before_sending(self):
        self.reminder_id._check_not_frozen()

    def _claimed(self):
        """Return what is claimed, in the currency of the document."""
        return self.amount_currency if self.currency_id else self.amount_residual

    def action_open_invoice(self):
        """Show the invoice of the item."""
        return self.move_id.get_formview_action()
