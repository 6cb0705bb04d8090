import random
from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from ..bench import generate
from ..common.base import MONDAY, DunningCommon
from ..common.security import SecurityCommon

INVOICES = 3000  # of 300 customers, nearly all of whom owe something


@tagged("post_install", "-at_install")
class TestPreviewEqualsRun(DunningCommon):
    @mute_logger("odoo.models.unlink")
    def test_what_is_told_is_what_the_night_prepares(self):
        """On a ledger with a history: the same customers, levels, amounts, approvals and items, day after day."""
        self.plan.write({"spacing_days": 4, "working_days_only": True})
        self.level_3.write({"approval": "manual", "amount_min": 800})
        self.notice.share_min = 20
        generate.fill(self.env, self.company, INVOICES, MONDAY)
        self.env.cr.execute("ANALYZE account_move, account_move_line, res_partner")  # as PostgreSQL does by itself
        self.env.invalidate_all()
        luck, prepared = random.Random(4), 0
        for delay in (0, 1, 4, 5, 9, 15, 30):
            day = self.day(delay)
            told = {
                row["partner_id"]: self.as_told(row)
                for row in self.engine.preview(day, company=self.company) if row["send"]
            }  # fmt: skip
            before = self.env["dunning.reminder"].search([])
            self.run_on(day)
            made = self.env["dunning.reminder"].search([]) - before
            self.assertEqual({reminder.partner_id.id: self.as_made(reminder) for reminder in made}, told, day)
            prepared += len(made)
            self.let_time_pass(luck, day)
        self.assertGreater(prepared, 300)

    def let_time_pass(self, luck, day):
        """Send most of what is prepared, give up some of it; some customers pay, some items are left out."""
        waiting = self.env["dunning.reminder"].search([("state", "in", ("draft", "ready"))])
        given_up = waiting.filtered(lambda reminder: luck.random() < 0.1)
        given_up._set_state("cancelled")
        left = (waiting - given_up).filtered(lambda reminder: luck.random() < 0.9)
        left.filtered(lambda reminder: reminder.state == "draft")._set_state("ready")
        left._set_state("sent", date=day)
        given_up.account_id._decide_again()
        items = left.line_ids.move_line_id
        for item in luck.sample(items.ids, min(20, len(items))):
            self.env.cr.execute(
                "UPDATE account_move_line SET amount_residual = round(amount_residual / 2, 2), "
                "amount_residual_currency = round(amount_residual / 2, 2) WHERE id = %s", [item],
            )  # fmt: skip
        self.env.invalidate_all()
        self.env["account.move.line"].browse(luck.sample(items.ids, min(5, len(items)))).no_followup = True


