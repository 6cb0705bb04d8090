from odoo import fields, models

READERS = "relance_progressive.dunning_group_user,account.group_account_readonly"


class AccountMove(models.Model):
    _inherit = "account.move"

    dunning_dispute_text = fields.Char("Contested", compute="_compute_dunning_dispute_text", groups=READERS)

    def _compute_dunning_dispute_text(self):
        lines = self.env["dunning.dispute.line"].search([
            ("move_line_id.move_id", "in", self.ids), ("dispute_id.state", "in", ("open", "accepted", "partly")),
        ])  # fmt: skip
        by_move = lines.grouped("move_id")
        for move in self:
            disputes = by_move.get(move._origin, lines[:0]).dispute_id
            move.dunning_dispute_text = " · ".join(disputes.mapped("sentence"))

    def action_dunning_dispute(self):
        """Ask what of this invoice the customer contests."""
        self.ensure_one()
        account = self.env["dunning.account"]._of(self.commercial_partner_id, self.company_id)
        return account._new_dispute_action((self.line_ids & account.move_line_ids).sorted("date_maturity"))

    def _dunning_follow_disputes(self):
        """Have the disputes follow that these credit notes answer, whatever they are reconciled with."""
        lines = self.env["dunning.dispute.line"].sudo().search([("credit_note_id", "in", self.ids)])
        self.env["dunning.dispute"]._follow_settled(lines.move_line_id)

    def _post(self, soft=True):
        posted = super()._post(soft)
        posted.filtered(lambda move: move.move_type == "out_refund")._dunning_follow_disputes()
        return posted

    def button_draft(self):
        notes = self.filtered(lambda move: move.move_type == "out_refund")
        res = super().button_draft()
        notes._dunning_follow_disputes()
        return res


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def unlink(self):
        """Close the disputes of items that are no more: their invoice, a draft again, has fewer instalments."""
        lines = self.env["dunning.dispute.line"].sudo().search([("move_line_id", "in", self.ids)])
        res = super().unlink()
        if lines:
            lines.amount_open = 0.0
            lines.dispute_id._follow_amounts()
        return res
