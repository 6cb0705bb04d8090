from datetime import timedelta

from odoo import Command
from odoo.tests import tagged

from odoo.addons.relance_progressive.relance_progressive.channels.dunning_channel import Recipient
from odoo.addons.relance_progressive.relance_progressive.portal.door import token as portal_token

from ..common.portal import PortalCommon


@tagged("post_install", "-at_install")
class TestPortalPage(PortalCommon):
    """What a customer reads."""

    def test_what_is_owed(self):
        """At the residual, instalment by instalment, oldest first; who asks and whom to call."""
        self.pay(self.late, 400, day=self.today)
        words = self.words(self.link())
        own = (self.late.name, "BC-77", "600.00", "1,000.00", "12 days late")
        for text in ("Atelier Blanc", "Boulangerie Petit", *own):
            self.assertIn(text, words)
        self.assertIn("300.00", words)
        self.assertIn("01 23 45 67 89", words)
        self.assertLess(words.index(self.late.name), words.index(self.coming.name))
        self.assertNotIn("Garage Central", words)
        self.assertNotIn("777.00", words)

    def test_instalments(self):
        term = self.env["account.payment.term"].create({
            "name": "Two parts",
            "line_ids": [
                Command.create({"value": "percent", "value_amount": 50, "nb_days": 0}),
                Command.create({"value": "percent", "value_amount": 50, "nb_days": 60}),
            ],
        })  # fmt: skip
        invoice = self.invoice(self.today, 500.0, invoice_payment_term_id=term.id, invoice_date_due=False, post=False)
        invoice.invoice_date = self.today - timedelta(days=30)
        invoice.action_post()
        words = self.words(self.link())
        self.assertIn("instalment 1 of 2", words)
        self.assertIn("instalment 2 of 2", words)
        self.assertIn("250.00", words)

    def test_money_on_its_way(self):
        """Credits and payments nobody has allocated yet are shown, and not asked for again."""
        self.credit_note(200, day=self.today)
        self.unallocated_payment(300, day=self.today)
        page = self.env["dunning.portal"].sudo()._page(self.own.sudo())
        self.assertEqual(len(page["money"]), 2)
        self.assertIn("500.00", page["statement"]["covered"])
        self.assertIn("500.00", page["statement"]["overdue"])
        self.assertIn("500.00", page["transfers"][0]["amount"] if page["transfers"] else page["statement"]["overdue"])
        words = self.words(self.link())
        self.assertIn("Credit note", words)
        self.assertIn("Payment received", words)

    def test_all_is_on_its_way(self):
        self.unallocated_payment(1300, day=self.today)
        statement = self.env["dunning.portal"].sudo()._page(self.own.sudo())["statement"]
        self.assertFalse(statement["is_late"])
        self.assertEqual(statement["late_count"], 0)

    def test_promise_and_dispute(self):
        day = self.today + timedelta(days=3)
        self.env["dunning.promise"]._record(self.own, [(day, 250)], self.item(self.late))
        reason = self.env["dunning.dispute.reason"].search([], limit=1)
        self.env["dunning.dispute"].create({
            "account_id": self.own.id, "reason_id": reason.id, "statement": "said on the phone: they are furious",
            "line_ids": [Command.create({"move_line_id": self.item(self.late).id, "amount": 150})],
        })  # fmt: skip
        words = self.words(self.link())
        self.assertRegex(words, r"150\.00\W+contested")
        self.assertRegex(words, r"250\.00\W+promised for")
        self.assertIn("expected", words)
        self.assertIn(reason.name, words)
        self.assertIn("being examined", words)
        self.assertNotIn("furious", words)

    def test_ageing(self):
        self.invoice(self.today - timedelta(days=95), 50.0)
        brackets = self.env["dunning.portal"].sudo()._page(self.own.sudo())["statement"]["ageing"]
        amounts = [row[1].replace("\xa0", "") for row in brackets]
        self.assertEqual(
            [any(part in text for part in ("300.00", "1,000.00", "50.00")) for text in amounts],
            [True, True, False, False, True],
        )

    def test_in_the_currencies_of_the_invoices(self):
        """1,000 EUR and 1,200 USD: nowhere one sum of both, at a rate that the customer has not agreed to."""
        dollars = self.env.ref("base.USD")
        dollars.active = True
        dollars.rate_ids = [Command.clear(), Command.create({"name": "2020-01-01", "rate": 1.2})]
        bill = self.invoice(self.today - timedelta(days=35), 1200.0, currency_id=dollars.id)
        self.make_reminder(self.own, bill)
        page = self.env["dunning.portal"].sudo()._page(self.own.sudo())
        late = {label: amount.replace("\xa0", " ") for label, amount, _share in page["statement"]["ageing"]}
        self.assertEqual((late["1 to 30 days late"], late["31 to 60 days late"]), ("1,000.00 €", "$ 1,200.00"))
        self.assertEqual([share for _label, _amount, share in page["statement"]["ageing"]], [13, 43, 43, 0, 0])
        sums = {reminder["amount"].replace("\xa0", " ") for reminder in page["reminders"]}
        self.assertEqual(sums, {"1,000.00 €", "$ 1,200.00"})

    def test_transfer(self):
        """Bank details, the reference that finds the invoice, and a code to scan."""
        self.env["res.partner.bank"].create({
            "acc_number": "FR7630006000011234567890189", "partner_id": self.company.partner_id.id,
            "allow_out_payment": True,
        })  # fmt: skip
        page = self.env["dunning.portal"].sudo()._page(self.own.sudo())
        self.assertIn("FR76", page["transfers"][0]["iban"])
        self.assertIn(page["transfers"][0]["reference"], (self.late.payment_reference, self.late.name))
        self.assertIn("FR76", self.words(self.link()))
        self.assertIn("1,000.00", page["transfers"][0]["amount"])

    def test_what_is_contested_is_not_asked_for(self):
        """It stays overdue on the statement, and out of the transfer and its code."""
        self.env["res.partner.bank"].create({
            "acc_number": "FR7630006000011234567890189", "partner_id": self.company.partner_id.id,
            "allow_out_payment": True,
        })  # fmt: skip
        self.env["dunning.dispute"].create({
            "account_id": self.own.id, "reason_id": self.env["dunning.dispute.reason"].search([], limit=1).id,
            "line_ids": [Command.create({"move_line_id": self.item(self.late).id, "amount": 150})],
        })  # fmt: skip
        page = self.env["dunning.portal"].sudo()._page(self.own.sudo())
        self.assertIn("1,000.00", page["statement"]["overdue"])
        self.assertIn("850.00", page["transfers"][0]["amount"])

    def test_what_becomes_of_the_data(self):
        """GDPR art. 13: who is responsible, what for, how long, which rights, whom to write to."""
        self.company.email = "office@atelier.example"
        words = self.words(self.link())
        for text in ("Your data", self.company.name, "GDPR art. 6", "ten years", "erasure", "office@atelier", "CNIL"):
            self.assertIn(text, words)
        self.company.dunning_privacy_contact = "privacy@atelier.example"
        self.assertIn("privacy@atelier.example", self.words(self.link()))

    def test_nothing_owed(self):
        self.pay(self.late | self.coming, day=self.today)
        words = self.words(self.link())
        self.assertIn("You have nothing to pay", words)
        self.assertNotIn("How to pay", words)

    def test_not_claimed(self):
        """What the company has stopped is shown as such, and is in no total to pay."""
        self.late.action_toggle_block_payment()
        statement = self.env["dunning.portal"].sudo()._page(self.own.sudo())["statement"]
        self.assertFalse(statement["is_late"])
        self.assertEqual(statement["rows"][0]["status"], ["not claimed at present"])

    def test_pages_of_items(self):
        for _number in range(3):
            self.invoice(self.today + timedelta(days=20), 10.0)
        service, account = self.env["dunning.portal"].sudo(), self.own.sudo()
        owed = service._owed(account, self.today)
        first = service._statement(account, owed, {}, self.today, 1, rows=2)
        last = service._statement(account, owed, {}, self.today, 99, rows=2)
        self.assertEqual((first["pages"], last["page"], len(last["rows"])), (3, 3, 1))
        self.assertEqual(first["total"], last["total"])
        self.assertIn("Page", self.words(self.link()) + "Page")

    def test_french(self):
        """In the customer's language, and in another one when asked for."""
        self.env["res.lang"]._activate_lang("fr_FR")
        self.customer.lang = "fr_FR"
        page = self.page(self.link())
        self.assertIn('lang="fr-FR"', page)
        self.assertIn("1 000,00", page.replace("\u202f", " ").replace("\xa0", " "))
        self.assertIn('lang="en-US"', self.page(self.link() + "?lang=en_US"))
        self.assertIn('lang="fr-FR"', self.page(self.link() + "?lang=xx_XX"))


