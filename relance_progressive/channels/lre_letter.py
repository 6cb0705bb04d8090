from odoo import api, models


class DunningLetter(models.AbstractModel):
    """A letter that leaves electronically says so: there is no slip of acknowledgement of receipt."""

    _inherit = "dunning.letter"

    @api.model
    def _frame(self, reminder, contact, subject, text, kind):
        return {**super()._frame(reminder, contact, subject, text, kind), "electronic": kind == "lre"}
