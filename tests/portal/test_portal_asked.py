"""What the page asks for: as it was agreed, and never more; who wants to pay what is not claimed can."""

from datetime import timedelta

from odoo import Command
from odoo.tests import tagged

from ..common.pay import PayCommon
from ..common.portal import PortalCommon


class AskedCommon(PortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.partner.bank"].create({
            "acc_number": "FR7630006000011234567890189", "partner_id": cls.company.partner_id.id,
            "allow_out_payment": True,
        })  # fmt: skip

    def agree(self, items, *dates, **values):
        """Record what the customer promises: ``(days from today, amount)``."""
        days = [(self.today + timedelta(days=days), amount) for days, amount in dates]
        return self.env["dunning.promise"].sudo()._record(
            self.own.sudo(), days, items, source="portal", override="Agreed", **values
        ).sudo()  # fmt: skip

    def shown(self):
        self.env.invalidate_all()
        return self.env["dunning.portal"].sudo()._page(self.own.sudo())

    def amounts(self, rows):
        return [row["amount"].replace("\xa0", " ") for row in rows]


@tagged("post_install", "-at_install")
class TestPortalAgreed(AskedCommon):
    """The customer owes 1,000 that is late and 300 for later."""

    def test_a_plan_is_asked_for_as_agreed(self):
        """Nothing is overdue, the first payment is due next, the whole only where it is asked for."""
        self.agree(self.item(self.late), (3, 400), (33, 300), (63, 300))
        page = self.shown()
        statement = page["statement"]
        self.assertEqual((statement["is_late"], statement["late_count"]), (False, 0))
        self.assertEqual(self.amounts(statement["agreed"]), ["400.00 €", "300.00 €", "300.00 €"])
        self.assertEqual((page["asked"], self.amounts(page["transfers"])), (["agreed"], ["400.00 €"]))
        self.assertEqual(self.amounts(page["transfers_of_all"]), ["1,300.00 €"])
        (row,) = [row for row in statement["rows"] if row["number"] == self.late.name]
        self.assertEqual((row["late"], len(row["status"])), (0, 3))
        words = self.words(self.link())
        self.assertNotIn("days late", words.partition("How late it is")[0])
        self.assertRegex(words, r"Next agreed payment, on \S+ ?400\.00")
        labels = {label: amount.replace("\xa0", " ") for label, amount, _share in statement["ageing"]}
        self.assertEqual((labels["To pay as agreed"], labels["1 to 30 days late"]), ("1,000.00 €", "0.00 €"))

    def test_what_is_not_promised_stays_overdue(self):
        """Both are asked for, each with its own transfer and code."""
        self.agree(self.item(self.late), (3, 400))
        page = self.shown()
        self.assertEqual(page["asked"], ["overdue", "agreed"])
        self.assertEqual(self.amounts(page["transfers"]), ["600.00 €", "400.00 €"])
        self.assertEqual(len({transfer["qr"] for transfer in page["transfers"]} - {""}), 2)
        self.assertIn("600.00", page["statement"]["overdue"])

    def test_dates_of_several_promises(self):
        """What is agreed for one day is one payment, whichever invoices it is for; the earliest day comes first."""
        self.agree(self.item(self.coming), (9, 300))
        self.agree(self.item(self.late), (9, 500), (2, 500))
        page = self.shown()
        self.assertEqual(self.amounts(page["statement"]["agreed"]), ["500.00 €", "800.00 €"])
        self.assertEqual(self.amounts(page["transfers"]), ["500.00 €"])

    def test_a_date_that_has_come(self):
        """It waits for the bank's days of grace, and is due; it is not overdue yet."""
        promise = self.agree(self.item(self.late), (3, 400), (33, 600))
        promise.line_ids.filtered(lambda line: line.amount == 400).date = self.today - timedelta(days=1)
        promise.date = self.today - timedelta(days=9)
        page = self.shown()
        self.assertEqual((page["statement"]["is_late"], page["asked"]), (False, ["agreed"]))
        self.assertTrue(page["statement"]["agreed"][0]["now"])
        self.assertEqual(self.amounts(page["transfers"]), ["400.00 €"])

    def test_a_date_that_was_missed(self):
        """It is overdue again; the others are still agreed."""
        promise = self.agree(self.item(self.late), (3, 400), (33, 600))
        promise.line_ids.filtered(lambda line: line.amount == 400).date = self.today - timedelta(days=20)
        promise.date = self.today - timedelta(days=29)
        page = self.shown()
        self.assertEqual(page["asked"], ["overdue", "agreed"])
        self.assertEqual(self.amounts(page["transfers"]), ["400.00 €", "600.00 €"])

    def test_what_is_contested_is_not_asked_for_as_agreed(self):
        self.agree(self.item(self.late), (3, 400), (33, 600))
        self.env["dunning.dispute"].create({
            "account_id": self.own.id, "reason_id": self.env["dunning.dispute.reason"].search([], limit=1).id,
            "line_ids": [Command.create({"move_line_id": self.item(self.late).id, "amount": 700})],
        })  # fmt: skip
        page = self.shown()
        self.assertEqual(self.amounts(page["transfers"]), ["300.00 €"])

    def test_the_notice_of_what_was_agreed_since(self):
        self.agree(self.item(self.late), (3, 600))
        self.own.sudo().amount_notice = 1000
        self.assertIn("400.00", self.shown()["statement"]["notice"])
        self.agree(self.item(self.late), (4, 400))
        self.own.sudo().amount_notice = 1000
        self.assertFalse(self.shown()["statement"]["notice"])

    def test_on_paper(self):
        """The statement asks for the next payment, and lists what was agreed."""
        self.agree(self.item(self.late), (3, 400), (33, 600))
        seen = {}
        self.patch(
            self.registry["dunning.portal"], "_print",
            lambda service, template, account, values: seen.update(html=str(service.env["ir.qweb"]._render(
                template, {"o": account, "m": values, "company": account.company_id, "report_type": "html"}
            ))) or b"%PDF",
        )
        self.env["dunning.portal"].sudo()._statement_pdf(self.own.sudo())
        words = " ".join(seen["html"].replace("\xa0", " ").split())
        self.assertIn("amount <strong>400.00 €", words)
        self.assertEqual(words.count("Agreed for"), 2)
        self.assertNotIn("Overdue:", words)


