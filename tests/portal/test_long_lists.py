"""A customer with hundreds of open invoices: the oldest are listed, the rest is summed up by month."""

import re
from datetime import date, timedelta

import lxml.html

from odoo.tests import tagged

from ..common.base import MONDAY
from ..common.letter import LetterCommon
from ..common.penalty import PenaltyCommon

OLDEST = date(2025, 11, 20)
LISTED = 40


@tagged("post_install", "-at_install")
class TestLongLists(LetterCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.big = cls.make_customer(
            "Grand Compte", lang="fr_FR", street="2 rue Basse", zip="75001", city="Paris", email="big@petit.example"
        )
        # 40 of November, 5 of December, 3 of January, 100.00 each; the next ones are of February, 10.00 each.
        months = [OLDEST] * LISTED + [date(2025, 12, 24)] * 5 + [date(2026, 1, 13)] * 3 + [date(2026, 2, 14)] * 2
        cls.taken_over(*(
            (f"FA2025-{number:03}", 10.0 if due.month == 2 else 100.0, due) for number, due in enumerate(months)
        ), customer=cls.big)  # fmt: skip

    def setUp(self):
        super().setUp()
        self.prepare()
        self.reminder = self.reminders(self.big)
        self.env["res.partner.bank"].create({
            "acc_number": "FR7630006000011234567890189", "partner_id": self.company.partner_id.id,
        })  # fmt: skip

    def letter(self):
        letters, _broken = self.env["dunning.letter"]._compose(self.reminder, self.recipients(self.reminder))
        return letters[self.reminder.id].html

    def email(self):
        contents, _broken = self.env["dunning.channel.email"]._render(self.reminder)
        return contents[self.reminder.id]

    def rows(self, html):
        """Return the cells of each row of a document, blanks made one."""
        return [
            [" ".join(cell.text_content().replace("\xa0", " ").replace("\u202f", " ").split()) for cell in row]
            for row in lxml.html.fromstring(html).iter("tr")
        ]  # fmt: skip

    def test_the_oldest_then_by_month(self):
        """Paper, e-mail and its plain text list the same forty; what is not listed adds up to the total."""
        for html in (self.letter(), self.email()["body"]):
            rows = self.rows(html)
            listed = [row for row in rows if row[0].startswith("FA2025-")]
            self.assertEqual(len(listed), LISTED)
            self.assertEqual({(row[1], row[2]) for row in listed}, {("", "20/11/2025")})
            months = [[cell for cell in row if cell] for row in rows if re.fullmatch(r"[a-zé]+ 202\d", row[0])]
            self.assertEqual(months, [
                ["décembre 2025", "5", "500,00 €"], ["janvier 2026", "3", "300,00 €"], ["février 2026", "2", "20,00 €"],
            ])  # fmt: skip
        plain = self.email()["text"].replace("\xa0", " ").replace("\u202f", " ")
        self.assertEqual(len(re.findall(r"FA2025-\d{3}", plain)), LISTED)
        self.assertRegex(plain, r"décembre 2025.* 5, 500,00 €")
        self.assertRegex(plain, r"820,00 €")
        self.assertEqual(self.reminder.amount_total, 40 * 100 + 5 * 100 + 3 * 100 + 2 * 10)

    def test_where_the_whole_list_is(self):
        words = re.compile("also as a spreadsheet|sous forme de tableur")
        for text in (self.letter(), self.email()["body"], self.email()["text"]):
            self.assertRegex(text, words)
        self.patch(self.registry["dunning.reminder"], "_customer_link", lambda _self: "")
        for text in (self.letter(), self.email()["body"], self.email()["text"]):
            self.assertNotRegex(text, words)

    def test_a_list_that_is_not_long(self):
        customer = self.customer_by_post("Petit")
        self.run_on(MONDAY + timedelta(days=1))
        self.reminder = self.reminders(customer)
        for text in (self.letter(), self.email()["body"], self.email()["text"]):
            self.assertNotIn("also as a spreadsheet", text)
            self.assertNotIn("by the month in which", text)

    def test_gmail_does_not_cut_it_off(self):
        """Of a list that would make it much too long."""
        customer = self.make_customer("Plus Grand Compte", email="bigger@petit.example")
        self.taken_over(*((f"FB2025-{number:03}", 10.0, OLDEST) for number in range(250)), customer=customer)
        self.run_on(MONDAY + timedelta(days=1))
        self.reminder = self.reminders(customer)
        document = self.env["dunning.channel.email"]._document(self.email())
        self.assertLess(len(document.encode()), 102_000)


@tagged("post_install", "-at_install")
class TestLongComputation(PenaltyCommon, LetterCommon):
    def test_the_periods_too(self):
        """The computation of late interest stops where the list stops, and says so on paper as well."""
        self.level_1.penalties = "claim"
        customer = self.make_customer(
            "Grand Compte", street="2 rue Basse", zip="75001", city="Paris", dunning_status="professional"
        )
        self.taken_over(*(
            (f"FA2025-{number:03}", 1000.0, date(2026, 1, 31)) for number in range(LISTED + 4)
        ), customer=customer)  # fmt: skip
        self.prepare()
        reminder = self.reminders(customer)
        html = self.env["dunning.letter"]._compose(reminder, self.recipients(reminder))[0][reminder.id].html
        self.assertEqual(html.count("FA2025-"), 2 * LISTED)
        self.assertRegex(" ".join(html.split()), r"and 4 more periods")
        contents, _broken = self.env["dunning.channel.email"]._render(reminder)
        document = self.env["dunning.channel.email"]._document(contents[reminder.id])
        self.assertLess(len(document.encode()), 102_000)
