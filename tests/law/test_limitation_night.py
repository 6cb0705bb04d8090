from datetime import date

from odoo.tests import freeze_time, new_test_user, tagged

from ..common.limitation import TODAY, LimitationCommon


@freeze_time("2026-03-02 10:00:00")
@tagged("post_install", "-at_install")
class TestLimitationNight(LimitationCommon):
    """What the worklist says of claims that lapse, and what it costs."""

    def test_warnings_at_six_three_and_one_months(self):
        self.claim("2021-09-02")
        expected = {"2026-03-01": False, "2026-03-02": "6", "2026-06-02": "3", "2026-08-02": "1", "2026-09-02": "1"}
        for day, warning in expected.items():
            self.run_on(day)
            self.assertEqual(self.account().limitation_warning, warning, day)
        self.assertEqual((self.account().limitation_date, self.account().limitation_expired), (date(2026, 9, 2), 0))
        self.run_on("2026-09-03")
        self.assertFalse(self.account().limitation_date)
        self.assertEqual(self.account().limitation_expired, 1000)

    def test_the_person_in_charge_is_told_once_for_each_warning(self):
        self.claim("2021-09-02")
        for day, count in {"2026-03-02": 1, "2026-03-03": 1, "2026-04-20": 1}.items():
            self.run_on(day)
            self.assertEqual(len(self.activities()), count, day)
        self.assertEqual(self.activities().user_id, self.person)
        self.activities().action_done()
        self.run_on("2026-05-20")
        self.assertFalse(self.activities(), "told already")
        self.run_on("2026-06-02")
        self.assertEqual(len(self.activities()), 1)

    def test_whoever_left_is_told_nothing(self):
        """The person in charge of all reminders is, instead."""
        gone = new_test_user(self.env, "gone", groups="account.group_account_invoice")
        self.claim("2021-09-02")
        self.account().user_id = gone
        gone.active = False
        self.run_on(TODAY)
        self.assertEqual(self.activities().user_id, self.person)

    def looked_at(self):
        """Note the customers whose claims are looked at, and those that are decided."""
        seen, model, engine = {"looked": [], "decided": []}, self.registry["dunning.account"], self.registry[
            "dunning.engine"
        ]
        follow, decide = model._follow_limitations, engine._decide_all

        def looked(accounts, company, day, partners):
            seen["looked"].extend(partners)
            return follow(accounts, company, day, partners)

        def decided(engine, company, policies, day, partners, *args, **kwargs):
            seen["decided"].extend(partners)
            return decide(engine, company, policies, day, partners, *args, **kwargs)

        self.patch(model, "_follow_limitations", looked)
        self.patch(engine, "_decide_all", decided)
        return seen

    def test_an_idle_night_asks_one_question(self):
        self.plan.level_ids.active = False
        self.claim("2021-09-02")
        self.claim("2024-09-02")
        self.run_on("2026-02-27")
        seen = self.looked_at()
        self.run_on("2026-02-28")
        self.assertEqual(seen, {"looked": [], "decided": []})
        accounts = self.account()
        self.env.flush_all()
        with self.assertQueryCount(1):
            self.assertEqual(accounts._due_limitations(self.company, date(2026, 2, 28)), [])

    def test_a_warning_comes_by_itself_on_its_day(self):
        """Nothing happens to the account in the meantime: it is not decided again."""
        self.plan.level_ids.active = False
        self.claim("2021-09-02")
        self.run_on("2026-02-27")
        self.assertFalse(self.account().limitation_warning)
        seen = self.looked_at()
        for day, warning, check in (
            ("2026-03-01", False, "2026-03-02"), ("2026-03-02", "6", "2026-06-02"), ("2026-06-01", "6", "2026-06-02"),
            ("2026-06-02", "3", "2026-08-02"), ("2026-08-02", "1", "2026-09-03"), ("2026-09-03", False, None),
        ):  # fmt: skip
            with self.subTest(day):
                self.run_on(day)
                account = self.account()
                self.assertEqual(account.limitation_warning, warning)
                self.assertEqual(account.limitation_check, date.fromisoformat(check) if check else False)
        self.assertEqual(account.limitation_expired, 1000)
        self.assertEqual(seen["looked"], self.customer.ids * 4)
        self.assertFalse(seen["decided"])

    def test_what_has_not_changed_is_not_looked_at_again(self):
        """The account is decided again because a level is due: what it owes is the same."""
        self.invoice("2026-03-01")
        self.run_on(TODAY)
        account, asked = self.account(), []
        figures = type(account)._limitation_figures

        def looked(model, company, day, partners):
            asked.append(list(partners))
            return figures(model, company, day, partners)

        self.patch(self.registry["dunning.account"], "_limitation_figures", looked)
        self.run_on("2026-03-04")
        self.assertEqual(account.open_reminder_id.level_id, self.level_1)
        self.assertEqual(asked, [[]])
        self.invoice("2026-03-01")
        self.run_on("2026-03-05")
        self.assertEqual(asked[1:], [self.customer.ids])

    def test_a_claim_that_lapses_leaves_the_next_one(self):
        self.plan.level_ids.active = False
        self.claim("2021-03-10")
        self.claim("2021-03-20")
        self.run_on(TODAY)
        self.run_on("2026-03-11")
        account = self.account()
        self.assertEqual((account.limitation_date, account.limitation_expired), (date(2026, 3, 20), 1000))

    def test_a_delivery_that_is_entered_later_is_seen_by_the_night(self):
        self.plan.level_ids.active = False
        item = self.claim("2021-10-20")
        self.run_on(TODAY)
        self.assertFalse(self.account().limitation_warning)
        item.move_id.delivery_date = "2021-05-20"
        self.env.cr.precommit.run()
        self.run_on("2026-03-03")
        self.assertEqual((self.account().limitation_warning, self.account().limitation_date), ("3", date(2026, 5, 20)))

    def test_another_country_of_the_company_is_another_law(self):
        self.plan.level_ids.active = False
        self.claim("2024-05-02", customer=self.make_customer("Abroad", country_id=self.env.ref("base.us").id))
        self.company.country_id = self.env.ref("base.us")
        self.run_on(TODAY)
        account = self.account(self.env["res.partner"].search([("name", "=", "Abroad")]))
        self.assertFalse(account.limitation_date)
        self.company.country_id = self.env.ref("base.fr")
        self.run_on("2026-03-03")
        self.assertEqual(account.limitation_date, date(2026, 5, 2))

    def test_an_interruption_takes_the_warning_back_at_once(self):
        item = self.claim("2021-06-02")
        self.run_on(TODAY)
        self.assertEqual(self.account().limitation_warning, "3")
        self.happened(item, "court_claim", "2026-02-20")
        self.assertFalse(self.account().limitation_warning)
        self.assertFalse(self.activities())

    def test_a_status_that_changes_moves_the_warning_at_once(self):
        self.claim("2024-05-02", status="professional")
        self.run_on(TODAY)
        self.assertFalse(self.account().limitation_warning)
        self.customer.dunning_status = "consumer"
        self.assertEqual((self.account().limitation_warning, self.account().limitation_date), ("3", date(2026, 5, 2)))

    def test_the_next_one_to_lapse_and_the_lapsed_ones_apart(self):
        paid_in_part = self.claim("2021-04-01")
        self.pay(paid_in_part.move_id, 400, day="2025-09-10")
        self.claim("2021-05-10")
        self.claim("2019-05-10")
        self.run_on(TODAY)
        account = self.account()
        self.assertEqual((account.limitation_date, account.limitation_expired), (date(2026, 5, 10), 1000))
        self.assertEqual(
            {item.dunning_limitation_state for item in account.move_line_ids}, {False, "3", "expired"}
        )  # fmt: skip

    def test_the_sql_and_the_rules_agree(self):
        """The first bound of the night is the day of the rules where nothing happened."""
        for month in range(1, 13):
            for status in ("professional", "consumer", "non_professional", "public", False):
                customer = self.make_customer(f"{status} {month}", dunning_status=status)
                item = self.claim(date(2024, month, 29) if month > 1 else date(2024, 2, 29), customer=customer)
                day = item.dunning_limitation_date
                with self.subTest(status=status, due=item.date_maturity):
                    account = self.account(customer)
                    account._follow_limitations(self.company, day, customer.ids)
                    self.assertEqual((account.limitation_date, account.limitation_expired), (day, 0))
                    account._follow_limitations(self.company, date.fromordinal(day.toordinal() + 1), customer.ids)
                    self.assertEqual((account.limitation_date, account.limitation_expired), (False, 1000))
