from odoo import api, fields, models
from odoo.fields import Domain

from ..settings.internal import READERS


class AccountMove(models.Model):
    _inherit = "account.move"

    dunning_pause_ids = fields.Many2many(
        "dunning.pause", string="Running Pauses", compute="_compute_dunning_pause", groups=READERS
    )
    dunning_pause_text = fields.Char("Reminders Paused", compute="_compute_dunning_pause", groups=READERS)

    @api.depends("line_ids.no_followup", "payment_state")
    def _compute_dunning_pause(self):
        """Tell the pauses of the invoice itself; those of the customer stand on the account."""
        running = self.env["dunning.pause"].search(
            self.env["dunning.pause"]._domain_running_now() & Domain("line_ids.move_id", "in", self.ids)
        )
        for move in self:
            own = running.filtered(lambda pause, move=move: move._origin in pause.line_ids.move_id)
            move.dunning_pause_ids = own
            move.dunning_pause_text = " · ".join(own.mapped("sentence"))

    def action_dunning_pause(self):
        """Ask until when this invoice is not reminded."""
        self.ensure_one()
        account = self.env["dunning.account"]._of(self.commercial_partner_id, self.company_id)
        items = self.line_ids & account.move_line_ids
        return self.env["dunning.pause"]._new_action(scope="items", account_id=account.id, line_ids=items.ids)

    def action_dunning_end_pause(self):
        """Lift the pauses of this invoice."""
        self.dunning_pause_ids.action_end()

    def _dunning_follow_flags(self):
        """Tell, set-wise, what these entries exclude in Odoo itself."""
        posted = self.filtered(lambda move: move.state == "posted").sudo()
        for company, own in posted.grouped(lambda move: move.company_id.root_id).items():
            self.env["dunning.pause"].sudo()._follow_odoo(company, own)

    def _post(self, soft=True):
        posted = super()._post(soft)
        flagged = posted.filtered(lambda move: move.is_sale_document() and move.no_followup)
        flagged._dunning_follow_flags()
        posted.filtered(lambda move: move.move_type == "out_refund")._dunning_follow_disputes()
        return posted

    def action_toggle_block_payment(self):
        res = super().action_toggle_block_payment()
        self._dunning_follow_flags()
        return res

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

    def button_draft(self):
        notes = self.filtered(lambda move: move.move_type == "out_refund")
        res = super().button_draft()
        notes._dunning_follow_disputes()
        return res
