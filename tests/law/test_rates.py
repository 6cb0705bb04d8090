import re
from datetime import date
from decimal import Decimal
from unittest.mock import patch

from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.relance_progressive.relance_progressive.core.law.rates import REFERENCES, MissingRate
from odoo.addons.relance_progressive.relance_progressive.law.rates.interest_rate_verify import SOURCES

from ..common.rates import JANUARY, JULY, TODAY, RatesCommon


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
        own = self.enter(2.65, origin="read")
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
            self.assertFalse(form.source, "where the new value was read is for the person to say")
            form.value = 2.5
        self.assertEqual(self.rate(), Decimal("2.5"))
        own = self.interest_rates._rate_in_force(self.company, "ecb_mro", TODAY)
        self.assertEqual((own.origin, own.verified), ("reported", False))

    def test_read_means_read_somewhere(self):
        """What somebody types is not verified; who read it says where, and nobody ticks that it was."""
        own = self.enter(2.65, source=False)
        self.assertFalse(own.verified)
        with self.assertRaisesRegex(ValidationError, "Say where"), self.env.cr.savepoint():
            own.origin = "read"
        own.write({"origin": "read", "source": "Journal officiel"})
        self.assertTrue(own.verified)

    def test_the_next_period_is_asked_for(self):
        action = self.shipped("ecb_mro", date(2020, 1, 1)).action_next()
        self.assertEqual(action["context"]["default_date_from"], JANUARY)

    def test_nobody_changes_what_is_shipped(self):
        for change, words in (
            (lambda rate: rate.write({"value": 3}), "comes with the add-on"),
            (lambda rate: rate.unlink(), "comes with the add-on"),
            (lambda rate: rate.write({"shipped": False}), "comes with the add-on"),
            (lambda rate: self.enter(3, day=JANUARY, shipped=True), "nobody types “Shipped”"),
        ):
            with self.assertRaisesRegex(UserError, words), self.env.cr.savepoint():
                change(self.as_manager(self.shipped()))

    def test_users_read_and_managers_write(self):
        rates = self.interest_rates.with_user(self.user)
        self.assertTrue(rates.search([], limit=1).value is not None)
        with self.assertRaises(AccessError):
            rates.create({"reference": "ecb_mro", "date_from": JANUARY, "value": 2})

    def test_what_companies_share_is_changed_by_whoever_works_for_all(self):
        """The accountant of one company enters rates of that company; in a database of one company, those of all."""
        alone = self.person("rates.alone", "dunning_group_manager")
        rates = self.interest_rates.with_user(alone).with_context(allowed_company_ids=self.company.ids)
        values = {"reference": "ecb_mro", "date_from": JANUARY, "value": 2}
        mine, shared = rates.create(values), self.enter(2.65)
        self.assertEqual((mine.company_id, shared.company_id.id), (self.company, False))
        for change in (
            lambda: rates.create({**values, "reference": "boe_base", "company_id": False}),
            lambda: mine.write({"company_id": False}),
            lambda: shared.with_env(rates.env).write({"value": 3}),
            lambda: shared.with_env(rates.env).write({"company_id": self.company.id}),
            lambda: shared.with_env(rates.env).unlink(),
        ):
            with self.assertRaisesRegex(AccessError, "counts for all companies"), self.env.cr.savepoint():
                change()
        mine.write({"value": 2.1})
        wizard = self.env["dunning.interest.rate.import"].with_env(rates.env).create({})
        self.assertEqual(wizard.company_id, self.company)
        alone.company_ids = self.env["res.company"].search([])
        shared.with_env(rates.env).write({"value": 3})
        self.assertFalse(rates.create({**values, "reference": "de_base"}).company_id)

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

    def test_a_source_speaks_the_language_of_its_reader(self):
        """What is more than the name of a source in the shipped file has a translation."""
        rates = self.env["dunning.interest.rate"]
        wordy = {
            row["source"] for row in rates._read_shipped()
            if re.search(r"\(.*[a-z]{3}|, [a-z]+ [a-z]+$", row["source"])
        }  # fmt: skip
        self.assertLessEqual(wordy, set(SOURCES))
        rate = rates.search([("shipped", "=", True), ("source", "in", list(wordy))], limit=1)
        self.assertEqual(rate.source_text, rate.source)
        plain = rates.search([("shipped", "=", True), ("source", "=", "oenb.at")], limit=1)
        self.assertEqual(plain.source_text, "oenb.at")
