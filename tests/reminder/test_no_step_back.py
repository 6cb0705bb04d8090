"""After a firm word none is friendlier; while a formal notice runs or waits nothing leaves, and it is named."""

import random

from odoo.tests import freeze_time, tagged

from ...relance_progressive.core.decision.facts import STAGES
from ..bench import generate
from ..common.base import MONDAY
from ..common.deliver import DeliverCommon

INVOICES, NIGHTS = 600, 40


@tagged("post_install", "-at_install")
class TestNoStepBack(DeliverCommon):
    def night(self, shift):
        """Decide, approve and send on one day."""
        self.run_on(self.day(shift))
        drafts = self.env["dunning.reminder"].search([("company_id", "=", self.company.id), ("state", "=", "draft")])
        drafts._set_state("ready", draft_reason=False)
        with self.smtp():
            self.engine.deliver(date=self.day(shift), company=self.company)

    def stages(self):
        return self.reminders().filtered(lambda reminder: reminder.state == "sent").mapped("stage")

    def under_notice(self, **values):
        """Return an invoice whose formal notice left on Monday."""
        invoice = self.invoice(self.day(-31), 500, **values)
        self.item(invoice).sudo().write({"dunning_level_id": self.level_3.id, "dunning_date": self.day(-9)})
        self.night(0)
        self.assertEqual(self.stages(), ["formal_notice"])
        return invoice

    # === THE TONE === #

    def test_a_new_invoice_beside_one_that_was_claimed_firmly(self):
        firm = self.invoice(self.day(-11), 500)
        self.item(firm).sudo().write({"dunning_level_id": self.level_1.id, "dunning_date": self.day(-5)})
        self.night(0)
        young = self.invoice(self.day(0), 80)
        self.night(4)
        first, second = self.reminders()
        self.assertEqual((first.stage, second.stage), ("firm", "firm"))
        self.assertEqual(second.line_ids.filtered("level_id").level_id, self.level_1, "it goes on at its own level")
        self.pay(firm, day=self.day(5))
        self.assertEqual(self.item(young).dunning_stage, "firm", "a firm message claimed it too")

    def test_once_all_that_was_claimed_is_paid_the_account_begins_anew(self):
        firm = self.invoice(self.day(-11), 500)
        self.item(firm).sudo().write({"dunning_level_id": self.level_1.id, "dunning_date": self.day(-5)})
        self.night(0)
        self.pay(firm, day=self.day(1))
        self.invoice(self.day(2), 80)
        self.night(6)
        self.assertEqual(self.stages(), ["firm", "friendly"])

    def test_a_message_that_comes_back_was_not_said(self):
        firm = self.invoice(self.day(-11), 500)
        self.item(firm).sudo().write({"dunning_level_id": self.level_1.id, "dunning_date": self.day(-5)})
        self.night(0)
        self.assertEqual(self.item(firm).dunning_stage, "firm")
        self.reminders().delivery_ids.sudo()._bounced("No such user")
        self.assertFalse(self.item(firm).dunning_stage)
        self.assertEqual(self.item(firm).dunning_level_id, self.level_1)

    def test_a_due_date_put_off_by_agreement_starts_again(self):
        invoice = self.invoice(self.day(-4), 500)
        for shift in (0, 7, 17):
            self.night(shift)
        self.assertEqual(self.stages(), ["friendly", "firm", "firm"])
        self.item(invoice).date_maturity = self.day(47)
        for shift in (18, 30, 41):
            self.night(shift)
        self.assertEqual(len(self.stages()), 3, "nothing before the new date comes near")
        self.night(42)
        self.night(50)
        self.assertEqual(self.stages()[3:], ["pre_due", "friendly"])

    def test_nobody_is_written_to_for_a_cent(self):
        self.company.dunning_tolerance = 1.0
        self.invoice(self.day(-4), 0.99)
        self.night(0)
        self.assertFalse(self.reminders())
        self.assertEqual(self.account().reason_codes, "below_tolerance")

    # === A FORMAL NOTICE === #

    @freeze_time(MONDAY)
    def test_while_the_notice_runs_nothing_leaves_and_the_account_says_so(self):
        self.under_notice()
        self.invoice(self.day(-1), 80)
        self.night(2)
        account = self.account()
        self.assertEqual(len(self.reminders()), 1)
        self.assertEqual((account.amount_notice, account.reason_codes.split(",")[0]), (500, "hold_notice"))
        self.assertIn("under formal notice", account.headline)
        self.assertIn("Formal notice of 03/02/2026", account.reason_text)

    def test_it_waits_for_a_decision_then_the_manager_is_told_and_the_others_are_reminded_firmly(self):
        """The notice of Monday gives until Tuesday week; five working days later nobody has decided."""
        self.under_notice()
        self.invoice(self.day(-1), 80)
        self.night(9)
        account = self.account()
        self.assertEqual(account.decision_ids.state, "open")
        self.assertIn("To decide", account.next_step)
        self.night(15)
        self.assertEqual(len(self.reminders()), 1)
        self.assertFalse(account.decision_ids.escalated_on)
        self.night(16)
        self.assertEqual(account.decision_ids.escalated_on, self.day(16))
        last = self.reminders()[-1]
        self.assertEqual((last.stage, last.amount_total, last.amount_notice), ("firm", 80, 500))
        self.assertIn("Our formal notice stands", last.message_id.body)
        self.night(17)
        self.assertEqual(account.decision_ids.escalated_on, self.day(16), "he is told once")

    def test_what_is_under_notice_is_named_in_the_currency_of_the_invoice(self):
        dollars = self.setup_other_currency("USD", rates=[("2026-01-01", 1.25)])
        self.under_notice(currency_id=dollars.id)
        self.invoice(self.day(-1), 80)
        for shift in (9, 15, 16):
            self.night(shift)
        last = self.reminders()[-1]
        self.assertEqual((last.amount_notice, last.notice_in), (400, [[dollars.id, "500.00"]]))
        self.assertIn("Our formal notice stands: $ 500.00", last.message_id.body.replace("\xa0", " "))

    def test_a_preview_says_what_the_night_does(self):
        self.under_notice()
        self.invoice(self.day(-1), 80)
        for shift in (3, 9, 16):
            told = {row["partner_id"]: row for row in self.engine.preview(self.day(shift), self.customer, self.company)}
            self.run_on(self.day(shift))
            row, account = told[self.customer.id], self.account()
            self.assertEqual(row["send"], bool(account.open_reminder_id))
            if not row["send"]:
                self.assertEqual(row["next_date"], account.next_date or None)
                self.assertEqual([reason["code"] for reason in row["reasons"]], account.reason_codes.split(","))

    def test_a_notice_whose_due_date_is_put_off_stands_no_more(self):
        invoice = self.under_notice()
        self.item(invoice).date_maturity = self.day(60)
        self.run_on(self.day(1))
        self.assertFalse(self.account().amount_notice)
        self.run_on(self.day(12))
        self.assertFalse(self.account().decision_ids)


