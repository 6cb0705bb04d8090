"""Money that left by the bank: a credit of the customer that was paid out, or an invoice that is due again?"""

from datetime import timedelta

from odoo.tests import tagged

from .common import MONDAY
from .test_sent_back import SentBackCommon


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
