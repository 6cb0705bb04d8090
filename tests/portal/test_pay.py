"""Paying on the customer's page: at what is left, several invoices at once, and nothing is sent that evening."""

from datetime import timedelta

from odoo.tests import tagged

from ..common.pay import PayCommon


@tagged("post_install", "-at_install")
class TestPay(PayCommon):
    def test_all_that_is_overdue(self):
        """Two invoices, one payment, at what is left of them; confirmed, it settles both, and nothing is sent."""
        self.pay(self.late, 400, self.today)
        self.assertIn("Pay all that is overdue online: 1,100.00 €", self.words(self.link()).replace("\xa0", " "))
        payment = self.begin()
        self.assertEqual((payment.amount, payment.invoice_ids), (1100, self.late + self.later))
        landing = self.end(payment)
        self.assertEqual(self.left(self.late, self.later, self.coming), [0, 0, 300])
        self.assertEqual(payment.payment_id.reconciled_invoice_ids, self.late + self.later)
        self.assertIn("Thank you", self.words(landing))
        self.assertIn(self.late.name, self.words(landing))
        before = self.reminders()
        self.run_on(self.today)
        self.assertEqual(self.reminders(), before)

    def test_a_choice_of_invoices(self):
        payment = self.buy(item=[self.item_id(self.later), self.item_id(self.coming)])
        self.assertEqual(payment.amount, 800)
        self.assertEqual(self.left(self.late, self.later, self.coming), [1000, 0, 0])

    def test_an_amount_settles_the_oldest_first(self):
        payment = self.buy(amount="1 200,00")
        self.assertEqual(payment.amount, 1200)
        self.assertEqual(self.left(self.late, self.later, self.coming), [0, 300, 300])

    def test_an_amount_of_a_chosen_invoice(self):
        self.buy(item=self.item_id(self.later), amount="120.50")
        self.assertEqual(self.left(self.late, self.later), [1000, 379.5])

    def test_a_chosen_instalment(self):
        """Odoo would settle the oldest one."""
        invoice = self.instalments(100, 200, 300)
        first, second, third = self.item(invoice).sorted("date_maturity")
        self.buy(item=str(second.id))
        self.assertEqual([item.amount_residual for item in (first, second, third)], [100, 0, 300])
        self.buy(item=[str(first.id), str(third.id)], amount="150")
        self.assertEqual([item.amount_residual for item in (first, second, third)], [0, 0, 250])

    def test_the_residual_of_an_invoice_paid_meanwhile_by_another_way(self):
        """The transfer arrives between the payment and its confirmation: what is too much stays a credit."""
        payment = self.begin(item=self.item_id(self.later))
        self.pay(self.later, 200, self.today)
        self.end(payment)
        self.assertEqual(self.left(self.late, self.later), [1000, 0])
        self.assertEqual(self.credit_left(payment), 200)

    def credit_left(self, payment):
        lines = payment.payment_id.move_id.line_ids
        return -sum(lines.filtered(lambda line: line.account_id == self.item(self.later).account_id).mapped(
            "amount_residual"
        ))  # fmt: skip

    def test_a_receipt(self):
        """On paper, once the money has come."""
        printed = []
        self.patch(
            self.registry["dunning.letter"], "_print_documents",
            lambda _own, _company, documents: printed.extend(documents.values()) or dict.fromkeys(documents, b"%PDF"),
        )  # fmt: skip
        payment = self.begin(item=self.item_id(self.later))
        receipt = self.link(suffix=f"/payment/{payment.id}.pdf")
        self.assertEqual(self.get(receipt).status_code, 404)
        self.assertNotIn("Receipt", self.words(payment.landing_route))
        self.end(payment)
        self.assertIn("Receipt (PDF)", self.words(payment.landing_route))
        answer = self.get(receipt)
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        self.assertIn(f"receipt-{payment.reference.replace('/', '-')}.pdf", answer.headers["Content-Disposition"])
        for words in (self.customer.name, self.later.name, payment.reference, "500.00"):
            self.assertIn(words, printed[0])

    def test_logged_in(self):
        user = self.portal_user("anna", self.customer)
        self.authenticate("anna", "annaanna")
        payment = self.buy(head=f"/my/reminders/{self.own.id}")
        self.assertEqual(payment.partner_id, user.partner_id)
        self.assertEqual(self.left(self.late, self.later), [0, 0])
        self.assertIn("Thank you", self.words(payment.landing_route))

    def test_a_contested_part_is_not_asked_for(self):
        self.env["dunning.dispute"].sudo().create({
            "account_id": self.own.id, "reason_id": self.env.ref("relance_progressive.dispute_reason_other").id,
            "statement": "Two bags were missing",
            "line_ids": [(0, 0, {"move_line_id": self.item(self.late).id, "whole": False, "amount": 400})],
        })  # fmt: skip
        self.assertEqual(self.buy().amount, 1100)
        self.assertEqual(self.left(self.late, self.later), [400, 0])

    def test_the_reference_names_the_invoice_or_the_batch(self):
        payment = self.begin(item=self.item_id(self.later))
        self.assertEqual(payment.reference, self.later.name)
        payment.dunning_given_up = True
        self.assertNotIn(self.later.name, self.begin().reference, "a reference has room for one name")

    def test_no_provider(self):
        """The page explains the transfer, as it did."""
        self.demo.state = "disabled"
        words = self.words(self.link())
        self.assertNotIn("online", words)
        self.assertIn("How to pay", words)
        self.assertIn("cannot be paid online", self.words(self.link(suffix="/pay")))
        self.demo.write({"state": "test", "is_published": False})
        self.assertNotIn("online", self.words(self.link()))

    def test_odoo_s_own_switch(self):
        self.env["ir.config_parameter"].sudo().set_param("account_payment.enable_portal_payment", "False")
        self.assertNotIn("online", self.words(self.link()))

    def test_more_than_the_provider_takes(self):
        self.demo.maximum_amount = 1200
        self.assertIn("cannot be paid online", self.words(self.link(suffix="/pay")))
        self.buy(amount="1200")
        self.assertEqual(self.left(self.late, self.later), [0, 300])

    def test_nothing_overdue(self):
        self.pay(self.late + self.later, day=self.today)
        self.assertIn("Pay all that is owed online: 300.00 €", self.words(self.link()).replace("\xa0", " "))
        self.buy()
        self.assertEqual(self.left(self.coming), [0])

    def test_two_currencies(self):
        """One payment for each."""
        currency = self.setup_other_currency("CHF")
        foreign = self.invoice(self.today - timedelta(days=3), 80.0, currency_id=currency.id)
        answer = self.choose()
        self.assertEqual((answer.status_code, self.wrong(answer)[-1]), (
            422, "One payment has one currency: tick the invoices in one of them."
        ))  # fmt: skip
        payment = self.buy(currency=str(currency.id))
        self.assertEqual((payment.amount, payment.currency_id), (80, currency))
        self.assertEqual(self.left(foreign, self.late), [0, 1000])