@tagged("post_install", "-at_install")
class TestFortyNights(DeliverCommon):
    def test_no_message_is_softer_than_one_before_it(self):
        """A ledger of random customers, day after day: payments come, notices expire, nobody decides."""
        generate.fill(self.env, self.company, INVOICES, MONDAY)
        self.env.cr.execute("ANALYZE account_move, account_move_line, res_partner")
        self.env.invalidate_all()
        luck, told = random.Random(7), {}
        notices = 0
        for shift in range(NIGHTS):
            day = self.day(shift)
            self.run_on(day)
            made = self.env["dunning.reminder"].search([
                ("company_id", "=", self.company.id), ("state", "in", ("draft", "ready")),
            ])  # fmt: skip
            made.filtered(lambda reminder: reminder.state == "draft")._set_state("ready", draft_reason=False)
            made._set_state("sent", date=day)
            for reminder in made:
                rank = STAGES.index(reminder.stage)
                claimed = reminder.line_ids.filtered(lambda line: not line.upcoming).move_line_id
                before = max((told.get(item.id, 0) for item in claimed), default=0)
                self.assertGreaterEqual(rank, min(before, STAGES.index("firm")), (day, reminder.name))
                self.assertFalse(any(told.get(item.id) == 3 for item in claimed), "a notice is not claimed again")
                told.update((item.id, max(rank, told.get(item.id, 0))) for item in claimed)
                notices += rank == 3
            open_items = self.env["account.move.line"].browse(told).filtered(lambda item: item.amount_residual > 0)
            for item in luck.sample(open_items.ids, len(open_items) // 30):
                self.pay(self.env["account.move.line"].browse(item).move_id, day=day)
        self.assertGreater(notices, 5)
