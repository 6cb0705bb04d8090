from odoo import api, fields, models

from .event import KINDS


class DunningRegisteredLine(models.TransientModel):
    """A line that was scanned or read from a file: what it will do, or why it cannot."""

    _name = "dunning.registered.line"
    _inherit = ["dunning.pointing"]
    _description = "Line of Registered Letters"
    _order = "sequence, id"

    scan_id = fields.Many2one("dunning.registered.scan", index=True, ondelete="cascade")
    import_id = fields.Many2one("dunning.registered.import", index=True, ondelete="cascade")
    sequence = fields.Integer("Line")
    number = fields.Char()
    delivery_id = fields.Many2one("dunning.delivery", "Letter", ondelete="cascade")
    partner_id = fields.Many2one("res.partner", "Customer", ondelete="cascade")
    kind = fields.Selection(KINDS, "What Happened")
    date = fields.Date()
    words = fields.Text("What It Does")
    problem = fields.Char()
    odd = fields.Char("Doubt")
    remark = fields.Text("To Look At", compute="_compute_remark")  # a text shows all its words

    @api.depends("problem", "odd")
    def _compute_remark(self):
        for line in self:
            line.remark = line.problem or line.odd
