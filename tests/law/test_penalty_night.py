from datetime import date, timedelta
from unittest.mock import patch

from odoo.tests import freeze_time, tagged

from odoo.addons.relance_progressive.relance_progressive.law.penalties.debts import code_of

from ..common.base import MONDAY
from ..common.penalty import DUE, PenaltyCommon


@tagged("post_install", "-at_install")
class TestPenaltyNight(PenaltyCommon):
    """The figures of the accounts: computed with each decision, and again only when something has changed."""

    def figures(self, customer=None):
        account = self.account(customer)
        return account.amount_penalty, account.penalty_per_day, account.penalty_date

    def computed(self):
        """Count the customers whose penalties are computed."""
        seen = []
        model = self.registry["dunning.account"]
        original = model._store_penalties

        def store(accounts, company, partners, day):
            seen.extend(partners)
            return original(accounts, company, partners, day)

        return seen, patch.object(model, "_store_penalties", store)

    def test_stored_by_the_night(self):
        self.invoice(DUE)
        self.run_on(MONDAY)
        self.assertEqual(self.figures(), (49.99, 0.33, MONDAY))
        self.assertIn("49.99", self.account().penalty_text)

    def test_a_night_that_changes_nothing_costs_nothing(self):
        self.plan.level_ids.active = False
        self.invoice(DUE)
        self.run_on(MONDAY)
        seen, patched = self.computed()
        with patched:
            self.run_on(self.day(1))
        self.assertNotIn(self.customer.id, seen)
        self.assertEqual(self.figures(), (49.99, 0.33, MONDAY))

    def test_a_payment(self):
        invoice = self.invoice(DUE)
        self.run_on(MONDAY)
        self.pay(invoice, 500, MONDAY)
        self.run_on(self.day(1))
        self.assertEqual(self.figures(), (50.16, 0.17, self.day(1)))
        self.pay(invoice, day=self.day(1))
        self.run_on(self.day(2))
        self.assertEqual(self.figures(), (0, 0, False))  # settled: nothing of it is open

    def test_a_new_half_year(self):
        """On 1 July the rate changes: every account is computed again, even without any other change."""
        self.plan.level_ids.active = False
        self.invoice(DUE)
        self.run_on(date(2026, 6, 30))
        self.assertEqual(self.figures()[2], date(2026, 6, 30))
        self.run_on(date(2026, 7, 1))
        self.assertEqual(self.figures()[1:], (0.34, date(2026, 7, 1)))  # 12.40 % instead of 12.15 %

    def test_a_status(self):
        self.plan.level_ids.active = False
        self.customer.dunning_status = False
        self.invoice(DUE)
        self.run_on(MONDAY)
        self.assertEqual((self.figures()[0], self.account().penalty_codes), (0, "no_status"))
        self.customer.dunning_status = "professional"
        self.run_on(self.day(1))
        self.assertEqual((self.figures()[0], self.account().penalty_codes), (50.32, False))

    def test_a_notice_takes_effect(self):
        """Received on Monday: interest begins on Tuesday, although nothing else changes in that night."""
        self.plan.level_ids.active = False
        self.in_effect(self.invoice(DUE, customer=self.consumer), MONDAY)
        self.run_on(MONDAY)
        self.assertEqual(self.account(self.consumer).penalty_codes, "before_notice:fr_consumer")
        self.run_on(self.day(1))
        self.assertEqual(self.figures(self.consumer), (0.07, 0.07, self.day(1)))  # 2.62 %
        seen, patched = self.computed()
        with patched:
            self.run_on(self.day(2))
        self.assertNotIn(self.consumer.id, seen)

    def test_interest_that_waits_for_months(self):
        """In Luxembourg a consumer has three months: nothing else happens on the day on which interest begins."""
        self.plan.level_ids.active = False
        self.env["dunning.interest.rate"].create({"reference": "lu_consumer", "date_from": "2026-01-01", "value": 4.5})
        customer = self.make_customer(
            "LU", is_company=False, dunning_status="consumer", country_id=self.env.ref("base.lu").id
        )
        invoice = self.invoice(date(2026, 1, 5), customer=customer)
        self.in_effect(invoice, date(2026, 2, 2))
        account = self.account(customer)
        for day in (MONDAY, date(2026, 4, 5)):
            self.run_on(day)
            self.assertEqual(account.amount_penalty, 0)
            self.assertEqual(
                account.penalty_why, "No late interest before 3 months after the due date (L. 18/04/2004)."
            )
        self.run_on(date(2026, 4, 15))
        account.invalidate_recordset()
        self.assertEqual(account.amount_penalty, 1.23)  # 1000 x 4.5 x 10 / 36500
        self.assertFalse(account.penalty_why)

    def test_a_payment_plan_that_is_over(self):
        """Half was promised and paid; interest on the rest runs on, the day after, although nothing else happens."""
        self.plan.level_ids.active = False
        self.plan.promise_max_days = 90
        invoice, account = self.invoice(DUE), self.account()
        with freeze_time(MONDAY):
            self.env["dunning.promise"]._record(
                account, [(self.day(18), 500)], self.item(invoice), interest_suspended=True
            )
        for day in (self.day(16), self.day(60)):
            with freeze_time(day):
                if day == self.day(16):
                    self.pay(invoice, 500, day)
                self.run_on(day)
                account.invalidate_recordset()
                today = account.amount_penalty + (day - account.penalty_date).days * account.penalty_per_day
                self.assertEqual(today, float(self.penalty_on(day, invoice).total_left))
        self.assertGreater(account.penalty_per_day, 0)

    def test_a_rate(self):
        """The rate of 2027-S1 is missing: the account says so, and is computed once it is there."""
        self.invoice(DUE)
        self.run_on(date(2027, 1, 4))
        self.assertEqual(self.account().penalty_codes, "missing_rate:ecb_mro:2027-01-01")
        self.env["dunning.interest.rate"].create(
            {"reference": "ecb_mro", "date_from": "2027-01-01", "value": 2.4, "source": "Test"}
        )
        self.run_on(date(2027, 1, 5))
        self.assertFalse(self.account().penalty_codes)
        self.assertGreater(self.account().amount_penalty, 40)

    def test_not_part_of_what_is_due(self):
        self.invoice(DUE)
        self.run_on(MONDAY)
        self.assertEqual((self.account().amount_due, self.account().amount_overdue), (1000, 1000))

    def test_in_the_currency_of_the_company(self):
        dollar = self.setup_other_currency("USD", rates=[("2026-01-01", 2.0)])
        self.invoice(DUE)
        self.invoice(DUE, currency_id=dollar.id)
        self.run_on(MONDAY)
        self.assertAlmostEqual(self.figures()[0], 49.99 + (9.99 + 80) / 2, places=1)

    def test_the_sums_are_those_of_the_items(self):
        """Instalments, part payments, waivers, other currencies, and what is not claimed: one by one and together."""
        term = self.env["account.payment.term"].create({"name": "Twice", "line_ids": [
            (0, 0, {"value": "percent", "value_amount": 40, "nb_days": 10}),
            (0, 0, {"value": "percent", "value_amount": 60, "nb_days": 20}),
        ]})  # fmt: skip
        dollar = self.setup_other_currency("USD", rates=[("2026-01-01", 2.0)])
        customers = [self.customer, self.make_customer("Twice", dunning_status="professional"), self.consumer]
        customers.append(self.make_customer("Unknown"))
        for customer in customers:
            self.pay(self.invoice(DUE, 700, customer), 200, DUE + timedelta(days=10))
            self.invoice(DUE, 1000, customer, invoice_payment_term_id=term.id, invoice_date_due=False)
            self.invoice(DUE - timedelta(days=200), 10.01, customer, currency_id=dollar.id)
            waived = self.item(self.invoice(DUE, 300, customer))
        self.env["dunning.penalty.waiver"].sudo().create({
            "account_id": self.account(customers[2]).id, "date": MONDAY, "until": MONDAY, "reason": "Good will",
            "line_ids": [(0, 0, {"move_line_id": waived.id, "indemnity_amount": 5})],
        })  # fmt: skip
        one = self.item(self.env["account.move"].search([
            ("partner_id", "=", self.customer.id), ("amount_total", "=", 300)
        ]))  # fmt: skip
        self.env["dunning.penalty.waiver"].sudo().create({
            "account_id": self.account().id, "date": MONDAY, "until": MONDAY, "reason": "Good will",
            "line_ids": [(0, 0, {"move_line_id": one.id, "indemnity_amount": 40, "to_come": True})],
        })  # fmt: skip
        partners = [customer.id for customer in customers]
        sums = self.penalties._sums_of_customers(self.company, partners, MONDAY)
        for customer in customers:
            own = list(self.penalties._of_customers(self.company, customer.ids, MONDAY).values())
            with self.subTest(customer.name):
                if not own:
                    self.assertNotIn(customer.id, sums)
                    continue
                total = sum(
                    dollar._convert(float(penalty.total_left), self.company.currency_id, self.company, MONDAY)
                    if penalty.currency_id == dollar.id else float(penalty.total_left) for penalty in own
                )  # fmt: skip
                self.assertAlmostEqual(float(sums[customer.id][0]), total)
                self.assertEqual(sums[customer.id][2], ",".join(dict.fromkeys(
                    code_of(penalty) for penalty in own if penalty.why_not
                )))  # fmt: skip
        self.assertGreater(sums[self.customer.id][0], 40)
        self.assertGreater(sums[customers[1].id][0], sums[self.customer.id][0] + 40)

    def test_many_customers_in_one_go(self):
        for number in range(20):
            customer = self.make_customer(f"C{number}", dunning_status="professional")
            self.invoice(DUE - timedelta(days=number), 100, customer)
        self.run_on(MONDAY)
        accounts = self.env["dunning.account"]
        partners = accounts.search([]).partner_id.ids
        accounts._store_penalties(self.company, partners, MONDAY)
        self.env.invalidate_all()
        with self.assertQueryCount(15):
            accounts._store_penalties(self.company, partners, MONDAY)


