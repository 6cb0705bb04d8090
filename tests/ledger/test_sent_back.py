"""Money that the bank sent back: the invoice is due again under its own number, at its level."""

from datetime import timedelta

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..common.base import MONDAY
from ..common.sent_back import SentBackCommon


@tagged("post_install", "-at_install")
class TestSentBack(SentBackCommon):
    def test_it_is_due_again_with_its_due_date_and_its_level(self):
        invoice = self.paid()
        self.item(invoice).sudo().write({
            "dunning_level_id": self.level_2.id, "dunning_date": MONDAY - timedelta(days=35),
            "dunning_stage": "firm", "dunning_due": MONDAY - timedelta(days=40),
            "dunning_stage_due": MONDAY - timedelta(days=40),
        })  # fmt: skip
        back = self.comes_back()
        self.run_on(MONDAY)
        self.assertEqual(back.dunning_origin_id, self.item(invoice))
        (item,) = self.items()
        self.assertEqual((item.id, item.due, item.level), (back.id, invoice.invoice_date_due, self.level_2.id))
        self.assertEqual((item.stage, item.level_due), ("firm", invoice.invoice_date_due))
        reminder = self.reminders()
        self.assertEqual(reminder.level_id, self.level_3, "not friendly again, and no coming due date")
        self.assertEqual(reminder.line_ids.date_maturity, invoice.invoice_date_due)
        self.assertEqual((reminder.line_ids.move_name, back.dunning_name), (invoice.name, invoice.name))
        self.assertFalse(reminder.line_ids.upcoming)
        self.assertEqual(self.account().oldest_due_date, invoice.invoice_date_due)

    def test_paid_in_time_it_is_late_now(self):
        self.paid(due=MONDAY - timedelta(days=4), day=MONDAY - timedelta(days=6))
        self.comes_back()
        self.run_on(MONDAY)
        self.assertEqual(self.reminders().level_id, self.level_1)

    def test_not_due_yet_it_is_not_late(self):
        self.paid(due=MONDAY + timedelta(days=20), day=MONDAY - timedelta(days=6))
        self.comes_back()
        self.run_on(MONDAY)
        self.assertFalse(self.reminders())
        self.assertEqual(self.account().amount_overdue, 0)

    def test_paid_by_a_bank_line(self):
        """Without a payment entered: the bank line itself was reconciled with the invoice."""
        invoice = self.invoice(MONDAY - timedelta(days=40))
        line = self.bank_line(
            1000, MONDAY - timedelta(days=30), customer=self.customer, counterpart_account_id=self.receivable.id
        )  # fmt: skip
        money = line.move_id.line_ids.filtered(lambda item: item.account_id == self.receivable)
        (money | self.item(invoice)).reconcile()
        self.assertEqual(invoice.amount_residual, 0)
        back = self.comes_back()
        self.follow()
        self.assertEqual(back.dunning_origin_id, self.item(invoice))

    def test_entered_in_the_bank_journal_by_hand(self):
        invoice = self.paid()
        entry = self.env["account.move"].create({
            "move_type": "entry", "journal_id": self.bank.id, "date": MONDAY, "line_ids": [
                Command.create({"account_id": self.receivable.id, "partner_id": self.customer.id, "debit": 1000}),
                Command.create({"account_id": self.bank.default_account_id.id, "credit": 1000}),
            ],
        })  # fmt: skip
        entry.action_post()
        self.follow()
        self.assertEqual(entry.line_ids[0].dunning_origin_id, self.item(invoice))

    def test_the_label_names_one_of_two(self):
        self.paid(due=MONDAY - timedelta(days=60))
        second = self.paid(due=MONDAY - timedelta(days=40))
        back = self.comes_back(label=f"REJET {second.name.replace('/', ' ')}")
        self.follow()
        self.assertEqual(back.dunning_origin_id, self.item(second))

    def test_of_two_the_oldest(self):
        first = self.paid(due=MONDAY - timedelta(days=60))
        second = self.paid(due=MONDAY - timedelta(days=40))
        one, two = self.comes_back(), self.comes_back()
        self.follow()
        self.assertEqual((one | two).dunning_origin_id, self.item(first) | self.item(second))
        self.assertEqual(one.dunning_origin_id, self.item(first))

    def test_a_contested_one_comes_last(self):
        contested = self.invoice(MONDAY - timedelta(days=60), 3000)
        self.pay(contested, 1000, day=MONDAY - timedelta(days=30))
        other = self.paid(due=MONDAY - timedelta(days=40))
        self.env["dunning.dispute"].create({
            "account_id": self.account().id, "reason_id": self.env["dunning.dispute.reason"].search([], limit=1).id,
            "line_ids": [Command.create({"move_line_id": self.item(contested).id, "whole": True})],
        })  # fmt: skip
        back = self.comes_back()
        self.follow()
        self.assertEqual(back.dunning_origin_id, self.item(other))

    def test_a_balance_taken_over_keeps_its_name(self):
        label = self.customer.property_account_receivable_id.name
        balance = self.item(self.taken_over((label, 1000, MONDAY - timedelta(days=40)), ref="FA2025-001"))
        back = self.comes_back()
        self.env["dunning.sent.back"]._due_again([(back.id, balance.id)])
        self.assertEqual(back.dunning_name, "FA2025-001")

    def test_in_part(self):
        invoice = self.paid()
        back = self.comes_back(400)
        self.follow()
        self.assertEqual(back.dunning_origin_id, self.item(invoice))

    def test_the_fee_of_the_bank_is_not_claimed_without_a_word(self):
        self.paid(due=MONDAY - timedelta(days=4), day=MONDAY - timedelta(days=6))
        self.comes_back(1012)
        self.run_on(MONDAY)
        self.assertEqual(self.reminders().amount_total, 1000)
        self.assertIn("hold_sent_back", self.account().reason_codes)

    def test_another_customer_s_payment_is_not_meant(self):
        self.paid(customer=self.make_customer("Other"))
        back = self.comes_back()
        self.follow()
        self.assertFalse(back.dunning_origin_id)

    def test_money_paid_out_of_a_credit_is_no_debt(self):
        self.invoice(MONDAY - timedelta(days=4), 300)
        self.credit_note(1000)
        self.comes_back()
        self.run_on(MONDAY)
        self.assertEqual([float(item.amount) for item in self.items()], [300])
        self.assertFalse(self.tasks("sent_back"))
        self.assertEqual(self.reminders().amount_total, 300, "the credit was paid out: it covers nothing more")

    def test_undone_properly_the_invoice_keeps_its_level(self):
        invoice = self.paid()
        self.item(invoice).sudo().write(
            {"dunning_level_id": self.level_2.id, "dunning_date": MONDAY - timedelta(days=35)}
        )
        back = self.comes_back()
        self.run_on(MONDAY)
        money = self.item(invoice).matched_credit_ids.credit_move_id
        money.remove_move_reconcile()
        (money | back).reconcile()
        (item,) = self.items()
        self.assertEqual((item.id, item.level), (self.item(invoice).id, self.level_2.id))

    def test_the_account_is_right_at_once(self):
        self.paid(due=MONDAY - timedelta(days=4), day=MONDAY - timedelta(days=6))
        back = self.comes_back()
        self.env["dunning.account"]._refresh_live(self.company, self.customer)
        self.assertTrue(back.dunning_origin_id)

    def test_the_night_sees_it(self):
        self.paid()
        self.run_on(MONDAY)
        self.assertFalse(self.changed(self.day(1)))
        self.comes_back(day=self.day(1))
        self.assertEqual(self.changed(self.day(1)), set(self.customer.ids))


