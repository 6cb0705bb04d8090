from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from ..common.base import MONDAY
from ..common.promise import PromiseCommon


@tagged("post_install", "-at_install")
class TestPromiseRights(PromiseCommon):
    """How far and how often promises may push a debt, and who may do what."""

    def test_too_far(self):
        invoice = self.invoice(self.day(-4), 1000)
        with self.assertRaisesRegex(UserError, "30 days ahead.*Ask a manager"):
            self.promise((1000, 31), invoices=invoice, user=self.clerk, override="I insist")
        with self.assertRaisesRegex(UserError, "Say why"):
            self.promise((1000, 31), invoices=invoice, user=self.chief)
        promise = self.promise((1000, 31), invoices=invoice, user=self.chief, override="Agreed with the sales manager")
        self.assertEqual((promise.recorded_by_id, promise.override_reason), (
            self.chief, "Agreed with the sales manager"
        ))  # fmt: skip
        self.assertTrue(self.promise((1, 30), invoices=self.invoice(self.day(-4), 1), user=self.clerk))

    def test_too_often(self):
        invoice = self.invoice(self.day(-4), 1000)
        first = self.promise((1000, 5), invoices=invoice, user=self.clerk)
        second = self.promise((1000, 9), invoices=invoice, user=self.clerk)
        self.assertEqual((first.state, first.line_ids.replaced_by_id), ("cancelled", second))
        with self.assertRaisesRegex(UserError, f"2 times.*{invoice.name}"):
            self.promise((1000, 12), invoices=invoice, user=self.clerk)
        self.promise((1000, 12), invoices=invoice, user=self.chief, override="Last time")

    def test_what_is_no_promise(self):
        invoice = self.invoice(self.day(-4), 1000)
        stranger = self.invoice(self.day(-4), 1000, self.make_customer("Somebody else"))
        for wrong, words, invoices in (
            ((1001, 5), "More is promised", invoice), ((0, 5), "above zero", invoice), ((10, -1), "is past", invoice),
            ((10, 5), "not of this customer", stranger),
        ):  # fmt: skip
            with self.assertRaisesRegex(UserError, words):
                self.promise(wrong, invoices=invoices)

    def test_nobody_says_that_it_came_by_the_page(self):
        dialog = {
            "account_id": self.env["dunning.account"]._of(self.customer, self.company).id, "day": self.day(5),
            "source": "portal", "amount": 10,
        }  # fmt: skip
        with self.assertRaisesRegex(ValidationError, "records itself"):
            self.env["dunning.promise.record"].with_user(self.clerk).create(dialog)

    def test_cancel_with_a_reason(self):
        invoice = self.invoice(self.day(-4), 1000)
        promise = self.promise((1000, 8), invoices=invoice)
        wizard = self.env["dunning.promise.cancel"].with_user(self.clerk)
        wizard.create({"promise_ids": promise.ids, "reason": "Wrong customer"}).action_cancel()
        self.assertEqual((promise.state, promise.cancelled_by_id), ("cancelled", self.clerk))
        self.run_on(MONDAY)
        self.assertEqual(self.claimed(), {invoice: 1000})
        with self.assertRaisesRegex(UserError, "Only open promises"):
            promise.with_user(self.clerk)._cancel("Again")

    def test_nobody_rewrites_or_deletes_a_promise(self):
        promise = self.promise((1000, 8), invoices=self.invoice(self.day(-4), 1000))
        for person in (self.clerk, self.chief):
            own = promise.with_user(person)
            with self.assertRaises(AccessError):
                own.unlink()
            for values in ({"state": "kept"}, {"amount_total": 1}, {"date": MONDAY}):
                with self.assertRaisesRegex(UserError, "stays as it was said"):
                    own.write(values)
            with self.assertRaises(AccessError):
                own.line_ids.write({"amount": 1})
            with self.assertRaises(AccessError):
                self.env["dunning.promise"].with_user(person).create({"account_id": self.account().id, "date": MONDAY})
        promise.with_user(self.clerk).words = "I pay next week"
        with self.assertRaisesRegex(UserError, "stays as it was said"):
            promise.with_user(self.chief).words = "I never said so"
        with self.assertRaisesRegex(UserError, "a proof"):
            promise.sudo().unlink()

    def test_breaking_in_from_another_company(self):
        other = self.setup_other_company(name="Other")["company"]
        spy = new_test_user(
            self.env, "promise_spy", groups="account.group_account_manager", company_id=other.id, company_ids=other.ids
        )
        invoice = self.invoice(self.day(-4), 1000)
        promise = self.promise((1000, 8), invoices=invoice)
        theirs = promise.with_user(spy)
        for attack in (
            lambda: theirs.read(["words"]),
            lambda: theirs.line_ids.read(["amount"]),
            lambda: theirs.write({"words": "x"}),
            lambda: theirs._cancel("x"),
            lambda: theirs.action_followed_up(),
            lambda: self.env["dunning.promise.record"].with_user(spy).create({
                "account_id": self.account().id, "day": MONDAY, "amount": 1,
                "item_ids": [Command.create({"move_line_id": self.item(invoice).id, "selected": True})],
            }).action_record(),
            lambda: self.account().with_user(spy).action_record_promise(),
        ):  # fmt: skip
            with self.assertRaises(AccessError):
                attack()
        self.assertFalse(self.env["dunning.promise"].with_user(spy).search([("id", "=", promise.id)]))
        # Their own account does not let them in either.
        mine = self.env["dunning.account"]._of(self.customer, other).with_user(spy)
        with self.assertRaisesRegex(UserError, "not of this customer"):
            self.env["dunning.promise"].with_user(spy)._record(
                mine, [(MONDAY, 1)], self.item(invoice).with_user(spy), day=MONDAY
            )
