"""What is owed: every trap of Odoo's data that could remind a customer wrongly."""

from datetime import timedelta
from decimal import Decimal

from odoo import Command
from odoo.tests import tagged

from ..common.base import MONDAY, DunningCommon


@tagged("post_install", "-at_install")
class TestFacts(DunningCommon):
    def facts(self, customer=None, day=MONDAY):
        customer = customer or self.customer
        facts = self.env["dunning.account"]._read_facts(self.company, customer.ids, day)
        return facts[customer.id][1]

    def amounts(self, customer=None):
        items = sorted(self.facts(customer).items, key=lambda item: item.due)
        return [(item.due, item.amount, item.excluded) for item in items]

    def credits(self, customer=None):
        return sum(credit.amount for credit in self.facts(customer).credits)

    def test_an_open_invoice_is_an_item_and_a_paid_one_is_not(self):
        self.invoice(MONDAY, 1000)
        self.pay(self.invoice(MONDAY, 500))
        self.assertEqual(self.amounts(), [(MONDAY, Decimal(1000), "")])

    def test_a_part_payment_leaves_the_rest(self):
        self.pay(self.invoice(MONDAY, 1000), 300)
        self.assertEqual(self.amounts(), [(MONDAY, Decimal(700), "")])

    def test_every_instalment_is_an_item_at_its_own_date(self):
        term = self.env["account.payment.term"].create({"name": "Three times", "line_ids": [
            Command.create({"value": "percent", "value_amount": 30, "nb_days": 0}),
            Command.create({"value": "percent", "value_amount": 30, "nb_days": 30}),
            Command.create({"value": "percent", "value_amount": 40, "nb_days": 60}),
        ]})  # fmt: skip
        self.invoice(MONDAY, 1000, invoice_date=MONDAY, invoice_payment_term_id=term.id)
        self.assertEqual(
            self.amounts(),
            [(MONDAY, Decimal(300), ""), (self.day(30), Decimal(300), ""), (self.day(60), Decimal(400), "")],
        )

    def test_drafts_are_not_owed(self):
        self.invoice(MONDAY, 1000, post=False)
        self.assertFalse(self.facts().items)

    def test_credit_notes_and_unallocated_payments_are_money_on_its_way(self):
        self.invoice(MONDAY, 1000)
        self.credit_note(100)
        self.unallocated_payment(250)
        self.assertEqual(self.credits(), 350)
        self.assertEqual({credit.kind for credit in self.facts().credits}, {"credit_note", "payment"})

    def test_a_refund_larger_than_the_debt_owes_nothing(self):
        self.invoice(MONDAY - timedelta(days=10), 100)
        self.credit_note(500)
        self.run_on(MONDAY)
        self.assertFalse(self.reminders())
        self.assertEqual(self.account().reason_codes, "covered")
        self.assertEqual(self.account().amount_overdue, 0)

    def test_money_paid_back_uses_up_the_credit(self):
        self.credit_note(500)
        self.unallocated_payment(500, payment_type="outbound")
        self.invoice(MONDAY, 100)
        self.assertFalse(self.facts().credits)
        self.assertEqual(self.amounts(), [(MONDAY, Decimal(100), "")])

    def test_in_payment_with_an_open_residual_is_not_claimed(self):
        invoice = self.invoice(MONDAY, 1000)
        invoice.payment_state = "in_payment"
        self.assertEqual(self.amounts(), [(MONDAY, Decimal(1000), "in_payment")])

    def test_blocked_although_paid_owes_nothing(self):
        invoice = self.invoice(MONDAY, 1000)
        invoice.action_toggle_block_payment()
        self.assertEqual(self.amounts(), [(MONDAY, Decimal(1000), "blocked")])
        self.pay(invoice)
        self.assertEqual(invoice.payment_state, "blocked", "Odoo leaves it so")
        self.assertFalse(self.facts().items)

    def test_no_followup_excludes_one_item_only(self):
        self.item(self.invoice(MONDAY, 1000)).no_followup = True
        self.invoice(self.day(1), 300)
        self.assertEqual(self.amounts(), [(MONDAY, Decimal(1000), "no_followup"), (self.day(1), Decimal(300), "")])

    def test_non_trade_receivables_are_no_business_of_reminders(self):
        account = self.company_data["default_account_receivable"].copy({"non_trade": True})
        self.customer.property_account_receivable_id = account
        self.invoice(MONDAY, 1000)
        self.assertFalse(self.facts().items)

    def test_entries_outside_follow_up_settle_one_another_before_they_cover_an_invoice(self):
        self.entry(debit=400)
        self.entry(credit=500)
        self.invoice(MONDAY, 1000)
        self.assertEqual(self.credits(), 100)

    def entry(self, debit=0, credit=0):
        """Post a miscellaneous entry on the customer's account."""
        receivable = self.company_data["default_account_receivable"]
        other = self.company_data["default_account_revenue"]
        self.env["account.move"].create({"date": MONDAY, "line_ids": [
            Command.create({
                "account_id": receivable.id, "partner_id": self.customer.id, "debit": debit, "credit": credit,
            }),
            Command.create({"account_id": other.id, "debit": credit, "credit": debit}),
        ]}).action_post()  # fmt: skip

    def test_invoices_of_a_contact_belong_to_the_company_it_works_for(self):
        contact = self.make_customer("Accounts Payable", parent_id=self.customer.id, is_company=False, type="invoice")
        self.invoice(MONDAY, 1000, contact)
        self.assertEqual(self.amounts(), [(MONDAY, Decimal(1000), "")])
        self.assertEqual(self.account(contact), self.account(self.customer))

    def test_an_archived_customer_still_owes_and_is_left_to_a_person(self):
        self.invoice(MONDAY - timedelta(days=10), 1000)
        self.customer.active = False
        self.run_on(MONDAY)
        self.assertFalse(self.reminders())
        self.assertEqual(self.account().reason_codes, "hold_archived")
        self.assertEqual(self.account().amount_overdue, 1000)
        self.customer.active = True
        self.run_on(self.day(1))
        self.assertEqual(self.reminders().level_id, self.level_1)

    def test_amounts_in_foreign_currency_count_in_the_company_s(self):
        dollar = self.setup_other_currency("USD", rates=[("2016-01-01", 2.0)])
        invoice = self.invoice(MONDAY - timedelta(days=10), 1000, currency_id=dollar.id)
        self.assertEqual(self.amounts()[0][1], Decimal(500))
        self.unallocated_payment(100)
        self.run_on(MONDAY)
        line = self.reminders().line_ids
        self.assertEqual(line.move_id, invoice)
        self.assertEqual((line.amount_residual, line.amount_currency, line.currency_id), (400, 800, dollar))

    def test_two_companies_keep_their_own_accounts(self):
        other = self.setup_other_company(name="Other")["company"]
        self.invoice(MONDAY - timedelta(days=10), 1000)
        self.env["dunning.engine"].run(date=MONDAY, company=other)
        self.assertFalse(self.reminders())
        facts = self.env["dunning.account"]._read_facts(other, self.customer.ids, MONDAY)
        self.assertFalse(facts[self.customer.id][1].items)

    def test_branches_write_once_with_their_main_company(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        self.env.user.company_ids |= branch
        self.invoice(MONDAY - timedelta(days=10), 1000)
        with_branch = self.env["account.move"].with_context(allowed_company_ids=[branch.id, self.company.id])
        receivable = self.company_data["default_account_receivable"]
        self.customer.with_company(branch).property_account_receivable_id = receivable
        journal = self.company_data["default_journal_sale"]
        move = with_branch.create({
            "move_type": "out_invoice", "partner_id": self.customer.id, "journal_id": journal.id,
            "company_id": branch.id, "invoice_date": self.day(-40), "invoice_date_due": self.day(-10),
            "invoice_line_ids": [Command.create({"name": "Work", "price_unit": 50, "tax_ids": []})],
        })  # fmt: skip
        move.action_post()
        self.assertEqual(move.company_id, branch)
        self.run_on(MONDAY)
        self.assertEqual(self.reminders().amount_total, 1050)
        self.assertEqual(self.account(company=branch), self.account())

    def test_an_online_payment_under_way_covers_the_invoice(self):
        invoice = self.invoice(MONDAY - timedelta(days=10), 1000)
        provider = self.env["payment.provider"].create({"name": "Dummy", "code": "none"})
        self.env["payment.transaction"].create({
            "provider_id": provider.id, "payment_method_id": self.env.ref("payment.payment_method_unknown").id,
            "amount": 1000, "currency_id": self.company.currency_id.id, "partner_id": self.customer.id,
            "state": "pending", "last_state_change": MONDAY, "reference": "T-1",
            "invoice_ids": [Command.set(invoice.ids)],
        })  # fmt: skip
        self.run_on(MONDAY)
        self.assertFalse(self.reminders())
        self.assertEqual(self.account().reason_codes, "covered")

    def test_an_authorised_payment_that_was_never_captured_stops_covering(self):
        invoice = self.invoice(self.day(-4), 1000)
        provider = self.env["payment.provider"].create({"name": "Dummy", "code": "none"})
        transaction = self.env["payment.transaction"].create({
            "provider_id": provider.id, "payment_method_id": self.env.ref("payment.payment_method_unknown").id,
            "amount": 1000, "currency_id": self.company.currency_id.id, "partner_id": self.customer.id,
            "state": "pending", "last_state_change": MONDAY, "reference": "T-2",
            "invoice_ids": [Command.set(invoice.ids)],
        })  # fmt: skip
        # No provider of a bare installation authorises payments.
        self.env.cr.execute("UPDATE payment_transaction SET state = 'authorized' WHERE id = %s", [transaction.id])
        self.run_on(self.day(30))
        self.assertFalse(self.reminders())
        self.run_on(self.day(31))
        self.assertEqual(self.reminders().amount_total, 1000)

    def test_merged_customers_with_a_doubt_keep_the_doubt(self):
        """Nobody knows whether one of the reminders left: it is that one which stays open."""
        other = self.make_customer("Boulangerie Petit SARL")
        self.invoice(self.day(-4), 1000)
        self.invoice(self.day(-4), 500, other)
        self.run_on(MONDAY)
        doubtful = self.reminders(other)
        doubtful._set_state("uncertain", reason="The server stopped.")
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge([self.customer.id, other.id], self.customer, extra_checks=False)
        self.env.invalidate_all()
        self.assertEqual(self.account().open_reminder_id, doubtful)
        self.assertEqual((self.reminders() - doubtful).state, "cancelled")

    def test_merged_customers_keep_their_history_and_get_one_message(self):
        other = self.make_customer("Boulangerie Petit SARL")
        self.invoice(self.day(-4), 1000)
        self.invoice(self.day(-4), 500, other)
        self.run_on(MONDAY)
        self.assertTrue(self.reminders() and self.reminders(other))
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge([self.customer.id, other.id], self.customer, extra_checks=False)
        self.env.invalidate_all()
        self.assertFalse(other.exists())
        self.assertEqual(self.reminders().mapped("state"), ["ready", "cancelled"])
        self.assertEqual(self.reminders().account_id, self.account())
        self.assertEqual(sum(item.amount for item in self.facts().items), 1500)
