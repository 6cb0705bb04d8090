"""Money that left by the bank: a credit of the customer that was paid out, or an invoice that is due again?"""

from datetime import timedelta

from odoo import Command
from odoo.tests import tagged

from ..common.base import MONDAY
from ..common.sent_back import SentBackCommon


@tagged("post_install", "-at_install")
class TestPaidOut(SentBackCommon):
    def test_out_of_several_credits_is_no_debt(self):
        """Two credit notes of 500 are paid back by one transfer, booked on a contact of the customer."""
        self.invoice(MONDAY - timedelta(days=4), 300)
        self.credit_note(500)
        self.credit_note(500)
        self.comes_back(customer=self.env["res.partner"].create({"name": "Buyer", "parent_id": self.customer.id}))
        self.run_on(MONDAY)
        self.assertFalse(self.tasks("sent_back"))
        self.assertEqual(self.reminders().amount_total, 300, "the credits were paid out: they cover nothing more")

    def test_in_dollars_at_another_rate(self):
        dollar = self.setup_other_currency("USD", rates=[("2016-01-01", 1.10)])
        self.invoice(MONDAY - timedelta(days=4), 300)
        self.credit_note(1000, currency_id=dollar.id)
        self.bank_line(
            -950, MONDAY, "REFUND", self.customer, foreign_currency_id=dollar.id, amount_currency=-1000,
            counterpart_account_id=self.receivable.id,
        )  # fmt: skip
        self.run_on(MONDAY)
        self.assertFalse(self.tasks("sent_back"))
        self.assertEqual(self.reminders().amount_total, 300)

    def test_a_credit_explains_no_more_than_its_amount(self):
        """A credit note of 1,000, and two payments of 1,000 that the bank sends back: one of them is owed."""
        self.credit_note(1000)
        invoices = [self.paid(), self.paid(due=MONDAY - timedelta(days=39))]
        for invoice in invoices:
            self.comes_back(label=f"REJET {invoice.name}")
        self.run_on(MONDAY)
        self.assertEqual(self.account().amount_overdue, 1000)
        self.assertEqual(self.reminders().amount_total, 1000)

    def test_a_discount_whose_payment_comes_back_was_not_taken(self):
        """980 of 1,000 were paid in time and matched; the bank sends the 980 back, and the 1,000 are owed."""
        term = self.env["account.payment.term"].create({
            "name": "2/10 net 30", "early_discount": True, "discount_percentage": 2, "discount_days": 10,
            "line_ids": [Command.create({"value": "percent", "value_amount": 100, "nb_days": 30})],
        })  # fmt: skip
        invoice = self.invoice(MONDAY, invoice_date=self.day(-40), invoice_payment_term_id=term.id,
                               invoice_date_due=False, dunning_known_on=self.day(-40))  # fmt: skip
        money = self.unallocated_payment(980, day=self.day(-32)).move_id.line_ids
        (self.item(invoice) + money.filtered(lambda line: line.account_id == self.receivable)).reconcile()
        self.assertEqual(invoice.amount_residual, 20)
        self.run_on(self.day(-2))
        self.assertFalse(self.reminders())
        self.comes_back(980, day=self.day(-1), label=f"REJET {invoice.name}")
        self.run_on(MONDAY)
        self.assertEqual(self.reminders().amount_total, 1000)
