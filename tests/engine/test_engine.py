"""The night run: who is reminded, of what, when - and what the account says about it."""

from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common.base import MONDAY, DunningCommon


@tagged("post_install", "-at_install")
class TestRun(DunningCommon):
    def test_one_overdue_invoice_gives_one_reminder_of_one_line(self):
        invoice = self.invoice(MONDAY - timedelta(days=3), 1200)
        report = self.run_on(MONDAY)
        self.assertEqual(report["levels"], {self.level_1.id: 1})
        self.assertEqual(report["reminders"], 1)
        reminder = self.reminders()
        self.assertRecordValues(reminder, [{
            "level_id": self.level_1.id, "state": "ready", "date": MONDAY, "amount_total": 1200,
            "partner_id": self.customer.id, "company_id": self.company.id,
        }])  # fmt: skip
        self.assertRecordValues(reminder.line_ids, [{
            "move_line_id": self.item(invoice).id, "move_id": invoice.id, "move_name": invoice.name,
            "level_id": self.level_1.id, "amount_residual": 1200, "amount_currency": 1200, "upcoming": False,
        }])  # fmt: skip

    def test_the_same_night_twice_gives_nothing_more(self):
        self.invoice(MONDAY - timedelta(days=3))
        self.run_on(MONDAY)
        report = self.run_on(MONDAY)
        self.assertEqual((report["reminders"], len(self.reminders())), (0, 1))
        self.account()._decide_again()
        self.run_on(MONDAY)
        self.assertEqual(len(self.reminders()), 1)
        self.assertEqual(self.account().reason_codes, "pending")

    def test_a_run_of_an_earlier_day_is_refused(self):
        self.run_on(MONDAY)
        with self.assertRaisesRegex(UserError, "earlier day"):
            self.run_on(self.day(-1))

    def test_one_message_claims_all_the_customer_s_overdue_invoices(self):
        for delay in (35, 12, 4, 1):
            self.invoice(self.day(-delay), 100)
        self.run_on(MONDAY)
        self.assertEqual(len(self.reminders()), 1)
        lines = self.reminders().line_ids.sorted("date_maturity")
        self.assertEqual([line.level_id for line in lines[:3]], [self.level_1] * 3, "no level is skipped")
        self.assertEqual(len(lines), 4, "the invoice of yesterday is listed with the others")
        self.assertFalse(lines[3].level_id)

    def test_the_account_says_what_comes_next(self):
        self.invoice(self.day(20), 100)
        self.run_on(MONDAY)
        account = self.account()
        self.assertEqual((account.next_level_id, account.next_date), (self.pre_due, self.day(15)))
        self.assertEqual((account.amount_due, account.amount_overdue), (100, 0))
        self.assertIn("not_due", account.reason_codes)
        self.assertTrue(account.reason_text)

    def test_a_night_without_news_decides_nobody_again(self):
        self.invoice(self.day(20), 100)
        self.run_on(MONDAY)
        with patch.object(type(self.engine), "_decide_one", side_effect=AssertionError("decided again")):
            self.run_on(self.day(1))

    def test_a_payment_or_a_new_invoice_is_news(self):
        first = self.invoice(self.day(-4), 100)
        self.run_on(MONDAY)
        self.pay(first)
        self.reminders()._set_state("cancelled")
        self.run_on(self.day(1))
        self.assertEqual(self.account().reason_codes, "nothing_open")
        self.invoice(self.day(-2), 100)
        self.run_on(self.day(2))
        self.assertEqual(len(self.reminders().filtered(lambda r: r.state == "ready")), 1)

    def test_one_broken_account_does_not_stop_the_others(self):
        self.invoice(self.day(-4), 100)
        good = self.make_customer("Good")
        self.invoice(self.day(-4), 100, good)
        real = type(self.engine)._decide_one

        def fails_for_one(engine, partner, facts, policy, day):
            return real(engine, partner, None if partner == self.customer.id else facts, policy, day)

        with patch.object(type(self.engine), "_decide_one", fails_for_one), self.assertLogs(level="ERROR"):
            self.run_on(MONDAY)
        self.assertEqual(self.account().reason_codes, "error")
        self.assertEqual(len(self.reminders(good)), 1)

    def test_a_customer_without_plan_says_so(self):
        self.plan.customer_domain = "[('id', '=', 0)]"
        self.invoice(self.day(-4), 100)
        self.run_on(MONDAY)
        self.assertEqual(self.account().reason_codes, "no_plan")

    def test_a_plan_without_levels_says_so(self):
        self.plan.level_ids.unlink()
        self.invoice(self.day(-4), 100)
        self.run_on(MONDAY)
        self.assertEqual(self.account().reason_codes, "no_levels")

    def test_a_zero_invoice_owes_nothing(self):
        self.invoice(self.day(-4), 0)
        self.run_on(MONDAY)
        self.assertFalse(self.reminders())

    def test_a_closed_company_is_left_alone(self):
        other = self.setup_other_company(name="Closed")["company"]
        other.active = False
        self.assertEqual(self.engine.run(date=MONDAY, company=other)["reminders"], 0)
        self.assertFalse(other.dunning_last_run)

    def test_the_first_run_above_the_brake_stops_and_asks(self):
        self.company.dunning_brake = 2
        for number in range(3):
            self.invoice(self.day(-4), 100, self.make_customer(f"Customer {number}"))
        self.engine.run(date=MONDAY, company=self.company)
        reminders = self.env["dunning.reminder"].search([("company_id", "=", self.company.id)])
        self.assertEqual(reminders.mapped("state"), ["draft"] * 3)
        self.assertEqual(set(reminders.mapped("draft_reason")), {"first_run"})
        reminders._release_first_run(self.company)
        self.assertEqual(reminders.mapped("state"), ["ready"] * 3)
        self.assertTrue(self.company.dunning_started)

    def test_a_small_first_run_goes_by_itself(self):
        self.invoice(self.day(-4), 100)
        self.engine.run(date=MONDAY, company=self.company)
        self.assertEqual(self.reminders().state, "ready")

    def test_a_level_to_approve_waits_for_a_person(self):
        self.level_1.approval = "manual"
        self.invoice(self.day(-4), 100)
        self.run_on(MONDAY)
        self.assertRecordValues(self.reminders(), [{"state": "draft", "draft_reason": "approval"}])

    def test_a_changed_plan_is_decided_again(self):
        self.invoice(self.day(-4), 100)
        self.level_1.delay_days = 5
        self.run_on(MONDAY)
        self.assertFalse(self.reminders())
        self.level_1.delay_days = 4
        self.run_on(MONDAY)
        self.assertTrue(self.reminders())


