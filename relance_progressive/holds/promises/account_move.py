from odoo import fields, models

READERS = "relance_progressive.dunning_group_user,account.group_account_readonly"


class AccountMove(models.Model):
    _inherit = "account.move"

    dunning_promise_text = fields.Char("Promise", compute="_compute_dunning_promise_text", groups=READERS)

    def _compute_dunning_promise_text(self):
        """Say what is promised of each invoice and for when."""
        lines = self.env["dunning.promise.line"].search([
            ("move_line_id.move_id", "in", self.ids), ("state", "=", "open"),
        ])  # fmt: skip
        promises = lines.grouped(lambda line: line.move_line_id.move_id)
        for move in self:
            own = promises.get(move._origin, lines[:0]).promise_id
            move.dunning_promise_text = ", ".join(f"{one.name}: {one.summary}" for one in own)

    def action_dunning_promise(self):
        """Ask what the customer promised of this invoice."""
        self.ensure_one()
        account = self.env["dunning.account"]._of(self.commercial_partner_id, self.company_id)
        items = self.line_ids.filtered(lambda line: line.account_type == "asset_receivable" and line.amount_residual)
        return self.env["dunning.promise.record"]._open(account, items)
