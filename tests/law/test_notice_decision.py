from datetime import timedelta

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import freeze_time, new_test_user, tagged

from ..common.base import MONDAY
from ..common.registered import LATER, RegisteredCommon


@freeze_time(LATER)
@tagged("post_install", "-at_install")
class TestDecision(RegisteredCommon):
    """A formal notice received on Wednesday gives eight days; without payment someone decides."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = new_test_user(cls.env, "in_charge", groups="account.group_account_invoice")
        cls.manager = new_test_user(cls.env, "head", groups="account.group_account_manager")
        cls.company.dunning_user_id = cls.person

    def expired(self, name="Petit", run=11):
        """Return the account of a customer whose notice of Wednesday has expired ``run`` days after Monday."""
        letter = self.letter_for(name)
        self.tell(letter, ("handed_in", 0), ("presented", 2), ("delivered", 2))
        self.run_on(self.day(run))
        return letter.reminder_id.account_id

    def activities(self, account):
        return account.sudo().activity_ids.filtered(lambda one: one.summary and "decide" in one.summary)

    # === ASKING === #

    def test_no_decision_before_the_last_day_is_over(self):
        account = self.expired(run=10)
        self.assertFalse(account.decision_ids)
        self.run_on(self.day(11))
        decision = account.decision_ids
        self.assertEqual((decision.state, decision.pay_until, decision.asked_on), ("open", self.day(10), self.day(11)))
        self.assertEqual((decision.amount, decision.amount_open), (1000.0, 1000.0))
        self.assertEqual(account.decision_since, self.day(11))

    def test_it_is_asked_once(self):
        account = self.expired()
        for shift in (11, 12, 40):
            self.run_on(self.day(shift))
        self.assertEqual(len(account.decision_ids), 1)
        own, told = self.activities(account).sorted("id")
        self.assertEqual(own.user_id, self.person)
        self.assertEqual(told.summary, "Nobody has decided what follows the formal notice")
        self.assertNotEqual(told.user_id, self.person, "a manager is told once as well")

    def test_an_account_without_a_plan_is_not_forgotten(self):
        account = self.expired()
        account.plan_id.active = False
        self.run_on(self.day(12))
        self.assertFalse(account.plan_id)
        self.assertFalse(account.decision_ids.escalated_on)
        self.run_on(self.day(18))
        self.assertEqual(account.decision_ids.escalated_on, self.day(18))

    def test_a_later_notice_is_decided_about_anew(self):
        """What was given up after the first notice, and is claimed by another one since, is not forgotten."""
        account = self.expired()
        first, item = account.decision_ids, account.decision_ids.item_ids
        first._decide("given_up", reason="Not worth it")
        first.pause_id.action_end()
        item.date_maturity = self.day(20)
        again = self.env["dunning.reminder"].sudo().create({
            "account_id": account.id, "level_id": self.level_1.id, "date": self.day(40), "state": "ready",
            "line_ids": [Command.create({
                "move_line_id": item.id, "date_maturity": item.date_maturity, "amount_residual": 1000,
                "amount_currency": 1000, "level_id": self.level_1.id,
            })],
        })  # fmt: skip
        again._set_state("sent")
        letter = self.env["dunning.delivery"].sudo().create({
            "reminder_id": again.id, "channel": "registered", "state": "sent", "date_done": self.day(40),
        })  # fmt: skip
        self.tell(letter, ("handed_in", 40), ("delivered", 42))
        self.run_on(self.day(60))
        self.assertEqual((account.decision_ids - first).item_ids, item)
        self.assertEqual(first.state, "given_up")

    def test_nothing_goes_on_by_itself_for_what_is_asked_about(self):
        account = self.expired()
        self.invoice(MONDAY + timedelta(days=8), 300, account.partner_id)
        for shift in range(12, 60, 4):
            self.run_on(self.day(shift))
        held = account.decision_ids.item_ids
        later = self.reminders(account.partner_id)[1:]
        self.assertTrue(later, "the other invoice is reminded")
        self.assertNotIn(held, later.line_ids.move_line_id)
        self.assertIn("hold_decision", account.reason_codes)
        self.assertIn("Formal notice expired", account.reason_text)
        self.assertTrue(account._why(account.reasons).startswith("Formal notice expired"), account.reason_text)

    def test_the_account_says_the_last_day_to_pay_once_the_letter_is_delivered(self):
        """Not only when that day is over; an event that was wrong takes it back."""
        letter = self.letter_for()
        account = letter.reminder_id.account_id
        self.tell(letter, ("handed_in", 0))
        self.run_on(self.day(1))
        self.assertIn("until a date to be set", account.next_step)
        with freeze_time(self.day(2)):
            self.tell(letter, ("delivered", 2))
            self.assertIn("until 03/12/2026", account.next_step)
            self.assertEqual(account.check_date, self.day(11))
            receipt = letter.event_ids.sudo().filtered(lambda event: event.kind == "delivered")
            receipt._strike_out("Another customer's receipt")
            self.assertIn("until a date to be set", account.next_step)

    def test_it_comes_first_in_the_worklist(self):
        other = self.reminder_for("large@petit.example", amount=90000)
        account = self.expired()
        self.assertEqual(self.env["dunning.account"].search([], limit=1), account)
        self.assertNotEqual(account.partner_id, other)

    def test_who_is_archived_meanwhile_is_decided_about_all_the_same(self):
        """The account says that somebody has to decide: there is something to decide about."""
        letter = self.letter_for()
        self.tell(letter, ("handed_in", 0), ("presented", 2), ("delivered", 2))
        letter.partner_id.active = False
        self.run_on(self.day(11))
        account = letter.reminder_id.account_id
        self.assertTrue(account.next_action.startswith("To decide:"))
        self.assertEqual((account.decision_ids.state, account.decision_ids.amount), ("open", 1000))
        self.assertEqual(self.activities(account).user_id, self.person)

    def test_a_letter_that_waits_to_be_posted_is_what_has_to_happen(self):
        letter = self.letter_for()
        account, level = letter.reminder_id.account_id, letter.reminder_id.level_id
        letter.reminder_id.sudo()._set_state("sent")  # its e-mail has left
        self.assertEqual(letter.state, "ready")
        self.assertTrue(
            account.next_action.startswith(f"To do by hand: Registered letter ({level.name})."), account.next_action
        )
        account.action_refresh()
        self.assertNotIn("on its way", account.reason_text)

    def test_a_letter_on_its_way_has_no_deadline_yet(self):
        letter = self.letter_for()
        self.tell(letter, ("handed_in", 0), ("presented", 2))
        self.run_on(self.day(40))
        self.assertFalse(letter.reminder_id.account_id.decision_ids)

    def test_a_letter_of_which_nothing_is_heard_is_a_persons_to_decide_about(self):
        """Else its customer would be forgotten: six weeks are enough for any registered letter."""
        letter = self.letter_for()
        self.tell(letter, ("handed_in", 0), ("presented", 2))
        self.run_on(self.day(60))
        self.assertEqual(letter.reminder_id.account_id.decision_ids.state, "open")

    def test_a_notice_by_email_counts_from_the_day_it_names(self):
        self.level_1.channel_ids = [Command.clear(), Command.create({"channel": "email"})]
        customer = self.reminder_for("mail@petit.example")
        self.prepare()
        with self.smtp():
            self.send()
        account = self.account(customer)
        self.run_on(self.day(8))
        self.assertFalse(account.decision_ids)
        self.run_on(self.day(9))
        self.assertEqual(account.decision_ids.pay_until, self.day(8))
        self.assertFalse(self.env["dunning.decision"]._notices_of_items(account.decision_ids.item_ids.ids))

    def test_what_is_promised_or_contested_is_not_asked_about(self):
        letter = self.letter_for()
        account, item = letter.reminder_id.account_id, self.item(letter)
        self.tell(letter, ("handed_in", 0), ("delivered", 2))
        dispute = self.env["dunning.dispute"].create({
            "account_id": account.id, "reason_id": self.env["dunning.dispute.reason"].search([], limit=1).id,
            "line_ids": [Command.create({"move_line_id": item.id, "whole": True})],
        })  # fmt: skip
        self.run_on(self.day(30))
        self.assertFalse(account.decision_ids)
        dispute.action_withdraw()
        self.run_on(self.day(31))
        self.assertEqual(account.decision_ids.item_ids, item)

    def test_what_is_promised_is_said_to_be_promised(self):
        letter = self.letter_for()
        account, item = letter.reminder_id.account_id, self.item(letter)
        self.tell(letter, ("handed_in", 0), ("delivered", 2))
        self.env["dunning.promise"]._record(account, [(self.day(33), 1000)], item, day=self.day(5), show=False)
        self.run_on(self.day(30))
        self.assertEqual(account.reason_codes, "hold_promise")
        self.assertFalse(account.next_date)

    def test_money_on_its_way_is_not_asked_about(self):
        letter = self.letter_for()
        self.tell(letter, ("handed_in", 0), ("delivered", 2))
        self.unallocated_payment(1000, letter.partner_id)
        self.run_on(self.day(30))
        self.assertFalse(letter.reminder_id.account_id.decision_ids)

    def test_a_notice_that_came_back_is_not_expired(self):
        account = self.expired()
        letter = account.decision_ids.reminder_id.delivery_ids
        letter.sudo().event_ids.filtered(lambda event: event.kind == "delivered")._strike_out("wrong letter")
        self.tell(letter, ("returned", 9))
        self.run_on(self.day(12))
        self.assertEqual(account.decision_ids.state, "void")
        self.assertFalse(account.decision_since)

    # === DECIDING === #

    def test_a_new_delay_holds_and_asks_again(self):
        account = self.expired()
        decision = account.decision_ids.with_user(self.person)
        with self.assertRaisesRegex(UserError, "day to come"):
            decision._decide("delay", until=MONDAY)
        until = self.day(100)
        decision._decide("delay", until=until)
        self.assertFalse(account.decision_since)
        self.assertFalse(self.activities(account))
        self.run_on(until)
        self.assertIn("hold_decision", account.reason_codes)
        self.assertIn("New delay", account.reason_text)
        self.run_on(until + timedelta(days=1))
        self.assertEqual(account.decision_ids.sorted("id").mapped("state"), ["delay", "open"])
        self.assertTrue(self.activities(account))

    def test_a_case_needs_a_manager_and_keeps_the_hold(self):
        account = self.expired()
        with self.assertRaisesRegex(UserError, "manager"):
            account.decision_ids.with_user(self.person)._decide("case")
        account.decision_ids.with_user(self.manager)._decide("case", reason="To the lawyer")
        decision = account.decision_ids
        self.assertEqual((decision.state, decision.decided_by), ("case", self.manager))
        self.assertEqual(decision.reason, "To the lawyer")
        self.run_on(self.day(200))
        self.assertIn("hold_legal", account.reason_codes)
        self.assertEqual(len(account.decision_ids), 1)
        self.assertEqual(len(self.reminders(account.partner_id)), 1)

    def test_giving_up_excludes_with_its_reason(self):
        account = self.expired()
        with self.assertRaisesRegex(UserError, "why"):
            account.decision_ids.with_user(self.manager)._decide("given_up")
        with self.assertRaisesRegex(UserError, "manager"):
            account.decision_ids.with_user(self.person)._decide("given_up", reason="Too small")
        account.decision_ids.with_user(self.manager)._decide("given_up", reason="Too small")
        pause, items = account.decision_ids.pause_id, account.decision_ids.item_ids
        self.assertEqual((pause.kind, pause.reason, pause.line_ids), ("given_up", "Too small", items))
        self.assertEqual(account.decision_ids.item_ids.amount_residual, 1000, "writing off is an entry of its own")
        self.run_on(self.day(200))
        self.assertEqual(len(account.decision_ids), 1)
        account.decision_ids.with_user(self.manager).action_reopen()
        self.assertEqual((account.decision_ids.state, pause.state), ("open", "over"))

    def test_payment_closes_it(self):
        account = self.expired()
        self.pay(account.decision_ids.item_ids.move_id, day=self.day(12))
        self.env.cr.precommit.run()
        self.assertEqual(account.decision_ids.state, "closed")
        self.assertFalse(account.decision_since)
        self.assertFalse(self.activities(account))

    def test_a_part_paid_is_no_payment(self):
        account = self.expired()
        self.pay(account.decision_ids.item_ids.move_id, 400, day=self.day(12))
        self.env.cr.precommit.run()
        self.assertEqual((account.decision_ids.state, account.decision_ids.amount_open), ("open", 600))

    def test_nobody_types_or_deletes_a_decision(self):
        decision = self.expired().decision_ids
        with self.assertRaises(UserError):
            decision.state = "closed"
        with self.assertRaises(UserError):
            decision.unlink()
        with self.assertRaises(UserError):
            decision.copy()

    def test_buttons(self):
        account = self.expired()
        action = account.with_user(self.person).action_new_delay()
        wizard = self.env["dunning.decision.wizard"].with_user(self.person).with_context(**action["context"]).create({
            "until": self.day(120)
        })  # fmt: skip
        wizard.action_decide()
        self.assertEqual((account.decision_ids.state, account.decision_ids.until), ("delay", self.day(120)))
