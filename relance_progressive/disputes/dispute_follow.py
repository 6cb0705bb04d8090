import logging
from collections import defaultdict
from decimal import Decimal

from odoo import api, models

from ..core.dispute import Contested, still_contested
from ..settings.apart import apart

_logger = logging.getLogger(__name__)
# Whose amounts follow what is paid and credited.
FOLLOWED = ("open", "accepted", "partly", "closed")


class DunningDisputeLine(models.Model):
    """What payments and credit notes leave of the contested amounts, several items at a time."""

    _inherit = "dunning.dispute.line"

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


class DunningDispute(models.Model):
    _inherit = "dunning.dispute"

    def _follow_amounts(self):
        """Close what payments and credit notes have settled; open it again when they come back."""
        for dispute in self:
            held = any(line.currency_id.compare_amounts(line.amount_open, 0.0) > 0 for line in dispute.line_ids)
            if dispute.state == "open" and not held:
                dispute._set_state("closed", resolved_by=False)
            elif dispute.state == "closed" and held:
                dispute._set_state("open")


class DunningAccount(models.Model):
    _inherit = "dunning.account"

    @api.model
    def _touch(self, lines):
        """Also have the disputes follow, once for all the items of the transaction."""
        super()._touch(lines)
        items = lines.sudo().exists().filtered(lambda line: line.account_id.account_type == "asset_receivable")
        if items:
            self._to_refresh().setdefault("items", set()).update(items.ids)

    @api.model
    def _refresh_now(self, touched):
        """Also close what is paid, before the accounts are decided again."""
        self._follow_disputes(self.env["account.move.line"].browse(touched.get("items", ())).exists())
        return super()._refresh_now(touched)

    @api.model
    def _follow_disputes(self, items):
        """Have the disputes of these items follow; a payment never fails because of them, the night does it again."""
        if not items:
            return  # a savepoint would run what waits for the commit

        def told(_error):
            _logger.exception("The disputes of %s could not follow what is paid", items.ids)

        with apart(self.env, told):
            self.env["dunning.dispute.line"].sudo()._follow_items(items)
