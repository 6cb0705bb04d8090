from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ....core.said.share import first_ones_first

ZERO = Decimal(0)


class DunningPenaltyWaive(models.TransientModel):
    """Waive penalties: everything with one click and a reason, or less."""

    _name = "dunning.penalty.waive"
    _inherit = ["dunning.pointing"]
    _description = "Waive Penalties"

    account_id = fields.Many2one("dunning.account", required=True, readonly=True, ondelete="cascade")
    partner_id = fields.Many2one(related="account_id.partner_id", related_sudo=False)
    until = fields.Date("Computed Up To", required=True, readonly=True)
    what = fields.Selection(
        [
            ("both", "Interest and indemnity or costs"), ("interest", "The interest only"),
            ("indemnity", "The indemnity or costs only"),
        ],
        required=True, default="both",
    )  # fmt: skip
    extent = fields.Selection([("all", "All of it"), ("amount", "An amount")], required=True, default="all")
    to_come = fields.Boolean(
        "Also the Interest to Come", default=True,
        help="No interest is claimed of these invoices any more, however late they are paid. Else interest runs on "
        "after today.",
    )  # fmt: skip
    currency_id = fields.Many2one("res.currency", compute="_compute_totals")
    one_currency = fields.Boolean(compute="_compute_totals")
    amount_left = fields.Monetary("Can Be Waived", compute="_compute_totals")
    amount = fields.Monetary("Waived", compute="_compute_amount", store=True, readonly=False, precompute=True)
    reason = fields.Char(required=True)
    is_public = fields.Boolean(compute="_compute_is_public")
    item_ids = fields.One2many("dunning.penalty.waive.item", "waive_id", "Invoices")

    @api.model
    def _open(self, account, items=None):
        """Return the dialog that asks what is waived of an account.

        :param items: those that are selected, all by default
        :raise AccessError: if the person is no manager
        :raise UserError: if nothing is left to waive
        """
        self.env["dunning.penalty.waiver"]._check_manager()
        account.check_access("write")
        until = account.company_id._dunning_today()
        left = account.sudo()._penalties_left(until)
        if not left or items is not None and not set(left) & set(items.ids):
            raise UserError(self.env._(
                "%(customer)s: no penalties are left to waive.", customer=account.partner_id.display_name
            ))  # fmt: skip
        wizard = self.create({
            "account_id": account.id, "until": until, "reason": self.env._("Good will"),
            "item_ids": [
                Command.create({
                    "move_line_id": item, "interest_left": float(penalty.interest_left),
                    "indemnity_left": float(penalty.indemnity_left), "selected": items is None or item in items.ids,
                })
                for item, penalty in left.items()
            ],
        })  # fmt: skip
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Waive Penalties of %(customer)s", customer=account.partner_id.display_name),
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    @api.depends("item_ids.selected", "item_ids.interest_left", "item_ids.indemnity_left", "what")
    def _compute_totals(self):
        for wizard in self:
            chosen = wizard.item_ids.filtered("selected")
            currencies = chosen.currency_id
            wizard.currency_id = currencies[:1] or wizard.account_id.currency_id
            wizard.one_currency = len(currencies) <= 1
            claims = [claim for item in chosen for claim in wizard._claims(item)]
            wizard.amount_left = float(sum(claims, ZERO)) if wizard.one_currency else 0.0

    @api.depends("item_ids.selected", "what", "extent")
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = wizard.amount_left

    @api.depends("account_id")
    def _compute_is_public(self):
        for wizard in self:
            wizard.is_public = wizard.partner_id.dunning_status == "public"

    def _claims(self, item):
        """Return ``(interest, indemnity)`` of an item, those that are meant."""
        interest = Decimal(str(item.interest_left)) if self.what != "indemnity" else ZERO
        indemnity = Decimal(str(item.indemnity_left)) if self.what != "interest" else ZERO
        return interest, indemnity

    def action_waive(self):
        """Waive what is chosen, and write it on the account."""
        self.ensure_one()
        chosen = self.item_ids.filtered("selected")
        claims = [claim for item in chosen for claim in self._claims(item)]
        if self.extent == "amount":
            claims = self._spread(claims)
        whole = self.extent == "all" and self.what != "indemnity" and self.to_come
        rows = [
            (item.move_line_id, interest, indemnity, whole)
            for item, interest, indemnity in zip(chosen, claims[::2], claims[1::2], strict=True)
        ]
        waiver = self.env["dunning.penalty.waiver"]._waive(self.account_id, rows, self.reason, self.until)
        return self.account_id._close_and_say(
            self.env._("Penalties waived: %(amount)s", amount=waiver.amount_text)
        )

    def _spread(self, claims):
        """Return what the amount takes of each claim, those of the oldest invoices first.

        :raise UserError: if it cannot be taken of them
        """
        amount = Decimal(str(self.amount))
        if not self.one_currency:
            raise UserError(self.env._("These invoices are in several currencies: waive an amount of one at a time."))
        if amount <= 0 or amount > sum(claims, ZERO):
            raise UserError(self.env._("The amount is above what these invoices have in penalties, or not above zero."))
        return first_ones_first(amount, claims)


class DunningPenaltyWaiveItem(models.TransientModel):
    """An item whose penalties may be waived."""

    _name = "dunning.penalty.waive.item"
    _inherit = ["dunning.penalty.item", "dunning.pointing"]
    _description = "Item of Penalties to Waive"
    _order = "date_maturity, id"

    waive_id = fields.Many2one("dunning.penalty.waive", required=True, ondelete="cascade")
    account_id = fields.Many2one(related="waive_id.account_id", required=False)
    interest_left = fields.Monetary("Late Interest", readonly=True)
    indemnity_left = fields.Monetary("Fixed Indemnity", readonly=True)
    selected = fields.Boolean("Waived")
