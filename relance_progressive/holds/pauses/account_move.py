from odoo import api, fields, models
from odoo.fields import Domain

READERS = "relance_progressive.dunning_group_user,account.group_account_readonly"


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
        return posted

    def action_toggle_block_payment(self):
        res = super().action_toggle_block_payment()
        self._dunning_follow_flags()
        return res
