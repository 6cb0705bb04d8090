from odoo import api, fields, models


class DunningPenaltyWaiverLine(models.Model):
    """What is waived of one item, in the currency of the item."""

    _name = "dunning.penalty.waiver.line"
    _description = "Waived Penalties of an Item"
    _order = "id"
    _rec_name = "invoice_name"

    waiver_id = fields.Many2one("dunning.penalty.waiver", required=True, readonly=True, index=True, ondelete="cascade")
    move_line_id = fields.Many2one("account.move.line", "Item", readonly=True, index=True, ondelete="set null")
    invoice_id = fields.Many2one(string="Invoice", related="move_line_id.move_id", store=True, index=True)
    invoice_name = fields.Char("Number", readonly=True)
    date_maturity = fields.Date("Due on", readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    interest_amount = fields.Monetary("Late Interest", readonly=True)
    indemnity_amount = fields.Monetary("Fixed Indemnity", readonly=True)
    to_come = fields.Boolean("Also What Is to Come", readonly=True, help="All interest of this item, for good.")

    _not_negative = models.Constraint(
        "CHECK (interest_amount >= 0 AND indemnity_amount >= 0)", "What is waived is not negative."
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Keep the names of the items, which stay in the history whatever becomes of them."""
        for vals in vals_list:
            item = self.env["account.move.line"].browse(vals.get("move_line_id"))
            vals |= {
                "invoice_name": item.dunning_name, "date_maturity": item.date_maturity,
                "currency_id": vals.get("currency_id") or item.currency_id.id,
            }  # fmt: skip
        return super().create(vals_list)


class DunningPenaltyWaiverCancel(models.TransientModel):
    """Why penalties are claimed after all."""

    _name = "dunning.penalty.waiver.cancel"
    _inherit = ["dunning.pointing"]
    _description = "Cancel a Waiver of Penalties"

    waiver_ids = fields.Many2many("dunning.penalty.waiver", required=True)
    reason = fields.Char(required=True)

    def action_cancel(self):
        """Cancel the waivers: the penalties are claimed again where the plan says so."""
        self.waiver_ids._cancel(self.reason)
        return {"type": "ir.actions.act_window_close"}
