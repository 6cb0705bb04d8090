from odoo import fields, models

from .outcomes import OUTCOMES


class DunningForecastLine(models.TransientModel):
    """What would happen to one customer: what would leave, or why nothing would."""

    _name = "dunning.forecast.line"
    _description = "What Would Happen to a Customer"
    _order = "rank, amount DESC, partner_id, id"
    _rec_name = "partner_id"

    forecast_id = fields.Many2one("dunning.forecast", required=True, readonly=True, index=True, ondelete="cascade")
    date = fields.Date(related="forecast_id.date")
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    account_id = fields.Many2one("dunning.account", readonly=True)
    user_id = fields.Many2one("res.users", "Person in Charge", readonly=True)
    outcome = fields.Selection(OUTCOMES, "What Happens", readonly=True)
    rank = fields.Integer(readonly=True, aggregator=None, help="The order of what happens: what leaves comes first.")
    send = fields.Boolean("Would Leave", readonly=True)
    approval = fields.Boolean("Asks for an Approval", readonly=True)
    level_id = fields.Many2one("dunning.level", readonly=True)
    stage = fields.Selection(related="level_id.stage")
    channel_text = fields.Char("How", readonly=True)
    item_count = fields.Integer("Items Claimed", readonly=True)
    amount = fields.Monetary("Claimed", readonly=True, help="Announced, for a message before the due date.")
    amount_due = fields.Monetary("Due", readonly=True)
    amount_overdue = fields.Monetary("Overdue", readonly=True)
    amount_covered = fields.Monetary("On Its Way", readonly=True)
    reason_codes = fields.Char(readonly=True)
    reason_text = fields.Char("Why", readonly=True)
    next_date = fields.Date("Next Reminder", readonly=True)
    next_level_id = fields.Many2one("dunning.level", readonly=True)

    def action_open_account(self):
        """Show the account of the customer, or the customer who has none yet."""
        self.ensure_one()
        return (self.account_id or self.partner_id).get_formview_action()
