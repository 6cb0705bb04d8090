from odoo import api, fields, models

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

    @api.model
    def _to_replace(self, items):
        """Return what is promised of ``items`` and still expected."""
        return self.search([
            ("move_line_id", "in", items.ids), ("promise_id.state", "=", "open"), ("replaced_by_id", "=", False),
            ("state", "=", "open"),
        ])  # fmt: skip

    def _replaced_by(self, promise):
        """Give way to a newer promise of the same items."""
        self.write({"replaced_by_id": promise.id, "state": "cancelled"})
        for other in self.promise_id:
            left = other._sum_up()
            other._message_log(body=self.env._("Replaced by %(promise)s", promise=promise.name))
            if not left:
                other.write({
                    "state": "cancelled", "told_state": "cancelled", "next_date": False, "check_date": False,
                })  # fmt: skip

    def _restore(self):
        """Be expected again: the promise that replaced these lines was recorded by mistake."""
        self.write({"replaced_by_id": False, "state": "open"})
        for promise in self.promise_id:
            promise._sum_up()
            promise.write({"state": "open", "told_state": "open"})
            promise._message_log(body=self.env._("Expected again: what replaced it was cancelled."))
