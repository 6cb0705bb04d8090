"""Two windows, two people, two ways of paying the same: it is paid once, or the house is told."""

from unittest.mock import patch

import lxml.html
from psycopg2.errors import UniqueViolation

from odoo.tests import new_test_user, tagged

from ..common.pay import PayCommon


@tagged("post_install", "-at_install")
class TestPayBegun(PayCommon):
    """A payment of the same was begun, and nobody knows what becomes of it."""

    def payments(self):
        self.env.invalidate_all()
        return self.env["payment.transaction"].sudo().search([])

    def sent(self, form):
        reference = self.send(form)["reference"]
        return self.env["payment.transaction"].sudo().search([("reference", "=", reference)])

    def offered(self, **typed):
        """Return ``(words, page)`` of the page that asks what is to become of a payment."""
        answer = self.choose(**typed)
        self.assertEqual(answer.status_code, 200)
        page = lxml.html.fromstring(answer.text)
        self.assertFalse(page.xpath("//form[@id='o_payment_form']"), "no second payment is offered")
        return " ".join(page.xpath("//main")[0].text_content().split()), page

    def give_up(self, page):
        (form,) = page.xpath("//form[contains(@action, '/give-up')]")
        return self.url_open(form.get("action"), data=form.form_values(), allow_redirects=False)

    def test_two_windows(self):
        """Both go on with the one payment; the provider is told one reference, and the money comes once."""
        first, second = self.form(), self.form()
        payment = self.sent(first)
        self.assertEqual(self.sent(second), payment)
        self.assertEqual(self.payments(), payment)
        self.end(payment)
        self.end(payment)
        self.assertEqual(self.left(self.late, self.later), [0, 0])
        self.assertIn("was paid, or is on its way", self.send(second)["state_message"])

    def test_another_choice_in_another_window(self):
        """It is refused, whatever the two have in common; another invoice is not."""
        form, alone = self.form(), self.form(item=self.item_id(self.coming))
        self.begin(item=self.item_id(self.later))
        self.assertIn("not finished", self.send(form)["state_message"])
        self.send(alone)
        self.assertEqual(len(self.payments()), 2)

    def test_another_means_in_another_window(self):
        other = self.make_provider()
        form = self.form_of(self.demo)
        self.sent(form)
        self.assertIn("not finished", self.send(form, provider_id=other.id)["state_message"])
        self.assertEqual(len(self.payments()), 1)

    def form_of(self, provider):
        """Return the form with one provider chosen: :meth:`form` wants only one."""
        others = self.env["payment.provider"].sudo().search([("code", "=", "demo"), ("id", "!=", provider.id)])
        published = others.filtered("is_published")
        published.is_published = False
        form = self.form()
        published.is_published = True
        return form

    def test_it_is_offered_to_go_on(self):
        payment = self.begin(item=self.item_id(self.later))
        words, page = self.offered()
        self.assertIn("was begun on", words)
        self.assertIn(self.later.name, words)
        self.authenticate(None, None)  # in another browser
        (link,) = page.xpath("//a[contains(@href, 'begun=')]")
        form = self.form(begun=link.get("href").rpartition("=")[2])
        self.assertEqual((form["amount"], self.sent(form)), (500, payment))
        self.end(payment)
        self.assertEqual(self.left(self.late, self.later), [1000, 0])

    def test_it_is_given_up(self):
        """The next one begins with what was chosen."""
        payment = self.begin(item=self.item_id(self.later))
        _words, page = self.offered(item=[self.item_id(self.later), self.item_id(self.coming)])
        answer = self.give_up(page)
        self.assertEqual(answer.status_code, 303)
        self.assertTrue(self.payments().dunning_given_up)
        self.assertEqual(payment.state, "draft")
        page = lxml.html.fromstring(self.page(answer.headers["Location"]))
        self.assertEqual(page.xpath("//form[@id='o_payment_form']")[0].get("data-amount"), "800.0")

    def test_the_account_tells_of_it(self):
        self.begin(item=self.item_id(self.later))
        self.assertIn("is not finished", self.words(self.link()))
        self.assertIn("Pay all that is overdue online: 1,500.00 €", self.words(self.link()).replace("\xa0", " "))

    def test_its_own_page_in_another_browser(self):
        payment = self.begin()
        self.authenticate(None, None)
        words = self.words(payment.landing_route)
        self.assertIn("The payment is not finished", words)
        self.assertIn("Finish this payment", words)

    def test_long_ago(self):
        payment = self.begin()
        self.env.cr.execute("UPDATE payment_transaction SET create_date = create_date - interval '2 hours'")
        self.env.invalidate_all()
        self.assertNotIn("is not finished", self.words(self.link()))
        self.assertNotEqual(self.sent(self.form()), payment)

    def test_what_is_paid_meanwhile_does_not_go_on(self):
        payment = self.begin(item=self.item_id(self.later))
        self.pay(self.later, day=self.today)
        self.assertEqual(self.form(begun=str(payment.id))["amount"], 1000, "the rest is offered")

    def test_others_go_on_with_nothing(self):
        """Neither with that of another customer, nor with one that is none."""
        payment = self.begin(head=self.link(self.other))
        for typed in (str(payment.id), "0", "x", "\x00", "²"):
            self.assertEqual(self.form(begun=typed)["amount"], 1500, typed)
        token = lxml.html.fromstring(self.page(self.link())).xpath("//input[@name='csrf_token']")[0].get("value")
        path = self.link(suffix=f"/payment/{payment.id}/give-up")
        self.url_open(path, data={"csrf_token": token}, allow_redirects=False)
        self.assertFalse(payment.dunning_given_up)

    def test_the_reference_was_taken_meanwhile(self):
        """Odoo begins the request again; a person reads of no reference that must be unique."""
        form, transactions = self.form(), type(self.env["payment.transaction"])
        tries, create = [], transactions.create

        def taken_once(own, vals_list):
            tries.append(True)
            if len(tries) == 1:
                raise UniqueViolation("payment_transaction_reference_uniq")
            return create(own, vals_list)

        with patch.object(transactions, "create", taken_once), patch("odoo.service.model.time.sleep"):
            self.assertTrue(self.sent(form))
        self.assertEqual(len(tries), 2)

    def test_nor_does_anybody_read_in_the_log_that_it_was_taken(self):
        taken, form = self.begin(head=self.link(self.other)).reference, self.form()
        transactions, tries = type(self.env["payment.transaction"]), []
        compute = transactions._compute_reference

        def taken_once(own, *args, **kwargs):
            tries.append(True)
            return taken if len(tries) == 1 else compute(own, *args, **kwargs)

        with (
            patch.object(transactions, "_compute_reference", taken_once), patch("odoo.service.model.time.sleep"),
            self.assertNoLogs("odoo.sql_db", "ERROR"),
        ):  # fmt: skip
            self.assertTrue(self.sent(form))
        self.assertEqual(len(tries), 2)


