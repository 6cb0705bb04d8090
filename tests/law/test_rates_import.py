import base64
import doctest
from decimal import Decimal

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.relance_progressive.relance_progressive.law.rates import rate_csv

from ..common.rates import JANUARY, TODAY, RatesCommon


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
        self.assertEqual((legal.verified, legal.origin, legal.shipped), (False, "reported", False))
        self.assertEqual(legal.source, "File rates.csv")
        again = self.wizard("ecb_mro;2027-01-01;2.25")
        self.assertIn("0 new, 1 changed", again.summary)
        again.action_import()
        self.assertEqual(self.rate("ecb_mro", JANUARY), Decimal("2.25"))

    def test_a_file_of_a_spreadsheet_program(self):
        """Saved as "Unicode text": UTF-16 and tabs."""
        wizard = self.wizard("Référence\tÀ partir du\tTaux\tSource\necb_mro\t01/01/2027\t2,15 %\tBCE\n", "utf-16")
        self.assertFalse(wizard.problems)
        self.assertIn("1 new, 0 changed", wizard.summary)

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
        self.assertIn("name the source", self.wizard("ecb_mro;2027-01-01;2.15;;yes").problems)
        self.assertEqual(len(wizard.problems.splitlines()), 6)
        for words in (
            "Line 3: “euribor” is no rate", "Line 4: It holds for a whole period, which begins on 01/01/2027",
            "Line 5: “soon” is no date", "Line 6: “high” is no percentage", "Line 7: Line 2 says it too",
            "Line 8: “400”",
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

    def test_the_window_shows_what_the_file_says(self):
        with Form(self.as_manager(self.env["dunning.interest.rate.import"])) as form:
            self.assertFalse(form.summary)
            form.file = base64.b64encode(b"ecb_mro;2027-01-01;2.15")
            self.assertIn("1 new", form.summary)
            form.file = base64.b64encode(b"ecb_mro;tomorrow;2.15")
            self.assertIn("Line 1", form.problems)

    def test_an_empty_file(self):
        with self.assertRaisesRegex(UserError, "says nothing"):
            self.wizard("\n;;\n").action_import()

    def test_users_import_nothing(self):
        with self.assertRaises(AccessError):
            self.env["dunning.interest.rate.import"].with_user(self.user).create({})