@tagged("post_install", "-at_install")
class TestPayOnItsWay(PayCommon):
    """A payment that is not confirmed yet."""

    def test_the_chosen_invoice_is_covered_and_not_the_oldest(self):
        payment = self.buy("pending", item=self.item_id(self.later))
        self.assertIn("on its way", self.words(payment.landing_route))
        words = self.words(self.link()).replace("\xa0", " ")
        self.assertIn("A payment of 500.00 € is on its way", words)
        self.assertIn("Pay all that is overdue online: 1,000.00 €", words)
        self.assertIn("in this account", self.wrong(self.choose(item=self.item_id(self.later)))[-1])
        self.reminder._set_state("cancelled")
        self.item(self.late).sudo().dunning_level_id = False
        self.run_on(self.today)
        self.assertEqual(self.reminders()[-1:].line_ids.move_line_id, self.item(self.late), "this one nobody has paid")

    def test_all_of_it_is_on_its_way(self):
        self.buy("pending")
        before = self.reminders()
        self.run_on(self.today)
        self.assertEqual(self.reminders(), before)
        self.assertIn("covered", self.own.reason_codes)
        self.assertNotIn("overdue online", self.words(self.link()))

    def test_confirmed_but_not_booked(self):
        """The customer closed his browser: Odoo books it some minutes later, and the run comes first."""
        payment = self.begin()
        self.end(payment, processed=False)
        self.assertFalse(payment.payment_id)
        before = self.reminders()
        self.run_on(self.today)
        self.assertEqual(self.reminders(), before)
        payment._post_process()
        self.assertEqual(self.left(self.late, self.later), [0, 0])

    def test_a_promised_invoice_that_is_on_its_way_is_not_asked_for_again(self):
        self.env["dunning.promise"]._record(
            self.own, [(self.today + timedelta(days=3), 500)], self.item(self.later), source="call"
        )
        self.buy("pending", item=self.item_id(self.later))
        self.assertIn("in this account", self.wrong(self.choose(item=self.item_id(self.later)))[-1])

    def test_the_way_back_from_the_provider(self):
        """Our own page, in the customer's language, which asks until the payment is made and booked."""
        payment = self.begin()
        back = self.get("/payment/status")
        self.assertEqual(back.status_code, 303)
        self.assertTrue(back.headers["Location"].endswith(payment.landing_route))
        page, asks = payment.landing_route, 'name="o_payment_status"'
        self.assertIn("is being processed", self.words(page))
        self.end(payment, "pending")
        self.assertIn(asks, self.page(page))
        self.end(payment, "done", processed=False)
        self.assertIn(asks, self.page(page))
        self.rpc("/payment/status/poll", {})
        self.assertNotIn(asks, self.page(page))

    def test_somebody_else_s_browser_asks_nothing(self):
        payment = self.buy("pending")
        self.authenticate(None, None)
        self.assertNotIn('name="o_payment_status"', self.page(payment.landing_route))
        self.assertEqual(self.get("/payment/status").status_code, 200, "Odoo's own page")

    def test_cancelled_or_failed(self):
        for state in ("cancel", "error"):
            payment = self.buy(state)
            self.assertIn("The payment was not made", self.words(payment.landing_route))
            self.assertIn("Pay all that is overdue online", self.words(self.link()))
        self.assertEqual(self.left(self.late, self.later), [1000, 500])

    def test_authorised(self):
        self.demo.capture_manually = True
        payment = self.buy()
        self.assertEqual(payment.state, "authorized")
        self.assertIn("authorised", self.words(payment.landing_route))
        self.assertNotIn("overdue online", self.words(self.link()))
        payment._capture()._post_process()
        self.assertFalse(self.own._read_facts(self.company, self.customer.ids, self.today)[self.customer.id][1].credits)
        self.assertEqual(self.left(self.late, self.later), [0, 0])

    def test_a_part_without_outstanding_account(self):
        """Odoo makes no entry then and would show the invoice as paid: what is left of it is still reminded."""
        self.demo.journal_id.inbound_payment_method_line_ids.payment_account_id = False
        self.patch(self.registry["account.move"], "_get_invoice_in_payment_state", lambda _move: "in_payment")
        payment = self.buy(item=self.item_id(self.later), amount="200")
        made = payment.payment_id
        self.assertFalse(made.move_id)
        words = self.words(self.link()).replace("\xa0", " ")
        self.assertIn("Pay all that is overdue online: 1,300.00 €", words)
        self.assertIn("200.00 € on its way to us", words)
        self.buy(item=self.item_id(self.late))
        self.assertIn("overdue online: 300.00 €", self.words(self.link()).replace("\xa0", " "))
