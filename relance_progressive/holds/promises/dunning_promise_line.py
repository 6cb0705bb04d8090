from odoo import fields, models

from .dunning_promise import STATES


class DunningPromiseLine(models.Model):
    """An amount of one item, promised for a day."""

    _name = "dunning.promise.line"
    _description = "Promised Amount"
    _order = "date, id"
    _rec_name = "move_name"

    promise_id = fields.Many2one("dunning.promise", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="promise_id.company_id")
    currency_id = fields.Many2one(related="promise_id.currency_id")
    partner_id = fields.Many2one(related="promise_id.partner_id")
    move_line_id = fields.Many2one(
        "account.move.line", "Item", readonly=True, index="btree_not_null", ondelete="set null"
    )
    move_name = fields.Char("Document", readonly=True)
    date = fields.Date("For", required=True, readonly=True)
    amount = fields.Monetary("Promised", required=True, readonly=True)
    paid_before = fields.Monetary(readonly=True, help="What had been paid of the item when it was promised.")
    amount_kept = fields.Monetary("Paid in Time", readonly=True)
    state = fields.Selection(STATES, "Status", required=True, readonly=True, default="open")
    replaced_by_id = fields.Many2one("dunning.promise", readonly=True, ondelete="set null")

    _amount_positive = models.Constraint("CHECK (amount > 0)", "A promise is for an amount above zero.")
