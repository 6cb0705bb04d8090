from datetime import date
from decimal import Decimal
from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from odoo.addons.relance_progressive.relance_progressive.core.law.interest import Debt, late_interest

from ..common.rates import TODAY, RatesCommon


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
        self.customer.dunning_law_id = self.env.ref("base.ie")
        self.assertEqual(self.terms().regime.rate.applies, "payment")
        self.company.dunning_ie_reading = "begun"
        self.assertEqual(self.terms().regime.rate.applies, "begun")

    def test_dutch_interest_on_interest_is_an_option(self):
        self.customer.dunning_law_id = self.env.ref("base.nl")
        self.assertFalse(self.terms().compounds)
        self.assertIn("(BW 6:119a (3)), is not claimed", self.customer.dunning_interest_words)
        self.company.dunning_nl_compound = True
        self.assertTrue(self.terms().compounds)
        self.customer.invalidate_recordset(["dunning_interest_words"])
        self.assertIn("from the end of each year on (BW 6:119a (3))", self.customer.dunning_interest_words)
        self.customer.dunning_interest_rate = 12
        self.assertFalse(self.terms().compounds)
        self.customer.write({"dunning_interest_rate": 0, "dunning_law_id": self.env.ref("base.fr").id})
        self.assertFalse(self.terms().compounds)

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
        self.startPatcher(patch.object(type(self.company), "_dunning_today", return_value=TODAY))

    def test_both_figures_are_shown(self):
        words, warning = self.company._dunning_interest_words(0)
        self.assertIn("12.40 % today (ECB main refinancing rate 2026-S2 = 2.40 + 10.00, not verified, C. com.", words)
        self.assertIn("must reach 8.25 %: 3 times", words)
        self.assertFalse(warning)

    def test_below_the_floor(self):
        self.customer.write({"dunning_status": "professional", "dunning_interest_rate": 8.2})
        self.assertIn("8.20 % lies below the 8.25 %", self.customer.dunning_interest_warning)
        self.assertAlmostEqual(self.customer.dunning_interest_rate, 8.2)
        (terms,) = self.company._dunning_terms([(self.customer.id, False)]).values()
        self.assertEqual(terms.contract_rate, Decimal("8.2"))
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

    def test_a_belgian_clause_above_the_ceiling_is_void(self):
        belgium = self.env.ref("base.be")
        self.customer.write({"dunning_status": "consumer", "country_id": belgium.id, "dunning_interest_rate": 12})
        warning = self.customer.dunning_interest_warning
        self.assertIn("no more than 10.50 % today (CDE XIX.4", warning)
        self.assertIn("a clause that asks for more is void, and the legal rate of 4.50 % holds", warning)

    def test_without_a_status_or_a_rule(self):
        self.assertIn("no status", self.customer.dunning_interest_words)
        self.customer.write({"dunning_status": "professional", "dunning_law_id": self.env.ref("base.us").id})
        self.assertIn("no rule", self.customer.dunning_interest_words)

    def test_a_missing_rate_is_said(self):
        self.shipped().sudo().unlink()
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
        for name, value in (
            ("dunning_interest_rate", 12), ("dunning_interest_first", True), ("dunning_uk_reading", "each"),
            ("dunning_ie_reading", "begun"), ("dunning_nl_compound", True),
        ):  # fmt: skip
            self.company[name] = value
        self.assertEqual(branch.dunning_interest_rate, 12)
        self.assertTrue(branch.dunning_interest_first)
        self.assertEqual(branch.dunning_uk_reading, "each")
        self.assertEqual(branch.dunning_ie_reading, "begun")
        self.assertTrue(branch.dunning_nl_compound)
