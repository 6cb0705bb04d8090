from collections import Counter, defaultdict
from datetime import timedelta

from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..common.base import MONDAY, DunningCommon
from ..common.dispute import DisputeCommon


@tagged("post_install", "-at_install")
class TestDispute(DisputeCommon):
    def test_a_dispute_of_200_of_1000_claims_800(self):
        self.dispute({self.invoice(self.day(-4), 1000): 200})
        self.assertEqual(self.run_and_claim(), 800)
        self.assertIn("Contested: price, ", self.account().reason_text)
        self.assertIn("200.00", self.account().reason_text)

    def test_the_rest_of_the_account_goes_on(self):
        contested, other = self.invoice(self.day(-4), 1000), self.invoice(self.day(-4), 300)
        self.dispute({contested: None})
        self.assertEqual(self.run_and_claim(), 300)
        self.assertEqual(self.reminders().line_ids.move_id, other)

    def test_two_disputes_on_one_item(self):
        invoice = self.invoice(self.day(-4), 1000)
        self.dispute({invoice: 200})
        self.dispute({invoice: 300}, self.quantity)
        with self.assertRaisesRegex(ValidationError, "500.00"), self.env.cr.savepoint():
            self.dispute({invoice: 501})
        self.assertEqual(self.run_and_claim(), 500)
        self.assertIn("Contested: price, ", self.account().reason_text)
        self.assertIn("Contested: quantity, ", self.account().reason_text)

    def test_a_dispute_of_several_invoices(self):
        one, two = self.invoice(self.day(-4), 1000), self.invoice(self.day(-4), 500)
        dispute = self.dispute({one: 100, two: None})
        self.assertEqual(dispute.amount_total, 600)
        self.assertEqual(self.run_and_claim(), 900)

    def test_more_than_is_owed_cannot_be_contested(self):
        invoice = self.invoice(self.day(-4), 1000)
        self.pay(invoice, 700)
        with self.assertRaisesRegex(ValidationError, "300.00"), self.env.cr.savepoint():
            self.dispute({invoice: 301})
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.dispute({invoice: -5})
        paid = self.invoice(self.day(-4), 100)
        self.pay(paid)
        with self.assertRaisesRegex(ValidationError, "is not owed"), self.env.cr.savepoint():
            self.dispute({paid: 10})

    def test_a_dispute_in_a_foreign_currency(self):
        """200 dollars of a 1,000 dollar invoice, at two dollars for a euro: 100 euros are held."""
        dollar = self.setup_other_currency("USD", rates=[("2026-01-01", 2.0)])
        self.dispute({self.invoice(self.day(-4), 1000, currency_id=dollar.id): 200})
        self.assertEqual(self.run_and_claim(), 400)

    def test_withdrawn_claims_all_again(self):
        dispute = self.dispute({self.invoice(self.day(-4), 1000): None})
        self.assertEqual(self.run_and_claim(), 0)
        dispute.action_withdraw()
        self.assertEqual((dispute.state, dispute.resolved_on), ("withdrawn", MONDAY))
        self.assertEqual(dispute.resolved_by, self.env.user)
        self.assertEqual(self.run_and_claim(), 1000)

    def test_a_dispute_after_the_reminder_is_prepared_reduces_it(self):
        invoice = self.invoice(self.day(-4), 1000)
        self.assertEqual(self.run_and_claim(), 1000)
        self.dispute({invoice: 200})
        self.engine.sudo()._decide_again(self.reminders().sudo(), MONDAY, defaultdict(Counter))
        self.assertEqual(self.claimed(), 800)

    def test_a_dispute_with_a_pause_and_another_hold(self):
        """What is held twice is held once."""
        invoice = self.invoice(self.day(-4), 1000)
        self.dispute({invoice: 200})
        self.env["dunning.pause"].create({
            "scope": "items", "account_id": self.account().id, "line_ids": self.item(invoice).ids,
            "reason": "Wait", "until": self.day(3),
        })  # fmt: skip
        self.assertEqual(self.run_and_claim(), 0)
        self.assertEqual(self.run_and_claim(self.day(4)), 800)

    def test_the_life_of_a_dispute_is_not_typed(self):
        user = new_test_user(self.env, "clerk", groups="account.group_account_invoice",
                             company_id=self.company.id, company_ids=self.company.ids)  # fmt: skip
        dispute = self.dispute({self.invoice(self.day(-4), 1000): 200}).with_user(user)
        for values in (
            {"state": "accepted"}, {"resolved_on": MONDAY}, {"held_until": self.day(30)},
            {"account_id": self.account(self.make_customer("Other")).id}, {"opened_on": self.day(-9)},
        ):  # fmt: skip
            with self.subTest(values), self.assertRaises(UserError):
                dispute.write(values)
        for values in ({"amount_open": 1}, {"amount_accepted": 1}, {"credit_note_id": False}):
            with self.subTest(values), self.assertRaises(UserError):
                dispute.line_ids.write(values)
        dispute.line_ids.amount = 300
        self.assertEqual(dispute.line_ids.amount_open, 300)
        dispute.action_withdraw()
        with self.assertRaises(UserError):
            dispute.line_ids.amount = 100
        with self.assertRaises(AccessError):
            dispute.unlink()

    def test_merged_customers_keep_their_disputes(self):
        other = self.make_customer("Boulangerie Petit SARL")
        dispute = self.dispute({self.invoice(self.day(-4), 1000): None})
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge([self.customer.id, other.id], other, extra_checks=False)
        self.env.invalidate_all()
        self.assertEqual((dispute.account_id, dispute.partner_id), (self.account(other), other))

    def test_the_number_of_disputes_costs_no_query(self):
        counts = []
        for number in (1, 3, 12):  # the first one also reads what is the same for all
            customers = [self.make_customer(f"Customer {number} {rank}") for rank in range(number)]
            for customer in customers:
                invoice = self.invoice(self.day(-4), customer=customer)
                self.dispute({invoice: 10}, account_id=self.account(customer).id)
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            holds = self.env["dunning.account"]._holds(self.company, [customer.id for customer in customers], MONDAY)
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(holds), number)
        self.assertAlmostEqual(counts[1], counts[2], delta=1)


