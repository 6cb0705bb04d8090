"""The debt is in the currency of its document: a thousand dollars pay a thousand dollars."""

from datetime import date, timedelta

from odoo.tests import freeze_time, tagged

from ..common.base import MONDAY
from ..common.money import MoneyCommon

FEBRUARY = date(2026, 2, 20)


@tagged("post_install", "-at_install")
class TestCurrencyDebt(MoneyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dollar = cls.setup_other_currency("USD", rates=[("2026-01-01", 1.10), ("2026-02-20", 1.20)])
        cls.franc = cls.setup_other_currency("CHF", rates=[("2016-01-01", 0.95)])

    def dollars(self, amount=1000.0, late=4, **values):
        """Return an invoice in dollars, booked at 1.10."""
        return self.late_invoice(amount, currency_id=self.dollar.id, invoice_date_due=MONDAY - timedelta(days=late),
                                 **values)  # fmt: skip

    def claimed(self, day=MONDAY):
        """Return ``{invoice: (claimed, in its currency)}`` as the preview tells it."""
        rows = self.engine.preview(date=day, partners=self.customer)
        (row,) = (row for row in rows if row["company_id"] == self.company.id)
        items = self.env["account.move.line"].browse([line["item"] for line in row["lines"]])
        return {
            item.move_id: (float(line["amount"]), None if line["own"] is None else float(line["own"]))
            for item, line in zip(items, row["lines"], strict=True)
        }  # fmt: skip

    def transaction(self, amount, currency, day=FEBRUARY, **values):
        provider = self.env["payment.provider"].create({"name": "Dummy", "code": "none"})
        return self.env["payment.transaction"].sudo().create({
            "provider_id": provider.id, "payment_method_id": self.env.ref("payment.payment_method_unknown").id,
            "amount": amount, "currency_id": currency.id, "partner_id": self.customer.id, "state": "pending",
            "last_state_change": day, "reference": "T-USD", **values,
        })  # fmt: skip

    def assertNothingIsEverClaimed(self):
        for days in (0, 7, 17, 28):
            self.run_on(self.day(days))
        self.assertFalse(self.reminders())
        self.assertEqual((self.account().amount_due, self.account().amount_overdue), (0, 0))

    def test_a_payment_in_dollars(self):
        self.dollars()
        self.unallocated_payment(1000, day=MONDAY - timedelta(days=6), currency_id=self.dollar.id)
        self.assertNothingIsEverClaimed()

    def test_a_bank_line_in_dollars(self):
        self.dollars()
        self.bank_line(833.33, customer=self.customer, foreign_currency_id=self.dollar.id, amount_currency=1000)
        self.assertNothingIsEverClaimed()

    def test_a_bank_account_in_dollars(self):
        self.dollars()
        journal = self.bank.copy({"currency_id": self.dollar.id, "bank_account_id": False})
        self.bank_line(1000, customer=self.customer, journal_id=journal.id)
        self.assertNothingIsEverClaimed()

    def test_a_credit_note_in_dollars(self):
        self.dollars()
        self.credit_note(1000, day=MONDAY + timedelta(days=26), currency_id=self.dollar.id)
        self.assertNothingIsEverClaimed()

    def test_an_online_payment_in_dollars(self):
        self.dollars()
        self.transaction(1000, self.dollar, day=MONDAY)
        self.run_on(MONDAY)
        self.assertFalse(self.reminders())
        self.assertEqual(self.account().reason_codes, "covered")

    def test_a_payment_without_entry(self):
        self.dollars()
        payment = self.unallocated_payment(1000, day=MONDAY - timedelta(days=6), currency_id=self.dollar.id)
        self.env.cr.execute("UPDATE account_payment SET move_id = NULL WHERE id = %s", [payment.id])
        self.env.cr.execute("DELETE FROM account_move WHERE id = %s", [payment.move_id.id])
        self.env.invalidate_all()
        self.assertNothingIsEverClaimed()

    def test_a_payment_that_settles_another_invoice_in_part(self):
        """A payment matched with one invoice in part: its rest is in dollars too."""
        first, second = self.dollars(400, late=8), self.dollars(600)
        payment = self.unallocated_payment(1000, day=MONDAY - timedelta(days=6), currency_id=self.dollar.id)
        receivable = self.item(first) + payment.move_id.line_ids.filtered(
            lambda line: line.account_id == self.item(first).account_id
        )
        receivable.reconcile()
        self.assertTrue(self.item(first).reconciled)
        self.assertFalse(self.item(second).reconciled)
        self.assertNothingIsEverClaimed()

    def test_what_is_left_of_an_invoice_is_the_same_in_the_message_in_both_currencies(self):
        invoice = self.dollars()
        self.unallocated_payment(250, day=MONDAY - timedelta(days=6), currency_id=self.dollar.id)
        self.assertEqual(self.claimed(), {invoice: (681.82, 750)})
        self.run_on(MONDAY)
        line = self.reminders().line_ids
        self.assertEqual((line.amount_residual, line.amount_currency, line.currency_id), (681.82, 750, self.dollar))
        self.assertEqual(self.account().amount_due, 681.82)
        self.assertEqual(self.reminders()._covered_in_words(), "$\xa0250.00", "what is on its way is told in dollars")

    def test_money_on_its_way_is_told_in_the_currencies_of_what_it_covers(self):
        self.late_invoice(100, invoice_date_due=self.day(-20))
        self.dollars(110)
        self.unallocated_payment(40, day=FEBRUARY)
        self.unallocated_payment(55, day=FEBRUARY, currency_id=self.dollar.id)
        self.run_on(MONDAY)
        self.assertEqual(self.reminders()._covered_in_words(), "40.00\xa0€ + $\xa055.00")
        self.assertEqual(self.reminders().amount_covered, 90)
        self.unallocated_payment(11, day=FEBRUARY, currency_id=self.dollar.id)
        reminder, engine = self.reminders().sudo(), self.engine.sudo()
        engine._adapt(reminder, engine._recheck(reminder, MONDAY)[reminder.id])
        self.assertEqual(reminder._covered_in_words(), "40.00\xa0€ + $\xa066.00")
        euros = self.make_customer("Owes Euros")
        self.late_invoice(100, euros)
        self.unallocated_payment(40, euros, day=FEBRUARY)
        self.run_on(self.day(1))
        self.assertFalse(self.reminders(euros).covered_in)
        self.assertEqual(self.reminders(euros)._covered_in_words(), "40.00\xa0€")

    def test_a_part_matched_at_another_rate_leaves_no_difference_to_claim(self):
        invoice = self.dollars()
        payment = self.unallocated_payment(400, day=MONDAY - timedelta(days=6), currency_id=self.dollar.id)
        receivable = self.item(invoice).account_id
        (self.item(invoice) + payment.move_id.line_ids.filtered(lambda line: line.account_id == receivable)).reconcile()
        self.unallocated_payment(600, day=MONDAY - timedelta(days=5), currency_id=self.dollar.id)
        self.assertNothingIsEverClaimed()

    def test_dollars_pay_dollars_before_an_older_debt_in_euros(self):
        euros, dollars = self.late_invoice(100, invoice_date_due=MONDAY - timedelta(days=40)), self.dollars(110)
        self.unallocated_payment(110, day=MONDAY - timedelta(days=6), currency_id=self.dollar.id)
        self.assertEqual(self.claimed(), {euros: (100, None)})
        self.unallocated_payment(100)
        self.assertEqual(self.claimed(), {})
        self.assertFalse(dollars.matched_payment_ids)

    def test_what_is_left_over_pays_other_currencies_at_the_rate_of_its_day(self):
        """On 24 February one euro bought 1.20 dollars; the invoice is booked at 1.10, and rates move on."""
        invoice = self.dollars(1200)
        self.unallocated_payment(900, day=MONDAY - timedelta(days=6))
        self.assertEqual(self.claimed(), {invoice: (109.09, 120)})
        self.env["res.currency.rate"].create(
            {"currency_id": self.dollar.id, "name": MONDAY, "rate": 3.0, "company_id": self.company.id}
        )
        self.assertEqual(self.claimed(), {invoice: (109.09, 120)})
        other = self.late_invoice(50)
        self.unallocated_payment(180, day=MONDAY - timedelta(days=6), currency_id=self.dollar.id)
        self.assertEqual(self.claimed(), {}, "120 dollars, and 60 more that were worth 50 euros")
        self.assertEqual(other.amount_residual, 50)

    def test_a_rate_that_is_corrected_is_seen_where_currencies_meet(self):
        self.dollars(1200)
        stranger = self.make_customer("Owes Dollars Only")
        self.late_invoice(100, stranger, currency_id=self.dollar.id)
        euros = self.make_customer("Owes Euros")
        self.late_invoice(100, euros)
        self.unallocated_payment(100, euros, day=MONDAY - timedelta(days=6))
        self.unallocated_payment(900, day=MONDAY - timedelta(days=6))
        self.run_on(MONDAY)
        self.assertFalse(self.changed())
        self.env["res.currency.rate"].search([("currency_id", "=", self.dollar.id), ("name", "=", FEBRUARY)]).rate = 1.5
        self.assertEqual(self.changed(), set(self.customer.ids))

    def test_an_amount_that_changes_in_dollars_alone_is_seen(self):
        invoice = self.dollars(1200)
        self.run_on(MONDAY)
        self.assertFalse(self.changed())
        self.env.cr.execute(
            "UPDATE account_move_line SET amount_residual_currency = 600 WHERE id = %s", self.item(invoice).ids
        )
        self.assertEqual(self.changed(), set(self.customer.ids))

    def test_a_difference_of_exchange_alone_is_neither_a_debt_nor_money(self):
        """An entry of the books in euros on a dollar account, as a revaluation makes it."""
        receivable = self.company_data["default_account_receivable"]
        result = self.company_data["default_account_revenue"]
        for amount in (75.76, -33.0):
            self.env["account.move"].create({"date": FEBRUARY, "line_ids": [
                (0, 0, {"account_id": receivable.id, "partner_id": self.customer.id, "balance": amount,
                        "currency_id": self.dollar.id, "amount_currency": 0.0}),
                (0, 0, {"account_id": result.id, "balance": -amount}),
            ]}).action_post()  # fmt: skip
        self.dollars(110)
        self.run_on(MONDAY)
        self.assertEqual(self.reminders().line_ids.mapped("amount_currency"), [110])
        self.assertEqual((self.account().amount_due, self.credits()), (100, []))
        with freeze_time(MONDAY):
            self.assertFalse(self.account().money_ids)

    def test_money_paid_back_in_dollars_uses_up_dollars(self):
        euros, dollars = self.late_invoice(100), self.dollars(110)
        self.unallocated_payment(110, day=MONDAY - timedelta(days=6), currency_id=self.dollar.id)
        self.unallocated_payment(100, day=MONDAY - timedelta(days=6))
        self.unallocated_payment(110, day=MONDAY, payment_type="outbound", currency_id=self.dollar.id)
        self.assertEqual(self.claimed(), {dollars: (100, 110)})
        self.assertEqual(euros.amount_residual, 100)

    def test_what_the_customer_chose_to_pay_online_in_dollars(self):
        old, young = self.dollars(500, late=20), self.dollars(1000)
        self.transaction(1000, self.dollar, day=MONDAY, dunning_items=[[self.item(young).id, "1000.0"]])
        self.assertEqual(self.claimed(), {old: (454.55, 500)})

    def test_three_currencies_in_one_account(self):
        francs = self.late_invoice(95, currency_id=self.franc.id)
        dollars, euros = self.dollars(110), self.late_invoice(100)
        self.unallocated_payment(110, day=FEBRUARY, currency_id=self.dollar.id)
        self.unallocated_payment(95, day=FEBRUARY, currency_id=self.franc.id)
        self.assertEqual(self.claimed(), {euros: (100, None)})
        self.assertEqual((francs.amount_residual, dollars.amount_residual), (95, 110))

    def test_a_dispute_and_a_promise_in_dollars(self):
        invoice = self.dollars()
        reason = self.env["dunning.dispute.reason"].search([], limit=1)
        self.env["dunning.dispute"].create({
            "account_id": self.env["dunning.account"]._of(self.customer, self.company).id, "reason_id": reason.id,
            "line_ids": [(0, 0, {"move_line_id": self.item(invoice).id, "amount": 500.0})],
        })  # fmt: skip
        self.assertEqual(self.claimed(), {invoice: (454.55, 500)})
        self.unallocated_payment(500, day=MONDAY - timedelta(days=6), currency_id=self.dollar.id)
        self.assertEqual(self.claimed(), {})

    def test_a_prepared_reminder_is_reduced_in_its_currency_before_it_leaves(self):
        self.dollars()
        self.run_on(MONDAY)
        self.assertEqual(self.reminders().line_ids.amount_currency, 1000)
        self.unallocated_payment(250, day=MONDAY - timedelta(days=6), currency_id=self.dollar.id)
        reminder, engine = self.reminders().sudo(), self.engine.sudo()
        engine._adapt(reminder, engine._recheck(reminder, MONDAY)[reminder.id])
        self.assertEqual((reminder.line_ids.amount_residual, reminder.line_ids.amount_currency), (681.82, 750))
        self.assertEqual(reminder.amount_total, 681.82)

    @freeze_time(MONDAY)
    def test_the_list_of_money_shows_the_credits_that_decide(self):
        self.dollars()
        self.transaction(120, self.dollar)
        self.unallocated_payment(100, day=MONDAY - timedelta(days=60), currency_id=self.dollar.id)
        self.bank_line(300, customer=self.customer, foreign_currency_id=self.dollar.id, amount_currency=333)
        rows = sorted((row.kind, row.amount, row.amount_currency) for row in self.account().money_ids)
        facts = self.env["dunning.account"]._read_facts(self.company, self.customer.ids, MONDAY)[self.customer.id][1]
        self.assertEqual(rows, sorted((one.kind, float(one.amount), float(one.own)) for one in facts.credits))
        self.assertIn(("transaction", 100.0, 120.0), rows)
        self.assertIn(("payment", 90.91, 100.0), rows)