@tagged("post_install", "-at_install")
class TestPortalUnclaimed(AskedCommon):
    """An invoice that is not claimed at present."""

    def test_who_wants_to_pay_can(self):
        """With the bank details; nothing is called late, and nothing is asked for."""
        self.pay(self.coming, day=self.today)
        self.late.action_toggle_block_payment()
        page = self.shown()
        self.assertEqual((page["asked"], self.amounts(page["transfers"])), (["all"], ["1,000.00 €"]))
        self.assertIn("FR76", page["transfers"][0]["iban"].replace(" ", ""))
        words = self.words(self.link())
        self.assertIn("Nothing is asked of you at present. If you want to pay all the same", words)
        for text in ("Ask us for our bank details", "days late"):
            self.assertNotIn(text, words.partition("How late it is")[0])
        labels = dict(row[:2] for row in page["statement"]["ageing"])
        self.assertIn("1,000.00", labels["Not claimed at present"])

    def test_what_is_claimed_comes_first(self):
        self.late.action_toggle_block_payment()
        page = self.shown()
        self.assertEqual((page["asked"], self.amounts(page["transfers"])), (["owed"], ["300.00 €"]))
        self.assertEqual(self.amounts(page["transfers_of_all"]), ["1,300.00 €"])

    def test_what_is_being_paid_is_not_offered(self):
        self.patch(self.registry["account.move"], "_get_invoice_in_payment_state", lambda _move: "in_payment")
        self.pay(self.late, day=self.today)
        self.assertNotIn(self.late.name, str(self.shown()["transfers_of_all"]))

    def test_promised_or_contested(self):
        """It shows as such, though nothing of it is claimed."""
        self.late.action_toggle_block_payment()
        self.agree(self.item(self.late), (3, 400))
        self.env["dunning.dispute"].create({
            "account_id": self.own.id, "reason_id": self.env["dunning.dispute.reason"].search([], limit=1).id,
            "line_ids": [Command.create({"move_line_id": self.item(self.late).id, "amount": 200})],
        })  # fmt: skip
        status = " ".join(self.shown()["statement"]["rows"][0]["status"])
        for text in ("not claimed", "400.00", "promised", "200.00", "contested"):
            self.assertIn(text, status)


@tagged("post_install", "-at_install")
class TestPayAgreed(AskedCommon, PayCommon):
    """The same online: 1,000 and 500 are late, 300 comes later."""

    def setUp(self):
        super().setUp()
        self.items = self.item(self.late) | self.item(self.later)

    def online(self):
        return [(offer["kind"], offer["amount"].replace("\xa0", " ")) for offer in self.shown()["online"]["offers"]]

    def test_the_next_payment_then_the_one_after(self):
        self.agree(self.items, (3, 600), (33, 500), (63, 400))
        self.assertEqual(self.online(), [("agreed", "600.00 €")])
        self.assertIn("Pay the next agreed payment online: 600.00 €", self.words(self.link()).replace("\xa0", " "))
        self.buy(what="agreed")
        self.assertEqual(self.left(self.late, self.later, self.coming), [400, 500, 300])
        self.assertEqual(self.online(), [("agreed", "500.00 €")])

    def test_a_payment_on_its_way_pays_the_next_date(self):
        self.agree(self.items, (3, 600), (33, 500), (63, 400))
        self.buy("pending", what="agreed")
        self.assertEqual(self.online(), [("agreed", "500.00 €")])
        self.assertEqual(self.amounts(self.shown()["transfers"]), ["500.00 €"])

    def test_the_whole_on_demand(self):
        self.agree(self.items, (3, 600), (33, 900))
        (whole,) = self.shown()["online"]["of_all"]
        self.assertIn("1,800.00", whole["amount"])
        payment = self.begin(what="all")
        self.assertEqual(payment.amount, 1800)
        self.assertIn('value="all"', self.choose(what="all").text, "begun: what was chosen is remembered")
        payment._set_canceled()
        self.assertEqual(self.begin(amount="700").amount, 700, "more than the next payment")

    def test_overdue_first(self):
        self.agree(self.item(self.late), (3, 1000))
        self.assertEqual(self.online(), [("overdue", "500.00 €"), ("agreed", "1,000.00 €")])
        self.assertEqual(self.begin().amount, 500)
        self.assertEqual(self.begin(what="agreed").amount, 1000)
        self.assertIn("Nothing is left to pay", " ".join(self.wrong(self.choose(what="owed"))))

    def test_not_claimed(self):
        """Paid all the same; while the payment is on its way, it covers that invoice and no other one."""
        self.late.action_toggle_block_payment()
        self.buy("pending", item=self.item_id(self.late))
        self.assertIn("in this account", self.wrong(self.choose(item=self.item_id(self.late)))[-1])
        self.assertEqual(self.online(), [("overdue", "500.00 €")])
        rows = {row["number"]: row["status"] for row in self.shown()["statement"]["rows"]}
        self.assertTrue(any("on its way" in words for words in rows[self.late.name]))
        self.assertFalse(rows[self.later.name])
        self.reminder._set_state("cancelled")
        self.run_on(self.today)
        self.assertEqual(self.reminders()[-1:].line_ids.move_line_id, self.item(self.later))
