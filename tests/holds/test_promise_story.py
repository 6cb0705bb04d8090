from datetime import timedelta
from itertools import permutations

from odoo import Command
from odoo.tests import freeze_time, new_test_user, tagged

from ..common.base import MONDAY
from ..common.promise import PromiseCommon


@tagged("post_install", "-at_install")
class TestPromiseReconciliations(PromiseCommon):
    """Whatever is reconciled, undone and reconciled again, what stands at the end decides."""

    def credit_of(self, payment):
        return payment.move_id.line_ids.filtered(lambda line: line.account_type == "asset_receivable")

    def undo(self, invoice, credit):
        self.settled_lines(invoice).filtered(lambda partial: partial.credit_move_id == credit).unlink()

    def test_partial_payments_in_any_order_undone_and_done_again(self):
        """400 and 600 in time: allocated in any order, with any of them undone and allocated again, it is kept."""
        stories = []
        for order in permutations(("400", "600", "undo 400", "undo 600")):
            if order.index("400") > order.index("undo 400") or order.index("600") > order.index("undo 600"):
                continue
            customer = self.make_customer("-".join(order))
            invoice = self.invoice(self.day(-4), 1000, customer)
            promise = self.promise((1000, 8), invoices=invoice, customer=customer)
            payments = {
                "400": self.credit_of(self.unallocated_payment(400, customer, self.day(3))),
                "600": self.credit_of(self.unallocated_payment(600, customer, self.day(7))),
            }
            for step in order:
                if step in payments:
                    (self.item(invoice) | payments[step]).reconcile()
                else:
                    self.undo(invoice, payments[step.removeprefix("undo ")])
            stories.append((order, promise, invoice, payments.values()))
        self.run_on(self.day(12))
        for order, promise, invoice, payments in stories:
            with self.subTest(order):
                self.assertEqual((promise.state, promise.amount_kept, promise.amount_missing), ("broken", 0, 1000))
            for credit in reversed(payments):
                (self.item(invoice) | credit).reconcile()
        self.run_on(self.day(13))
        for order, promise, _invoice, _payments in stories:
            with self.subTest(order):
                self.assertEqual((promise.state, promise.amount_kept, promise.amount_missing), ("kept", 1000, 0))
                self.assertFalse(promise.account_id.broken_promise_date)

    def test_a_late_payment_in_the_place_of_one_in_time(self):
        """The payment in time is taken for another invoice: what is left of it came late."""
        invoice, other = self.invoice(self.day(-4), 1000), self.invoice(self.day(-4), 1000)
        promise = self.promise((1000, 8), invoices=invoice)
        in_time = self.credit_of(self.unallocated_payment(1000, day=self.day(5)))
        late = self.credit_of(self.unallocated_payment(1000, day=self.day(20)))
        (self.item(invoice) | in_time).reconcile()
        self.run_on(self.day(21))
        self.assertEqual(promise.state, "kept")
        self.undo(invoice, in_time)
        (self.item(other) | in_time).reconcile()
        (self.item(invoice) | late).reconcile()
        self.run_on(self.day(22))
        self.assertEqual((promise.state, promise.amount_missing), ("broken", 0))
        self.assertFalse(self.account().broken_promise_date, "nothing is missing: nobody has to call")

    def test_trap_l_closed_and_reopened_by_an_unreconciliation(self):
        """A claim that is closed and reopened before its date is still promised, for the same day."""
        invoice = self.invoice(self.day(-4), 1000)
        promise = self.promise((1000, 8), invoices=invoice)
        self.pay_on(1, invoice)
        self.run_on(self.day(2))
        self.settled_lines(invoice).unlink()
        self.run_on(self.day(3))
        self.assertEqual((promise.state, promise.next_date), ("open", self.day(8)))
        self.assertFalse(self.reminders(), "it still holds")

    def test_in_another_currency(self):
        """2,000 dollars, 1,000 euros when invoiced; the dollar has moved when they are paid: the promise is kept."""
        dollar = self.setup_other_currency("USD", rates=[("2026-01-01", 2.0), ("2026-03-05", 2.5)])
        for paid in (2000, 1500):
            customer = self.make_customer(f"Paid {paid}")
            invoice = self.invoice(self.day(-4), 2000, customer, currency_id=dollar.id)
            self.assertEqual(self.item(invoice).amount_residual, 1000)
            promise = self.promise((1000, 8), invoices=invoice, customer=customer)
            wizard = self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=invoice.ids
            ).create({"payment_date": self.day(7), "currency_id": dollar.id, "amount": paid})
            wizard._create_payments()
            self.run_on(self.day(12))
            if paid == 2000:
                self.assertEqual((promise.state, promise.amount_missing), ("kept", 0))
            else:
                self.assertEqual((promise.state, promise.amount_missing), ("partly", 250))

    def test_a_write_off_is_no_payment(self):
        """What is given up was not paid: the promise has no object any more, the customer gets no credit for it."""
        invoice = self.invoice(self.day(-4), 1000)
        promise = self.promise((1000, 8), invoices=invoice)
        receivable = self.item(invoice).account_id
        journal = self.env["account.journal"].search([
            ("type", "=", "general"), ("company_id", "=", self.company.id)], limit=1)
        loss = self.env["account.account"].search([
            ("account_type", "=", "expense"), ("company_ids", "=", self.company.id)], limit=1)
        entry = self.env["account.move"].create({
            "journal_id": journal.id, "date": self.day(5), "line_ids": [
                Command.create({"account_id": loss.id, "debit": 1000}),
                Command.create({"account_id": receivable.id, "credit": 1000, "partner_id": self.customer.id}),
            ],
        })  # fmt: skip
        entry.action_post()
        (self.item(invoice) | self.item(entry)).reconcile()
        self.run_on(self.day(12))
        self.assertEqual((promise.state, self.account().promise_text), ("cancelled", False))


