from odoo import api, fields, models


class DunningPortalAnswer(models.Model):
    """The end of an answer: the money has come, or a person says no."""

    _inherit = "dunning.portal.answer"

    @api.model
    def _follow_items(self, items):
        """End the answers "I have paid" whose money has come; they are open again when it goes back.

        :param items: journal items of which something was paid, or is owed again
        """
        answers = self.search([
            ("kind", "=", "paid"), ("move_line_ids", "in", items.ids), ("state", "in", ("to_do", "recorded", "done")),
        ])  # fmt: skip
        for answer in answers:
            settled = all(answer.move_line_ids.mapped("reconciled"))
            if settled and answer.state != "done":
                answer._set_state("done", decided_at=fields.Datetime.now())
                answer._message_log(body=self.env._("The money has come: what the customer says he paid is settled."))
                answer.activity_ids.action_feedback()
            elif not settled and answer.state == "done" and not answer.decided_by_id:
                answer._set_state("recorded" if answer.dispute_id else "to_do", decided_at=False)
                answer._message_log(body=self.env._("The money went back: some of it is owed again."))


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
