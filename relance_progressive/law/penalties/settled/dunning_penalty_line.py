from decimal import Decimal
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError

from . import settled_queries


class Invoiced(NamedTuple):
    """What penalty invoices that stand already claim of an item, in its currency."""

    interest: Decimal
    indemnity: Decimal
    last_day: object  # datetime.date, or None when no interest was invoiced
    given_up: Decimal  # interest of these days that the invoice was lowered by


class DunningPenaltyLine(models.Model):
    """What a penalty invoice claims of one item: interest of a period, indemnity. Never the same days twice."""

    _name = "dunning.penalty.line"
    _description = "Invoiced Penalty"
    _order = "move_id DESC, id"
    _rec_name = "invoice_name"
    _check_company_auto = True

    move_id = fields.Many2one(
        "account.move", "Penalty Invoice", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="move_id.company_id", store=True, precompute=True, index=True)
    account_id = fields.Many2one("dunning.account", required=True, readonly=True, index=True, ondelete="restrict")
    invoice_id = fields.Many2one(
        "account.move", "Paid Late", required=True, readonly=True, index=True, ondelete="restrict"
    )
    invoice_name = fields.Char("Number", readonly=True)
    move_line_id = fields.Many2one("account.move.line", "Item", readonly=True, index=True, ondelete="set null")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    first_day = fields.Date("From", readonly=True, help="The first day of interest that is claimed.")
    last_day = fields.Date("Until", readonly=True)
    interest_amount = fields.Monetary("Late Interest", readonly=True)
    interest_computed = fields.Monetary("Late Interest as Computed", readonly=True)
    interest_waived = fields.Monetary(
        "Waived with It", readonly=True,
        help="By how much a person lowered the late interest before the penalty invoice was posted: it is waived for "
        "good will, as long as the invoice stands.",
    )  # fmt: skip
    indemnity_amount = fields.Monetary("Fixed Indemnity", readonly=True)
    computation = fields.Text(readonly=True, help="As the penalty invoice shows it.")
    interest_line_id = fields.Many2one("account.move.line", readonly=True, index="btree_not_null", ondelete="set null")
    indemnity_line_id = fields.Many2one(
        "account.move.line", readonly=True, index="btree_not_null", ondelete="set null"
    )
    state = fields.Selection(related="move_id.state", string="Status")
    released_on = fields.Date(
        readonly=True, help="The penalty invoice was cancelled or credited: these days can be invoiced again."
    )

    # Two ranges of one item never overlap; an int4range stands for the item, so that no extension is needed.
    _once_per_period = models.Constraint(
        "EXCLUDE USING gist (int4range(move_line_id, move_line_id, '[]') WITH =, "
        "daterange(first_day, last_day, '[]') WITH &&) WHERE (released_on IS NULL AND first_day IS NOT NULL)",
        "Late interest of these days was invoiced already.",
    )
    _indemnity_once = models.UniqueIndex(
        "(invoice_id) WHERE released_on IS NULL AND indemnity_amount <> 0",
        "The fixed indemnity is claimed once for an invoice, and was invoiced already.",
    )
    _item_stays = models.Constraint(
        "CHECK (released_on IS NOT NULL OR move_line_id IS NOT NULL)",
        "Penalties were invoiced for this invoice: cancel or credit the penalty invoice first.",
    )
    _whole_period = models.Constraint(
        "CHECK ((first_day IS NULL) = (last_day IS NULL) AND first_day <= last_day)",
        "A period of late interest has a first and a last day.",
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_with_its_invoice_only(self):
        if any(line.move_id.state == "posted" for line in self):
            raise UserError(self.env._("What was invoiced is not deleted: credit the penalty invoice."))

    @api.model
    def _invoiced(self, item_ids):
        """Return ``{item id: Invoiced}`` of the journal items that a penalty invoice claims something of."""
        if not item_ids:
            return {}
        rows = self.env.execute_query(settled_queries.invoiced(self.env, item_ids))
        return {
            item: Invoiced(Decimal(interest), Decimal(indemnity), last_day, Decimal(given_up))
            for item, interest, indemnity, last_day, given_up in rows
        }

    # === FOLLOWING THE INVOICE === #

    def _release(self):
        """Free the periods: the penalty invoice is cancelled or credited."""
        for company, held in self.filtered(lambda line: not line.released_on).grouped("company_id").items():
            held.released_on = company._dunning_today()

    def _hold(self):
        """Hold the periods again: the penalty invoice stands after all.

        :raise UserError: if another penalty invoice claims them by now
        """
        released = self.filtered("released_on")
        for line in released:
            others = self.search([
                ("id", "not in", self.ids), ("released_on", "=", False), ("invoice_id", "=", line.invoice_id.id),
            ])  # fmt: skip
            if taken := others.filtered(lambda other, line=line: line._collides(other)):
                raise UserError(self.env._(
                    "%(penalties)s claims the same penalties for %(invoice)s: only one of the two can stand.",
                    penalties=taken[0].move_id.display_name, invoice=line.invoice_name,
                ))  # fmt: skip
        released.released_on = False

    def _collides(self, other):
        """Tell whether two lines of one invoice claim the same days, or the indemnity twice."""
        if self.indemnity_amount and other.indemnity_amount:
            return True
        same = self.move_line_id == other.move_line_id and self.first_day and other.first_day
        return bool(same) and self.first_day <= other.last_day and other.first_day <= self.last_day

    def _take_from_invoice(self):
        """Take the amounts that the penalty invoice really claims: a person may have lowered or deleted a line.

        The days of lowered interest are claimed: nobody invoices the difference any more, so that it is waived. A line
        that was deleted claims no days: its interest stays claimable.
        """
        for line in self:
            if not line.interest_line_id and not line.indemnity_line_id:
                line._release()
                continue
            computed, claimed = line.interest_computed, line.interest_line_id.price_subtotal
            line.write({
                "interest_amount": claimed,
                "interest_waived": max(0.0, computed - claimed) if line.interest_line_id else 0.0,
                "indemnity_amount": line.indemnity_line_id.price_subtotal,
            } | ({} if line.interest_line_id else {"first_day": False, "last_day": False}))  # fmt: skip

    @api.model
    def _merge(self, account, others):
        """Take over what was invoiced of merged customers."""
        others.sudo().penalty_line_ids.account_id = account.id
