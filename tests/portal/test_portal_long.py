"""A page with more invoices than it lists at once: what is meant is said, and found by its number."""

from datetime import timedelta

import lxml.html

from odoo.tests import tagged

from ..common.answer import AnswerCommon
from ..common.pay import PayCommon

COUNT = 60


class LongCommon(AnswerCommon):
    """Sixty items of 10.00 besides the 1,000.00 of the portal tests, all of them late."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        day = cls.today - timedelta(days=20)
        rows = [(f"FA-{number:03}", 10.0, day) for number in range(COUNT)]
        cls.entry = cls.taken_over(*rows, customer=cls.customer)

    def right(self, **typed):
        reason = self.env.ref("relance_progressive.dispute_reason_price")
        return {"reason": reason.id, "words": "All of it is wrong", "item": None} | typed

    def contested(self, **typed):
        """Send the form and return the names of the items that are contested then."""
        answer = self.answer("dispute", **self.right(**typed))
        return answer, sorted(answer.dispute_id.line_ids.mapped("move_name"))


@tagged("post_install", "-at_install")
class TestPortalLong(LongCommon):
    def test_what_is_meant_is_said_before(self):
        words = self.words(self.link()).replace("\xa0", " ")
        self.assertIn("All that is overdue: 1,600.00 € (61 invoices)", words)
        self.assertIn("These are the invoices of this page of the list", words)

    def test_nothing_ticked_is_not_everything(self):
        answer = self.post("dispute", **self.right())
        self.assertEqual(answer.status_code, 422)
        self.assertIn("Please say which invoices you mean", " ".join(self.wrong(answer)))
        self.assertFalse(self.answers())

    def test_all_of_them_if_it_is_said(self):
        """The confirmation names the first ones, how many more, and the sum; so do the summary and the page."""
        answer, names = self.contested(whole="1")
        self.assertEqual(len(names), COUNT + 1)
        said = answer.with_context(lang="en_US").confirmation.replace("\xa0", " ")
        self.assertIn("49 more (1,600.00 €)", said)
        for text in (said, answer.summary, self.shown_dispute()):
            self.assertLess(len(text), 600)
        for mail in self.mails():
            self.assertLess(len(lxml.html.fromstring(mail.body_html).text_content()), 2000)

    def shown_dispute(self):
        (row,) = self.env["dunning.portal"].sudo()._disputes(self.own.sudo())
        return row["invoices"]

    def test_by_their_number(self):
        """Whatever page they are on, in any case, with blanks or lines between them; an unknown one is told."""
        _answer, names = self.contested(numbers=" fa-055 ,FA-056\nFA-055")
        self.assertEqual(names, ["FA-055", "FA-056"])
        answer = self.post("dispute", **self.right(numbers="FA-057, FA-999"))
        self.assertIn("We find no open invoice with this number: FA-999", self.wrong(answer)[-1])
        self.assertIn("FA-057, FA-999", answer.text, "what was typed stays")

    def test_ticked_and_by_number(self):
        _answer, names = self.contested(item=self.the_item().id, numbers="FA-001")
        self.assertEqual(names, sorted(["FA-001", self.late.name]))

    def test_by_the_customers_own_reference(self):
        _answer, names = self.contested(numbers="bc-77")
        self.assertEqual(names, [self.late.name])

    def test_find(self):
        """The list and the forms show what was found; the totals count all of it."""
        page = lxml.html.fromstring(self.page(self.link() + "?find=a-05"))
        rows = [" ".join(row.text_content().split()) for row in page.xpath("//*[@id='dunning_portal_items']//tbody/tr")]
        self.assertEqual(len(rows), 10)
        self.assertTrue(all("FA-05" in row for row in rows))
        ticks = page.xpath("//details[@id='answer-dispute']//input[@name='item']")
        self.assertEqual(len(ticks), 10)
        self.assertIn("1,900.00", page.xpath("//*[@class='o_dunning_total']")[0].text_content())
        words = self.words(self.link() + "?find=nothing")
        self.assertIn("No open invoice has this number", words)
        self.assertIn("I contest an invoice", words)

    def test_find_goes_on_to_the_next_page(self):
        page = lxml.html.fromstring(self.page(self.link() + "?find=FA%26-"))
        self.assertFalse(page.xpath("//a[@rel='next']"))
        (following,) = lxml.html.fromstring(self.page(self.link() + "?find=fa-")).xpath("//a[@rel='next']")
        self.assertIn("find=fa-", following.get("href"))

    def test_few_need_no_numbers(self):
        head = self.link(self.other)
        page = self.page(head)
        self.assertNotIn('name="numbers"', page)
        self.assertIn("None ticked: all that is overdue", self.words(head))

    def test_a_long_plan_in_words(self):
        answer = self.answer("plan", whole="1", item=None, date=self.later(5).isoformat(), count="60", every="week",
                             agreed="1")  # fmt: skip
        self.assertIn("60 payments", answer.summary)
        self.assertLess(len(answer.summary), 400)


@tagged("post_install", "-at_install")
class TestPayLong(LongCommon, PayCommon):
    def test_by_their_number(self):
        payment = self.begin(numbers="FA-055, FA-056", item=[])
        self.assertEqual(payment.amount, 20)
        self.assertIn("FA-999", self.wrong(self.choose(numbers="FA-999"))[-1])