@tagged("post_install", "-at_install")
class TestToClarify(SentBackCommon):
    def test_without_a_payment_a_person_is_asked_and_nothing_is_claimed(self):
        back = self.comes_back()
        self.run_on(self.day(10))
        self.assertFalse(self.reminders())
        self.assertIn("hold_sent_back", self.account().reason_codes)
        self.assertIn("Say which invoice is due again", self.account().reason_text)
        self.assertIn("To clarify", self.account().next_step)
        task = self.tasks("sent_back")
        self.assertEqual((task.user_id, task.res_id), (self.person, self.account().id))
        self.assertTrue(any("no invoice explains: 1." in alert for alert in self.env["dunning.account"].get_alerts()))
        self.assertFalse(back.dunning_origin_id)

    def test_a_payment_of_two_invoices_is_for_a_person(self):
        invoices = self.invoice(MONDAY - timedelta(days=40)) | self.invoice(MONDAY - timedelta(days=39), 500)
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoices.ids
        ).create({"payment_date": MONDAY - timedelta(days=30), "group_payment": True})  # fmt: skip
        wizard._create_payments()
        self.comes_back(1500)
        self.run_on(MONDAY)
        self.assertFalse(self.reminders())
        self.assertTrue(self.tasks("sent_back"))

    def test_a_person_says_which(self):
        invoice = self.invoice(MONDAY - timedelta(days=40), 2500)
        self.pay(invoice, day=MONDAY - timedelta(days=30))
        self.paid(due=MONDAY - timedelta(days=20))
        back = self.comes_back(700)
        self.run_on(MONDAY)
        action = self.account().action_explain_sent_back()
        wizard = self.env["dunning.sent.back"].with_context(**action["context"]).create({})
        self.assertEqual(wizard.item_id, back)
        with self.assertRaises(UserError):
            wizard.action_save()
        wizard.origin_id = self.item(invoice)
        wizard.action_save()
        self.assertEqual(back.dunning_origin_id, self.item(invoice))
        self.assertEqual(back.date_maturity, invoice.invoice_date_due)
        self.run_on(self.day(1))
        self.assertFalse(self.tasks("sent_back"))
        self.assertTrue(self.reminders())
        with self.assertRaises(UserError):
            self.account().action_explain_sent_back()

    def test_not_with_an_invoice_of_somebody_else(self):
        self.comes_back(700)
        action = self.account().action_explain_sent_back()
        stranger = self.invoice(MONDAY, customer=self.make_customer("Stranger"))
        wizard = self.env["dunning.sent.back"].with_context(**action["context"]).create(
            {"origin_id": self.item(stranger).id}
        )  # fmt: skip
        with self.assertRaises(ValidationError):
            wizard.action_save()

    def test_only_money_that_came_back_is_explained(self):
        """Due date and level of an invoice are not written over."""
        invoice = self.invoice(MONDAY - timedelta(days=40))
        self.comes_back(700)
        self.run_on(MONDAY)
        action = self.account().action_explain_sent_back()
        wizard = self.env["dunning.sent.back"].with_context(**action["context"]).create(
            {"item_id": self.item(invoice).id, "origin_id": self.item(invoice).id}
        )  # fmt: skip
        for explain in (wizard.action_save, wizard.action_leave_out):
            with self.assertRaises(UserError):
                explain()

    def test_a_person_says_that_it_is_not_owed(self):
        back = self.comes_back(700)
        self.run_on(MONDAY)
        action = self.account().action_explain_sent_back()
        self.env["dunning.sent.back"].with_context(**action["context"]).create({}).action_leave_out()
        self.assertTrue(back.no_followup)
        self.run_on(self.day(1))
        self.assertFalse(self.tasks("sent_back"))
        self.assertNotIn("hold_sent_back", self.account().reason_codes)


