"""Customers who pay on their page with Odoo's demo provider, as its scripts do."""

import json
from datetime import timedelta
from unittest import SkipTest

import lxml.html

from odoo import Command

from .portal import PortalCommon


class PayCommon(PortalCommon):
    """The customer of the portal tests owes 1,000 and 500 that are late, and 300 later."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.env["ir.module.module"]._get("payment_demo").state == "installed":
            raise SkipTest("the demo provider is not installed")
        cls.own.sudo().plan_id = cls.plan
        cls.later = cls.invoice(cls.today - timedelta(days=5), 500.0)
        cls.demo = cls.make_provider()
        cls.method = cls.demo.payment_method_ids

    @classmethod
    def make_provider(cls, company=None):
        """Return the demo provider of a company, ready to be used."""
        provider = cls.env.ref("payment.payment_provider_demo").sudo().copy({"company_id": (company or cls.company).id})
        provider.write({"name": "Demo", "state": "test", "is_published": True})
        provider.payment_method_ids.active = True
        return provider

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)  # the payment form wants a session

    # === WHAT THE BROWSER DOES === #

    def choose(self, head=None, **typed):
        """Go to the payment form; gives the answer of the server."""
        return self.url_open((head or self.link()) + "/pay", params=typed, allow_redirects=False)

    def form(self, head=None, **typed):
        """Return what the payment form would send."""
        answer = self.choose(head, **typed)
        self.assertEqual(answer.status_code, 200)
        page = lxml.html.fromstring(answer.text)
        forms = page.xpath("//form[@id='o_payment_form']")
        self.assertTrue(forms, " ".join(page.xpath("//main")[0].text_content().split()))
        (radio,) = page.xpath("//input[@name='o_payment_radio']")
        return {
            "route": forms[0].get("data-transaction-route"),
            "provider_id": int(radio.get("data-provider-id")),
            "payment_method_id": int(radio.get("data-payment-option-id")),
            "token_id": None,
            "amount": float(forms[0].get("data-amount")),
            "flow": "direct",
            "tokenization_requested": False,
            "landing_route": forms[0].get("data-landing-route"),
            "is_validation": False,
            "access_token": forms[0].get("data-access-token"),
            "csrf_token": "any",
        }

    def send(self, form, **changed):
        """Send the payment form; gives what Odoo's script gets."""
        form = form | changed
        return self.rpc(form.pop("route"), form)

    def rpc(self, path, values):
        answer = self.url_open(
            path, data=json.dumps({"jsonrpc": "2.0", "method": "call", "params": values}),
            headers={"Content-Type": "application/json"},
        )  # fmt: skip
        self.assertEqual(answer.status_code, 200, path)
        self.headers = answer.headers
        found = answer.json()
        self.assertNotIn("error", found, found)
        self.env.invalidate_all()
        return found.get("result")

    def begin(self, head=None, **typed):
        """Begin a payment and return it."""
        processing = self.send(self.form(head, **typed))
        self.assertNotEqual(processing.get("state"), "error", processing)
        return self.env["payment.transaction"].search([("reference", "=", processing["reference"])]).sudo()

    def end(self, payment, state="done", processed=True):
        """Let the provider tell how a payment ended, and Odoo's status page make what follows."""
        self.rpc("/payment/demo/simulate_payment", {
            "reference": payment.reference, "payment_details": "1234", "simulated_state": state,
        })  # fmt: skip
        return self.rpc("/payment/status/poll", {})["landing_route"] if processed else None

    def buy(self, state="done", head=None, **typed):
        payment = self.begin(head, **typed)
        self.end(payment, state)
        return payment

    # === WHAT BECAME OF IT === #

    def left(self, *invoices):
        """Return what is left to pay of invoices."""
        self.env.invalidate_all()
        return [invoice.amount_residual for invoice in invoices]

    def wrong(self, answer):
        """Return what a page says is wrong."""
        found = lxml.html.fromstring(answer.text).xpath("//*[contains(@class, 'o_dunning_wrong')]")
        return [" ".join(node.text_content().split()) for node in found]

    def item_id(self, invoice):
        return str(self.item(invoice).id)

    def instalments(self, *amounts):
        """Return an invoice due in instalments, one every ten days, the first one forty days ago."""
        whole = sum(amounts)
        term = self.env["account.payment.term"].create({
            "name": "In instalments",
            "line_ids": [
                Command.create({"value": "percent", "value_amount": 100 * amount / whole, "nb_days": 10 * number})
                for number, amount in enumerate(amounts)
            ],
        })  # fmt: skip
        day = self.today - timedelta(days=40)
        move = self.invoice(day, whole, post=False, invoice_payment_term_id=term.id, invoice_date=day)
        move.invoice_date_due = False
        move.action_post()
        return move