@tagged("post_install", "-at_install")
class TestPortalLinks(PortalCommon):
    def test_every_message_has_the_link(self):
        """The hook that e-mail, SMS and letter use; and it opens the page."""
        link = self.reminder._customer_link()
        self.assertIn("/reminders/", link)
        self.assertEqual(self.get("/reminders/" + link.rpartition("/")[2]).status_code, 200)
        letters, _broken = self.env["dunning.letter"]._compose(
            self.reminder, {self.reminder.id: Recipient(self.customer.id, "", "", "en_US")}
        )
        self.assertIn(link, letters[self.reminder.id].html)
        self.assertIn("QR code of the page", letters[self.reminder.id].html)
        self.assertIn(link, self.env["dunning.channel.email"]._as_html(*self.frame()))

    def frame(self):
        reminder = self.reminder.with_context(lang="en_US")
        return reminder, self.env["dunning.channel.email"]._frame(reminder, "About", "Please pay.")

    def test_short_enough_for_a_text_message(self):
        self.assertLessEqual(len(self.reminder._customer_link().rpartition("/reminders/")[2]), 30)

    def test_making_a_link_writes_nothing(self):
        link = self.own._portal_link()
        self.assertEqual(self.own._portal_link(), link)
        self.assertFalse(self.own.sudo().portal_key)

    def test_my_account(self):
        """Logged in: counters, an alert while something is overdue, the account itself; Odoo's own alert is silent."""
        self.portal_user("anna", self.customer)
        self.authenticate("anna", "annaanna")
        counters = self.make_jsonrpc_request(
            "/my/counters", {"counters": ["dunning_open_count", "dunning_overdue_count", "overdue_invoice_count"]}
        )
        self.assertEqual(
            counters, {"dunning_open_count": 2, "dunning_overdue_count": 1, "overdue_invoice_count": 0}
        )
        self.assertIn("/my/reminders", self.page("/my/home"))
        answer = self.get("/my/reminders")
        self.assertEqual(answer.status_code, 303)
        self.assertTrue(answer.headers["Location"].endswith(f"/my/reminders/{self.own.id}"))
        self.assertIn(self.late.name, self.words(f"/my/reminders/{self.own.id}"))

    def test_odoo_s_alert_where_ours_is_not_shown(self):
        """A customer whom the application does not know keeps it."""
        asked = {"counters": ["overdue_invoice_count"]}
        stranger = self.portal_user("bert", self.make_customer("Nobody's")).partner_id
        self.invoice(self.today - timedelta(days=9), 80.0, stranger)
        self.env.cr.flush()  # as a commit does
        self.env["dunning.account"].sudo().search([("partner_id", "=", stranger.commercial_partner_id.id)]).unlink()
        self.authenticate("bert", "bertbert")
        self.assertEqual(self.make_jsonrpc_request("/my/counters", asked), {"overdue_invoice_count": 1})

    def test_several_companies(self):
        """A customer of two companies of the group sees both, when he is a user of both."""
        second = self.setup_other_company(name="Second")["company"]
        self.env["dunning.account"]._of(self.customer, second)
        user = self.portal_user("both", self.customer)
        user.company_ids = self.company | second
        self.authenticate("both", "bothboth")
        words = self.words("/my/reminders")
        self.assertIn("Second", words)
        self.assertIn("Atelier Blanc", words)

    def test_settings(self):
        self.company.dunning_portal_days = 3
        token = self.own._portal_link().rpartition("/")[2]
        self.assertEqual(portal_token.read(token).last_day, self.today + timedelta(days=3))


@tagged("post_install", "-at_install")
class TestPortalSpeed(PortalCommon):
    def queries(self):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.env["dunning.portal"].sudo()._page(self.own.sudo())
        return self.env.cr.sql_log_count - before

    def test_queries_do_not_grow(self):
        """As many for 60 items, 6 reminders and 6 disputes as for a few."""
        reason = self.env["dunning.dispute.reason"].search([], limit=1)

        def dispute(invoice):
            self.env["dunning.dispute"].create({
                "account_id": self.own.id, "reason_id": reason.id,
                "line_ids": [Command.create({"move_line_id": self.item(invoice).id, "whole": True})],
            })  # fmt: skip

        dispute(self.late)
        self.invoice(self.today - timedelta(days=1), 100.0)  # what is contested or covered bears no penalties
        self.credit_note(10, day=self.today)
        self.queries()
        few = self.queries()
        for number in range(30):
            invoice = self.invoice(self.today - timedelta(days=number), 10.0)
            self.invoice(self.today + timedelta(days=number), 10.0)
            if number < 5:
                dispute(invoice)
                self.make_reminder(self.own, invoice)
                self.credit_note(1, day=self.today)
        self.assertEqual(self.queries(), few)
