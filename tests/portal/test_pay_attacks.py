"""Each of these tries to pay what is not his, less than he says, twice, or to see what others paid."""

from odoo.tests import new_test_user, tagged

from odoo.addons.relance_progressive.relance_progressive.portal.door import rights

from ..common.pay import PayCommon


@tagged("post_install", "-at_install")
class TestPayAttacks(PayCommon):
    def assert_refused(self, result, words):
        self.assertEqual(result.get("state"), "error", result)
        self.assertIn(words, result["state_message"])
        self.assertEqual({name: self.headers.get(name) for name in rights.HEADERS}, rights.HEADERS)

    def payments(self):
        self.env.invalidate_all()
        return self.env["payment.transaction"].search([])

    def test_an_item_of_another_account(self):
        """It is refused like one that does not exist, and like one that is settled."""
        self.pay(self.later, day=self.today)
        said = set()
        for item in (self.item_id(self.foreign), "999999999", self.item_id(self.later), "1e3", "-1"):
            answer = self.choose(item=[item, self.item_id(self.late)])
            self.assertEqual(answer.status_code, 422)
            said.add(tuple(self.wrong(answer)))
        self.assertEqual(len(said), 1, said)

    def test_an_amount_that_is_none(self):
        """Nor one that is more than all that is open; where one ask is named, more than that."""
        typed = [{"amount": amount} for amount in ("0", "-5", "1e3", "nan", "inf", "0.001", "1800.01", "999999999")]
        for fields in (*typed, {"amount": "1500.01", "what": "overdue"}, {"amount": "5", "what": "nothing"}):
            answer = self.choose(**fields)
            self.assertEqual(answer.status_code, 422, fields)
            self.assertTrue(self.wrong(answer), fields)

    def test_the_amount_of_the_form_changed(self):
        form = self.form()
        for amount in (1.0, -1500.0, 1499.99, 1500.01, None, "1500", True, [1500]):
            self.assert_refused(self.send(form, amount=amount), "begin again")
        self.assertFalse(self.payments())

    def test_currency_and_payer_and_more_sent_by_the_browser(self):
        """Nothing of it is read."""
        form = self.form()
        self.send(
            form, currency_id=self.env.ref("base.JPY").id, partner_id=self.stranger.id, landing_route="//evil",
            invoice_ids=[[6, 0, self.foreign.ids]], custom_create_values={"state": "done"}, reference_prefix="X",
            account_id=self.other.id, is_validation=True, state="done",
        )  # fmt: skip
        payment = self.payments()
        self.assertEqual(payment.currency_id, self.company.currency_id)
        self.assertEqual((payment.partner_id, payment.state, payment.amount), (self.customer, "draft", 1500))
        self.assertEqual(payment.invoice_ids, self.late + self.later)
        self.assertEqual(payment.landing_route, form["landing_route"] + f"/payment/{payment.id}")

    def test_a_forged_choice(self):
        form = self.form()
        head, _point, signature = form["access_token"].rpartition(".")
        others = self.form(self.link(self.other))["access_token"]
        last = "1" if signature.endswith("0") else "0"
        tokens = (f"{head}x.{signature}", f"{head}.{signature[:-1]}{last}", f"{head}.", others)
        for token in ("", "x", None, 7, *tokens, "é.é"):
            self.assert_refused(self.send(form, access_token=token), "begin again")
            self.forget_visits()
        self.assertFalse(self.payments())

    def test_a_choice_of_last_week(self):
        form = self.form()
        old = self.env["dunning.portal"].with_user(self.env.ref("base.user_root"))
        choice = old._open_choice(self.own, form["access_token"], self.today)
        for days, expected in ((0, True), (-2, True), (-3, False), (1, False)):
            day = self.today.fromordinal(self.today.toordinal() + days)
            sealed = old._seal_choice(self.own, choice, day)
            self.assertEqual(bool(old._open_choice(self.own, sealed, self.today)), expected, days)

    def test_replay(self):
        """The same form once more, while the payment is on its way and when it has come."""
        form = self.form()
        self.send(form)
        payment = self.payments()
        for state in ("pending", "done"):
            self.end(payment, state)
            self.assert_refused(self.send(form), "was paid, or is on its way")
        self.assertEqual(self.payments(), payment)

    def test_paid_meanwhile(self):
        form = self.form()
        self.pay(self.late, 10, self.today)
        self.assert_refused(self.send(form), "was paid, or is on its way")
        self.assertFalse(self.payments())

    def test_a_link_that_is_revoked(self):
        form, payment = self.form(), self.buy("pending", amount="10")
        landing = payment.landing_route
        self.assertEqual(self.get(landing).status_code, 200)
        self.own.action_revoke_links()
        self.assert_refused(self.send(form), "cannot be opened")
        self.assert_refused(self.send(form, route="/reminders/nothing/pay/transaction"), "cannot be opened")
        self.assertEqual(self.get(form["route"].removesuffix("/transaction")).status_code, 404)
        self.assertEqual(self.get(landing.replace("/payment/", "/x/")).status_code, 404)
        self.authenticate(None, None)  # in another browser
        self.assertEqual(self.get(landing).status_code, 404)

    def test_a_link_that_is_revoked_while_paying(self):
        """The browser that pays learns what became of it, and nothing else."""
        payment, link = self.begin(), self.link()
        self.own.action_revoke_links()
        landing = self.end(payment)
        self.assertIn("was made", self.words(landing))
        self.assertNotIn("Back to the account", self.words(landing))
        self.assertEqual(self.get(landing + ".pdf").headers["Content-Type"], "application/pdf")
        other = payment.copy({"reference": "OTHER-1", "dunning_items": payment.dunning_items})
        for path in (
            link, f"{link}/statement.pdf", f"{link}/payment/{other.id}", f"/reminders/nothing/payment/{payment.id}",
            self.link(self.other, f"/payment/{payment.id}"),
        ):  # fmt: skip
            self.assertEqual(self.get(path).status_code, 404, path)

    def test_the_landing_page_of_others(self):
        payment = self.buy("pending")
        plain = payment.copy({"reference": "PLAIN-1", "partner_id": self.customer.id})  # not made on a page
        self.portal_user("eve", self.stranger)
        foreign = self.link(self.other, f"/payment/{payment.id}")
        for path in (foreign, self.link(suffix=f"/payment/{plain.id}"), self.link(suffix="/payment/999999999")):
            self.assertEqual(self.get(path).status_code, 404, path)
        self.assert_refused(
            self.send(self.form(), route=f"/my/reminders/{self.own.id}/pay/transaction"), "cannot be opened"
        )
        self.authenticate("eve", "eveeveev")
        payment.state = "done"
        for account in (self.own, self.other):
            for suffix in ("", ".pdf"):
                path = f"/my/reminders/{account.id}/payment/{payment.id}{suffix}"
                self.assertEqual(self.get(path).status_code, 404, path)

    def test_a_provider_that_is_not_offered(self):
        """Of a sister company, not published, without that means of payment, or none at all."""
        sister = self.make_provider(self.setup_other_company(name="Sister")["company"])
        hidden = self.make_provider()
        hidden.is_published = False
        form, other = self.form(), self.env.ref("payment.payment_method_card").id
        for changed in (
            {"provider_id": sister.id}, {"provider_id": hidden.id}, {"provider_id": None}, {"provider_id": "1"},
            {"payment_method_id": other}, {"payment_method_id": None}, {"flow": "validation"}, {"flow": None},
            {"flow": "token", "token_id": 1},
        ):  # fmt: skip
            self.assert_refused(self.send(form, **changed), "not available")
        self.assertFalse(self.payments())

    def test_nobody_pays_with_the_saved_card_of_the_customer(self):
        """Neither with a forwarded link, nor logged in as somebody else; and a link saves none."""
        contact = self.portal_user("anna", self.customer).partner_id
        token = self.env["payment.token"].sudo().create({
            "provider_id": self.demo.id, "payment_method_id": self.method[:1].id, "partner_id": contact.id,
            "provider_ref": "ref", "payment_details": "1234", "demo_simulated_state": "done",
        })  # fmt: skip
        self.demo.allow_tokenization = True
        self.method.support_tokenization = True
        form = self.form()
        self.assert_refused(self.send(form, flow="token", token_id=token.id), "not available")
        self.portal_user("bert", self.customer)
        self.authenticate("bert", "bertbert")
        own = self.form(f"/my/reminders/{self.own.id}")
        self.assert_refused(self.send(own, flow="token", token_id=token.id), "not available")
        self.authenticate(None, None)
        self.send(form, tokenization_requested=True)
        self.assertFalse(self.payments().tokenize)

    def test_too_many(self):
        form = self.form()
        for _number in range(20):
            result = self.send(form, access_token="x")
        self.assert_refused(result, "Please wait")

    def test_scripts_in_a_number(self):
        self.late.button_draft()
        self.late.name = "<script>alert(1)</script>"
        self.late.action_post()
        self.assertNotIn("<script>alert", self.choose().text)

    def test_a_payment_that_somebody_else_entered_settles_nothing_of_it(self):
        """Whoever enters payments may name any online payment, that of another customer as well."""
        begun = self.begin(item=self.item_id(self.late))
        clerk = new_test_user(
            self.env, "pay_clerk", groups="account.group_account_invoice", company_id=self.company.id,
            company_ids=self.company.ids,
        )  # fmt: skip
        payment = self.env["account.payment"].with_user(clerk).create({
            "payment_type": "inbound", "partner_type": "customer", "partner_id": self.stranger.id, "amount": 7,
            "payment_transaction_id": begun.id, "journal_id": self.company_data["default_journal_bank"].id,
        })  # fmt: skip
        payment.action_post()
        self.assertTrue(payment.move_id)
        self.assertEqual(self.left(self.late), [1000])
