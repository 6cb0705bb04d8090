from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models

from ...core.decision import reasons
from ...core.decision.facts import Hold
from ...core.said.share import in_proportion, share
from . import queries

HOLDING = ("open", "accepted", "partly")  # one that is rejected holds until the day that the customer was told

TRIES = 3  # to reach the amount to the cent, taxes included


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

    # === THE CREDIT NOTES OF WHAT IS ACCEPTED: DRAFTS, ON THE RIGHT INVOICES, WITH THEIR TAXES === #

    def _make_credit_notes(self):
        """Prepare a draft credit note on each invoice for what is accepted of it; return them.

        Made with the rights of the user: whoever may not make a credit note is told so.
        """
        notes = self.env["account.move"]
        accepted = self.line_ids.filtered(lambda line: line.amount_accepted and not line.credit_note_id)
        for move, own in accepted.grouped("move_id").items():
            if move.is_invoice():
                note = self._make_credit_note(move, sum(own.mapped("amount_accepted")))
                own.sudo().credit_note_id = note
                notes |= note
        return notes

    def _make_credit_note(self, move, amount):
        """Return a draft credit note of an invoice, ``amount`` in its currency, taxes included."""
        reversal = self.env["account.move.reversal"].with_company(move.company_id).create({
            "move_ids": move.ids, "company_id": move.company_id.id, "journal_id": move.journal_id.id,
            "reason": self.reason_id.with_context(lang=move.partner_id.lang or self.env.lang).name,
            "date": move.company_id._dunning_today(),
        })  # fmt: skip
        reversal.refund_moves()
        note = reversal.new_move_ids
        if move.currency_id.compare_amounts(amount, note.amount_total):
            self._reduce_credit_note(note, move, Decimal(str(amount)))
        return note

    def _reduce_credit_note(self, note, move, amount):
        """Leave one line for each set of taxes in a credit note, in proportion to the invoice."""
        groups = defaultdict(lambda: move.invoice_line_ids.browse())
        for line in note.invoice_line_ids.filtered(lambda line: line.display_type == "product"):
            groups[line.account_id, line.tax_ids, str(line.analytic_distribution)] |= line
        step = Decimal(str(move.currency_id.rounding))
        totals = [Decimal(str(sum(own.mapped("price_total")))) for own in groups.values()]
        shares = in_proportion(amount, totals, step)
        words = self.with_context(lang=move.partner_id.lang or self.env.lang)
        label = words.env._("%(reason)s: invoice %(invoice)s", reason=words.reason_id.name, invoice=move.name)
        commands = [
            fields.Command.delete(line.id) for line in note.invoice_line_ids
        ]  # fmt: skip
        for (account, taxes, _analytic), own, total, part in zip(groups, groups.values(), totals, shares, strict=True):
            if part:
                net = Decimal(str(sum(own.mapped("price_subtotal"))))
                base = total if any(tax.price_include for tax in taxes.flatten_taxes_hierarchy()) else net
                commands.append(fields.Command.create({
                    "name": label, "account_id": account.id, "tax_ids": taxes.ids, "quantity": 1,
                    "price_unit": move.currency_id.round(float(part * base / total)),
                    "analytic_distribution": own[0].analytic_distribution,
                }))  # fmt: skip
        note.write({"invoice_line_ids": commands})
        self._reach(note, float(amount))

    def _reach(self, note, amount):
        """Bring the total of a credit note to ``amount``: rounding of taxes may have left it some cents away."""
        currency = note.currency_id
        for _try in range(TRIES):
            gap = currency.round(amount - note.amount_total)
            largest = note.invoice_line_ids.sorted(lambda line: abs(line.price_total))[-1:]
            change = gap and currency.round(gap * largest.price_unit / (largest.price_total or largest.price_unit))
            if not change:
                break
            largest.price_unit += change
        gap = currency.round(amount - note.amount_total)
        tax = note.line_ids.filtered("tax_line_id").sorted(lambda line: abs(line.balance))[-1:]
        if gap and tax:
            note.write({"line_ids": [fields.Command.update(tax.id, {"amount_currency": tax.amount_currency + gap})]})

    def action_make_credit_notes(self):
        """Prepare again the credit note of what was accepted, when it was deleted."""
        self.ensure_one()
        self.check_access("write")
        self._make_credit_notes()
        return self.action_open_credit_notes()

    def action_open_credit_notes(self):
        """Show the credit notes made for this dispute."""
        notes = self.line_ids.credit_note_id
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Credit Notes"),
            "res_model": "account.move",
            "view_mode": "list,form",
            "domain": [("id", "in", notes.ids)],
            "context": {"default_move_type": "out_refund", "create": False},
        }
        if len(notes) == 1:
            action.update(view_mode="form", res_id=notes.id)
        return action