@tagged("post_install", "-at_install")
class TestPreview(DunningCommon):
    def preview(self, day=MONDAY, **kwargs):
        return self.engine.preview(date=day, company=self.company, **kwargs)

    def test_it_says_what_the_run_does_and_writes_nothing(self):
        self.invoice(self.day(-4), 100)
        before = self.env["dunning.account"].search_count([])
        (row,) = self.preview()
        self.assertEqual(self.env["dunning.account"].search_count([]), before)
        self.assertFalse(self.reminders())
        self.assertTrue(row["send"])
        self.assertEqual((row["level_id"], row["amount"], row["channels"]), (self.level_1.id, 100, ["email"]))
        self.run_on(MONDAY)
        reminder = self.reminders()
        self.assertEqual((reminder.level_id.id, reminder.amount_total), (row["level_id"], row["amount"]))

    def test_any_day_can_be_looked_at(self):
        self.invoice(self.day(10), 100)
        self.assertEqual([row["send"] for row in self.preview(self.day(4))], [False])
        self.assertEqual([row["level_id"] for row in self.preview(self.day(5))], [self.pre_due.id])

    def test_a_customer_that_never_had_an_account_is_shown_with_its_plan(self):
        self.invoice(self.day(-4), 100)
        self.account().sudo().unlink()
        (row,) = self.preview(partners=self.customer)
        self.assertEqual((row["account_id"], row["level_id"]), (None, self.level_1.id))


@tagged("post_install", "-at_install")
class TestQueries(DunningCommon):
    def test_the_number_of_queries_does_not_grow_with_the_accounts(self):
        counts = []
        for size in (5, 50):
            for number in range(size):
                self.invoice(self.day(-4), 100, self.make_customer(f"Customer {size} {number}"))
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.cr.sql_log_count
            self.run_on(MONDAY)
            counts.append(self.cr.sql_log_count - start)
        self.assertLessEqual(counts[1], counts[0] + 2)