@tagged("post_install", "-at_install")
class TestForecast(DunningCommon):
    def forecast(self, day, customers=None, user=None):
        """Return the lines of a forecast, by customer."""
        env = self.env(user=user) if user else self.env
        wizard = env["dunning.forecast"].with_context(allowed_company_ids=self.company.ids).create({
            "date": day, "partner_ids": customers and customers.ids,
        })  # fmt: skip
        with freeze_time(MONDAY):
            wizard.action_show()
        return {line.partner_id.with_env(self.env): line for line in wizard.line_ids}

    def test_each_customer_has_its_line(self):
        """What leaves, what asks for an approval, what is held, covered, small or early: each says why."""
        late, notice, covered, early, left_out = (
            self.make_customer(name) for name in ("Late", "Notice", "Covered", "Early", "Left Out")
        )
        self.level_2.approval = "manual"
        self.invoice(self.day(-4), 100, late)
        old = self.invoice(self.day(-14), 500, notice)
        self.item(old).sudo().write({"dunning_level_id": self.level_1.id, "dunning_date": self.day(-10)})
        self.invoice(self.day(-4), 300, covered)
        self.unallocated_payment(300, covered)
        self.invoice(self.day(40), 50, early)
        self.item(self.invoice(self.day(-4), 70, left_out)).no_followup = True
        lines = self.forecast(MONDAY)
        outcomes = {partner: line.outcome for partner, line in lines.items()}
        self.assertEqual(outcomes, {
            late: "leaves", notice: "to_approve", covered: "covered", early: "waiting", left_out: "excluded",
        })  # fmt: skip
        line = lines[late]
        self.assertEqual((line.level_id, line.amount, line.item_count), (self.level_1, 100, 1))
        self.assertEqual(line.channel_text, "E-mail")
        self.assertIn("is due", line.reason_text)
        self.assertEqual((lines[covered].amount_covered, lines[covered].amount), (300, 0))
        self.assertEqual(lines[early].next_date, self.day(35))
        self.assertFalse(self.env["dunning.reminder"].search([("partner_id", "in", (late | notice).ids)]))

    def test_what_is_prepared_already_says_when_it_leaves(self):
        self.invoice(self.day(-4))
        self.run_on(MONDAY)
        line = self.forecast(self.day(1))[self.customer]
        self.assertEqual((line.outcome, line.send), ("prepared", False))
        self.assertIn("leaves on 03/02/2026", line.reason_text)
        self.assertEqual((line.level_id, line.amount), (self.level_1, 1000))

    def test_some_customers_only(self):
        other = self.make_customer("Other")
        self.invoice(self.day(-4))
        self.invoice(self.day(-4), customer=other)
        self.assertEqual(list(self.forecast(MONDAY, other)), [other])
        with freeze_time(MONDAY):
            action = self.account(other).action_forecast()
        self.assertEqual(self.env["dunning.forecast"].browse(action["res_id"]).partner_ids, other)

    def test_the_next_working_day_is_proposed(self):
        with freeze_time(self.day(4)):  # a Friday
            self.assertEqual(self.env["dunning.forecast"].create({}).date, self.day(7))

    @freeze_time(MONDAY)
    def test_what_one_has_to_know_before(self):
        """A list of what leaves would be wrong without: nothing leaves by itself here, or the books are late."""
        self.company.dunning_automatic = True
        forecast = self.env["dunning.forecast"].with_context(allowed_company_ids=self.company.ids).create({})
        self.assertFalse(forecast.warning)
        self.company.dunning_automatic = False
        self.env["account.bank.statement.line"].create({
            "journal_id": self.company_data["default_journal_bank"].id, "payment_ref": "VIR", "amount": 5,
            "date": self.day(-20), "partner_id": self.customer.id,
        })  # fmt: skip
        forecast.invalidate_recordset(["warning"])
        self.assertIn("reminders are not automatic", forecast.warning)
        self.assertIn("the bank statements stop on 02/10/2026", forecast.warning)

    def test_a_day_that_is_over(self):
        with self.assertRaisesRegex(UserError, "is over"):
            self.forecast(self.day(-1))

    def test_asking_twice_keeps_one_list(self):
        self.invoice(self.day(-4))
        clerk = new_test_user(self.env, "clerk", "account.group_account_invoice", company_ids=self.company.ids)
        wizard = self.env["dunning.forecast"].with_user(clerk).create({"date": MONDAY})
        with freeze_time(MONDAY):
            wizard.action_show()
            wizard.action_show()
        self.assertEqual(len(wizard.line_ids), 1)

    def test_the_number_of_questions_does_not_grow(self):
        counts = []
        for size in (5, 30):
            for number in range(size):
                self.invoice(self.day(-4), customer=self.make_customer(f"Customer {size} {number}"))
            self.env.flush_all()
            self.forecast(MONDAY)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.forecast(MONDAY)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2)


@tagged("post_install", "-at_install")
class TestForecastRights(SecurityCommon):
    def test_nobody_looks_into_another_company(self):
        """A customer of both companies: what the other one claims stays its own."""
        self.invoice(MONDAY - timedelta(days=4), 100)
        journal = self.env["account.journal"].search(
            [("company_id", "=", self.other.id), ("type", "=", "sale")], limit=1
        )
        self.env["account.move"].with_company(self.other).create({
            "move_type": "out_invoice", "partner_id": self.customer.id, "journal_id": journal.id,
            "invoice_date": MONDAY - timedelta(days=34), "invoice_date_due": MONDAY - timedelta(days=4),
            "invoice_payment_term_id": False, "company_id": self.other.id,
            "invoice_line_ids": [(0, 0, {"name": "Work", "quantity": 1, "price_unit": 900, "tax_ids": []})],
        }).action_post()  # fmt: skip
        forecast = self.as_(self.user, self.env["dunning.forecast"]).create({"date": MONDAY})
        with freeze_time(MONDAY):
            forecast.action_show()
        self.assertEqual(forecast.line_ids.mapped("company_id"), self.company.with_user(self.user))
        self.assertEqual(sum(forecast.sudo().line_ids.mapped("amount_due")), 100)

    def test_a_list_is_its_maker_s(self):
        self.invoice(MONDAY - timedelta(days=4), 100)
        forecast = self.as_(self.user, self.env["dunning.forecast"]).create({"date": MONDAY})
        with freeze_time(MONDAY):
            forecast.action_show()
        for thief in (self.manager, self.auditor, self.employee):
            with self.assertRaises(AccessError):
                self.as_(thief, forecast.line_ids).read(["amount"])
            with self.assertRaises(AccessError):
                self.as_(thief, forecast).action_show()
