from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_amount

from . import settled_queries

MANAGER = "relance_progressive.dunning_group_manager"


class Waived(NamedTuple):
    """What waivers that stand take off the penalties of an item, in its currency."""

    interest: Decimal
    indemnity: Decimal
    to_come: bool  # all the interest there is and will be, whatever it is
    whole: bool = False  # all the indemnity or costs, however they rise


class DunningPenaltyWaiver(models.Model):
    """Late interest and indemnities that are not claimed after all: of which items, how much, why, who said so.

    It is made by a manager, or by the night run where the plan says so; it is cancelled, never altered nor deleted.
    """

    _name = "dunning.penalty.waiver"
    _inherit = ["dunning.life"]
    _description = "Waived Penalties"
    _order = "id DESC"
    _check_company_auto = True
    _number = "REM"

    name = fields.Char("Number", readonly=True, copy=False)
    account_id = fields.Many2one("dunning.account", required=True, readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="account_id.company_id", store=True, precompute=True)
    partner_id = fields.Many2one(
        string="Customer", related="account_id.partner_id", store=True, precompute=True, index=True
    )
    date = fields.Date("Waived On", required=True, readonly=True)
    until = fields.Date("Computed Up To", required=True, readonly=True)
    reason = fields.Char(required=True, readonly=True)
    waived_by_id = fields.Many2one(
        "res.users", readonly=True, ondelete="restrict", help="Empty: the plan said so."
    )
    reminder_id = fields.Many2one(
        "dunning.reminder", readonly=True, index="btree_not_null", ondelete="restrict",
        help="All that this reminder claimed was paid in time.",
    )  # fmt: skip
    paid_by = fields.Date(readonly=True, help="The last day on which a payment was in time.")
    line_ids = fields.One2many("dunning.penalty.waiver.line", "waiver_id", "Items", readonly=True)
    state = fields.Selection(
        [("standing", "Waived"), ("cancelled", "Cancelled")], "Status", required=True, readonly=True,
        default="standing",
    )  # fmt: skip
    cancelled_on = fields.Date(readonly=True)
    cancelled_by_id = fields.Many2one(
        "res.users", readonly=True, ondelete="restrict", help="Empty: the payment came back."
    )
    cancel_reason = fields.Char(readonly=True)
    amount_text = fields.Char("Amount", compute="_compute_texts", compute_sudo=True)
    invoice_names = fields.Char("Invoices", compute="_compute_texts", compute_sudo=True)

    _by_reminder = models.UniqueIndex(
        "(reminder_id) WHERE state = 'standing' AND reminder_id IS NOT NULL",
        "The penalties of this reminder are waived already.",
    )
    _automatic = models.Index("(company_id) WHERE state = 'standing' AND paid_by IS NOT NULL")
    _cancelled_with_a_reason = models.Constraint(
        "CHECK (state = 'standing' OR cancel_reason IS NOT NULL AND cancelled_on IS NOT NULL)",
        "Say why the penalties are claimed after all.",
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("What was waived stays in the history: cancel it, with a reason."))

    @api.depends("line_ids.interest_amount", "line_ids.indemnity_amount", "line_ids.invoice_name")
    @api.depends_context("lang")
    def _compute_texts(self):
        for waiver in self:
            names = [line.invoice_name for line in waiver.line_ids if line.interest_amount or line.indemnity_amount]
            waiver.invoice_names = ", ".join(dict.fromkeys(filter(None, names)))
            waiver.amount_text = in_currencies(self.env, [
                (line.currency_id, line.interest_amount + line.indemnity_amount) for line in waiver.line_ids
            ])  # fmt: skip

    @api.model
    def _waived(self, item_ids):
        """Return ``{item id: Waived}`` of the journal items that something was waived of."""
        if not item_ids:
            return {}
        return {
            item: Waived(Decimal(interest), Decimal(indemnity), to_come, whole)
            for item, interest, indemnity, to_come, whole in self.env.execute_query(
                settled_queries.waived(self.env, item_ids)
            )
        }  # fmt: skip

    # === WAIVING === #

    @api.model
    def _check_manager(self):
        """Refuse those who may not give money away.

        :raise AccessError: if the person is no manager
        """
        if not self.env.su and not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only a manager of reminders waives penalties."))

    @api.model
    def _waive(self, account, rows, reason, until=None, **values):
        """Waive penalties of an account; return the waiver.

        :param rows: ``[(item, interest, indemnity, whether interest to come is waived too)]``, amounts in the
            currency of the item
        :param until: the day up to which they were computed, today by default
        :param values: other fields of the waiver
        :raise AccessError: if the person is no manager of that company
        :raise UserError: if there is no reason, nothing to waive, or less
        """
        account.ensure_one()
        self._check_manager()
        account.check_access("write")
        today = account.company_id._dunning_today()
        until = until or today
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the penalties are waived."))
        rows = [row for row in rows if row[1] or row[2] or row[3]]
        if not rows:
            raise UserError(self.env._("Nothing is waived: choose the invoices and the amounts."))
        self._check_left(account.sudo(), rows, until)
        waiver = self.sudo().create({
            "account_id": account.id, "date": today, "until": until, "reason": reason.strip(),
            "waived_by_id": self.env.uid, "line_ids": [
                fields.Command.create({
                    "move_line_id": item.id, "interest_amount": float(interest), "indemnity_amount": float(indemnity),
                    "to_come": to_come,
                })
                for item, interest, indemnity, to_come in rows
            ], **values,
        })  # fmt: skip
        waiver._tell_waived()
        waiver.account_id._penalties_changed()
        return waiver.sudo(False)

    @api.model
    def _check_left(self, account, rows, until):
        """Refuse to waive what is not there.

        :raise UserError: naming the invoice and what is left of its penalties
        """
        items = self.env["account.move.line"].sudo().browse([item.id for item, *_rest in rows])
        left = account._penalties_left(until, items)
        for item in items - items.browse(left):
            raise UserError(self.env._(
                "%(invoice)s: no penalties of %(customer)s are left to waive.",
                invoice=item.dunning_name or "?", customer=account.partner_id.display_name,
            ))  # fmt: skip
        for item, interest, indemnity, _to_come in rows:
            own = left[item.id]
            if interest < 0 or indemnity < 0 or interest > own.interest_left or indemnity > own.indemnity_left:
                raise UserError(self.env._(
                    "%(invoice)s: %(interest)s of late interest and %(indemnity)s of indemnity can be waived at most.",
                    invoice=item.sudo().dunning_name, interest=format_amount(
                        self.env, float(own.interest_left), item.sudo().currency_id
                    ), indemnity=format_amount(self.env, float(own.indemnity_left), item.sudo().currency_id),
                ))  # fmt: skip

    def _cancel(self, reason):
        """Claim again what was waived.

        :raise AccessError: if the person is no manager
        :raise UserError: if there is no reason, or it is cancelled already
        """
        self._check_manager()
        self.account_id.check_access("write")
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the penalties are claimed after all."))
        if any(waiver.state != "standing" for waiver in self):
            raise UserError(self.env._("This waiver is cancelled already."))
        self.sudo()._take_back(reason.strip(), cancelled_by_id=self.env.uid)
        self.sudo().account_id._penalties_changed()

    def _take_back(self, reason, **values):
        """Cancel waivers, and tell it on the accounts."""
        for company, own in self.grouped("company_id").items():
            own.write({
                "state": "cancelled", "cancel_reason": reason, "cancelled_on": company._dunning_today(), **values,
            })  # fmt: skip
        self._tell_taken_back()

    # === WORDS === #

    def _tell_waived(self):
        """Write on the accounts what was waived and why."""
        self._tell(lambda waiver: waiver.env._(
            "Penalties waived: %(amount)s on %(invoices)s (%(reason)s). %(name)s",
            amount=waiver.amount_text, invoices=waiver.invoice_names, reason=waiver.reason, name=waiver.name,
        ))  # fmt: skip

    def _tell_taken_back(self):
        """Write on the accounts what is claimed again and why."""
        self._tell(lambda waiver: waiver.env._(
            "Penalties claimed after all: %(amount)s on %(invoices)s (%(reason)s). %(name)s",
            amount=waiver.amount_text, invoices=waiver.invoice_names, reason=waiver.cancel_reason, name=waiver.name,
        ))  # fmt: skip

    def _tell(self, words):
        """Log ``words(waiver)`` on the account of each waiver, in the language of its company where no one acts."""
        own, bodies = self.env.uid != self.env.ref("base.user_root").id, defaultdict(list)
        for waiver in self:
            lang = self.env.lang if own else waiver.company_id.partner_id.lang
            bodies[waiver.account_id.id].append(words(waiver.with_context(lang=lang or self.env.lang)))
        self.account_id._message_log_batch(bodies={
            account: Markup("<br/>").join(told) for account, told in bodies.items()
        })  # fmt: skip

    @api.depends("name", "partner_id")
    def _compute_display_name(self):
        for waiver in self:
            waiver.display_name = f"{waiver.name or ''} {waiver.partner_id.name or ''}".strip()

    # === BUTTONS === #

    def action_ask_cancel(self):
        """Ask why the penalties are claimed after all."""
        self._check_manager()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Claim the Penalties After All"),
            "res_model": "dunning.penalty.waiver.cancel",
            "view_mode": "form",
            "target": "new",
            "context": {"default_waiver_ids": self.ids},
        }

    def action_open_account(self):
        """Show the account of the customer."""
        self.ensure_one()
        return self.account_id.get_formview_action()

    @api.model
    def _merge(self, account, others):
        """Take over what was waived of merged customers."""
        others.sudo().penalty_waiver_ids.account_id = account.id


def in_currencies(env, amounts):
    """Return the sum of ``(currency, amount)`` in words, by currency."""
    totals = {}
    for currency, amount in amounts:
        totals[currency] = totals.get(currency, 0.0) + amount
    return " + ".join(format_amount(env, amount, currency) for currency, amount in totals.items())