@tagged("post_install", "-at_install")
class TestPromiseStory(PromiseCommon):
    # === CANCELLED AND REPLACED === #

    def test_cancelling_a_plan_in_default(self):
        """What was kept stays kept, the account leaves the top of the list, and nobody has to call any more."""
        invoice = self.invoice(self.day(-4), 900)
        plan = self.promise((300, 7), (300, 14), (300, 21), invoices=invoice)
        self.pay_on(7, invoice, 300)
        self.run_on(self.day(18))
        self.assertEqual(self.account().broken_promise_date, self.day(18))
        self.assertTrue(self.account().activity_ids)
        plan.with_user(self.clerk)._cancel("Another plan is agreed on", self.day(18))
        self.assertEqual(plan.line_ids.mapped("state"), ["kept", "broken", "cancelled"])
        self.assertFalse(self.account().broken_promise_date)
        self.assertFalse(self.account().activity_ids)

    def test_a_promise_recorded_by_mistake_gives_back_what_it_replaced(self):
        """A promise on the wrong customer took the place of a good one: cancelled, the good one holds again."""
        invoice = self.invoice(self.day(-4), 1000)
        good = self.promise((1000, 8), invoices=invoice)
        wrong = self.promise((700, 3), invoices=invoice)
        self.assertEqual((good.state, good.amount_total), ("cancelled", 0))
        wrong._cancel("Wrong customer", MONDAY)
        self.run_on(MONDAY)
        self.assertEqual((good.state, good.amount_total, good.next_date), ("open", 1000, self.day(8)))
        self.assertFalse(self.reminders())
        self.run_on(self.day(12))
        self.assertEqual((good.state, good.amount_missing), ("broken", 1000))

    def test_a_day_that_is_past_does_not_come_back(self):
        invoice = self.invoice(self.day(-4), 1000)
        old = self.promise((1000, 3), invoices=invoice)
        new = self.promise((1000, 20), invoices=invoice, day=self.day(1))
        new._cancel("They will not pay", self.day(10))
        self.run_on(self.day(10))
        self.assertEqual(old.state, "cancelled")
        self.assertEqual(self.claimed(), {invoice: 1000})

    def test_the_thread_of_a_replaced_promise_says_so_and_no_more(self):
        invoice = self.invoice(self.day(-4), 1000)
        old = self.promise((1000, 8), invoices=invoice)
        self.promise((1000, 9), invoices=invoice)
        self.run_on(MONDAY)
        words = " ".join(old.message_ids.mapped("body"))
        self.assertIn("Replaced by", words)
        self.assertNotIn("Nothing is left to pay", words)

    # === WHO IS TOLD === #

    def told_of(self, promise):
        """Return the messages that somebody was sent about a promise."""
        messages = self.env["mail.message"].sudo().search([("model", "=", promise._name), ("res_id", "=", promise.id)])
        return messages.filtered("notified_partner_ids")

    def test_the_person_in_charge_hears_of_a_promise_that_someone_else_records(self):
        invoice, other = self.invoice(self.day(-4), 1000), self.invoice(self.day(-4), 500)
        told = self.told_of(self.promise((1000, 8), invoices=invoice, user=self.chief))
        self.assertEqual(told.notified_partner_ids, self.clerk.partner_id)
        self.assertIn("Boulangerie Petit promises to pay", told.subject)
        self.assertIn("1,000.00", told.body)
        own = self.promise((500, 8), invoices=other, user=self.clerk)
        self.assertFalse(self.told_of(own), "one knows what one does")

    def test_someone_is_told_though_the_person_in_charge_has_left(self):
        gone = new_test_user(self.env, "promise_gone", groups="account.group_account_invoice",
                             company_id=self.company.id, company_ids=self.company.ids)  # fmt: skip
        self.account().user_id = gone
        gone.active = False
        self.promise((1000, 8), invoices=self.invoice(self.day(-4), 1000))
        self.run_on(self.day(12))
        self.assertEqual(self.account().activity_ids.user_id, self.clerk)

    def test_the_words_of_a_customer_are_no_markup(self):
        invoice = self.invoice(self.day(-4), 1000)
        promise = self.promise((1000, 8), invoices=invoice)
        promise._cancel("<img src=x onerror=alert(1)>", MONDAY)
        body = "".join(promise.message_ids.mapped("body"))
        self.assertNotIn("<img", body)
        self.assertIn("&lt;img", body)

    def test_nothing_is_said_of_promises_to_come(self):
        self.promise((1000, 8), invoices=self.invoice(self.day(-4), 1000))
        self.assertFalse(self.account().promise_text)
        self.assertFalse(self.customer.dunning_promise_text)

    # === MERGED CUSTOMERS === #

    def test_merged_customers_keep_their_promises(self):
        """The promises, the broken one and its activity go over to the customer that stays; what holds still holds."""
        other = self.make_customer("Boulangerie Petit SARL")
        missed, coming = self.invoice(self.day(-4), 1000), self.invoice(self.day(-4), 500)
        broken = self.promise((1000, 2), invoices=missed)
        held = self.promise((500, 20), invoices=coming)
        theirs = self.promise((100, 20), invoices=self.invoice(self.day(-4), 100, other), customer=other)
        self.run_on(self.day(6))
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            [self.customer.id, other.id], other, extra_checks=False
        )
        self.env.invalidate_all()
        account = self.account(other)
        self.assertEqual((broken | held | theirs).account_id, account)
        self.assertEqual((broken | held | theirs).partner_id, other)
        self.assertEqual(account.broken_promise_date, broken.broken_on)
        self.assertEqual(account.activity_ids, broken.activity_id)
        self.assertIn("0 of 1", account.promise_text)
        self.run_on(self.day(7))
        promised = self.env["dunning.account"]._holds(self.company, other.ids, self.day(7))[other.id]
        self.assertEqual(sum(hold.amount for hold in promised), 600)

    # === LIMITS === #

    def test_a_plan_of_six_months_needs_no_manager(self):
        """Longer than a promise, because money comes on the way."""
        dates = [(100, 25 + 30 * month) for month in range(6)]
        plan = self.promise(*dates, invoices=self.invoice(self.day(-4), 600), user=self.clerk)
        self.assertTrue(plan.is_plan)

    def test_the_limits_of_a_plan(self):
        self.plan.write({"promise_plan_days": 90, "promise_plan_payments": 4})
        promises = self.env["dunning.promise"].sudo()
        account, week = self.account(), timedelta(days=7)
        for days, words in (
            ([MONDAY + week * 2, MONDAY + week * 6], ""),
            ([MONDAY + week * n for n in (1, 5, 9, 13)], "90 days ahead"),
            ([MONDAY + week * n for n in range(5)], "have 4 payments"),
            ([MONDAY, MONDAY + week * 12], "every 31 days"),
        ):  # fmt: skip
            with self.subTest(words):
                limit = promises._beyond_limits(account, MONDAY, days, [])
                self.assertIn(words, limit) if words else self.assertFalse(limit)

    def test_cancelling_and_promising_again_does_not_push_a_debt_for_ever(self):
        invoice = self.invoice(self.day(-4), 1000)
        for day in (0, 10):
            self.promise((1000, day + 20), invoices=invoice, day=self.day(day), user=self.clerk)._cancel(
                "They ask for more time", self.day(day + 9)
            )
        items = self.item(invoice).ids
        limit = self.env["dunning.promise"]._beyond_limits(self.account(), self.day(20), [self.day(30)], items)
        self.assertIn("2 times", limit)

    def test_a_mistake_corrected_at_once_does_not_count(self):
        invoice = self.invoice(self.day(-4), 1000)
        for _time in range(3):
            self.promise((1000, 20), invoices=invoice, user=self.clerk)._cancel("Wrong customer", MONDAY)
        self.assertTrue(self.promise((1000, 20), invoices=invoice, user=self.clerk))

    # === THE DIALOG === #

    @freeze_time(MONDAY)
    def test_what_is_contested_is_not_proposed_nor_promised_first(self):
        """200 of 1,000 are contested: 800 are proposed, and 1,300 of two invoices leave the 200 out."""
        contested, other = self.invoice(self.day(-5), 1000), self.invoice(self.day(-4), 500)
        self.env["dunning.dispute"].create({
            "account_id": self.account().id, "reason_id": self.env.ref("relance_progressive.dispute_reason_price").id,
            "line_ids": [Command.create({"move_line_id": self.item(contested).id, "amount": 200})],
        })  # fmt: skip
        action = self.account().with_user(self.clerk).action_record_promise()
        wizard = self.env["dunning.promise.record"].with_user(self.clerk).browse(action["res_id"])
        self.assertEqual((wizard.amount, wizard.item_ids.mapped("amount_contested")), (1300, [200, 0]))
        wizard.action_record()
        shares = {line.move_line_id.move_id: line.amount for line in self.account().promise_ids.line_ids}
        self.assertEqual(shares, {contested: 800, other: 500})
        held = self.env["dunning.account"]._holds(self.company, self.customer.ids, MONDAY)[self.customer.id]
        for invoice in (contested, other):
            own = sum(hold.amount for hold in held if hold.item == self.item(invoice).id)
            self.assertLessEqual(own, invoice.amount_residual, "promise and dispute together")

    @freeze_time(MONDAY)
    def test_the_dialog_says_which_promise_it_replaces(self):
        invoice = self.invoice(self.day(-4), 1000)
        old = self.promise((1000, 8), invoices=invoice)
        action = self.account().with_user(self.clerk).action_record_promise()
        wizard = self.env["dunning.promise.record"].with_user(self.clerk).browse(action["res_id"])
        self.assertIn(old.name, wizard.replaced_text)

    @freeze_time(MONDAY)
    def test_the_acceptance_outlives_the_dialog(self):
        """What the customer signed was attached to the dialog, which Odoo deletes after some hours with its files."""
        invoice = self.invoice(self.day(-4), 1000)
        action = invoice.with_user(self.clerk).action_dunning_promise()
        wizard = self.env["dunning.promise.record"].with_user(self.clerk).browse(action["res_id"])
        paper = self.env["ir.attachment"].with_user(self.clerk).create({
            "name": "accord.pdf", "raw": b"signed", "res_model": wizard._name, "res_id": wizard.id,
        })  # fmt: skip
        wizard.write({"mode": "instalments", "count": 2, "acceptance_ids": [Command.link(paper.id)]})
        wizard.action_record()
        wizard.sudo().unlink()
        plan = self.account().promise_ids
        self.assertEqual(plan.acceptance_ids, paper)
        self.assertEqual(paper.with_user(self.chief).raw, b"signed", "a colleague opens it too")

    @freeze_time(MONDAY)
    def test_instalments_in_a_currency_without_cents(self):
        """In New Caledonia a third of 100 is 33 francs."""
        self.company.currency_id.rounding = 1
        invoice = self.invoice(self.day(-4), 100)
        action = invoice.with_user(self.clerk).action_dunning_promise()
        wizard = self.env["dunning.promise.record"].with_user(self.clerk).browse(action["res_id"])
        wizard.mode = "instalments"
        self.assertEqual(wizard.date_ids.mapped("amount"), [33, 33, 34])
