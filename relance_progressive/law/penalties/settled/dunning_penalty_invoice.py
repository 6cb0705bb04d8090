from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from .dunning_penalty_waiver import in_currencies

DUE_DAYS = 15  # proposed: penalties are due at once (C. com. L441-10 II), a courteous invoice leaves time to pay


class DunningPenaltyInvoice(models.TransientModel):
    """Invoice penalties on demand: of one account, of several, of some invoices."""

    _name = "dunning.penalty.invoice"
    _inherit = ["dunning.pointing"]
    _description = "Invoice Penalties"

    account_ids = fields.Many2many("dunning.account", string="Accounts", readonly=True)
    only_item_ids = fields.Many2many(
        "account.move.line", string="Only These", readonly=True, help="The invoices that it was opened from."
    )
    until = fields.Date("Interest Up To", required=True)
    what = fields.Selection(
        [
            ("both", "Interest and indemnity or costs"), ("interest", "The interest only"),
            ("indemnity", "The indemnity or costs only"),
        ],
        required=True, default="both",
    )  # fmt: skip
    invoice_date = fields.Date(required=True)
    date_due = fields.Date(
        "Due On", compute="_compute_date_due", store=True, readonly=False, precompute=True, required=True
    )
    several_customers = fields.Boolean(compute="_compute_several")
    several_currencies = fields.Boolean(compute="_compute_several")
    total_text = fields.Char("Total", compute="_compute_total_text")
    item_ids = fields.One2many(
        "dunning.penalty.invoice.item", "wizard_id", "Invoices Paid Late", compute="_compute_item_ids", store=True,
        readonly=False,
    )  # fmt: skip
    why_not = fields.Text("Not Invoiced", compute="_compute_item_ids", store=True)

    @api.model
    def _open(self, accounts, items=None):
        """Return the dialog that asks which penalties of these accounts are invoiced.

        :param items: the items that are meant, all by default
        :raise AccessError: if the person may not write the accounts or make invoices
        :raise UserError: if nothing can be invoiced
        """
        accounts.check_access("write")
        self.env["account.move"].check_access("create")
        if not accounts:
            raise UserError(self.env._("Choose the accounts or the invoices whose penalties are to be invoiced."))
        today = accounts[0].company_id._dunning_today()
        wizard = self.create({
            "account_ids": accounts.ids, "only_item_ids": items.ids if items else [], "until": today,
            "invoice_date": today,
        })  # fmt: skip
        if not wizard.item_ids:
            raise UserError("\n".join(filter(None, [
                self.env._("No penalties can be invoiced."), wizard.why_not
            ])))  # fmt: skip
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Invoice Penalties"),
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    @api.depends("invoice_date")
    def _compute_date_due(self):
        for wizard in self:
            wizard.date_due = wizard.invoice_date and wizard.invoice_date + timedelta(days=DUE_DAYS)

    @api.depends("account_ids", "item_ids.currency_id")
    def _compute_several(self):
        for wizard in self:
            wizard.several_customers = len(wizard.account_ids) > 1
            wizard.several_currencies = len(wizard.item_ids.currency_id) > 1

    @api.depends("item_ids.selected", "item_ids.interest_amount", "item_ids.indemnity_amount")
    def _compute_total_text(self):
        for wizard in self:
            chosen = wizard.item_ids.filtered("selected")
            wizard.total_text = in_currencies(self.env, [
                (item.currency_id, item.interest_amount + item.indemnity_amount) for item in chosen
            ])  # fmt: skip

    @api.depends("account_ids", "only_item_ids", "until", "what")
    def _compute_item_ids(self):
        """Propose what can be claimed up to the day; keep what was left out."""
        for wizard in self:
            left_out = wizard.item_ids.filtered(lambda item: not item.selected).move_line_id
            claims = wizard._claims()
            wizard.item_ids = [Command.clear()] + [
                Command.create({
                    "account_id": account.id, "move_line_id": claim.item.id, "selected": claim.item not in left_out,
                    "days": sum(segment.days for segment in claim.segments),
                    "first_day": claim.segments[0].first if claim.segments else False,
                    "interest_amount": float(claim.interest), "indemnity_amount": float(claim.indemnity),
                })
                for account, own in claims.items() for claim in own
            ]  # fmt: skip
            wizard.why_not = wizard._reasons()

    def _accounts(self):
        """Return the accounts that it is about, as the person may see them: who typed their ids is not known.

        :raise AccessError: if they are not the person's to read
        """
        accounts = self.account_ids._origin.sudo(False)
        accounts.check_access("read")
        return accounts

    def _claims(self, items=None):
        """Return ``{account: [Claim]}`` of what can be invoiced up to the day."""
        if not self.until:
            return {}
        accounts = self._accounts()
        wanted = items or self.only_item_ids._origin or None
        return self.env["dunning.penalty.line"]._claims(accounts, self.until, self.what, wanted)

    def _reasons(self):
        """Return in words why nothing, or not all, is claimed of some invoices that were late."""
        accounts, words, penalties = self._accounts(), [], self.env["dunning.penalty"]
        if not self.until or not accounts:
            return False
        found = accounts.sudo()._penalties_of(self.until, self.only_item_ids._origin or None)
        items = self.env["account.move.line"].sudo().browse(found)
        for reason, own in items.grouped(lambda item: penalties._why_not_in_words(found[item.id])).items():
            if reason:
                names = ", ".join(dict.fromkeys(own.mapped("dunning_name")))
                words.append(self.env._("%(names)s: %(reason)s", names=names, reason=reason))
        return "\n".join(words) or False

    # === BUTTONS === #

    def action_draft(self):
        """Make drafts, to be read before they are posted."""
        return self._make()._dunning_open(self.env._("Penalty Invoices"))

    def action_post(self):
        """Make the penalty invoices and post them."""
        moves = self._make()
        moves.action_post()
        return moves._dunning_open(self.env._("Penalty Invoices"))

    def _make(self):
        """Make the invoices of what is chosen; the amounts are computed again: nobody types them.

        :raise UserError: if nothing is chosen, or the days are wrong
        """
        self.ensure_one()
        chosen = self.item_ids.filtered("selected").move_line_id
        if not chosen:
            raise UserError(self.env._("Select at least one invoice."))
        if self.until > self.invoice_date:
            raise UserError(self.env._("Interest is invoiced once it has run: choose a day up to the invoice date."))
        if self.date_due < self.invoice_date:
            raise UserError(self.env._("The penalties cannot be due before they are invoiced."))
        self.account_ids.check_access("write")
        claims = self._claims(chosen)
        if not claims:
            raise UserError(self.env._("These penalties were invoiced, waived or paid meanwhile."))
        return self.env["dunning.penalty.line"]._invoice(claims, self.invoice_date, self.date_due)


class DunningPenaltyInvoiceItem(models.TransientModel):
    """What can be invoiced of one item."""

    _name = "dunning.penalty.invoice.item"
    _inherit = ["dunning.penalty.item", "dunning.pointing"]
    _description = "Penalties to Invoice"
    _order = "account_id, date_maturity, id"

    wizard_id = fields.Many2one("dunning.penalty.invoice", required=True, ondelete="cascade")
    partner_id = fields.Many2one(related="account_id.partner_id", string="Customer", related_sudo=False)
    first_day = fields.Date("From", readonly=True)
    days = fields.Integer(readonly=True)
    interest_amount = fields.Monetary("Late Interest", readonly=True)
    indemnity_amount = fields.Monetary("Fixed Indemnity", readonly=True)
    selected = fields.Boolean("Invoiced", default=True)
