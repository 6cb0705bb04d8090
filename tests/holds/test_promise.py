from datetime import timedelta

from odoo import Command
from odoo.tests import freeze_time, tagged

from odoo.addons.relance_progressive.relance_progressive.holds.promises import queries

from ..common.base import MONDAY
from ..common.deliver import DeliverCommon
from ..common.promise import PromiseCommon


@tagged("post_install", "-at_install")
class TestPromise(PromiseCommon):
    # === WHAT IT HOLDS === #

    def test_trap_e_it_covers_one_invoice_and_the_others_go_on(self):
        """With the option of Upflow the whole customer is silent; here only what is promised is."""
        promised, other = self.invoice(self.day(-4), 1000), self.invoice(self.day(-4), 500)
        self.promise((1000, 10), invoices=promised)
        self.run_on(MONDAY)
        self.assertEqual(self.claimed(), {other: 500})
        self.assertIn("Promised for 03/12/2026", self.account()._reasons_in_words(
            self.account().reasons, self.company.currency_id
        ))  # fmt: skip

    def test_a_part_of_an_invoice(self):
        invoice = self.invoice(self.day(-4), 1000)
        self.promise((600, 10), invoices=invoice)
        self.run_on(MONDAY)
        self.assertEqual(self.claimed(), {invoice: 400})

    def test_for_the_account_the_oldest_invoices_first(self):
        old, new = self.invoice(self.day(-20), 1000), self.invoice(self.day(-4), 500)
        promise = self.promise((1200, 10))
        shares = {line.move_line_id.move_id: line.amount for line in promise.line_ids}
        self.assertEqual(shares, {old: 1000, new: 200})
        self.run_on(MONDAY)
        self.assertEqual(self.claimed(), {new: 300})

    def test_two_promises_of_one_invoice_hold_no_more_than_it(self):
        invoice = self.invoice(self.day(-4), 1000)
        self.promise((600, 10), invoices=invoice)
        self.promise((400, 12), invoices=invoice)
        held = self.env["dunning.account"]._holds(self.company, self.customer.ids, MONDAY)[self.customer.id]
        self.assertEqual([hold.amount for hold in held], [600, 400])
        self.pay_on(1, invoice, 700)
        held = self.env["dunning.account"]._holds(self.company, self.customer.ids, self.day(1))[self.customer.id]
        self.assertEqual(sum(hold.amount for hold in held), 300)

    def test_the_preview_shows_when_it_ends(self):
        invoice = self.invoice(self.day(-4), 1000)
        self.promise((1000, 10), invoices=invoice)
        sends = {
            delay: self.engine.preview(self.day(delay), self.customer)[0]["send"] for delay in (0, 10, 13, 14)
        }  # fmt: skip
        self.assertEqual(sends, {0: False, 10: False, 13: False, 14: True})

    # === WHAT BECOMES OF IT === #

    def test_replay_day_by_day(self):
        """Level 1 before the promise, silence until its date and the grace, then the level that follows."""
        invoice = self.invoice(self.day(-3), 1000)
        self.run_on(MONDAY)
        self.reminders()._set_state("sent")
        self.assertEqual(self.item(invoice).dunning_level_id, self.level_1)
        promise = self.promise((1000, 8), invoices=invoice)
        self.run_days(1, 11)
        self.assertEqual((promise.state, len(self.reminders())), ("open", 1))
        self.run_on(self.day(12))
        self.assertEqual((promise.state, promise.broken_on, promise.amount_missing), ("broken", self.day(12), 1000))
        self.assertEqual(self.reminders()[-1:].level_id, self.level_2)
        self.assertEqual(self.reminders()[-1:].date, self.day(12))

    def test_kept(self):
        invoice = self.invoice(self.day(-4), 1000)
        promise = self.promise((1000, 8), invoices=invoice)
        self.pay_on(8, invoice)
        self.run_on(self.day(9))
        self.assertEqual((promise.state, promise.amount_kept), ("kept", 1000))
        self.assertFalse(self.account().broken_promise_date)

    def test_partial_payments(self):
        invoice = self.invoice(self.day(-4), 1000)
        promise = self.promise((1000, 8), invoices=invoice)
        self.pay_on(2, invoice, 300)
        self.run_on(self.day(3))
        self.assertEqual((promise.state, promise.amount_kept), ("open", 300))
        self.pay_on(7, invoice, 500)
        self.run_on(self.day(12))
        self.assertEqual((promise.state, promise.amount_kept, promise.amount_missing), ("partly", 800, 200))
        self.pay_on(13, invoice)
        self.run_on(self.day(13))
        self.assertEqual((promise.state, promise.amount_kept, promise.amount_missing), ("partly", 800, 0))
        self.assertFalse(self.account().broken_promise_date)

    def test_undo_a_payment_and_allocate_it_again(self):
        """The state follows the reconciliations, and a payment allocated late counts for its own day."""
        invoice = self.invoice(self.day(-4), 1000)
        promise = self.promise((1000, 8), invoices=invoice)
        payment = self.pay_on(5, invoice)
        self.run_on(self.day(6))
        self.assertEqual(promise.state, "kept")
        credit = self.settled_lines(invoice).credit_move_id
        self.settled_lines(invoice).unlink()
        self.run_on(self.day(7))
        self.assertEqual(promise.state, "open")
        self.run_on(self.day(12))
        self.assertEqual(promise.state, "broken")
        self.assertEqual(self.account().broken_promise_date, self.day(12))
        (self.item(invoice) | credit).reconcile()
        self.run_on(self.day(13))
        self.assertEqual((promise.state, promise.amount_missing), ("kept", 0))
        self.assertFalse(self.account().broken_promise_date)
        self.assertFalse(promise.activity_id)
        self.assertEqual(payment.amount, 1000)

    def test_whoever_looks_during_the_day_sees_it_kept(self):
        """The figures follow when the transaction of the payment commits, before the night."""
        invoice = self.invoice(MONDAY, 1000)
        today = self.company._dunning_today()
        promise = self.env["dunning.promise"]._record(self.account(), [(today, 1000)], self.item(invoice))
        self.pay(invoice, day=today)
        self.env.cr.precommit.run()
        self.assertEqual(promise.state, "kept")

    def test_overpayment(self):
        invoice, other = self.invoice(self.day(-4), 1000), self.invoice(self.day(20), 500)
        promise = self.promise((1000, 8), invoices=invoice)
        payment = self.unallocated_payment(1200, day=self.day(5))
        credit = payment.move_id.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        (self.item(invoice) | credit).reconcile()
        self.run_on(self.day(12))
        self.assertEqual((promise.state, promise.amount_kept), ("kept", 1000))
        self.assertEqual(other.amount_residual, 500)

    def test_a_credit_note_instead_of_money(self):
        """Nobody broke a promise that no longer has an object, and nobody kept it either."""
        invoice = self.invoice(self.day(-4), 1000)
        promise = self.promise((1000, 8), invoices=invoice)
        credit = self.credit_note(1000, day=self.day(3))
        (self.item(invoice) | self.item(credit)).reconcile()
        self.run_on(self.day(12))
        self.assertEqual((promise.state, promise.amount_missing), ("cancelled", 0))
        self.assertFalse(self.account().promise_text)

    def test_a_credit_note_for_a_part(self):
        invoice = self.invoice(self.day(-4), 1000)
        promise = self.promise((1000, 8), invoices=invoice)
        credit = self.credit_note(300, day=self.day(3))
        (self.item(invoice) | self.item(credit)).reconcile()
        self.pay_on(6, invoice)
        self.run_on(self.day(12))
        self.assertEqual((promise.state, promise.amount_due, promise.amount_kept), ("kept", 700, 700))

    def test_an_invoice_set_back_to_draft(self):
        invoice = self.invoice(self.day(-4), 1000)
        promise = self.promise((1000, 8), invoices=invoice)
        invoice.button_draft()
        self.run_on(self.day(12))
        self.assertEqual(promise.state, "cancelled")

    # === BROKEN === #

    def test_the_person_in_charge_is_told_once(self):
        invoice = self.invoice(self.day(-4), 1000)
        promise = self.promise((1000, 8), invoices=invoice)
        self.run_days(11, 14)
        activity = self.account().activity_ids
        self.assertEqual((activity.user_id, activity.date_deadline), (self.clerk, self.day(12)))
        self.assertIn("1,000.00", activity.summary)
        self.assertEqual(promise.activity_id, activity)

    def test_the_account_comes_first(self):
        rich = self.make_customer("Grande Maison")
        self.invoice(self.day(-4), 90000, rich)
        invoice = self.invoice(self.day(-4), 1000)
        self.promise((1000, 8), invoices=invoice)
        self.run_on(self.day(12))
        action_order = "broken_promise_date, amount_overdue desc, next_date"
        mine = [("partner_id", "in", (self.customer | rich).ids)]
        accounts = self.env["dunning.account"].search(mine, order=action_order)
        self.assertEqual(accounts[0].partner_id, self.customer)
        self.assertIn("Promise not kept", accounts[0].reason_text)
        accounts[0].with_user(self.clerk).action_broken_followed_up()
        self.assertFalse(accounts[0].broken_promise_date)
        self.run_on(self.day(13))
        self.assertFalse(accounts[0].broken_promise_date)

    def test_another_promise_takes_care_of_the_broken_one(self):
        invoice = self.invoice(self.day(-4), 1000)
        first = self.promise((1000, 8), invoices=invoice)
        self.run_on(self.day(12))
        self.promise((1000, 20), invoices=invoice, day=self.day(12))
        self.run_on(self.day(13))
        self.assertEqual((first.state, first.followed_up_on), ("broken", self.day(12)))
        self.assertFalse(self.account().broken_promise_date)

    # === HOW FAR TO TRUST THE NEXT ONE === #

    def test_reliability(self):
        """Two of three kept on time; of the amounts, what came in time."""
        paid, late, partly = (self.invoice(self.day(-4), amount) for amount in (1000, 500, 500))
        for invoice in (paid, late, partly):
            self.promise((invoice.amount_total, 8), invoices=invoice)
        self.pay_on(5, paid)
        self.pay_on(6, partly, 100)
        self.pay_on(20, late)
        self.run_on(self.day(21))
        account = self.account()
        self.assertAlmostEqual(account.promise_rate_amount, 1100 / 2000)
        self.assertIn("1 of 3", self.customer.dunning_promise_text)

    # === SIZE === #

    def test_as_many_queries_for_many_customers(self):
        """What holds, and what became of it on a day when every first date is missed: flat, whatever the number."""
        promises = self.env["dunning.promise"].sudo()

        def count(work):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            work()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        def night(number):
            customers = [self.make_customer(f"Night {number} {one}") for one in range(number)]
            for customer in customers:
                invoice = self.invoice(self.day(-4), 1000, customer)
                self.promise((400, 8), (600, 20), invoices=invoice, customer=customer)
            ids = [customer.id for customer in customers]
            which = queries.of_customers(ids)
            return (
                count(lambda: self.env["dunning.account"]._holds(self.company, ids, MONDAY)),
                count(lambda: promises._follow(self.company, which, MONDAY, tell=True)),
                count(lambda: promises._follow(self.company, which, self.day(12), tell=True)),
            )

        night(1)  # caches of models and templates
        few, many = night(2), night(12)
        for one, other in zip(few[:2], many[:2], strict=True):  # a cache may have been emptied on the way
            self.assertAlmostEqual(one, other, delta=1)
        self.assertLess(many[2] - few[2], 12, f"told in batches: {few[2]} queries for 2 customers, {many[2]} for 12")


