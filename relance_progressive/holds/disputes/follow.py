from collections import defaultdict
from decimal import Decimal

from odoo import api, models

from ...core.decision import reasons
from ...core.decision.facts import Hold
from ...core.said.dispute import Contested, still_contested
from ...core.said.share import share
from . import queries

# Whose amounts follow what is paid and credited.
FOLLOWED = ("open", "accepted", "partly", "closed")
HOLDING = ("open", "accepted", "partly")  # one that is rejected holds until the day that the customer was told


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

    @api.model
    def _follow_paid(self, company):
        """Close what was paid in a way that leaves no trace, such as an import; also what customers say they paid."""
        lines = self.env["dunning.dispute.line"].search(
            [("dispute_id.company_id", "=", company.id), ("dispute_id.state", "in", ("open", "accepted", "partly"))]
        )
        self._follow_settled(lines.move_line_id)

    @api.model
    def _follow_settled(self, items):
        """Have the disputes about journal items follow what settles them, and what customers say they paid."""
        self.env["dunning.account"]._follow_items(items, ("dunning.dispute.line", "dunning.portal.answer"))

    @api.model
    def _merge(self, account, others):
        """Take over the disputes of merged customers."""
        others.sudo().dispute_ids.account_id = account.id

    @api.model
    def _holds_of(self, company, partners, day):
        """Yield ``(customer id, hold)`` of what is contested, and no more than that."""
        unit = Decimal(str(company.currency_id.rounding))
        for partner, item, amount, own, booked, until in self.env.execute_query(
            queries.holds(self.env, company, partners, day)
        ):
            hold = Hold("dispute", item, until=until)
            if amount is not None:
                contested = Decimal(amount)
                worth = share(contested, Decimal(own), Decimal(booked), unit)
                hold = hold._replace(amount=worth, own=contested)
            yield partner, hold

    def _words_of_holds(self):
        """Return ``{reason code: sentence}`` of what these disputes hold."""
        today = self.company_id._dunning_days()

        def holds(dispute):
            if dispute.held_until and dispute.held_until >= today[dispute.company_id]:
                return dispute.state in (*HOLDING, "rejected")
            return dispute.state in HOLDING and any(dispute.line_ids.mapped("amount_open"))

        told = self.filtered(holds).sorted("id")
        return {reasons.HOLD_PREFIX + "dispute": ", ".join(told.mapped("sentence"))} if told else {}
