"""A cash discount taken in time is not owed, whether or not somebody has matched the payment and written it off."""

from odoo import Command
from odoo.tests import tagged

from ..common.base import MONDAY
from ..common.money import MoneyCommon


@tagged("post_install", "-at_install")
class TestCashDiscount(MoneyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.term = cls.make_term()

    @classmethod
    def make_term(cls, computation="included"):
        return cls.env["account.payment.term"].create({
            "name": "2/10 net 30", "early_discount": True, "discount_percentage": 2, "discount_days": 10,
            "early_pay_discount_computation": computation,
            "line_ids": [Command.create(
                {"value": "percent", "value_amount": 100, "delay_type": "days_after", "nb_days": 30}
            )],
        })  # fmt: skip

    def discounted(self, amount=1000.0, days=-34, **values):
        """Return an invoice of the day ``days`` from the beginning: 2 % less within ten days, due after thirty."""
        return self.invoice(MONDAY, amount, invoice_date=self.day(days), invoice_date_due=False, **{
            "invoice_payment_term_id": self.term.id, **values,
        })  # fmt: skip

    def assertNothingIsEverClaimed(self):
        for days in (0, 10, 18, 30):
            self.run_on(self.day(days))
        self.assertFalse(self.reminders())
        self.assertEqual((self.account().amount_due, self.account().amount_overdue), (0, 0))

    def assertClaimed(self, amount):
        self.run_on(MONDAY)
        self.assertEqual(self.reminders().amount_total, amount)

    def test_a_payment_in_time(self):
        self.discounted()
        self.unallocated_payment(980, day=self.day(-24))
        self.assertNothingIsEverClaimed()
        self.assertEqual(self.account().amount_covered, 980)

    def test_a_bank_line_in_time(self):
        self.discounted()
        self.bank_line(980, day=self.day(-26), customer=self.customer)
        self.assertNothingIsEverClaimed()

    def test_an_online_payment_in_time(self):
        self.discounted(days=-31)
        provider = self.env["payment.provider"].create({"name": "Dummy", "code": "none"})
        method = self.env.ref("payment.payment_method_sepa_direct_debit")
        self.env["payment.transaction"].create({
            "provider_id": provider.id, "payment_method_id": method.id, "amount": 980,
            "currency_id": self.company.currency_id.id, "partner_id": self.customer.id,
            "state": "pending", "last_state_change": self.day(-21), "reference": "T-1",
        })  # fmt: skip
        self.run_on(self.day(-2))
        self.assertFalse(self.reminders())
        self.assertEqual((self.account().amount_due, self.account().amount_covered), (0, 980))

    def test_paid_late_the_whole_is_owed(self):
        self.discounted()
        self.unallocated_payment(980, day=self.day(-23))
        self.assertClaimed(20)

    def test_a_cent_too_little_is_no_discount(self):
        self.discounted()
        self.unallocated_payment(979.99, day=self.day(-26))
        self.assertClaimed(20.01)

    def test_several_invoices_in_one_payment_and_an_older_one_without_discount(self):
        old = self.invoice(self.day(-9), 1000)
        self.discounted()
        self.discounted(500)
        self.unallocated_payment(1470, day=self.day(-26))
        self.run_on(MONDAY)
        self.assertEqual(self.reminders().line_ids.mapped(lambda line: (line.move_id, line.amount_residual)), [
            (old, 1000),
        ])  # fmt: skip

    def test_with_tax_in_each_of_odoo_s_ways(self):
        tax = self.company_data["default_tax_sale"]
        for computation in ("included", "excluded", "mixed"):
            customer = self.make_customer(f"Discount {computation}")
            invoice = self.discounted(customer=customer, invoice_payment_term_id=self.make_term(computation).id,
                                      invoice_line_ids=[Command.create({
                                          "name": "Work", "price_unit": 1000, "tax_ids": [Command.set(tax.ids)],
                                      })])  # fmt: skip
            amount = self.item(invoice).discount_amount_currency
            self.assertLess(amount, invoice.amount_residual)
            self.unallocated_payment(amount, customer, day=self.day(-25))
            self.run_on(self.day(20))
            self.assertFalse(self.reminders(customer), computation)
            self.assertEqual(self.account(customer).amount_due, 0, computation)

    def test_in_dollars(self):
        dollar = self.setup_other_currency("USD", rates=[("2026-01-01", 1.10), ("2026-02-05", 1.20)])
        self.discounted(currency_id=dollar.id)
        self.unallocated_payment(980, day=self.day(-24), currency_id=dollar.id)
        self.assertNothingIsEverClaimed()

    def test_dollars_paid_in_euros(self):
        """980 dollars were 890.91 euros on the day on which they came."""
        dollar = self.setup_other_currency("USD", rates=[("2025-01-01", 1.10), ("2026-02-20", 1.20)])
        self.discounted(currency_id=dollar.id)
        self.unallocated_payment(890.91, day=self.day(-24))
        self.assertNothingIsEverClaimed()

    def test_matched_with_odoo_s_write_off_nothing_is_left(self):
        invoice = self.discounted()
        self.pay(invoice, day=self.day(-25))
        self.assertFalse(invoice.amount_residual)
        self.assertNothingIsEverClaimed()

    def match(self, invoice, payment):
        receivable = self.item(invoice).account_id
        (self.item(invoice) + payment.move_id.line_ids.filtered(lambda line: line.account_id == receivable)).reconcile()

    def test_matched_without_write_off_the_rest_is_not_owed(self):
        invoice = self.discounted()
        self.match(invoice, self.unallocated_payment(980, day=self.day(-24)))
        self.assertEqual(invoice.amount_residual, 20)
        self.assertNothingIsEverClaimed()
        self.assertEqual(self.account().reason_codes, "nothing_open")

    def test_no_interest_runs_on_a_discount_that_was_taken(self):
        self.customer.dunning_status = "professional"
        invoice, late = self.discounted(), self.discounted(500)
        self.match(invoice, self.unallocated_payment(980, day=self.day(-24)))
        self.match(late, self.unallocated_payment(490, day=self.day(-23)))
        found = self.env["dunning.penalty"]._of_customers(self.company, self.customer.ids, self.day(30))
        self.assertEqual(list(found), self.item(late).ids)

    def test_a_part_matched_in_time_and_a_part_not_matched_yet(self):
        invoice = self.discounted()
        self.match(invoice, self.unallocated_payment(480, day=self.day(-28)))
        self.bank_line(500, day=self.day(-24), customer=self.customer)
        self.assertNothingIsEverClaimed()

    def test_matched_late_the_rest_is_owed(self):
        invoice = self.discounted()
        self.match(invoice, self.unallocated_payment(980, day=self.day(-23)))
        self.assertClaimed(20)

    def test_the_night_sees_a_payment_that_is_dated_back(self):
        """The rest is claimed until somebody books the money on the day on which it came."""
        invoice = self.discounted()
        payment = self.unallocated_payment(980, day=self.day(-23))
        self.match(invoice, payment)
        self.run_on(MONDAY)
        self.assertEqual(self.account().amount_due, 20)
        payment.action_draft()
        payment.date = self.day(-24)
        payment.action_post()
        self.assertEqual(self.changed(), set(self.customer.ids))
        self.run_on(self.day(1))
        self.assertEqual(self.account().amount_due, 0)

    def test_before_the_due_date_nothing_is_announced_either(self):
        self.discounted(days=-25)
        self.unallocated_payment(980, day=self.day(-16))
        self.run_on(MONDAY)
        self.assertFalse(self.reminders())

    def test_the_page_lists_no_discount(self):
        self.discounted()
        open_one = self.invoice(self.day(-9), 300)
        self.unallocated_payment(980, day=self.day(-24))
        self.run_on(MONDAY)
        owed, credits = self.env["dunning.portal"]._owed(self.account(), MONDAY)
        self.assertEqual({item.row["move_id"]: item.to_pay for item in owed if item.to_pay}, {open_one.id: 300})
        self.assertEqual([float(credit.amount) for credit in credits], [980])