@tagged("post_install", "-at_install")
class TestDisputeOfACall(DisputeCommon):
    """What a customer contests on the phone."""

    def call(self, **answers):
        """Return a call that was just made about what is three days late."""
        self.level_1.channel_ids.channel = "call"
        self.customer.phone = "+33 1 23 45 67 89"
        self.company.dunning_user_id = self.env.user
        self.run_on(MONDAY)
        self.engine.deliver(date=MONDAY, company=self.company)
        return self.reminders().delivery_ids._record_call("contests", day=MONDAY, **answers)

    def test_it_makes_a_dispute_of_its_amount_oldest_first(self):
        old, young = self.invoice(self.day(-5), 300), self.invoice(self.day(-4), 1000)
        call = self.call(dispute_reason="The price of January", dispute_amount=500, dispute_reason_id=self.price.id)
        dispute = call.dispute_ids
        self.assertEqual((dispute.reason_id, dispute.statement), (self.price, "The price of January"))
        amounts = {line.move_id: (line.amount, line.whole) for line in dispute.line_ids}
        self.assertEqual(amounts, {old: (300, False), young: (200, False)})
        self.assertEqual(self.run_and_claim(self.day(20)), 800, "the rest goes on")

    def test_without_an_amount_all_that_was_claimed_is_contested(self):
        self.invoice(self.day(-4), 1000)
        later = self.invoice(self.day(8), 70)
        call = self.call(dispute_reason="We never ordered this")
        self.assertTrue(call.dispute_ids.line_ids.whole)
        self.assertEqual(self.run_and_claim(self.day(30)), 70)
        self.assertEqual(self.reminders()[-1:].line_ids.move_id, later)

    def test_the_answer_settles_the_call(self):
        self.invoice(self.day(-4), 1000)
        call = self.call(dispute_reason="We never ordered this")
        call.dispute_ids.action_withdraw()
        self.assertEqual(call.dispute_closed_by, self.env.user)
        call.dispute_ids.action_reopen()
        self.assertFalse(call.dispute_closed_at)
        call.action_close_dispute()
        self.assertEqual(call.dispute_ids.state, "withdrawn")
        self.assertFalse(self.account().dispute_call_ids)


@tagged("post_install", "-at_install")
class TestDisputeTour(DunningCommon, HttpCase):
    def test_record_and_reject_a_dispute(self):
        new_test_user(
            self.env, "clerk", groups="account.group_account_invoice", company_id=self.company.id,
            company_ids=self.company.ids, lang="en_US",
        )  # fmt: skip
        invoice = self.invoice(self.company._dunning_today() - timedelta(days=4), 1000)
        self.engine.run(company=self.company)
        self.start_tour("/odoo/payment-reminders", "dunning_dispute_tour", login="clerk")
        dispute = self.env["dunning.dispute"].search([("line_ids.move_line_id.move_id", "=", invoice.id)])
        self.assertEqual((dispute.state, dispute.line_ids.amount), ("rejected", 200))
        self.assertEqual(dispute.held_until, self.company._dunning_today() + timedelta(days=5))
