from datetime import date
from decimal import Decimal

from psycopg2.errors import CheckViolation

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..common.base import MONDAY
from ..common.penalty_waiver import INDEMNITY, INTEREST, PenaltyCommon


@tagged("post_install", "-at_install")
class TestWaiver(PenaltyCommon):
    """All, a part, for good will: with a reason, by a manager, in the history."""

    def test_all_of_it_in_one_click(self):
        invoice = self.late()
        self.assertEqual(self.left(invoice), (INTEREST, INDEMNITY))
        waiver = self.waive()
        self.assertEqual(self.left(invoice), (0, 0))
        self.assertEqual(self.left(invoice, self.day(90)), (0, 0), "nor what is still to come")
        self.assertEqual((waiver.waived_by_id, waiver.date, waiver.state), (self.chief, MONDAY, "standing"))
        self.assertEqual((waiver.line_ids.interest_amount, waiver.line_ids.indemnity_amount), (11.98, 40))
        self.assertIn("A good customer", self.words()[0])
        self.assertIn("51.98", self.words()[0])
        self.assertIn(invoice.name, self.words()[0])

    def test_the_account_shows_it_at_once(self):
        """What is stored on the account, and shown in the lists, follows a waiver before the night."""
        self.late()
        self.engine.run(date=MONDAY, company=self.company)
        account = self.account()
        self.assertEqual(account.amount_penalty, 51.98)
        waiver = self.waive(what="indemnity")
        self.assertEqual(account.amount_penalty, 11.98)
        waiver.with_user(self.chief)._cancel("An error")
        self.assertEqual(account.amount_penalty, 51.98)

    def test_only_what_has_run(self):
        """Interest goes on after the day of the waiver: 59 days and not 89 at the end of April."""
        invoice = self.late()
        self.waive(to_come=False)
        self.assertEqual(self.left(invoice), (0, 0))
        interest, indemnity = self.left(invoice, date(2026, 4, 30))
        self.assertEqual((interest, indemnity), (Decimal("35.55") - INTEREST, 0))

    def test_the_indemnity_only(self):
        invoice = self.late()
        self.waive(what="indemnity")
        self.assertEqual(self.left(invoice), (INTEREST, 0))
        self.assertGreater(self.left(invoice, self.day(30))[0], INTEREST)

    def test_the_interest_only(self):
        invoice = self.late()
        self.waive(what="interest")
        self.assertEqual(self.left(invoice, self.day(30)), (0, INDEMNITY))

    def test_an_amount_is_taken_of_the_oldest_first(self):
        old, young = self.late(), self.late(600, date(2026, 2, 15))
        waiver = self.waive(extent="amount", amount=60)
        self.assertEqual(self.left(old), (0, 0))
        interest, indemnity = self.left(young)
        self.assertEqual((interest, indemnity), (0, INDEMNITY - (60 - INTEREST - INDEMNITY - Decimal("3.00"))))
        self.assertEqual(sum(waiver.line_ids.mapped("interest_amount")), 14.98)
        for amount in (0, -1, 1000):
            with self.assertRaisesRegex(UserError, "above"):
                self.waive(extent="amount", amount=amount)

    def test_of_one_invoice(self):
        one, other = self.late(), self.late(500)
        self.waive(invoices=one)
        self.assertEqual(self.left(one), (0, 0))
        self.assertEqual(self.left(other)[1], INDEMNITY)
        with self.assertRaisesRegex(UserError, "no penalties are left"):
            one.with_user(self.chief).action_dunning_waive_penalties()

    def test_an_invoice_that_was_paid_late(self):
        invoice = self.late()
        self.pay(invoice)
        self.assertEqual(self.left(invoice), (INTEREST, INDEMNITY))
        self.waive()
        self.assertEqual(self.left(invoice), (0, 0))

    def test_nothing_is_there_to_waive(self):
        for customer in (self.make_customer("No status"), self.make_customer("A person", dunning_status="consumer")):
            self.late(customer=customer)
            with self.assertRaisesRegex(UserError, "no penalties are left"):
                self.waive(self.account(customer))

    def test_in_the_currency_of_the_invoice(self):
        dollars = self.setup_other_currency("USD")
        self.late(currency_id=dollars.id)
        self.late(600)
        waiver = self.waive()
        self.assertEqual(set(waiver.line_ids.mapped("currency_id.name")), {"USD", "EUR"})
        self.assertIn(" + ", waiver.amount_text)
        self.late(currency_id=dollars.id)
        self.late(600)
        with self.assertRaisesRegex(UserError, "several currencies"):
            self.waive(extent="amount", amount=10)

    def test_it_is_cancelled_with_a_reason_and_stays_in_the_history(self):
        invoice = self.late()
        waiver = self.waive().with_user(self.chief)
        with self.assertRaisesRegex(UserError, "Say why"):
            waiver._cancel(" ")
        wizard = self.env["dunning.penalty.waiver.cancel"].with_user(self.chief)
        wizard.create({"waiver_ids": waiver.ids, "reason": "Late again"}).action_cancel()
        self.assertEqual((waiver.state, waiver.cancelled_by_id, waiver.cancel_reason), (
            "cancelled", self.chief, "Late again"
        ))  # fmt: skip
        self.assertEqual(self.left(invoice), (INTEREST, INDEMNITY))
        self.assertIn("Late again", self.words()[0])
        with self.assertRaisesRegex(UserError, "cancelled already"):
            waiver._cancel("Twice")
        with self.assertRaisesRegex(UserError, "stays in the history"):
            waiver.sudo().unlink()

    def test_waived_again_after_it_was_cancelled(self):
        invoice = self.late()
        self.waive().with_user(self.chief)._cancel("A mistake")
        self.waive()
        self.assertEqual(self.left(invoice), (0, 0))
        self.assertEqual(self.account().penalty_waiver_ids.sorted("id").mapped("state"), ["cancelled", "standing"])

    def test_from_the_reminder(self):
        claimed, later = self.late(due=self.day(-3)), self.late(500)
        self.run_on(MONDAY)
        reminder = self.reminders().with_user(self.chief)
        reminder.line_ids.sudo().filtered(lambda line: line.move_line_id == self.item(later)).unlink()
        wizard = self.env["dunning.penalty.waive"].with_user(self.chief).browse(
            reminder.action_waive_penalties()["res_id"]
        )
        self.assertEqual(wizard.item_ids.filtered("selected").move_line_id, self.item(claimed))

    # === RIGHTS === #

    def test_only_a_manager_waives(self):
        self.late()
        for attack in (
            lambda: self.waive(user=self.clerk),
            lambda: self.account().with_user(self.clerk).action_waive_penalties(),
            lambda: self.env["dunning.penalty.waive"].with_user(self.clerk).create({
                "account_id": self.account().id, "until": MONDAY, "reason": "x",
            }),
            lambda: self.env["dunning.penalty.waiver"].with_user(self.clerk)._waive(
                self.account().with_user(self.clerk), [], "x"
            ),
        ):  # fmt: skip
            with self.assertRaises(AccessError):
                attack()
        waiver = self.waive()
        for attack in (lambda: waiver.with_user(self.clerk)._cancel("x"),
                       lambda: waiver.with_user(self.clerk).action_ask_cancel()):  # fmt: skip
            with self.assertRaises(AccessError):
                attack()
        self.assertEqual(waiver.with_user(self.clerk).reason, "A good customer", "a user may read it")

    def test_nobody_writes_a_waiver_by_hand(self):
        self.late()
        waiver = self.waive()
        model, lines = self.env["dunning.penalty.waiver"], self.env["dunning.penalty.waiver.line"]
        for person in (self.clerk, self.chief):
            for attack in (
                lambda own: own(waiver).write({"reason": "Mine"}),
                lambda own: own(waiver).write({"state": "cancelled"}),
                lambda own: own(waiver).unlink(),
                lambda own: own(waiver.line_ids).write({"interest_amount": 1000}),
                lambda own: own(waiver.line_ids).unlink(),
                lambda own: own(model).create({"account_id": self.account().id, "reason": "x"}),
                lambda own: own(lines).create({"waiver_id": waiver.id, "interest_amount": 5}),
            ):  # fmt: skip
                with self.assertRaises(AccessError):
                    attack(lambda record, person=person: record.with_user(person))

    def test_no_more_is_waived_than_there_is(self):
        invoice, account = self.late(), self.account().with_user(self.chief)
        stranger = self.late(customer=self.make_customer("Somebody else", dunning_status="professional"))
        waive = self.env["dunning.penalty.waiver"].with_user(self.chief)._waive
        for item, interest, indemnity, words in (
            (invoice, "11.99", 0, "11.98"), (invoice, 0, 41, "40.00"), (invoice, -5, 40, "at most"),
            (stranger, 1, 0, "no penalties of"),
        ):  # fmt: skip
            with self.assertRaisesRegex(UserError, words):
                waive(account, [(self.item(item), Decimal(interest), Decimal(indemnity), False)], "x")
        for rows, reason in (([], "x"), ([(self.item(invoice), Decimal(1), Decimal(0), False)], " ")):
            with self.assertRaises(UserError):
                waive(account, rows, reason)
        waiver = self.waive()
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation), self.env.cr.savepoint():
            self.env["dunning.penalty.waiver.line"].sudo().create({
                "waiver_id": waiver.id, "move_line_id": self.item(invoice).id, "interest_amount": -1,
            })  # fmt: skip

    def test_breaking_in_from_another_company(self):
        other = self.setup_other_company(name="Other")["company"]
        spy = new_test_user(
            self.env, "waiver_spy", groups="account.group_account_manager", company_id=other.id, company_ids=other.ids
        )
        invoice = self.late()
        waiver = self.waive(to_come=False, what="indemnity")
        mine = self.env["dunning.account"]._of(self.customer, other).with_user(spy)
        theirs = waiver.with_user(spy)
        for attack in (
            lambda: theirs.read(["reason"]),
            lambda: theirs.line_ids.read(["interest_amount"]),
            lambda: theirs._cancel("x"),
            lambda: self.account().with_user(spy).action_waive_penalties(),
            lambda: self.env["dunning.penalty.waiver"].with_user(spy)._waive(
                self.account().with_user(spy), [(self.item(invoice), Decimal(1), Decimal(0), False)], "x"
            ),
        ):  # fmt: skip
            with self.assertRaises(AccessError):
                attack()
        self.assertFalse(self.env["dunning.penalty.waiver"].with_user(spy).search([("id", "=", waiver.id)]))
        with self.assertRaisesRegex(UserError, "no penalties of"):
            self.env["dunning.penalty.waiver"].with_user(spy)._waive(
                mine, [(self.item(invoice), Decimal(1), Decimal(0), False)], "x"
            )
        values = {
            "account_id": mine.id, "until": MONDAY, "reason": "x", "item_ids": [Command.create({
                "move_line_id": self.item(invoice).id, "interest_left": 11, "selected": True,
            })],
        }  # fmt: skip
        dialogs = self.env["dunning.penalty.waive"].with_user(spy)
        with self.assertRaises(AccessError):
            dialogs.create(values)
        wizard = dialogs.sudo().create(values).sudo(False)  # if it was opened all the same
        with self.assertRaises(UserError):  # or an AccessError, which is one
            wizard.action_waive()

    def test_customers_that_are_merged_keep_their_waivers(self):
        self.late()
        waiver = self.waive()
        twin = self.make_customer("Petit, again", dunning_status="professional")
        self.late(customer=twin)
        self.account(twin)
        self.env["dunning.account"].sudo()._merge_customers(self.customer, twin)
        self.assertEqual(waiver.account_id.partner_id, twin)