@tagged("post_install", "-at_install")
class TestRejected(SentBackCommon):
    def test_odoo_leaves_the_invoice_paid_and_a_person_is_told(self):
        invoice = self.invoice(MONDAY - timedelta(days=40))
        payment = self.pay(invoice, day=MONDAY - timedelta(days=30))
        self.follow()
        self.assertFalse(self.tasks("rejected"))
        payment.action_reject()
        self.assertIn(invoice.payment_state, ("paid", "in_payment"), "this is what has to be said")
        self.account()
        self.follow()
        task = self.tasks("rejected")
        self.assertEqual(task.user_id, self.person)
        self.assertIn("Boulangerie Petit: 1,000.00", task.note)
        self.assertTrue(any("rejected payments" in alert for alert in self.env["dunning.account"].get_alerts()))
        self.item(invoice).remove_move_reconcile()
        self.follow()
        self.assertFalse(self.tasks("rejected"))
        self.run_on(MONDAY)
        self.assertEqual(self.reminders().amount_total, 1000)

    def test_booked_by_the_bank_as_well_it_is_due_again_already(self):
        invoice = self.invoice(MONDAY - timedelta(days=40))
        payment = self.pay(invoice, day=MONDAY - timedelta(days=30))
        payment.action_reject()
        self.comes_back()
        self.follow()
        self.assertFalse(self.tasks("rejected"))
