from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..settings.internal import READERS


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["dunning.guarded.fields", "account.move"]

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
    # Plain columns: a computed one would be written for every invoice of the ledger at install.
    dunning_known_on = fields.Date(
        "Customer Has It Since", readonly=True, copy=False,
        help="The day on which the invoice was posted, or first sent where the invoices of the company leave by Odoo. "
        "Reminders count their days from it when it is later than the due date.",
    )  # fmt: skip

    dunning_has_it = fields.Boolean(
        "The Customer Has It", readonly=True, copy=False,
        help="Somebody said that the customer has this invoice although Odoo has not sent it, or a reminder brought "
        "it.",
    )  # fmt: skip

    dunning_waits_to_be_sent = fields.Boolean(compute="_compute_dunning_waits_to_be_sent", groups=READERS)

    # What was never sent is no reminder yet, where the invoices of the company leave by Odoo.
    _dunning_unsent_idx = models.Index(
        "(commercial_partner_id, company_id) WHERE state = 'posted' AND move_type = 'out_invoice' "
        "AND is_move_sent IS NOT TRUE AND dunning_has_it IS NOT TRUE AND payment_state IN ('not_paid', 'partial')"
    )

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
        posted._dunning_note_posted()
        self.env["dunning.account"]._touch(posted.line_ids)
        return posted

    def _dunning_note_posted(self):
        """Note the day on which the customers have these invoices; entries are no documents of theirs.

        Posted once more after a correction an invoice keeps its first day: the customer knows it.
        """
        invoices = self.sudo().filtered(lambda move: move.move_type in ("out_invoice", "out_receipt"))
        invoices.filtered(lambda move: not move.dunning_known_on)._dunning_note_known()
        invoices.line_ids._dunning_follow_known()

    def _dunning_note_known(self):
        """Note today as the day on which the customers have these invoices."""
        for company, own in self.grouped("company_id").items():
            own.dunning_known_on = company._dunning_today()

    def write(self, vals):
        leaving = self.browse()
        if vals.get("is_move_sent"):
            leaving = self.filtered(lambda move: not move.is_move_sent and not move.dunning_has_it)
        res = super().write(vals)
        leaving.filtered(lambda move: move.company_id.dunning_sending == "sent")._dunning_note_sent()
        return res

    def _dunning_note_sent(self):
        """Count the days of these invoices from today on: only now do their customers have them.

        One that was reminded already is known to its customer.
        """
        invoices = self.sudo().filtered(
            lambda move: move.move_type == "out_invoice" and move.state == "posted"
            and not any(line.dunning_level_id for line in move.line_ids)
        )  # fmt: skip
        invoices._dunning_note_known()
        invoices.line_ids._dunning_follow_known()
        self.env["dunning.account"]._touch(invoices.line_ids)

    @api.depends("is_move_sent", "dunning_has_it", "move_type", "state", "payment_state", "company_id.dunning_sending")
    def _compute_dunning_waits_to_be_sent(self):
        held = self.filtered_domain(self._dunning_never_sent_domain())
        for move in self:
            move.dunning_waits_to_be_sent = move in held and move.company_id.dunning_sending == "sent"

    @api.model
    def _dunning_never_sent_domain(self):
        """Return the domain of the open invoices that Odoo has not sent, and of which nobody said they arrived."""
        return (
            Domain("move_type", "=", "out_invoice") & Domain("state", "=", "posted")
            & Domain("payment_state", "in", ("not_paid", "partial"))
            & Domain("is_move_sent", "=", False) & Domain("dunning_has_it", "=", False)
        )  # fmt: skip

    def action_dunning_has_it(self):
        """Take a person's word that the customers have these invoices: they are reminded, from today on.

        :raise UserError: if none of them is an open invoice that was never sent
        """
        invoices = self.filtered_domain(self._dunning_never_sent_domain())
        if not invoices:
            raise UserError(self.env._("These invoices were sent already, or are no open customer invoices."))
        invoices.check_access("write")
        invoices.sudo().dunning_has_it = True
        invoices._dunning_note_sent()
        words = self.env._("The customer has this invoice, although Odoo has not sent it: reminders may ask for it.")
        invoices._message_log_batch(bodies=dict.fromkeys(invoices.ids, words))

    def button_draft(self):
        lines = self.line_ids
        res = super().button_draft()
        self.env["dunning.account"]._touch(lines)
        return res

    def action_toggle_block_payment(self):
        res = super().action_toggle_block_payment()
        self.env["dunning.account"]._touch(self.line_ids)
        return res
