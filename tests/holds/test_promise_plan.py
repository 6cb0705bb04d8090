from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, HttpCase, freeze_time, new_test_user, tagged

from ..common.base import MONDAY
from ..common.promise import PromiseCommon


@tagged("post_install", "-at_install")
class TestPromisePlan(PromiseCommon):
    """Several dates: a payment plan, of a professional: who is none is warned first (test_promise_warning)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.dunning_status = "professional"

    def plan_of_three(self, **values):
        self.plan.promise_max_days = 90
        self.due = self.invoice(self.day(-4), 900)
        return self.promise((300, 7), (300, 14), (300, 21), invoices=self.due, **values)

    def test_trap_f_each_date_counts_by_itself(self):
        """Chaser reminds on the due date of the invoice; here the plan is followed on its own dates."""
        plan = self.plan_of_three()
        self.assertTrue(plan.is_plan)
        for delay in (7, 14, 21):
            self.pay_on(delay, self.due, 300)
            self.run_on(self.day(delay + 4))
        self.assertEqual((plan.state, plan.line_ids.mapped("state")), ("kept", ["kept"] * 3))
        self.assertFalse(self.reminders())

    def test_the_reason_names_the_next_date(self):
        self.plan_of_three()
        self.run_on(MONDAY)
        self.assertIn("Payment plan running, next date 03/09/2026", self.account().reason_text)

    def test_the_second_of_three_missed_with_the_clause(self):
        """A default restores the whole: all that is left is claimed, at the level where it was."""
        plan = self.plan_of_three(accelerates=True)
        self.pay_on(7, self.due, 300)
        self.run_days(8, 17)
        self.assertEqual((plan.state, len(self.reminders())), ("open", 0))
        self.run_on(self.day(18))
        self.assertEqual((plan.state, plan.broken_on, plan.amount_missing), ("broken", self.day(18), 600))
        self.assertEqual(plan.line_ids.mapped("state"), ["kept", "broken", "broken"])
        self.assertEqual(self.claimed(), {self.due: 600})
        self.assertEqual(self.reminders().level_id, self.level_1)
        self.assertIn("acceleration clause", self.account().activity_ids.note)

    def test_the_second_of_three_missed_without_the_clause(self):
        """Only the date that was missed is claimed; the third keeps its day."""
        plan = self.plan_of_three()
        self.pay_on(7, self.due, 300)
        self.run_on(self.day(18))
        self.assertEqual((plan.state, plan.broken_on, plan.amount_missing), ("open", self.day(18), 300))
        self.assertEqual(self.claimed(), {self.due: 300})
        self.assertEqual(self.account().broken_promise_date, self.day(18))

    def test_money_found_later_restores_the_plan(self):
        plan = self.plan_of_three(accelerates=True)
        self.pay_on(7, self.due, 300)
        self.run_on(self.day(18))
        self.assertEqual(plan.state, "broken")
        self.pay_on(15, self.due, 300)  # it was at the bank since
        self.run_on(self.day(19))
        self.assertEqual((plan.state, plan.amount_missing, plan.next_date), ("open", 0, self.day(21)))
        self.assertFalse(self.account().activity_ids)

    def test_the_preview_of_a_coming_day_is_what_the_night_does(self):
        self.plan_of_three(accelerates=True)
        preview = {
            delay: self.engine.preview(self.day(delay), self.customer)[0]["send"] for delay in range(25)
        }  # fmt: skip
        self.assertEqual([delay for delay, send in preview.items() if send][0], 11)
        self.run_days(0, 10)
        self.assertFalse(self.reminders())
        self.run_on(self.day(11))
        self.assertEqual(len(self.reminders()), 1)

    def test_a_plan_is_not_replaced_by_a_promise(self):
        plan = self.plan_of_three()
        with self.assertRaisesRegex(UserError, plan.name):
            self.promise((900, 5), invoices=self.due)
        plan._cancel("The customer asks for another one")
        self.promise((900, 5), invoices=self.due)

    # === THE WIZARD === #

    def open_wizard(self, record, user=None):
        action = record.with_user(user or self.clerk)
        action = getattr(action, "action_record_promise", None) or action.action_dunning_promise
        return self.env["dunning.promise.record"].with_user(user or self.clerk).browse(action()["res_id"])

    @freeze_time(MONDAY)
    def test_from_the_account(self):
        """What is late is proposed; unticking an invoice takes its amount out."""
        late, later = self.invoice(self.day(-4), 1000), self.invoice(self.day(20), 500)
        with Form(self.open_wizard(self.account())) as form:
            self.assertEqual((form.amount, form.day), (1000, "2026-03-09"))
            with form.item_ids.edit(1) as row:
                row.selected = True
            self.assertEqual(form.amount, 1500)
            form.amount = 1200
            form.words = "After the fair"
        form.record.action_record()
        promise = self.account().promise_ids
        shares = {line.move_line_id.move_id: line.amount for line in promise.line_ids}
        self.assertEqual(shares, {late: 1000, later: 200})
        self.assertEqual((promise.words, promise.source), ("After the fair", "call"))
        self.assertEqual(promise.recorded_by_id, self.clerk)

    @freeze_time(MONDAY)
    def test_instalments_are_previewed(self):
        self.plan.promise_max_days = 90
        invoice = self.invoice(self.day(-4), 1000)
        with Form(self.open_wizard(invoice)) as form:
            form.mode = "instalments"
            form.day = "2026-03-31"
            form.count = 3
            dates = [(row["date"], row["amount"]) for row in form.date_ids._records]
            self.assertEqual([amount for _day, amount in dates], [333.33, 333.33, 333.34])
            self.assertEqual([str(day) for day, _amount in dates], ["2026-03-31", "2026-04-30", "2026-05-31"])
            form.accepted_on = MONDAY
        form.record.write({"acceptance_ids": [Command.create({"name": "accord.pdf", "raw": b"signed"})]})
        form.record.action_record()
        plan = self.account().promise_ids
        self.assertTrue(plan.is_plan and plan.accelerates)
        self.assertEqual((plan.accepted_on, plan.acceptance_ids.name), (MONDAY, "accord.pdf"))
        self.assertEqual(plan.line_ids.mapped("amount"), [333.33, 333.33, 333.34])

    @freeze_time(MONDAY)
    def test_the_limit_is_told_before(self):
        invoice = self.invoice(self.day(-4), 1000)
        wizard = self.open_wizard(invoice)
        wizard.day = self.day(45)
        self.assertIn("30 days ahead", wizard.limit_text)
        self.assertFalse(wizard.may_override)
        with self.assertRaisesRegex(UserError, "Ask a manager"):
            wizard.action_record()
        wizard = self.open_wizard(invoice, self.chief)
        wizard.write({"day": self.day(45), "override_reason": "Seasonal customer"})
        wizard.action_record()
        self.assertEqual(self.account().promise_ids.override_reason, "Seasonal customer")

    @freeze_time(MONDAY)
    def test_from_a_reminder(self):
        claimed, other = self.invoice(self.day(-4), 1000), self.invoice(self.day(2), 500)
        self.run_on(MONDAY)
        wizard = self.open_wizard(self.reminders())
        self.assertEqual(wizard.item_ids.filtered("selected").move_line_id.move_id, claimed)
        self.assertIn(other, wizard.item_ids.move_line_id.move_id)


@tagged("post_install", "-at_install")
class TestPromiseTour(PromiseCommon, HttpCase):
    def setUp(self):
        super().setUp()
        new_test_user(
            self.env, "promise_tour", groups="account.group_account_invoice", company_id=self.company.id,
            company_ids=self.company.ids, lang="en_US",
        )  # fmt: skip

    def test_record_a_payment_plan_and_cancel_it(self):
        invoice = self.invoice(self.day(-4))
        self.account()._refresh_live(self.company, self.customer)
        self.start_tour("/odoo/payment-reminders", "dunning_payment_plan_tour", login="promise_tour")
        plan = self.account().promise_ids
        self.assertEqual((plan.state, plan.is_plan, plan.cancel_reason), (
            "cancelled", True, "Another plan is agreed on"))  # fmt: skip
        self.assertEqual((plan.line_ids.mapped("amount"), plan.line_ids.move_line_id.move_id), ([250] * 4, invoice))

    def test_record_a_promise(self):
        """A person records a promise from the account, in a browser."""
        invoice = self.invoice(self.day(-4))
        self.account()._refresh_live(self.company, self.customer)
        self.start_tour("/odoo/payment-reminders", "dunning_promise_tour", login="promise_tour")
        promise = self.account().promise_ids
        self.assertEqual((promise.state, promise.line_ids.move_line_id.move_id), ("open", invoice))
        self.assertEqual(promise.amount_total, 400)
