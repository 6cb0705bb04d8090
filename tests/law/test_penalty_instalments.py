from datetime import date

from odoo import Command
from odoo.tests import tagged

from ..common.base import MONDAY
from ..common.penalty_invoice import PenaltyInvoiceCommon


@tagged("post_install", "-at_install")
class TestInstalments(PenaltyInvoiceCommon):
    """The indemnity is due once for an invoice, whichever of its instalments it was settled with."""

    def setUp(self):
        super().setUp()
        terms = self.env["account.payment.term"].create({"name": "Twice", "line_ids": [
            Command.create({"value": "percent", "value_amount": 50, "nb_days": days}) for days in (15, 30)
        ]})  # fmt: skip
        self.move = self.late(invoice_payment_term_id=terms.id, invoice_date_due=False)
        self.first, self.second = self.item(self.move).sorted("date_maturity")

    def indemnities(self):
        """Return what stands on each instalment, and what is left of it."""
        found = self.env["dunning.penalty"]._of_items(self.company, (self.first | self.second).ids, MONDAY)
        return [(found[item.id].indemnity, found[item.id].indemnity_left) for item in (self.first, self.second)]

    def date_back(self):
        """Pay the first instalment; the payment was made in time, as it turns out."""
        self.pay(self.move, 600, date(2026, 1, 10))

    def test_waived_then_a_payment_is_dated_back(self):
        self.assertEqual(self.indemnities(), [(40, 40), (0, 0)])
        waiver = self.waive(what="indemnity")
        self.assertEqual(waiver.line_ids.filtered("indemnity_amount").move_line_id, self.first)
        self.date_back()
        self.assertEqual(self.indemnities(), [(0, 0), (40, 0)])
        waiver.with_user(self.chief)._cancel("He lied")
        self.assertEqual(self.indemnities(), [(0, 0), (40, 40)])

    def test_invoiced_then_a_payment_is_dated_back(self):
        penalties = self.invoice_penalties(what="indemnity")
        self.date_back()
        self.assertEqual(self.indemnities(), [(0, 0), (40, 0)])
        self.assertEqual(self.amounts(self.invoice_penalties()).keys(), {"763100"}, "no second indemnity")
        penalties.button_draft()
        penalties.button_cancel()
        self.assertEqual(self.indemnities(), [(0, 0), (40, 40)])

    def test_a_part_is_waived(self):
        self.waive(what="indemnity", extent="amount", amount=15)
        self.date_back()
        self.assertEqual(self.indemnities(), [(0, 0), (40, 25)])

    def test_items_of_an_entry_are_debts_of_their_own(self):
        """An opening entry is no invoice: waiving the indemnity of one of its debts leaves the others."""
        receivable, income = (self.company_data[f"default_account_{kind}"] for kind in ("receivable", "revenue"))
        entry = self.env["account.move"].create({"move_type": "entry", "date": date(2026, 1, 1), "line_ids": [
            *(Command.create({"account_id": receivable.id, "partner_id": self.customer.id, "debit": 100,
                              "date_maturity": date(2026, 1, 31)}) for _number in range(2)),
            Command.create({"account_id": income.id, "credit": 200}),
        ]})  # fmt: skip
        entry.action_post()
        self.first, self.second = self.item(entry)
        self.env["dunning.penalty.waiver"].sudo().create({
            "account_id": self.account().id, "date": MONDAY, "until": MONDAY, "reason": "Good will",
            "line_ids": [Command.create({"move_line_id": self.first.id, "indemnity_amount": 40})],
        })  # fmt: skip
        self.assertEqual(self.indemnities(), [(40, 0), (40, 40)])
