from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..common.base import MONDAY
from ..common.lre import LreCommon


@tagged("post_install", "-at_install")
class TestWhoMayReceive(LreCommon):
    paper = {"street": "1 rue Haute", "zip": "75001", "city": "Paris"}

    def assertOnPaper(self, letters, words):
        self.assertEqual(letters.mapped(lambda d: (d.channel, d.state)), [("lre", "failed"), ("registered", "ready")])
        self.assertEqual(letters[0].failure, "missing")
        self.assertIn(words, letters[0].reason)

    def test_private_persons_only_if_they_agreed(self):
        letters = self.sent(company_registry=False, **self.paper)
        self.assertOnPaper(letters, "has not agreed")

    def test_who_agreed(self):
        agreed = {"dunning_lre_consent": True, "dunning_lre_consent_date": MONDAY}
        letter = self.sent(company_registry=False, **agreed, **self.paper)
        self.assertEqual((letter.channel, letter.state), ("lre", "sent"))

    def test_a_vat_number_makes_a_professional(self):
        letter = self.sent(company_registry=False, vat="FR23334175221", **self.paper)
        self.assertEqual((letter.channel, letter.state), ("lre", "sent"))

    def test_a_company_may_be_an_association(self):
        """In doubt it has to agree."""
        letters = self.sent(is_company=True, company_registry=False, vat="/", **self.paper)
        self.assertOnPaper(letters, "has not agreed")
        self.assertTrue(letters.partner_id.dunning_lre_needs_consent)
        letters.partner_id.company_registry = "33417522100011"
        self.assertFalse(letters.partner_id.dunning_lre_needs_consent)

    def test_the_status_of_the_customer_decides(self):
        """A number says nothing about whoever is known."""
        for status in ("consumer", "non_professional"):
            with self.subTest(status):
                letters = self.sent(f"{status}@petit.example", dunning_status=status, **self.paper)
                self.assertOnPaper(letters, "has not agreed")
        for status in ("professional", "public"):
            with self.subTest(status):
                letter = self.sent(
                    f"{status}@petit.example", dunning_status=status, company_registry=False, **self.paper
                )
                self.assertEqual((letter.channel, letter.state), ("lre", "sent"))
                self.assertFalse(letter.partner_id.dunning_lre_needs_consent)

    def test_a_status_given_later_sends_what_failed(self):
        self.level_1.channel_ids[-1].unlink()
        letter = self.sent(company_registry=False, **self.paper)
        self.assertEqual(letter.reminder_id.state, "failed")
        letter.partner_id.dunning_status = "professional"
        self.assertEqual(letter.reminder_id.state, "ready")

    def test_consent_needs_its_day(self):
        with self.assertRaises(ValidationError):
            self.customer.dunning_lre_consent = True

    def test_another_contact_has_not_agreed(self):
        """Nor is a copy of a contact insolvent because the contact is."""
        customer = self.sent(**{"dunning_lre_consent": True, "dunning_lre_consent_date": MONDAY}).partner_id
        customer.write({"dunning_lre_consent_file": "eA==", "dunning_insolvency_date": MONDAY})
        names = [name for name in customer._fields if name.startswith("dunning_lre_consent")]
        self.assertEqual(len(names), 4)
        for name in [*names, "dunning_insolvency_date"]:
            self.assertFalse(customer.copy()[name], name)

    def test_no_e_mail(self):
        self.assertOnPaper(self.sent(False, **self.paper), "e-mail")

    def test_no_provider(self):
        self.company.dunning_lre_provider = False
        self.assertOnPaper(self.sent(**self.paper), "no provider")

    def test_a_consent_given_later_sends_what_failed(self):
        self.level_1.channel_ids[-1].unlink()
        letter = self.sent(company_registry=False, **self.paper)
        self.assertEqual(letter.reminder_id.state, "failed")
        letter.partner_id.write({"dunning_lre_consent": True, "dunning_lre_consent_date": MONDAY})
        self.assertEqual(letter.reminder_id.state, "ready")
        with self.on(0):
            self.send()
        self.assertEqual(letter.reminder_id.delivery_ids.mapped("state"), ["failed", "sent"])

    def test_reasons_in_french(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.company.partner_id.lang = "fr_FR"
        letters = self.sent(company_registry=False, **self.paper)
        self.assertOnPaper(letters, letters[0].partner_id.name)

    def test_company_settings_are_those_of_the_main_company(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        self.assertEqual(branch.dunning_lre_provider, "local")
