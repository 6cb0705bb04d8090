from odoo.tests import BaseCase, tagged

from odoo.addons.relance_progressive.relance_progressive.channels.phone_number import numbers, to_text
from odoo.addons.relance_progressive.relance_progressive.channels.sms.segments import plain, segments


@tagged("post_install", "-at_install")
class TestSmsNumber(BaseCase):
    def test_numbers_that_receive_texts(self):
        for text, region, expected in (
            ("06 12 34 56 78", "FR", "+33612345678"),
            ("+33 6 12 34 56 78", "", "+33612345678"),
            ("0033612345678", "FR", "+33612345678"),
            ("(0)6.12.34.56.78", "FR", "+33612345678"),
            ("0690 12 34 56", "FR", "+590690123456"),  # Guadeloupe, as Paris dials it
            ("06 12 34 56 78", "GP", "+33612345678"),
            ("0692 12 34 56", "RE", "+262692123456"),
            ("(212) 555-1234", "US", "+12125551234"),  # in the USA nobody can tell a mobile
            ("079 123 45 67", "CH", "+41791234567"),
            ("01 23 45 67 89 / 06 12 34 56 78", "FR", "+33612345678"),
        ):
            with self.subTest(text=text, region=region):
                number = to_text(text, region)
                self.assertEqual((number.e164, number.not_texted), (expected, ""))

    def test_numbers_that_do_not(self):
        for text, region, problem in (
            ("01 23 45 67 89", "FR", "landline"),
            ("0262 12 34 56", "FR", "landline"),
            ("08 99 12 34 56", "FR", "premium"),
            ("0900 123 456", "CH", "premium"),
            ("0800 123 456", "FR", "toll_free"),
            ("+1 800 555 1234", "FR", "toll_free"),
            ("09 12 34 56 78", "FR", "voip"),
            ("06 12", "FR", "invalid"),
            ("secretary", "FR", "invalid"),
            ("0612345678", "", "invalid"),
            ("+881 6 1234 5678", "FR", "satellite"),
        ):
            with self.subTest(text=text, region=region):
                self.assertEqual(to_text(text, region).not_texted, problem)
        self.assertIsNone(to_text(" ", "FR"))

    def test_zones(self):
        self.assertEqual(numbers("+33612345678", "")[0].zones, ("Europe/Paris",))
        self.assertEqual(numbers("+590690123456", "")[0].zones, ("America/Guadeloupe",))
        self.assertGreater(len(numbers("+79161234567", "")[0].zones), 5)


@tagged("post_install", "-at_install")
class TestSmsSegments(BaseCase):
    def test_table(self):
        for text, expected in (
            ("", ("GSM", 0, 1)),
            ("a" * 160, ("GSM", 160, 1)),
            ("a" * 161, ("GSM", 161, 2)),
            ("a" * 306, ("GSM", 306, 2)),
            ("a" * 307, ("GSM", 307, 3)),
            ("é" * 160, ("GSM", 160, 1)),
            ("€" * 80, ("GSM", 160, 1)),
            ("€" * 81, ("GSM", 162, 2)),
            ("a" * 152 + "€" + "a" * 152, ("GSM", 306, 3)),  # an escaped character is not cut in half
            ("ê" * 70, ("UCS-2", 70, 1)),
            ("ê" * 71, ("UCS-2", 71, 2)),
            ("ê" * 134, ("UCS-2", 134, 2)),
            ("ê" * 135, ("UCS-2", 135, 3)),
            ("😀" * 35, ("UCS-2", 70, 1)),
            ("😀" * 36, ("UCS-2", 72, 2)),
            ("😀" * 67, ("UCS-2", 134, 3)),
        ):
            with self.subTest(text=text[:5], length=len(text)):
                self.assertEqual(segments(text)[:3], expected)

    def test_what_is_foreign(self):
        self.assertEqual(segments("Être au cœur, façade").foreign, "Êœç")
        self.assertEqual(segments(plain("L’été « à » 8\N{NARROW NO-BREAK SPACE}h…")).encoding, "GSM")
