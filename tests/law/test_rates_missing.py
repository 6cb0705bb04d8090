from datetime import date
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.relance_progressive.relance_progressive.core.law.rates import MissingRate

from ..common.rates import JANUARY, TODAY, RatesCommon


@tagged("post_install", "-at_install")
class TestMissingRates(RatesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.dunning_user_id = cls.manager
        cls.customer.dunning_status = "professional"
        cls.env["dunning.account"]._of(cls.customer, cls.company)

    def missing(self, day):
        return self.interest_rates._missing(self.company, day)

    def test_only_the_rates_that_the_customers_need(self):
        self.assertEqual(self.missing(date(2026, 12, 15)), [("ecb_mro", JANUARY)])
        self.customer.dunning_status = "consumer"
        self.assertEqual(self.missing(date(2026, 12, 15)), [("fr_legal_professional", JANUARY)])
        self.customer.dunning_law_id = self.env.ref("base.de")
        self.assertEqual(self.missing(date(2026, 12, 15)), [("de_base", JANUARY)])
        self.customer.dunning_status = False
        self.assertEqual(self.missing(date(2026, 12, 15)), [])

    def test_the_floor_is_needed_once_a_rate_is_agreed(self):
        self.customer.dunning_interest_rate = 12
        self.assertEqual(
            self.missing(date(2026, 12, 15)), [("ecb_mro", JANUARY), ("fr_legal_professional", JANUARY)]
        )

    def test_the_manager_is_asked_from_15_december_and_once(self):
        self.company.name = "Lyon <b>"
        self.assertFalse(self.interest_rates._warn_missing(self.company, date(2026, 12, 14)))
        task = self.interest_rates._warn_missing(self.company, date(2026, 12, 15))
        self.assertEqual((task.user_id, task.date_deadline), (self.manager, JANUARY))
        self.assertIn("2027-S1", task.summary)
        self.assertIn("ecb.europa.eu", task.note)
        self.assertIn("Lyon &lt;b&gt;", task.note)
        self.assertEqual(task.res_id, self.shipped().id)
        for day in (date(2026, 12, 16), date(2027, 2, 1)):
            self.assertFalse(self.interest_rates._warn_missing(self.company, day))
        task.unlink()
        self.assertFalse(self.interest_rates._warn_missing(self.company, date(2026, 12, 17)), "once")

    def test_from_15_june_the_second_half_year_is_asked_for(self):
        self.interest_rates.search([("reference", "=", "ecb_mro"), ("date_from", "=", "2026-07-01")]).sudo().unlink()
        july = date(2026, 7, 1)
        self.assertEqual([self.missing(date(2026, 6, day)) for day in (14, 15)], [[], [("ecb_mro", july)]])
        self.assertEqual([self.missing(date(2026, month, 20)) for month in (5, 7)], [[], [("ecb_mro", july)]])
        self.assertEqual(self.interest_rates._warn_missing(self.company, date(2026, 6, 15)).date_deadline, july)

    def test_a_consumer_in_luxembourg_has_had_no_rate_since_2025(self):
        self.customer.write({"dunning_status": "consumer", "country_id": self.env.ref("base.lu").id})
        alerts = self.env["dunning.account"].with_context(allowed_company_ids=self.company.ids)
        with patch.object(type(self.company), "_dunning_today", return_value=TODAY):
            (found,) = alerts.get_alerts()
        self.assertIn("“Luxembourg legal rate for consumers” of 2025 is missing, no interest is computed from", found)
        self.assertIn("01/01/2025", found)

    def test_whoever_is_in_charge_and_no_manager_is_not_asked(self):
        self.company.dunning_user_id = self.user
        task = self.interest_rates._warn_missing(self.company, date(2026, 12, 15))
        self.assertTrue(task.user_id.has_group("relance_progressive.dunning_group_manager"))

    def test_the_task_ends_with_the_rate(self):
        task = self.interest_rates._warn_missing(self.company, date(2026, 12, 15))
        self.enter(2.15, reference="de_base", day=JANUARY)
        self.assertTrue(task.active)
        self.enter(2.15, day=JANUARY)
        self.assertFalse(task.exists().active)
        self.assertEqual(self.missing(date(2026, 12, 15)), [])

    def test_two_companies_with_one_manager_ask_once(self):
        other = self.setup_other_company(name="Other")["company"]
        other.write({"country_id": self.company.country_id.id, "dunning_user_id": self.manager.id})
        self.manager.company_ids += other
        self.env["dunning.account"]._of(self.customer, other)
        tasks = self.interest_rates._warn_missing(self.company, date(2026, 12, 15))
        tasks |= self.interest_rates._warn_missing(other, date(2026, 12, 15))
        self.assertEqual(len(tasks), 1)

    def test_the_lists_say_so_when_the_period_has_begun(self):
        self.interest_rates.search([("verified", "=", False)]).with_user(self.manager).sudo().action_verify()
        alerts = self.env["dunning.account"].with_user(self.user).with_context(allowed_company_ids=self.company.ids)
        for day, count in ((TODAY, 0), (date(2026, 12, 15), 0), (date(2027, 1, 4), 1)):
            with patch.object(type(self.company), "_dunning_today", return_value=day):
                found = alerts.get_alerts()
            self.assertEqual(len(found), count, day)
        self.assertIn("ECB main refinancing rate” of 2027-S1 is missing", found[0])

    def test_in_words_where_it_is_published(self):
        words = self.interest_rates._missing_words(MissingRate("fr_legal_professional", date(2027, 3, 5)))
        for part in ("2027-S1", "from 01/01/2027 on", "legifrance"):
            self.assertIn(part, words)

    def test_the_scheduled_action(self):
        with self.enter_registry_test_mode(), patch.object(
            type(self.interest_rates), "_warn_missing", autospec=True
        ) as warn:
            self.env.ref("relance_progressive.ir_cron_dunning_interest_rate").method_direct_trigger()
        companies = {call.args[1] for call in warn.call_args_list}
        self.assertIn(self.company.id, {company.id for company in companies})
