"""Money on its way: each document that means money is seen, once, and named to the people who look."""

from datetime import timedelta
from unittest.mock import patch

from odoo import Command
from odoo.tests import freeze_time, tagged

from odoo.addons.relance_progressive.relance_progressive.ledger.bank import bank_queries

from ..common.base import MONDAY
from ..common.money import MoneyCommon

IBAN = "FR76 3000 6000 0112 3456 7890 189"


@tagged("post_install", "-at_install")
class TestBankLines(MoneyCommon):
    def test_a_bank_line_of_the_customer_covers_the_invoice_until_it_is_reconciled(self):
        self.late_invoice(1000)
        line = self.bank_line(600, customer=self.customer)
        self.assertEqual(self.credits(), [("bank_line", 600)])
        self.run_on(MONDAY)
        self.assertEqual(self.reminders().amount_total, 400)
        suspense = line.line_ids.filtered(lambda item: item.account_id == self.bank.suspense_account_id)
        suspense.account_id = self.company_data["default_account_receivable"]
        self.assertTrue(line.is_reconciled)
        self.assertEqual(self.credits(), [("payment", 600)], "the same money, now on the customer's account")

    def test_what_is_left_in_suspense_of_a_bank_line_is_what_counts(self):
        self.late_invoice(1000)
        line = self.bank_line(600, customer=self.customer)
        suspense = line.line_ids.filtered(lambda item: item.account_id == self.bank.suspense_account_id)
        line.move_id.with_context(skip_readonly_check=True, force_delete=True).write({"line_ids": [
            Command.update(suspense.id, {"credit": 200}),
            Command.create({
                "account_id": self.company_data["default_account_receivable"].id, "partner_id": self.customer.id,
                "credit": 400,
            }),
        ]})  # fmt: skip
        self.assertFalse(line.is_reconciled)
        self.assertEqual(self.credits(), [("bank_line", 200), ("payment", 400)])

    def test_money_that_leaves_and_cancelled_lines_are_no_money(self):
        self.late_invoice()
        self.bank_line(-1000, customer=self.customer)
        self.bank_line(1000, customer=self.customer).move_id.button_cancel()
        self.assertFalse(self.credits())

    def test_a_bank_line_that_nobody_touches_for_two_months_is_no_news(self):
        self.late_invoice()
        self.bank_line(1000, customer=self.customer)
        self.assertTrue(self.credits(day=self.day(60)))
        self.assertFalse(self.credits(day=self.day(61)))
        self.run_on(self.day(60))
        self.assertFalse(self.reminders())
        self.run_on(self.day(61))
        self.assertEqual(self.reminders().amount_total, 1000, "the night sees by itself that it no longer counts")

    def test_the_customer_is_found_by_the_bank_account(self):
        self.late_invoice()
        self.env["res.partner.bank"].create({"acc_number": IBAN, "partner_id": self.customer.id})
        self.bank_line(1000, account_number="fr7630006000011234567890189")
        self.assertEqual(self.credits(), [("bank_line", 1000)])
        self.assertFalse(self.credits(self.make_customer("Other")))

    def test_a_bank_account_of_two_customers_names_nobody(self):
        self.late_invoice()
        other = self.make_customer("Sister Company")
        for partner in (self.customer, other):
            self.env["res.partner.bank"].create({"acc_number": IBAN, "partner_id": partner.id})
        self.bank_line(1000, account_number=IBAN)
        self.assertFalse(self.credits() + self.credits(other))

    def test_the_label_names_one_open_invoice_however_it_is_cut_up(self):
        invoice = self.late_invoice()
        for label in (f"VIR SEPA RECU {invoice.name} BOULANGERIE", invoice.name.replace("/", " ").lower(),
                      f"/INV/{invoice.name.replace('/', '-')}."):  # fmt: skip
            line = self.bank_line(1000, label=label)
            self.assertEqual(self.credits(), [("bank_line", 1000)], label)
            line.unlink()
        invoice.payment_reference = "RF18 5390 0754 7034"
        self.bank_line(1000, label="VIR RF1853 9007547034 MERCI")
        self.assertEqual(self.credits(), [("bank_line", 1000)])

    def test_a_label_that_names_two_customers_or_a_piece_of_a_number_names_nobody(self):
        invoice, other = self.late_invoice(), self.make_customer("Other")
        theirs = self.late_invoice(customer=other)
        self.bank_line(1000, label=f"{invoice.name} + {theirs.name}")
        self.bank_line(1000, label=f"{invoice.name}9")
        self.bank_line(1000, label="VIREMENT 2026")
        self.assertFalse(self.credits() + self.credits(other))

    def test_a_paid_invoice_is_named_no_more(self):
        invoice = self.late_invoice()
        self.late_invoice(300)
        self.bank_line(1000, label=f"VIR {invoice.name}")
        self.pay(invoice)
        self.assertFalse(self.credits(), "the money is that of the payment")

    def test_the_label_names_a_customer_by_its_reference(self):
        self.late_invoice()
        self.customer.ref = "C-00042"
        self.bank_line(1000, label="CLIENT C-00042 ACOMPTE")
        self.assertEqual(self.credits(), [("bank_line", 1000)])

    def test_a_batch_and_a_single_customer_find_the_same_lines(self):
        """Few customers are looked at from their side, many from the side of the bank lines."""
        other, named = self.make_customer("Other"), self.make_customer("Named", ref="CLI-777")
        invoice = self.late_invoice()
        for customer in (other, named):
            self.late_invoice(customer=customer)
        self.env["res.partner.bank"].create({"acc_number": IBAN, "partner_id": other.id})
        self.bank_line(1, label=f"A {invoice.name}")
        self.bank_line(2, account_number=IBAN)
        self.bank_line(3, label="VIR CLI777")
        self.bank_line(4, label=f"VIR CLI-777 {invoice.name}")
        customers = [self.customer, other, named]
        expected = [[("bank_line", 1)], [("bank_line", 2)], [("bank_line", 3)]]
        self.assertEqual([self.credits(customer) for customer in customers], expected)
        with patch.object(bank_queries, "FEW_CUSTOMERS", 0):
            self.assertEqual([self.credits(customer) for customer in customers], expected)

    def test_a_bank_line_of_a_contact_is_that_of_its_company(self):
        contact = self.make_customer("Accounts", parent_id=self.customer.id, is_company=False)
        self.late_invoice()
        self.bank_line(1000, customer=contact)
        self.assertEqual(self.credits(), [("bank_line", 1000)])

    def test_in_foreign_currency_it_counts_for_what_the_bank_credits(self):
        dollar = self.setup_other_currency("USD", rates=[("2016-01-01", 2.0)])
        self.late_invoice()
        self.bank_line(480, customer=self.customer, foreign_currency_id=dollar.id, amount_currency=1000)
        self.assertEqual(self.credits(), [("bank_line", 480)])
        self.unallocated_payment(1000, currency_id=dollar.id)
        self.assertEqual(self.credits(), [("payment", 500)], "the payment of these dollars, once")

    def test_a_bank_line_of_another_company_pays_nothing_here_and_one_of_a_branch_does(self):
        self.late_invoice()
        other = self.setup_other_company(name="Other")
        self.bank_line(1000, customer=self.customer, journal_id=other["default_journal_bank"].id)
        self.assertFalse(self.credits())
        self.assertEqual(self.credits(company=other["company"]), [("bank_line", 1000)])
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        self.env.user.company_ids |= branch
        line = self.env["account.bank.statement.line"].with_context(allowed_company_ids=[branch.id, self.company.id])
        line.create({
            "journal_id": self.bank.id, "company_id": branch.id, "date": MONDAY, "payment_ref": "V", "amount": 700,
            "partner_id": self.customer.id,
        })  # fmt: skip
        self.assertEqual(self.credits(), [("bank_line", 700)])

    @freeze_time(MONDAY)
    def test_the_account_shows_it_at_once_and_the_night_decides_again(self):
        self.late_invoice()
        self.run_on(MONDAY)
        self.assertFalse(self.changed())
        line = self.bank_line(1000, customer=self.customer)
        self.assertEqual(self.changed(), set(self.customer.ids))
        self.env.cr.precommit.run()
        self.assertEqual(self.account().amount_covered, 1000)
        line.unlink()
        self.env.cr.precommit.run()
        self.assertEqual(self.account().amount_covered, 0)

    @freeze_time(MONDAY)
    def test_a_bank_line_of_somebody_who_never_owed_makes_no_account(self):
        supplier = self.env["res.partner"].create({"name": "Supplier", "is_company": True})
        self.bank_line(1000, customer=supplier)
        self.env.cr.precommit.run()
        self.run_on(MONDAY)
        self.assertFalse(self.env["dunning.account"].search([("partner_id", "=", supplier.id)]))


