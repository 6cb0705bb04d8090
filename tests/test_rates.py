import base64
import doctest
from datetime import date
from decimal import Decimal
from unittest.mock import patch

from odoo.exceptions import AccessError, RedirectWarning, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.relance_progressive.relance_progressive.core.interest import Debt, late_interest
from odoo.addons.relance_progressive.relance_progressive.core.rates import REFERENCES, MissingRate
from odoo.addons.relance_progressive.relance_progressive.penalties import rate_csv

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
            doubtful = any(word in rate.source for word in ("memory", "Derived", "Secondary"))
            self.assertEqual(rate.verified, not doubtful, rate.display_name)

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
        self.shipped().value = 9  # what an older version shipped
        self.shipped("ecb_mro", date(2015, 1, 1)).unlink()
        extra = self.interest_rates.create(
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
        with patch.object(type(self.interest_rates), "_changed") as changed:
            self.interest_rates._load_shipped()
        changed.assert_called_once()  # the creation of no record
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
        self.assertEqual(self.shipped("ecb_mro", date(2020, 1, 1)).action_next()["context"]["default_date_from"], JANUARY)

    def test_nobody_changes_what_is_shipped(self):
        for change in (
            lambda rate: rate.write({"value": 3}), lambda rate: rate.unlink(), lambda rate: rate.write({"shipped": False})
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
        with self.assertRaises(Exception), self.env.cr.savepoint():
            self.enter(2.6)
        with self.assertRaises(Exception), self.env.cr.savepoint():
            self.enter(1000, day=JANUARY)

    def test_one_query_then_none(self):
        self.env.flush_all()
        self.env.registry.clear_cache()
        with self.assertQueryCount(1):
            self.interest_rates._rates(self.company)
            self.interest_rates._rates(self.company)
        self.enter(2.65)
        self.assertEqual(self.rate(), Decimal("2.65"), "a change is seen at once")
        some = self.interest_rates._rates(self.company, {"de_base"})
        self.assertTrue(some.covers("de_base", TODAY))
        self.assertFalse(some.covers("ecb_mro", TODAY))

    def test_who_corrected_is_kept(self):
        own = self.enter(2.65)
        self.env.cr.precommit.run()
        own.value = 2.75
        self.env.cr.precommit.run()
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
        self.assertFalse(self.interest_rates._warn_missing(self.company, date(2026, 12, 3)))
        task = self.interest_rates._warn_missing(self.company, date(2026, 12, 4))
        self.assertEqual((task.user_id, task.date_deadline), (self.manager, JANUARY))
        self.assertIn("2027-S1", task.summary)
        self.assertIn("ecb.europa.eu", task.note)
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
        module = "odoo.addons.relance_progressive.relance_progressive.penalties.interest_rate_missing.fields.Date"
        for day, count in ((TODAY, 0), (date(2026, 12, 15), 0), (date(2027, 1, 4), 1)):
            with patch(f"{module}.context_today", return_value=day):
                found = alerts.get_alerts()
            self.assertEqual(len(found), count, day)
        self.assertIn("ECB main refinancing rate” of 2027-S1 is missing", found[0])

    def test_in_words_with_a_way_to_the_rates(self):
        error = MissingRate("fr_legal_professional", date(2027, 3, 5))
        warning = self.interest_rates._missing_warning(error)
        self.assertIsInstance(warning, RedirectWarning)
        self.assertIn("2027-S1", warning.args[0])
        self.assertIn("from 01/01/2027 on", warning.args[0])
        self.assertIn("legifrance", warning.args[0])
        self.assertEqual(warning.args[1]["path"], "interest-rates")

    def test_the_scheduled_action(self):
        with self.enter_registry_test_mode(), patch.object(
            type(self.interest_rates), "_warn_missing", autospec=True
        ) as warn:
            self.env.ref("relance_progressive.ir_cron_dunning_interest_rate").method_direct_trigger()
        companies = {call.args[1] for call in warn.call_args_list}
        self.assertIn(self.company.id, {company.id for company in companies})


@tagged("post_install", "-at_install")
class TestImportOfRates(RatesCommon):
    def wizard(self, text, encoding="utf-8", **values):
        return self.as_manager(self.env["dunning.interest.rate.import"]).create(
            {"file": base64.b64encode(text.encode(encoding)), "filename": "rates.csv", **values}
        )

    def test_the_examples_of_the_documentation(self):
        self.assertFalse(doctest.testmod(rate_csv).failed)

    def test_a_file_of_an_office_program(self):
        wizard = self.wizard(
            "Référence;À partir du;Taux;Source;Vérifié\n"
            "ecb_mro;01/01/2027;2,15 %;BCE;oui\n"
            "French legal rate, professional creditors;2027-01-01;2.50;;\n",
            "cp1252",
        )
        self.assertFalse(wizard.problems)
        self.assertIn("2 new, 0 changed", wizard.summary)
        wizard.action_import()
        self.assertEqual(self.rate("ecb_mro", JANUARY), Decimal("2.15"))
        legal = self.interest_rates._rate_in_force(self.company, "fr_legal_professional", JANUARY)
        self.assertEqual((legal.verified, legal.source, legal.shipped), (False, "File rates.csv", False))
        again = self.wizard("ecb_mro;2027-01-01;2.25")
        self.assertIn("0 new, 1 changed", again.summary)
        again.action_import()
        self.assertEqual(self.rate("ecb_mro", JANUARY), Decimal("2.25"))

    def test_all_or_nothing(self):
        wizard = self.wizard(
            "reference,date_from,value\n"
            "ecb_mro,2027-01-01,2.15\n"
            "euribor,2027-01-01,2.15\n"
            "de_base,2027-02-01,1\n"
            "at_base,soon,1\n"
            "boe_base,2027-01-01,high\n"
            "ecb_mro,2027-01-01,2.20\n"
            "nl_consumer,2027-01-01,400\n"
        )
        self.assertEqual(len(wizard.problems.splitlines()), 6)
        for words in (
            "Line 3: “euribor” is no rate", "Line 4: It holds for a whole period, which begins on 01/01/2027",
            "Line 5: “soon” is no date", "Line 6: “high” is no percentage", "Line 7: Line 2 says it too", "Line 8: “400”",
        ):  # fmt: skip
            self.assertIn(words, wizard.problems)
        with self.assertRaisesRegex(UserError, "Nothing was imported"):
            wizard.action_import()
        self.assertFalse(self.interest_rates.search([("date_from", "=", JANUARY)]))

    def test_what_counts_already_is_left_out(self):
        """The export of the list comes back without a hundred values of one's own."""
        rates = self.interest_rates.search([("shipped", "=", True)])
        names = ["reference", "date_from", "value", "source", "verified"]
        rows = rates.export_data(names)["datas"]
        labels = [self.interest_rates._fields[name].string for name in names]
        text = "\n".join(";".join(f'"{cell}"' for cell in row) for row in [labels, *rows])
        wizard = self.wizard(text)
        self.assertFalse(wizard.problems)
        self.assertIn(f"0 new, 0 changed, {len(rates)} known", wizard.summary)
        wizard.action_import()
        self.assertFalse(self.interest_rates.search([("shipped", "=", False)]))

    def test_confirming_a_shipped_value(self):
        self.assertFalse(self.shipped().verified)
        self.wizard("ecb_mro;2026-07-01;2.40;ecb.europa.eu;yes").action_import()
        self.assertTrue(self.interest_rates._rate_in_force(self.company, "ecb_mro", TODAY).verified)
        self.assertFalse(self.shipped().verified)

    def test_an_empty_file(self):
        with self.assertRaisesRegex(UserError, "says nothing"):
            self.wizard("\n;;\n").action_import()

    def test_users_import_nothing(self):
        with self.assertRaises(AccessError):
            self.env["dunning.interest.rate.import"].with_user(self.user).create({})


@tagged("post_install", "-at_install")
class TestTerms(RatesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.dunning_status = "professional"
        cls.term = cls.env["account.payment.term"].create({"name": "45 days", "dunning_interest_rate": 11})

    def terms(self, customer=None, term=None):
        customer = customer or self.customer
        return self.company._dunning_terms([(customer.id, term and term.id)]).get((customer.id, term and term.id))

    def test_without_a_status_nothing_is_claimed(self):
        self.customer.dunning_status = False
        self.assertIsNone(self.terms())

    def test_nor_under_a_law_that_nobody_knows(self):
        self.customer.dunning_law_id = self.env.ref("base.us")
        self.assertIsNone(self.terms())

    def test_the_law_comes_last(self):
        terms = self.terms()
        self.assertEqual((terms.regime.code, terms.contract_rate), ("fr_professional", None))
        self.company.dunning_interest_rate = 13.5
        self.assertEqual(self.terms().contract_rate, Decimal("13.5"))
        self.assertEqual(self.terms(term=self.term).contract_rate, Decimal("11"))
        self.customer.dunning_interest_rate = 9.125
        self.assertEqual(self.terms(term=self.term).contract_rate, Decimal("9.125"))

    def test_a_consumer_pays_only_what_the_consumer_agreed_to(self):
        self.company.dunning_interest_rate = 13.5
        for status in ("consumer", "non_professional"):
            self.customer.write({"dunning_status": status, "dunning_interest_rate": 0})
            self.assertIsNone(self.terms(term=self.term).contract_rate)
            self.assertEqual(self.terms().regime.indemnity, None)
            self.customer.dunning_interest_rate = 5
            self.assertEqual(self.terms(term=self.term).contract_rate, Decimal(5))

    def test_a_public_body_pays_the_rate_of_the_law(self):
        self.customer.write({"dunning_status": "public", "dunning_interest_rate": 15})
        terms = self.terms(term=self.term)
        self.assertEqual((terms.regime.code, terms.contract_rate), ("fr_public", None))
        self.assertIn("no effect", self.customer.dunning_interest_warning)

    def test_the_law_of_the_seller_but_for_consumers(self):
        germany = self.env.ref("base.de")
        self.customer.country_id = germany
        self.assertEqual(self.terms().regime.code, "fr_professional")
        self.customer.dunning_status = "consumer"
        self.assertEqual(self.terms().regime.code, "de_consumer")
        self.customer.dunning_law_id = self.env.ref("base.fr")
        self.assertEqual(self.terms().regime.code, "fr_consumer")
        self.customer.write({"dunning_status": "professional", "dunning_law_id": germany.id})
        self.assertEqual(self.terms().regime.code, "de_professional")

    def test_how_the_company_reads_the_law(self):
        self.company.write({"dunning_day_count": "act/act", "dunning_interest_first": True})
        terms = self.terms()
        self.assertEqual((terms.day_count, terms.interest_first), ("act/act", True))
        self.customer.dunning_law_id = self.env.ref("base.uk")
        self.assertEqual(self.terms().regime.rate.applies, "begun")
        self.company.dunning_uk_reading = "each"
        self.assertEqual(self.terms().regime.rate.applies, "each")

    def test_contacts_and_branches_stand_for_their_company(self):
        contact = self.make_customer("Contact", is_company=False, parent_id=self.customer.id)
        self.customer.dunning_interest_rate = 12
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        found = branch._dunning_terms([(contact.id, False)])
        self.assertEqual(found[contact.id, False].contract_rate, Decimal(12))

    def test_each_company_has_its_own_agreement(self):
        other = self.setup_other_company(name="Other")["company"]
        other.country_id = self.company.country_id
        self.customer.dunning_interest_rate = 12
        (terms,) = other._dunning_terms([(self.customer.id, False)]).values()
        self.assertIsNone(terms.contract_rate)

    def test_a_computation_with_them(self):
        """LEGAL example: 1 200, 30 days, 12.15 %."""
        debt = Debt(Decimal(1200), date(2026, 1, 31))
        rates = self.interest_rates._rates(self.company)
        self.assertEqual(late_interest(debt, self.terms(), rates, date(2026, 3, 2)).amount, Decimal("11.98"))

    def test_queries_of_a_batch(self):
        customers = [self.make_customer(f"C{rank}", dunning_status="professional") for rank in range(30)]
        pairs = [(customer.id, self.term.id) for customer in customers]
        counts = []
        for some in (pairs[:2], pairs[:2], pairs):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            found = self.company._dunning_terms(some)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(len(found), 30)
        self.assertEqual(len(set(map(id, found.values()))), 1)
        self.assertEqual(counts[1], counts[2])


@tagged("post_install", "-at_install")
class TestAgreedRate(RatesCommon):
    """A rate below the legal floor is said, never changed."""

    def setUp(self):
        super().setUp()
        words = "odoo.addons.relance_progressive.relance_progressive.penalties.interest_words.fields.Date.context_today"
        self.startPatcher(patch(words, return_value=TODAY))

    def test_both_figures_are_shown(self):
        words, warning = self.company._dunning_interest_words(0)
        self.assertIn("12.40 % today (ECB main refinancing rate 2026-S2: 2.40 + 10.00; not verified; C. com. L441-10 II", words)
        self.assertIn("must reach 8.25 %: 3 times", words)
        self.assertFalse(warning)

    def test_below_the_floor(self):
        self.customer.write({"dunning_status": "professional", "dunning_interest_rate": 8.2})
        self.assertIn("8.20 % lies below the 8.25 %", self.customer.dunning_interest_warning)
        self.assertAlmostEqual(self.customer.dunning_interest_rate, 8.2)
        self.assertEqual(
            self.company._dunning_terms([(self.customer.id, False)])[self.customer.id, False].contract_rate, Decimal("8.2")
        )
        self.customer.dunning_interest_rate = 8.25
        self.assertFalse(self.customer.dunning_interest_warning)

    def test_on_a_payment_term_and_in_the_settings(self):
        term = self.env["account.payment.term"].create({"name": "Soft", "dunning_interest_rate": 3})
        self.assertIn("3.00 % lies below", term.dunning_interest_warning)
        settings = self.env["res.config.settings"].create({"dunning_interest_rate": 4})
        self.assertIn("4.00 % lies below", settings.dunning_interest_warning)
        settings.execute()
        self.assertAlmostEqual(self.company.dunning_interest_rate, 4)

    def test_a_consumer(self):
        self.customer.dunning_status = "consumer"
        self.assertIn("from the formal notice on: 2.75 %", self.customer.dunning_interest_words)
        self.assertNotIn("40", self.customer.dunning_interest_words)
        self.customer.dunning_interest_rate = 5
        self.assertIn("1231-5", self.customer.dunning_interest_warning)

    def test_without_a_status_or_a_rule(self):
        self.assertIn("no status", self.customer.dunning_interest_words)
        self.customer.write({"dunning_status": "professional", "dunning_law_id": self.env.ref("base.us").id})
        self.assertIn("no rule", self.customer.dunning_interest_words)

    def test_a_missing_rate_is_said(self):
        self.shipped().unlink()
        words, warning = self.company._dunning_interest_words(12)
        self.assertFalse(words)
        self.assertIn("2026-S2 is not known", warning)

    def test_nonsense_is_refused(self):
        for values in (-1, 101):
            for record in (self.customer, self.company, self.env["account.payment.term"].create({"name": "T"})):
                with self.assertRaisesRegex(ValidationError, "between 0 and 100"), self.env.cr.savepoint():
                    record.dunning_interest_rate = values

    def test_settings_are_those_of_the_main_company(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        self.company.write({"dunning_interest_rate": 12, "dunning_interest_first": True, "dunning_uk_reading": "each"})
        self.assertEqual(branch.dunning_interest_rate, 12)
        self.assertTrue(branch.dunning_interest_first)
        self.assertEqual(branch.dunning_uk_reading, "each")
