from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_amount

from ...core.said.dispute import Contested, still_contested

# What follows from a decision, a payment or a credit note, hence is not typed.
DECIDED_FIELDS = {"amount_accepted", "amount_open", "credited_before", "credit_note_id"}

# Whose amounts follow what is paid and credited.
FOLLOWED = ("open", "accepted", "partly", "closed")


class DunningDisputeLine(models.Model):
    """An amount of an item that is contested, in the currency of the invoice."""

    _name = "dunning.dispute.line"
    _inherit = ["dunning.guarded", "dunning.pointing"]
    _description = "Contested Invoice"
    _order = "id"
    _rec_name = "move_name"

    dispute_id = fields.Many2one("dunning.dispute", required=True, index=True, ondelete="cascade", people="create")
    account_id = fields.Many2one(related="dispute_id.account_id")
    move_line_id = fields.Many2one(
        "account.move.line", "Invoice", index=True, ondelete="set null", people=True,
        help="Empty once the item is deleted: its invoice was set back to draft and has fewer instalments now.",
    )  # fmt: skip
    move_id = fields.Many2one(string="Document", related="move_line_id.move_id")
    move_name = fields.Char("Number", compute="_compute_of_item", store=True, compute_sudo=True)
    date_maturity = fields.Date("Due on", related="move_line_id.date_maturity", compute_sudo=True)
    currency_id = fields.Many2one("res.currency", compute="_compute_of_item", store=True, compute_sudo=True)
    company_currency_id = fields.Many2one(string="Company Currency", related="dispute_id.currency_id")
    amount_residual = fields.Monetary(
        "Owed", related="move_line_id.amount_residual_currency", compute_sudo=True, help="What is still to be paid."
    )
    whole = fields.Boolean("All of It", people=True, help="The whole item, whatever is paid of it meanwhile.")
    amount = fields.Monetary(
        "Contested", compute="_compute_amount", store=True, readonly=False, precompute=True, aggregator="sum",
        people=True,
    )  # fmt: skip
    amount_company = fields.Monetary(
        "Contested, in the Company's Currency", currency_field="company_currency_id",
        compute="_compute_amount_company", store=True, precompute=True,
    )  # fmt: skip
    amount_accepted = fields.Monetary("Accepted", readonly=True)
    amount_open = fields.Monetary(
        "Held", readonly=True, help="What is not reminded now: still contested, or accepted and not credited yet."
    )
    credited_before = fields.Monetary(
        readonly=True, help="What credit notes had settled of the invoice when it was contested."
    )
    credit_note_id = fields.Many2one(
        "account.move", readonly=True, index="btree_not_null", ondelete="set null"
    )

    _amount_positive = models.Constraint("CHECK (amount >= 0)", "A contested amount is not negative.")
    _once = models.UniqueIndex("(dispute_id, move_line_id)", "An invoice stands once in a dispute.")

    @api.depends("move_line_id.move_name", "move_line_id.currency_id")
    def _compute_of_item(self):
        """Take over what one reads of the item; it stays when the item is deleted."""
        for line in self:
            item = line.move_line_id
            line.move_name = item.dunning_name if item else line.move_name
            line.currency_id = item.currency_id if item else line.currency_id

    @api.depends("move_line_id", "whole")
    def _compute_amount(self):
        """Propose all that nobody else contests."""
        for line in self:
            if line.move_line_id and (line.whole or not line.amount):
                line.amount = line._free_amount()

    @api.depends("amount", "move_line_id")
    def _compute_amount_company(self):
        for line in self:
            item = line.move_line_id.sudo()
            rate = item.balance / item.amount_currency if item.amount_currency else 1.0
            line.amount_company = line.company_currency_id.round(line.amount * rate) if item else line.amount_company

    def _free_amount(self):
        """Return what of the item is owed and in no other open dispute."""
        return self._free_of(self.move_line_id.sudo(), self._origin)

    @api.model
    def _free_of(self, item, but=None):
        """Return what of an item, in its currency, is owed and in no open dispute ``but`` one."""
        others = self.sudo().search([
            ("move_line_id", "=", item.id), ("dispute_id.state", "in", ("open", "accepted", "partly")),
            ("id", "not in", but.ids if but else []),
        ])  # fmt: skip
        return item.currency_id.round(max(0.0, item.amount_residual_currency - sum(others.mapped("amount_open"))))

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            if any(DECIDED_FIELDS & vals.keys() for vals in vals_list):
                raise UserError(self.env._("What was decided on a dispute is not typed."))
            states = self.env["dunning.dispute"].browse(vals.get("dispute_id") for vals in vals_list).mapped("state")
            if set(states) - {"open"}:
                raise UserError(self.env._("This dispute is answered: what it was about is not altered."))
        lines = super().create(vals_list)
        lines._check_items()
        credited = lines.sudo()._credited()
        for line in lines.sudo():
            line.amount_open = line.amount
            line.credited_before = float(credited[line.move_line_id])
        return lines

    def write(self, vals):
        if not self.env.su and self._check_written(vals):
            raise UserError(self.env._("What was decided on a dispute is not typed."))
        res = super().write(vals)
        if {"amount", "move_line_id", "whole"} & vals.keys():
            self._check_items()
            for line in self.sudo():
                line.amount_open = line.amount
            self.dispute_id._has_changed()
        return res

    def _check_written(self, vals):
        decided = (DECIDED_FIELDS | {"dispute_id"}) & vals.keys()
        return decided or any(dispute.state != "open" for dispute in self.dispute_id)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_while_open(self):
        if any(dispute.state != "open" for dispute in self.dispute_id):
            raise UserError(self.env._("This dispute is answered: what it was about is not altered."))

    def unlink(self):
        """Claim again what is contested no more."""
        accounts = self.dispute_id.account_id
        res = super().unlink()
        accounts.sudo()._decide_again()
        return res

    def _check_items(self):
        """Refuse what the customer does not owe, nothing at all, and more than is free of it.

        :raise ValidationError: saying what can be contested
        """
        for line in self:
            item, account = line.move_line_id.sudo(), line.dispute_id.account_id.sudo()
            if not account._owes(item) or item.parent_state != "posted" or item.amount_residual_currency <= 0:
                raise ValidationError(self.env._(
                    "%(invoice)s is not owed by %(customer)s.",
                    invoice=item.dunning_name or "?", customer=account.partner_id.display_name,
                ))  # fmt: skip
            free = line._free_amount()
            if line.currency_id.compare_amounts(line.amount, free) > 0 or not free:
                raise ValidationError(self.env._(
                    "%(invoice)s: %(amount)s at most can be contested, the rest is paid or already in a dispute.",
                    invoice=item.dunning_name, amount=format_amount(self.env, free, item.currency_id),
                ))  # fmt: skip
            if line.currency_id.is_zero(line.amount):
                raise ValidationError(self.env._("%(invoice)s: say how much is contested.", invoice=item.dunning_name))

    # === WHAT PAYMENTS AND CREDIT NOTES LEAVE OF THE CONTESTED AMOUNTS, SEVERAL ITEMS AT A TIME === #

    @api.model
    def _follow_items(self, items):
        """Bring up to date the disputes of these journal items."""
        self.search([("move_line_id", "in", items.ids), ("dispute_id.state", "in", FOLLOWED)])._follow()

    def _follow(self):
        """Write what is still held of these lines, and close or open again their disputes."""
        lines = self.search(
            [("move_line_id", "in", self.move_line_id.ids), ("dispute_id.state", "in", FOLLOWED)], order="id"
        )
        credited = lines._credited()
        for item, own in lines.grouped("move_line_id").items():
            # What credit notes settle more than when the oldest of these disputes began answers them.
            spare = max(Decimal(0), credited[item] - Decimal(str(own[0].credited_before)))
            claims = [line._as_contested() for line in own]
            left = still_contested(claims, spare, Decimal(str(item.amount_residual_currency)))
            for line in own:
                if line.currency_id.compare_amounts(line.amount_open, float(left[line.id])):
                    line.amount_open = float(left[line.id])
        lines.dispute_id._follow_amounts()

    def _as_contested(self):
        decided = self.dispute_id.state in ("accepted", "partly")
        amount = Decimal(str(self.amount_accepted if decided else self.amount))
        # A credit note that was posted is the answer, whatever instalment Odoo allocated it to.
        done = amount if self.credit_note_id.state == "posted" else Decimal(0)
        return Contested(self.id, None if self.whole and not decided else amount, done)

    def _credited(self):
        """Return ``{item: amount}`` settled by credit notes that nobody made for a dispute of ours.

        An entry without an invoice, of an opening balance perhaps, has no credit note: a miscellaneous entry is one.
        """
        partials = self.env["account.partial.reconcile"].search([
            ("debit_move_id", "in", self.move_line_id.ids),
            "|", ("credit_move_id.move_id.move_type", "=", "out_refund"),
            ("credit_move_id.journal_id.type", "=", "general"),
        ])  # fmt: skip
        own_notes = self.env["dunning.dispute.line"].search([
            ("credit_note_id", "in", partials.credit_move_id.move_id.ids)
        ]).credit_note_id  # fmt: skip
        credited = defaultdict(Decimal)
        for partial in partials:
            note, item = partial.credit_move_id.move_id, partial.debit_move_id
            if note not in own_notes and (note.move_type == "out_refund" or not item.move_id.is_invoice()):
                credited[item] += Decimal(str(partial.debit_amount_currency))
        return credited