@tagged("post_install", "-at_install")
class TestCountedOnce(MoneyCommon):
    def test_a_bank_line_and_the_payment_registered_by_hand_are_the_same_money(self):
        self.late_invoice(1000)
        self.unallocated_payment(600, day=MONDAY - timedelta(days=3))
        self.bank_line(600, customer=self.customer)
        self.assertEqual(self.credits(), [("payment", 600)])

    def test_a_payment_that_settled_its_invoice_does_not_cover_the_next_one_by_its_bank_line(self):
        self.pay(self.late_invoice(600))
        self.late_invoice(1000)
        self.bank_line(600, customer=self.customer)
        self.assertFalse(self.credits())

    def test_two_lines_and_one_payment_leave_one_line(self):
        self.late_invoice(2000)
        self.unallocated_payment(600)
        self.bank_line(600, customer=self.customer)
        self.bank_line(600, customer=self.customer)
        self.assertEqual(self.credits(), [("bank_line", 600), ("payment", 600)])

    def test_one_transfer_for_several_payments_of_a_day(self):
        self.late_invoice(2000)
        self.unallocated_payment(100)
        self.unallocated_payment(200)
        self.bank_line(300, customer=self.customer)
        self.assertEqual(self.credits(), [("payment", 100), ("payment", 200)])

    def test_who_pays_the_same_every_month_is_not_taken_for_last_month(self):
        """Nobody reconciles here: the payments of the months before have their own bank lines."""
        for months in (2, 1):
            day = MONDAY - timedelta(days=30 * months)
            self.pay(self.late_invoice(100), day=day)
            self.bank_line(100, day=day, customer=self.customer)
        self.late_invoice(100)
        self.assertFalse(self.credits())
        self.bank_line(100, customer=self.customer)
        self.assertEqual(self.credits(), [("bank_line", 100)])
        self.unallocated_payment(100)
        self.assertEqual(self.credits(), [("payment", 100)])

    def test_another_amount_is_other_money(self):
        self.late_invoice(2000)
        self.unallocated_payment(600)
        self.bank_line(601, customer=self.customer)
        self.assertEqual(self.credits(), [("bank_line", 601), ("payment", 600)])

    def test_a_cancelled_payment_leaves_its_bank_line(self):
        self.late_invoice(1000)
        self.bank_line(600, customer=self.customer)
        payment = self.unallocated_payment(600)
        payment.action_cancel()
        self.assertEqual(self.credits(), [("bank_line", 600)])

    def test_a_transfer_announced_online_is_the_one_that_arrives(self):
        self.late_invoice(1000)
        self.transaction(1000)
        self.bank_line(1000, customer=self.customer)
        self.assertEqual(self.credits(), [("transaction", 1000)])

    def transaction(self, amount, method="payment.payment_method_unknown"):
        provider = self.env["payment.provider"].create({"name": "Dummy", "code": "none"})
        return self.env["payment.transaction"].create({
            "provider_id": provider.id, "payment_method_id": self.env.ref(method).id, "amount": amount,
            "currency_id": self.company.currency_id.id, "partner_id": self.customer.id, "state": "pending",
            "last_state_change": MONDAY, "reference": "T-1",
        })  # fmt: skip

    def test_a_direct_debit_of_a_provider_takes_longer_than_a_transfer(self):
        self.late_invoice(1000)
        self.transaction(1000, "payment.payment_method_sepa_direct_debit")
        self.assertEqual(self.credits(day=self.day(20)), [("direct_debit", 1000)])
        self.assertFalse(self.credits(day=self.day(21)))


