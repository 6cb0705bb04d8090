"""How money on its way is shown, and what it changes just before something leaves."""

from datetime import date

from odoo.tests import freeze_time, tagged

from ..common.base import MONDAY
from ..common.deliver import DeliverCommon
from ..common.money import MoneyCommon


@tagged("post_install", "-at_install")
class TestMoneyShown(MoneyCommon):
    def test_the_reason_names_the_document_and_its_day(self):
        self.late_invoice(1000)
        self.unallocated_payment(1000, day=date(2026, 3, 1))
        self.run_on(MONDAY)
        self.assertIn("1,000.00", self.account().reason_text)
        self.assertIn("covered by a payment received on 03/01/2026, not allocated", self.account().reason_text)
        self.bank_line(3000, customer=self.customer)
        self.run_on(self.day(1))
        self.assertIn("above all a transfer on the bank statement of 03/02/2026", self.account().reason_text)

    @freeze_time(MONDAY)
    def test_the_account_lists_each_document_with_its_button(self):
        self.late_invoice(5000)
        note, payment = self.credit_note(100), self.unallocated_payment(200)
        line = self.bank_line(300, customer=self.customer, label="VIR PETIT")
        money = self.account().money_ids
        self.assertEqual(sorted(money.mapped(lambda row: (row.kind, row.amount))), [
            ("bank_line", 300), ("credit_note", 100), ("payment", 200),
        ])  # fmt: skip
        opened = {row.kind: (row.action_open()["res_model"], row.action_open()["res_id"]) for row in money}
        self.assertEqual(opened["credit_note"], ("account.move", note.id))
        self.assertEqual(opened["payment"], ("account.payment", payment.id))
        self.assertEqual(opened["bank_line"], ("account.move", line.move_id.id))
        self.assertEqual(self.account().amount_to_allocate, 600)

    @freeze_time(MONDAY)
    def test_the_list_adds_up_to_what_decides(self):
        """The rows that people see are the credits that the decision counts."""
        dollar = self.setup_other_currency("USD", rates=[("2016-01-01", 2.0)])
        self.late_invoice(5000)
        self.credit_note(100)
        self.unallocated_payment(200, currency_id=dollar.id)
        self.bank_line(300, customer=self.customer)
        provider = self.env["payment.provider"].create({"name": "Dummy", "code": "none"})
        self.env["payment.transaction"].create({
            "provider_id": provider.id, "payment_method_id": self.env.ref("payment.payment_method_unknown").id,
            "amount": 90, "currency_id": dollar.id, "partner_id": self.customer.id, "state": "pending",
            "reference": "T-9",
        })  # fmt: skip
        rows = [(row.kind, row.amount) for row in self.account().money_ids]
        self.assertEqual(sorted(rows), self.credits())
        self.assertIn(("transaction", 45.0), rows)

    @freeze_time(MONDAY)
    def test_the_filter_finds_those_who_owe_and_have_money_to_allocate(self):
        self.late_invoice(1000)
        self.unallocated_payment(200)
        nothing = self.make_customer("Nothing to Allocate")
        self.late_invoice(1000, nothing)
        owes_nothing = self.make_customer("Paid in Advance")
        self.unallocated_payment(500, owes_nothing)
        self.run_on(MONDAY)
        found = self.env["dunning.account"].search([
            ("company_id", "=", self.company.id), ("amount_to_allocate", ">", 0),
            "|", ("amount_due", ">", 0), ("amount_covered", ">", 0),
        ])  # fmt: skip
        self.assertEqual(found, self.account())
        domain = self.account().action_open_payments()["domain"]
        self.assertEqual(self.env["account.payment"].search(domain).amount, 200)

    def test_money_paid_back_is_not_to_allocate(self):
        self.unallocated_payment(500)
        self.unallocated_payment(500, payment_type="outbound")
        self.late_invoice(100)
        self.assertEqual(self.account().amount_to_allocate, 0)
        self.assertEqual(sorted(self.account().money_ids.mapped("amount")), [-500, 500])

    @freeze_time(MONDAY)
    def test_the_figures_of_a_list_are_read_together(self):
        customers = [self.make_customer(f"Customer {number}") for number in range(12)]
        for customer in customers:
            self.late_invoice(1000, customer)
            self.unallocated_payment(10, customer)
            self.bank_line(20, customer=customer)
        accounts = self.env["dunning.account"].concat(*[self.account(customer) for customer in customers])
        self.env.flush_all()
        counts = []
        for some in (accounts[:2], accounts[:2], accounts):  # the first fills the caches
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(set(some.mapped("amount_to_allocate")), {30})
            some.money_ids.mapped("kind")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])

    def test_facts_of_many_customers_cost_one_query(self):
        customers = self.env["res.partner"].union(*[self.make_customer(f"Customer {n}") for n in range(8)])
        for customer in customers:
            self.late_invoice(1000, customer)
            self.bank_line(20, customer=customer)
        self.env.flush_all()
        self.env["dunning.account"]._scope(self.company)
        counts = []
        for some in (customers[:1], customers):
            before = self.env.cr.sql_log_count
            self.env["dunning.account"]._read_facts(self.company, some.ids, MONDAY)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])


@tagged("post_install", "-at_install")
class TestMoneyBeforeSending(DeliverCommon):
    """What arrives between preparation and sending."""

    def bank_line(self, amount, customer):
        self.env["account.bank.statement.line"].create({
            "journal_id": self.company_data["default_journal_bank"].id, "date": MONDAY, "payment_ref": "VIR",
            "amount": amount, "partner_id": customer.id,
        })  # fmt: skip

    def test_a_bank_line_for_all_of_it_cancels_the_reminder(self):
        customer = self.reminder_for()
        self.prepare()
        self.bank_line(1000, customer)
        with self.smtp() as smtp:
            self.send()
        self.assertFalse(smtp.messages)
        self.assertEqual(self.reminders(customer).state, "cancelled")
        self.assertIn("covered by a transfer on the bank statement", self.reminders(customer).reason)

    def test_a_bank_line_for_a_part_reduces_it(self):
        customer = self.reminder_for()
        self.prepare()
        self.bank_line(300, customer)
        with self.smtp() as smtp:
            self.send()
        self.assertEqual(len(smtp.messages), 1)
        self.assertEqual(self.reminders(customer).amount_total, 700)