@tagged("post_install", "-at_install")
class TestPromiseAndDelivery(PromiseCommon, DeliverCommon):
    """A promise that comes between the preparation and the sending."""

    def test_the_ready_reminder_is_reduced(self):
        customer = self.reminder_for()
        self.invoice(MONDAY - timedelta(days=12), 500, customer)
        self.prepare()
        reminder = self.reminders(customer)
        self.assertEqual(reminder.amount_total, 1500)
        self.promise((500, 8), customer=customer, invoices=reminder.line_ids.move_id.filtered(
            lambda move: move.amount_total == 500
        ))  # fmt: skip
        with self.smtp():
            self.send()
        self.assertEqual((reminder.state, reminder.amount_total, len(reminder.line_ids)), ("sent", 1000, 1))

    def test_the_ready_reminder_is_cancelled(self):
        customer = self.reminder_for()
        self.prepare()
        self.promise((1000, 8), customer=customer)
        with self.smtp() as smtp:
            self.send()
        self.assertFalse(smtp.messages)
        self.assertEqual(self.reminders(customer).state, "cancelled")
        self.assertIn("Promised for", self.reminders(customer).reason)


@tagged("post_install", "-at_install")
class TestPromiseOnThePhone(PromiseCommon, DeliverCommon):
    def test_will_pay_makes_a_promise(self):
        """A part is promised on the phone: it is held, the rest of the account goes on."""
        self.level_1.channel_ids.unlink()
        self.level_1.channel_ids = [Command.create({"channel": "call"})]
        customer = self.reminder_for(phone="+33 1 42 68 53 00")
        with freeze_time(MONDAY):
            self.prepare()
            self.send()
            self.reminders(customer).delivery_ids.with_user(self.clerk)._record_call(
                "will_pay", promise_date=self.day(9), promise_amount=600, note="After the fair"
            )
        promise = self.account(customer).promise_ids
        self.assertEqual((promise.source, promise.words, promise.amount_total), ("call", "After the fair", 600))
        self.assertEqual((promise.state, promise.recorded_by_id), ("open", self.clerk))
        self.assertEqual(promise.call_id.promise_state, "open")
        held = self.env["dunning.account"]._holds(self.company, customer.ids, MONDAY)[customer.id]
        self.assertEqual([(hold.item is not None, hold.amount) for hold in held], [(True, 600)])
        self.run_on(self.day(7))
        self.assertEqual(self.claimed(customer).popitem()[1], 400)