@tagged("post_install", "-at_install")
class TestDirectDebit(MoneyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        method = cls.env["account.payment.method"].sudo().create(
            {"name": "SEPA Direct Debit", "code": "sepa_direct_debit", "payment_type": "inbound"}
        )
        cls.debit = cls.env["account.payment.method.line"].create({
            "name": "Direct Debit", "payment_method_id": method.id, "journal_id": cls.bank.id,
            "payment_account_id": cls.bank.inbound_payment_method_line_ids[0].payment_account_id.id,
        })  # fmt: skip

    def test_a_direct_debit_in_progress_is_named_so(self):
        self.late_invoice(1000)
        self.unallocated_payment(400, payment_method_line_id=self.debit.id)
        self.assertEqual(self.credits(), [("direct_debit", 400)])

    def test_a_direct_debit_without_entry_counts_too(self):
        """As with an accounting add-on that books it only once the bank shows it."""
        self.late_invoice(1000)
        payment = self.unallocated_payment(400, payment_method_line_id=self.debit.id)
        self.env.cr.execute("UPDATE account_payment SET move_id = NULL WHERE id = %s", [payment.id])
        self.env.cr.execute("DELETE FROM account_move WHERE id = %s", [payment.move_id.id])
        self.env.invalidate_all()
        self.assertEqual(self.credits(), [("direct_debit", 400)])

    def test_a_direct_debit_that_came_back_is_no_money(self):
        self.late_invoice(1000)
        payment = self.unallocated_payment(400, payment_method_line_id=self.debit.id)
        self.run_on(MONDAY)
        self.assertFalse(self.changed())
        payment.action_reject()
        self.assertFalse(self.credits())
        self.assertEqual(self.changed(), set(self.customer.ids))
