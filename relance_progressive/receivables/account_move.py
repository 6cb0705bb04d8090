from odoo import api, fields, models
from odoo.fields import Domain

from .readers import READERS


class AccountMove(models.Model):
    _inherit = "account.move"

    dunning_level_id = fields.Many2one(
        "dunning.level", "Reminder Level", compute="_compute_dunning", search="_search_dunning_level_id",
        groups=READERS, help="The highest reminder level done for an open instalment of this invoice.",
    )  # fmt: skip
    dunning_date = fields.Date("Reminded On", compute="_compute_dunning", groups=READERS)
    dunning_next_date = fields.Date("Next Reminder", compute="_compute_dunning_next", groups=READERS)
    dunning_next_level_id = fields.Many2one(
        "dunning.level", "Next Reminder Level", compute="_compute_dunning_next", groups=READERS
    )
    dunning_reason_text = fields.Char("Why", compute="_compute_dunning_next", groups=READERS)

    # Stopped invoices are few among many: the night run finds them here.
    _dunning_stopped_idx = models.Index(
        "(commercial_partner_id, company_id) WHERE state = 'posted' AND (payment_state IN ('in_payment', 'blocked') "
        "OR payment_state IN ('paid', 'reversed') AND amount_residual <> 0)"
    )

    # The label of a bank line names an open invoice by its number or payment reference, however it is cut up.
    _dunning_name_idx = models.Index(
        "(regexp_replace(upper(name), '[^A-Z0-9]', '', 'g')) WHERE state = 'posted' AND move_type = 'out_invoice' "
        "AND payment_state IN ('not_paid', 'partial')"
    )
    _dunning_reference_idx = models.Index(
        "(regexp_replace(upper(payment_reference), '[^A-Z0-9]', '', 'g')) WHERE state = 'posted' "
        "AND move_type = 'out_invoice' AND payment_state IN ('not_paid', 'partial')"
    )

    @api.depends("line_ids.dunning_level_id", "line_ids.dunning_date")
    def _compute_dunning(self):
        for move in self:
            lines = move.line_ids.filtered("dunning_level_id").sorted(
                lambda line: (line.dunning_level_id.delay_days, line.dunning_date or fields.Date.to_date("1970-01-01"))
            )
            move.dunning_level_id = lines[-1:].dunning_level_id
            move.dunning_date = lines[-1:].dunning_date

    def _search_dunning_level_id(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = Domain("line_ids.dunning_level_id", "in", [level for level in value if level])
        if False in value:
            domain |= ~Domain("line_ids.dunning_level_id", "!=", False)
        return domain

    def _compute_dunning_next(self):
        """Tell when this invoice advances: at its own next level, in a message of its customer's account."""
        open_moves = self.filtered(
            lambda move: move.move_type == "out_invoice" and move.state == "posted" and move.amount_residual
        )
        accounts = self.env["dunning.account"].search([
            ("partner_id", "in", open_moves.commercial_partner_id.ids),
            ("company_id", "in", open_moves.company_id.root_id.ids),
        ])  # fmt: skip
        by_customer = {(account.company_id, account.partner_id): account for account in accounts}
        for move in self:
            account = by_customer.get((move.company_id.root_id, move.commercial_partner_id))
            account = account if account and move in open_moves else self.env["dunning.account"]
            item = move.line_ids.filtered("dunning_next_date").sorted("dunning_next_date")[:1] if account else None
            advances = item and account.next_date
            move.dunning_next_date = max(item.dunning_next_date, account.next_date) if advances else False
            move.dunning_next_level_id = item.dunning_next_level_id if advances else False
            move.dunning_reason_text = account.reason_text

    def _post(self, soft=True):
        posted = super()._post(soft)
        self.env["dunning.account"]._touch(posted.line_ids)
        return posted

    def button_draft(self):
        lines = self.line_ids
        res = super().button_draft()
        self.env["dunning.account"]._touch(lines)
        return res

    def action_toggle_block_payment(self):
        res = super().action_toggle_block_payment()
        self.env["dunning.account"]._touch(self.line_ids)
        return res