@tagged("post_install", "-at_install")
class TestPenaltySheet(PenaltyCommon):
    """The computation, line by line."""

    def sheet(self, action):
        return self.env[action["res_model"]].browse(action["res_id"])

    def test_of_an_invoice(self):
        invoice = self.invoice(DUE)
        with freeze_time(MONDAY):
            sheet = self.sheet(invoice.action_dunning_penalties())
        self.assertEqual(sheet.line_ids.mapped("kind"), ["item", "interest", "indemnity"])
        interest = sheet.line_ids[1]
        self.assertEqual(
            (interest.balance, interest.days, interest.rate, interest.base, interest.amount),
            (1000, 30, 12.15, 365, 9.99),
        )
        self.assertIn("ECB main refinancing rate", interest.source)
        self.assertIn("49.99", sheet.total_text)

    def test_of_an_account_for_another_day(self):
        invoice = self.invoice(DUE)
        self.pay(invoice, 400, MONDAY)
        with freeze_time(MONDAY):
            sheet = self.sheet(self.account().action_open_penalties())
        sheet.until = self.day(10)
        sheet._fill()
        self.assertEqual([line.days for line in sheet.line_ids if line.kind == "interest"], [30, 10])

    def test_with_what_was_paid_late(self):
        invoice = self.invoice(DUE)
        self.pay(invoice, day=MONDAY)
        with freeze_time(MONDAY):
            sheet = self.sheet(self.account().action_open_penalties())
            self.assertFalse(sheet.line_ids)
            sheet.settled = True
            sheet._fill()
        self.assertIn("49.99", sheet.total_text)

    def test_what_is_waived_is_deducted(self):
        invoice = self.invoice(DUE)
        account = self.account()
        with freeze_time(MONDAY):
            self.env["dunning.penalty.waiver"].sudo().create({
                "account_id": account.id, "date": MONDAY, "until": MONDAY, "reason": "Good will",
                "line_ids": [(0, 0, {"move_line_id": self.item(invoice).id, "indemnity_amount": 40})],
            })  # fmt: skip
            sheet = self.sheet(invoice.action_dunning_penalties())
        self.assertEqual(sheet.line_ids.mapped("kind"), ["item", "interest", "indemnity", "settled"])
        self.assertIn("9.99", sheet.total_text)

    def test_why_there_is_nothing(self):
        invoice = self.invoice(DUE, customer=self.consumer)
        with freeze_time(MONDAY):
            sheet = self.sheet(invoice.action_dunning_penalties())
        self.assertIn("before a formal notice", sheet.line_ids.source)
        self.assertFalse(sheet.total_text)
        self.assertNotIn("indemnit", sheet._html(), "a consumer owes none")

    def test_what_nobody_has_verified_is_marked(self):
        """The rate of 2026-S2 comes from others, that of 2026-S1 was read; the Belgian indemnity is from memory."""
        self.env["dunning.interest.rate"].search([("date_from", "=", "2026-07-01")]).sudo().origin = "reported"
        self.customer.with_company(self.company).dunning_law_id = self.env.ref("base.be")
        invoice = self.invoice(date(2026, 6, 20))
        with freeze_time("2026-07-10"):
            sheet = self.sheet(invoice.action_dunning_penalties())
        sources = sheet.line_ids.filtered("amount").mapped("source")
        self.assertEqual(["not verified" in source for source in sources], [False, True, True])

    def test_from_the_invoice(self):
        action = self.env.ref("relance_progressive.account_move_open_penalties")
        invoice = self.invoice(DUE)
        context = {"active_model": "account.move", "active_id": invoice.id, "active_ids": invoice.ids}
        self.assertEqual(self.sheet(action.with_context(**context).run()).move_id, invoice)

    def test_on_paper(self):
        invoice = self.invoice(DUE)
        with freeze_time(MONDAY):
            html = self.sheet(invoice.action_dunning_penalties())._html()
        for words in ("1,000.00", "12.15", "9.99", "D441-5", "49.99"):
            self.assertIn(words, html)
