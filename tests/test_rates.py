from datetime import date
from decimal import Decimal
from unittest.mock import patch

from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.relance_progressive.relance_progressive.core.rates import REFERENCES, MissingRate

from .common import DunningCommon

JULY = date(2026, 7, 1)
JANUARY = date(2027, 1, 1)
TODAY = date(2026, 11, 22)


class RatesCommon(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.interest_rates = cls.env["dunning.interest.rate"]
        cls.manager = cls.person("rates.manager", "dunning_group_manager")
        cls.user = cls.person("rates.user", "dunning_group_user")

    @classmethod
    def person(cls, login, group, company=None):
        company = company or cls.company
        return new_test_user(
            cls.env, login, groups=f"relance_progressive.{group}", company_id=company.id, company_ids=company.ids
        )

    def flush_tracking(self):
        self.env.flush_all()
        self.env.cr.precommit.run()

    def as_manager(self, records):
        return records.with_user(self.manager).with_context(allowed_company_ids=self.company.ids)

    def shipped(self, reference="ecb_mro", day=JULY):
        return self.interest_rates.search(
            [("reference", "=", reference), ("date_from", "=", day), ("shipped", "=", True)]
        )

    def enter(self, value, reference="ecb_mro", day=JULY, **values):
        return self.as_manager(self.interest_rates).create(
            {"reference": reference, "date_from": day, "value": value, "source": "Read by me", **values}
        )

    def rate(self, reference="ecb_mro", day=JULY, company=None):
        return self.interest_rates._rates(company or self.company).rate(reference, day)


@tagged("post_install", "-at_install")
class TestShippedRates(RatesCommon):
    def test_every_rate_that_the_law_names_can_be_entered(self):
        self.assertEqual(set(self.interest_rates._fields["reference"].get_values(self.env)), set(REFERENCES))
        for code in REFERENCES:
            self.assertIn(".", self.interest_rates._where_published(code))

    def test_no_half_year_is_missing_since_2015(self):
        rates = self.interest_rates._rates(self.company)
        for code in set(REFERENCES) - {"lu_consumer"}:
            with self.subTest(code):
                self.assertEqual(rates.first_gap(code, date(2015, 1, 1)), JANUARY)
        with self.assertRaises(MissingRate):
            rates.rate("ecb_mro", JANUARY)

    def test_published_figures(self):
        """LEGAL: the default penalty rate is the ECB rate plus ten; the floor is three times the legal rate."""
        for reference, day, expected in (
            ("ecb_mro", date(2024, 1, 1), "4.5"), ("ecb_mro", date(2026, 7, 1), "2.4"),
            ("fr_legal_professional", date(2024, 1, 1), "5.07"), ("fr_legal_individual", date(2015, 7, 1), "4.29"),
            ("de_base", date(2016, 7, 1), "-0.88"), ("at_base", date(2023, 1, 1), "1.88"),
            ("boe_base", date(2023, 7, 1), "5"), ("be_legal", date(2026, 3, 1), "4.5"),
        ):  # fmt: skip
            self.assertEqual(self.rate(reference, day), Decimal(expected), (reference, day))

    def test_what_was_not_read_at_its_source_says_so(self):
        for rate in self.interest_rates.search([("shipped", "=", True)]):
            self.assertTrue(rate.source)
            self.assertEqual(rate.verified, rate.origin == "read", rate.display_name)
        for reference, day, origin in (
            ("ecb_mro", JULY, "reported"), ("de_base", JULY, "derived"), ("nl_consumer", JULY, "memory"),
            ("ecb_mro", date(2026, 1, 1), "read"),
        ):  # fmt: skip
            self.assertEqual(self.shipped(reference, day).origin, origin)

    def test_a_rate_has_the_name_of_its_period(self):
        self.assertEqual(self.shipped().display_name, "ECB main refinancing rate 2026-S2")
        self.assertEqual(self.shipped("be_legal", date(2026, 1, 1)).period, "2026")


@tagged("post_install", "-at_install")
class TestOwnRates(RatesCommon):
    def test_a_value_of_ones_own_counts_visibly(self):
        own = self.enter(2.65)
        self.assertEqual(self.rate(), Decimal("2.65"))
        self.assertTrue(self.shipped().replaced)
        self.assertFalse(own.replaced)
        self.assertAlmostEqual(own.shipped_value, 2.40)
        self.assertEqual(self.interest_rates._rate_in_force(self.company, "ecb_mro", TODAY), own)

    def test_an_update_of_the_add_on_leaves_it_alone(self):
        own = self.enter(2.65, verified=True)
        self.shipped().sudo().value = 9  # what an older version shipped
        self.shipped("ecb_mro", date(2015, 1, 1)).sudo().unlink()
        extra = self.interest_rates.sudo().create(
            {"reference": "ecb_mro", "date_from": JANUARY, "value": 3, "shipped": True, "source": "A mistake"}
        )
        self.interest_rates._load_shipped()
        self.assertAlmostEqual(self.shipped().value, 2.40)
        self.assertTrue(self.shipped("ecb_mro", date(2015, 1, 1)))
        self.assertFalse(extra.exists())
        self.assertAlmostEqual(own.value, 2.65)
        self.assertTrue(own.verified)
        self.assertEqual(self.rate(), Decimal("2.65"))

    def test_an_update_that_changes_nothing_writes_nothing(self):
        model, count = type(self.interest_rates), self.interest_rates.search_count([])
        with patch.object(model, "write") as write:
            self.interest_rates._load_shipped()
        write.assert_not_called()
        self.assertEqual(self.interest_rates.search_count([]), count)
        self.assertFalse(self.interest_rates.search([]).message_ids)

    def test_one_way_back_to_the_shipped_value(self):
        own = self.enter(2.65)
        self.as_manager(own).action_back_to_shipped()
        self.assertFalse(own.exists())
        self.assertEqual(self.rate(), Decimal("2.4"))
        alone = self.enter(2.15, day=JANUARY)
        with self.assertRaisesRegex(UserError, "Nothing is shipped"):
            alone.action_back_to_shipped()

    def test_correcting_asks_for_a_value_with_the_shipped_one_before_the_eyes(self):
        action = self.as_manager(self.shipped()).action_correct()
        with Form(self.as_manager(self.interest_rates).with_context(**action["context"])) as form:
            self.assertAlmostEqual(form.value, 2.40)
            form.value = 2.5
        self.assertEqual(self.rate(), Decimal("2.5"))

    def test_the_next_period_is_asked_for(self):
        action = self.shipped("ecb_mro", date(2020, 1, 1)).action_next()
        self.assertEqual(action["context"]["default_date_from"], JANUARY)

    def test_nobody_changes_what_is_shipped(self):
        for change in (
            lambda rate: rate.write({"value": 3}), lambda rate: rate.unlink(),
            lambda rate: rate.write({"shipped": False}),
        ):  # fmt: skip
            with self.assertRaisesRegex(UserError, "comes with the add-on"), self.env.cr.savepoint():
                change(self.as_manager(self.shipped()))
        with self.assertRaisesRegex(UserError, "comes with the add-on"), self.env.cr.savepoint():
            self.enter(3, day=JANUARY, shipped=True)

    def test_users_read_and_managers_write(self):
        rates = self.interest_rates.with_user(self.user)
        self.assertTrue(rates.search([], limit=1).value is not None)
        with self.assertRaises(AccessError):
            rates.create({"reference": "ecb_mro", "date_from": JANUARY, "value": 2})

    def test_each_company_may_have_its_own(self):
        other = self.setup_other_company(name="Other")["company"]
        self.enter(2.65)  # for all companies
        mine = self.enter(2.75, company_id=self.company.id)
        self.assertEqual(self.rate(), Decimal("2.75"))
        self.assertEqual(self.rate(company=other), Decimal("2.65"))
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        self.assertEqual(self.rate(company=branch), Decimal("2.75"))
        with self.assertRaisesRegex(ValidationError, "is a branch"):
            self.enter(1, company_id=branch.id)
        stranger = self.person("rates.stranger", "dunning_group_manager", other)
        found = self.interest_rates.with_user(stranger).with_context(allowed_company_ids=other.ids).search([])
        self.assertNotIn(mine.id, found.ids)
        with mute_logger("odoo.addons.base.models.ir_rule"), self.assertRaises(AccessError):
            self.enter(1, day=JANUARY, company_id=other.id)

    def test_a_value_holds_for_a_whole_period(self):
        with self.assertRaisesRegex(ValidationError, "2026-S2, enter it from 07/01/2026 on"):
            self.enter(2.4, day=date(2026, 9, 1))
        with self.assertRaisesRegex(ValidationError, "for 2026, enter it from 01/01/2026 on"):
            self.enter(2.4, reference="be_legal")

    @mute_logger("odoo.sql_db")
    def test_once_for_each_period(self):
        self.enter(2.5)
        with self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            self.enter(2.6)
        with self.assertRaises(CheckViolation), self.env.cr.savepoint():
            self.enter(1000, day=JANUARY)

    def test_one_query_then_none(self):
        self.env.flush_all()
        self.env.registry.clear_cache()
        self.assertEqual(self.company.root_id, self.company)
        with self.assertQueryCount(1):
            self.interest_rates._rates(self.company)
            self.interest_rates._rates(self.company)
        self.enter(2.65)
        self.assertEqual(self.rate(), Decimal("2.65"), "a change is seen at once")
        some = self.interest_rates._rates(self.company, {"de_base"})
        self.assertTrue(some.covers("de_base", TODAY))
        self.assertFalse(some.covers("ecb_mro", TODAY))

    def test_who_corrected_is_kept(self):
        own = self.enter(2.65).with_context(tracking_disable=False, mail_notrack=False)
        self.flush_tracking()
        own.value = 2.75
        self.flush_tracking()
        own.invalidate_recordset()
        self.assertEqual(own.message_ids.sudo().tracking_value_ids.mapped("new_value_float"), [2.75])


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
        self.assertEqual(self.missing(date(2026, 12, 10)), [("ecb_mro", JANUARY)])
        self.customer.dunning_status = "consumer"
        self.assertEqual(self.missing(date(2026, 12, 10)), [("fr_legal_professional", JANUARY)])
        self.customer.dunning_law_id = self.env.ref("base.de")
        self.assertEqual(self.missing(date(2026, 12, 10)), [("de_base", JANUARY)])
        self.customer.dunning_status = False
        self.assertEqual(self.missing(date(2026, 12, 10)), [])

    def test_the_floor_is_needed_once_a_rate_is_agreed(self):
        self.customer.dunning_interest_rate = 12
        self.assertEqual(
            self.missing(date(2026, 12, 10)), [("ecb_mro", JANUARY), ("fr_legal_professional", JANUARY)]
        )

    def test_the_manager_is_asked_weeks_before_and_once(self):
        self.company.name = "Lyon <b>"
        self.assertFalse(self.interest_rates._warn_missing(self.company, date(2026, 12, 3)))
        task = self.interest_rates._warn_missing(self.company, date(2026, 12, 4))
        self.assertEqual((task.user_id, task.date_deadline), (self.manager, JANUARY))
        self.assertIn("2027-S1", task.summary)
        self.assertIn("ecb.europa.eu", task.note)
        self.assertIn("Lyon &lt;b&gt;", task.note)
        self.assertEqual(task.res_id, self.shipped().id)
        for day in (date(2026, 12, 5), date(2027, 2, 1)):
            self.assertFalse(self.interest_rates._warn_missing(self.company, day))
        task.unlink()
        self.assertFalse(self.interest_rates._warn_missing(self.company, date(2026, 12, 6)), "once")

    def test_whoever_is_in_charge_and_no_manager_is_not_asked(self):
        self.company.dunning_user_id = self.user
        task = self.interest_rates._warn_missing(self.company, date(2026, 12, 10))
        self.assertTrue(task.user_id.has_group("relance_progressive.dunning_group_manager"))

    def test_the_task_ends_with_the_rate(self):
        task = self.interest_rates._warn_missing(self.company, date(2026, 12, 10))
        self.enter(2.15, reference="de_base", day=JANUARY)
        self.assertTrue(task.active)
        self.enter(2.15, day=JANUARY)
        self.assertFalse(task.exists().active)
        self.assertEqual(self.missing(date(2026, 12, 10)), [])

    def test_two_companies_with_one_manager_ask_once(self):
        other = self.setup_other_company(name="Other")["company"]
        other.write({"country_id": self.company.country_id.id, "dunning_user_id": self.manager.id})
        self.manager.company_ids += other
        self.env["dunning.account"]._of(self.customer, other)
        tasks = self.interest_rates._warn_missing(self.company, date(2026, 12, 10))
        tasks |= self.interest_rates._warn_missing(other, date(2026, 12, 10))
        self.assertEqual(len(tasks), 1)

    def test_the_lists_say_so_when_the_period_has_begun(self):
        alerts = self.env["dunning.account"].with_user(self.user).with_context(allowed_company_ids=self.company.ids)
        module = "odoo.addons.relance_progressive.relance_progressive.rates.interest_rate_missing.fields.Date"
        for day, count in ((TODAY, 0), (date(2026, 12, 15), 0), (date(2027, 1, 4), 1)):
            with patch(f"{module}.context_today", return_value=day):
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