@tagged("post_install", "-at_install")
class TestPayTooMuch(PayCommon):
    """More comes than was owed: the customer reads it, and a person has something to do."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = new_test_user(cls.env, "clerk", groups="account.group_account_invoice")
        cls.own.sudo().user_id = cls.clerk

    def tasks(self):
        return self.env["mail.activity"].sudo().search([
            ("res_model", "=", "dunning.account"), ("res_id", "=", self.own.id), ("user_id", "=", self.clerk.id),
        ])  # fmt: skip

    def assert_told(self, payment, excess, more=""):
        self.env.invalidate_all()
        self.assertEqual(payment.dunning_excess, excess)
        (task,) = self.tasks()
        self.assertIn("Paid too much", task.summary)
        self.assertIn(payment.reference, task.note)
        words = self.words(payment.landing_route).replace("\xa0", " ")
        self.assertIn(f"{excess:,.2f} € of it was too much", words)
        self.assertIn(f"We will pay it back or count it for {more}", words)
        self.assertNotIn("nothing more is to do", words)

    def test_paid_by_transfer_meanwhile(self):
        payment = self.begin(item=self.item_id(self.later))
        self.pay(self.later, day=self.today)
        self.end(payment)
        self.assert_told(payment, 500, self.late.name)

    def test_a_part_of_it(self):
        payment = self.begin(item=self.item_id(self.later))
        self.pay(self.later, 200, self.today)
        self.end(payment)
        self.assert_told(payment, 200)

    def test_one_that_was_given_up(self):
        """Two payments of the same come."""
        first = self.begin(item=self.item_id(self.later))
        first.dunning_given_up = True
        self.buy(item=self.item_id(self.later))
        self.assertFalse(self.tasks())
        first._set_done()
        first._post_process()
        self.assert_told(first, 500)

    def test_an_instalment_twice(self):
        """Odoo takes it for the next one; whoever paid did not mean that."""
        invoice = self.instalments(100, 200, 300)
        second = self.item(invoice).sorted("date_maturity")[1]
        first = self.begin(item=str(second.id))
        first.dunning_given_up = True
        self.buy(item=str(second.id))
        first._set_done()
        first._post_process()
        self.assert_told(first, 200)

    def test_without_entries(self):
        """A provider whose method has no outstanding account."""
        self.demo.journal_id.inbound_payment_method_line_ids.payment_account_id = False
        self.patch(self.registry["account.move"], "_get_invoice_in_payment_state", lambda _move: "in_payment")
        first = self.begin(item=self.item_id(self.later))
        first.dunning_given_up = True
        second = self.buy(item=self.item_id(self.later))
        self.assertFalse(second.payment_id.move_id)
        self.assertFalse(second.dunning_excess)
        first._set_done()
        first._post_process()
        self.assert_told(first, 500)

    def test_on_odoo_s_own_page(self):
        """The same invoice, paid on two pages: ours shows no word of Odoo's, a person has the task."""
        payment = self.begin(item=self.item_id(self.later))
        payment.dunning_items = False
        self.pay(self.later, day=self.today)
        payment._set_done()
        payment._post_process()
        self.assertEqual((payment.dunning_excess, len(self.tasks())), (500, 1))

    def test_as_much_as_was_owed(self):
        for typed in ({"item": self.item_id(self.later), "amount": "120"}, {}):
            payment = self.buy(**typed)
            self.assertEqual(payment.dunning_excess, 0)
        self.assertFalse(self.tasks())

    def test_nobody_in_charge(self):
        """It is noted all the same, and the payment is booked."""
        self.own.sudo().user_id = self.company.dunning_user_id = False
        payment = self.begin(item=self.item_id(self.later))
        self.pay(self.later, day=self.today)
        self.end(payment)
        self.assertTrue(payment.payment_id)
        self.assertIn("owed no more", self.own.sudo().message_ids[:1].body)
