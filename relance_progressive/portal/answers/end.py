from odoo import fields, models


class DunningPortalAnswerRefuse(models.TransientModel):
    """Why what a customer asked for is refused: he reads it."""

    _name = "dunning.portal.answer.refuse"
    _inherit = ["dunning.pointing"]
    _description = "Refuse What a Customer Asked For"

    answer_id = fields.Many2one("dunning.portal.answer", required=True, readonly=True, ondelete="cascade")
    summary = fields.Char(related="answer_id.summary", related_sudo=False)
    reason = fields.Text(required=True)

    def action_refuse(self):
        """Tell the customer, and let what is owed be reminded again."""
        self.ensure_one()
        self.answer_id.account_id.check_access("write")
        self.answer_id._decide("refused", refusal=self.reason.strip())
        return {"type": "ir.actions.act_window_close"}
