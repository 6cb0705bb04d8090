from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import freeze_time, new_test_user, tagged

from ..common.base import MONDAY
from ..common.call import PARIS_NUMBER, CallCommon


@tagged("post_install", "-at_install")
class TestCall(CallCommon):
    # === WHO IS CALLED === #

    def test_a_call_waits_for_the_person_in_charge(self):
        call = self.call_for()
        self.assertEqual(self.counts, {"call": {"ready": 1}})
        self.assertEqual((call.state, call.address, call.to_do_on), ("ready", "+33 1 42 68 53 00", MONDAY))
        self.assertTrue(call.reminder_id.waiting)
        activity = self.activities(call)
        self.assertEqual((activity.user_id, activity.date_deadline), (self.karim, MONDAY))
        self.assertEqual(activity.activity_category, "phonecall")
        self.assertEqual(activity.with_user(self.karim).action_open_document()["res_id"], call.id)
        self.assertNotIn(self.karim.partner_id, call.sudo().reminder_id.message_partner_ids)
        self.assertFalse(self.level_done(call))

    def test_nobody_in_charge(self):
        self.company.dunning_user_id = False
        call = self.call_for().sudo()
        self.assertIn("Nobody is in charge", call.reason)
        self.assertFalse(self.activities(call).user_id)

    def test_nobody_to_call(self):
        """No number, no number that exists, a number that costs money: the e-mail leaves, the reason is said."""
        for phone, words in (
            (False, "no phone number"), ("12", "not a phone number"), ("0899 70 01 23", "premium-rate"),
        ):  # fmt: skip
            with self.subTest(phone=phone):
                deliveries = self.call_for(phone, email=f"{len(words)}@petit.example")
                self.assertEqual(deliveries.mapped(lambda one: (one.channel, one.state)),
                                 [("call", "failed"), ("email", "sent")])
                self.assertEqual(deliveries[0].failure, "missing")
                self.assertIn(words, deliveries[0].reason)

    def test_the_first_contact_that_can_be_called(self):
        """The reminder contact comes first; one that has no number is passed over; the country is the contact's."""
        customer = self.reminder_for(phone=PARIS_NUMBER)
        self.env["res.partner"].create([
            {"name": "Silent", "type": "followup", "parent_id": customer.id},
            {"name": "London", "type": "invoice", "parent_id": customer.id, "phone": "020 7946 0958",
             "country_id": self.env.ref("base.uk").id},
        ])  # fmt: skip
        self.prepare()
        self.send_later()
        call = self.reminders(customer).delivery_ids
        self.assertEqual((call.contact_id.name, call.address), ("London", "+44 20 7946 0958"))

    def test_a_call_that_goes_with_an_email_is_what_has_to_happen(self):
        """The e-mail has left and the reminder is sent: the account still says that somebody has to call."""
        self.level_1.channel_ids.filtered("fallback").fallback = False
        call = self.call_for().filtered(lambda delivery: delivery.channel == "call")
        account = call.sudo().reminder_id.account_id
        self.assertEqual((call.state, call.reminder_id.state), ("ready", "sent"))
        self.assertTrue(account.next_action.startswith(f"To do by hand: Call ({self.level_1.name})."))
        call._record_call("will_pay", promise_date=MONDAY + timedelta(days=15))
        self.assertNotIn("To do by hand", account.next_action)

    def test_a_new_number_has_a_failed_call_tried_again(self):
        self.level_1.channel_ids.filtered("fallback").unlink()
        call = self.call_for(False)
        self.assertEqual(call.reminder_id.state, "failed")
        call.partner_id.sudo().phone = PARIS_NUMBER
        self.send_later()
        self.assertEqual(call.reminder_id.delivery_ids.mapped("state"), ["failed", "ready"])

    # === WILL PAY === #

    def test_will_pay(self):
        """The level is done; nothing leaves until the promised day and its grace are over, then the plan goes on."""
        call = self.call_for()
        promised = MONDAY + timedelta(days=15)
        record = call._record_call("will_pay", promise_date=promised)
        self.assertEqual((call.state, call.reminder_id.state), ("sent", "sent"))
        self.assertEqual(self.level_done(call), self.level_1)
        self.assertEqual((record.user_id, record.day, record.number), (self.karim, MONDAY, call.address))
        self.assertFalse(self.activities(call))
        account = call.sudo().reminder_id.account_id
        self.assertIn("hold_promise", account.reason_codes)
        last = promised + timedelta(days=self.plan.promise_grace_days)
        self.assertEqual(account.next_date, last + timedelta(days=1))
        self.run_on(last)
        self.assertEqual(len(self.reminders(call.partner_id)), 1)
        self.run_on(last + timedelta(days=1))
        self.assertEqual(len(self.reminders(call.partner_id)), 2)

    def test_a_promise_ends_what_else_waits(self):
        """The same level also calls after an e-mail: what else is to be done by a person is not needed any more."""
        self.level_1.channel_ids = [
            Command.clear(), Command.create({"channel": "email"}), Command.create({"channel": "call"}),
        ]  # fmt: skip
        call = self.call_for().filtered(lambda one: one.channel == "call")
        self.assertEqual(call.reminder_id.state, "sent")
        call._record_call("will_pay", promise_date=MONDAY + timedelta(days=5))
        self.assertEqual(call.state, "sent")
        self.assertIn("hold_promise", call.sudo().reminder_id.account_id.reason_codes)

    def test_a_promise_is_for_the_coming_month(self):
        call = self.call_for()
        for day, words in ((MONDAY - timedelta(days=1), "is past"), (MONDAY + timedelta(days=31), "too far")):
            with self.assertRaisesRegex(UserError, words):
                call._record_call("will_pay", promise_date=day)
        with self.assertRaisesRegex(UserError, "The amount must be between"):
            call._record_call("will_pay", promise_date=MONDAY, promise_amount=1000.01)
        self.assertEqual(call.state, "ready")
        call._record_call("will_pay", promise_date=MONDAY + timedelta(days=30), promise_amount=1000)
        self.assertEqual(call.state, "sent")

    def test_whether_a_promise_was_kept(self):
        """Kept, kept late, broken, still to come: by what was settled of the items claimed."""
        promised = MONDAY + timedelta(days=5)
        for number, (paid, today, state) in enumerate((
            ([(promised, 1000)], 9, "kept"),
            ([(promised, 600)], 8, "open"),
            ([(promised, 600)], 9, "broken"),
            ([(promised, 600), (promised + timedelta(days=4), 400)], 9, "late"),
        )):
            with self.subTest(paid=paid, today=today):
                call = self.call_for(email=f"{number}@petit.example")
                record = call._record_call("will_pay", promise_date=promised)
                for day, amount in paid:
                    self.pay(call.sudo().reminder_id.line_ids.move_line_id.move_id, amount, day)
                with freeze_time(MONDAY + timedelta(days=today)):
                    call.sudo().reminder_id.account_id.action_refresh()
                    self.env.invalidate_all()
                    self.assertEqual(record.promise_state, state)

    # === CONTESTS === #

    def test_contests(self):
        """What is contested is held until a person says that it is settled; someone has to settle it."""
        call = self.call_for()
        record = call._record_call("contests", dispute_reason="Two boxes were broken", dispute_amount=200)
        self.assertEqual((call.state, self.level_done(call)), ("sent", self.level_1))
        account = call.sudo().reminder_id.account_id
        activity = account.dispute_ids.activity_ids
        self.assertEqual(activity.user_id, self.karim)
        self.assertIn("Two boxes", activity.note)
        self.assertIn("hold_dispute", account.reason_codes)
        later = MONDAY + timedelta(days=60)
        self.run_on(later)
        reminder = self.reminders(call.partner_id)[-1:]
        self.assertEqual(reminder.amount_total, call.sudo().reminder_id.amount_total - 200)
        record.with_user(self.karim).action_close_dispute()
        self.assertEqual((record.dispute_closed_by, record.dispute_closed_at), (self.karim, fields.Datetime.now()))
        self.assertFalse(activity.exists().active)
        self.assertNotIn("hold_dispute", account.reason_codes)

    # === CALL BACK, NO ANSWER === #

    def test_call_back(self):
        """Nothing is done yet: the same call moves to another day, and so does the activity."""
        call = self.call_for()
        day = MONDAY + timedelta(days=4)
        call._record_call("call_back", call_back_date=day)
        self.assertEqual((call.state, call.to_do_on, self.activities(call).date_deadline), ("ready", day, day))
        self.assertFalse(self.level_done(call))
        with self.assertRaisesRegex(UserError, "too far"):
            call._record_call("call_back", call_back_date=MONDAY + timedelta(days=31))

    def test_no_answer(self):
        """Three tries on three working days, then the next channel takes over."""
        call = self.call_for()
        for day, next_day in ((0, 1), (4, 7)):  # from a Friday to the Monday after
            call._record_call("no_answer", MONDAY + timedelta(days=day))
            self.assertEqual((call.state, call.to_do_on), ("ready", MONDAY + timedelta(days=next_day)))
            self.assertEqual(self.activities(call).date_deadline, call.to_do_on)
            self.assertEqual(self.send_later(), [])
        self.assertEqual((call.call_tried, call.call_remark), ("2 of 3", "No answer: 2 of 3"))
        call._record_call("no_answer", MONDAY + timedelta(days=7))
        self.assertEqual((call.state, call.failure, len(call.call_ids)), ("failed", "no_answer", 3))
        self.assertIn("3 calls to +33 1 42 68 53 00", call.reason)
        self.assertFalse(self.activities(call))
        self.assertFalse(self.level_done(call))
        self.assertEqual(len(self.send_later()), 1)
        self.assertEqual(self.level_done(call), self.level_1)

    def test_no_answer_and_no_other_channel(self):
        """The account cannot be reached; another number has it called again."""
        self.level_1.channel_ids.filtered("fallback").unlink()
        self.level_1.call_tries = 1
        call = self.call_for()
        call._record_call("no_answer")
        self.send_later()
        reminder = call.sudo().reminder_id
        self.assertEqual(reminder.state, "failed")
        self.assertIn("Nobody answered", reminder.reason)
        call.partner_id.sudo().phone = "01 42 68 53 99"
        self.assertEqual(reminder.state, "ready")
        self.send_later()
        self.assertEqual(reminder.delivery_ids[-1].address, "+33 1 42 68 53 99")

    # === WRONG NUMBER, REFUSED === #

    def test_wrong_number_and_the_right_one(self):
        """The right number is written on the contact; the call is still to be made, at that number."""
        call = self.call_for()
        call._record_call("no_answer")
        call._record_call("wrong_number", new_number="06 12 34 56 78")
        self.assertEqual((call.state, call.to_do_on, call.address), ("ready", MONDAY, "+33 6 12 34 56 78"))
        self.assertEqual(call.partner_id.phone, "+33 6 12 34 56 78")
        self.assertEqual(call.call_tried, "")  # nobody was tried at this one
        for number, words in (("12", "not a phone"), ("0899 70 01 23", "premium"), ("0612345678", "that is wrong")):
            with self.assertRaisesRegex(UserError, words):
                call._record_call("wrong_number", new_number=number)

    def test_wrong_number_and_nobody_knows_better(self):
        """The next channel takes over; the next level does not call that number either."""
        call = self.call_for()
        call._record_call("wrong_number", new_number=False)
        self.assertEqual((call.state, call.failure), ("failed", "missing"))
        self.assertEqual(len(self.send_later()), 1)
        targets = self.env["dunning.channel"]._targets(call.sudo().reminder_id)
        (recipient,) = self.env["dunning.channel.call"]._recipients(targets).values()
        self.assertIn("a wrong number, said the call", recipient.problem)

    def test_refused(self):
        """The level is done, the person in charge is told, the next level follows its course."""
        call = self.call_for()
        call.sudo().reminder_id.account_id.user_id = other = new_test_user(
            self.env, "chief_of_calls", groups="account.group_account_manager", company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )  # fmt: skip
        self.assertEqual(self.activities(call).user_id, other)
        call._record_call("refused")
        self.assertEqual((call.state, self.level_done(call)), ("sent", self.level_1))
        account = call.sudo().reminder_id.account_id
        self.assertIn("refused to pay on the phone", account.message_ids[0].body)
        self.assertIn(other.partner_id, account.message_ids[0].notified_partner_ids)
        self.assertEqual(account.next_level_id, self.level_2)
        self.assertNotIn("hold", account.reason_codes)

    # === BEFORE THE CALL === #

    def test_paid_before_the_call(self):
        """The user is told, and the call is cancelled with its activity."""
        call = self.call_for()
        self.pay(call.sudo().reminder_id.line_ids.move_line_id.move_id)
        action = call.action_call_no_answer()
        self.assertEqual(action["params"]["message"], "Payment received meanwhile: no call is needed.")
        self.assertEqual((call.state, call.reminder_id.state), ("cancelled", "cancelled"))
        self.assertFalse(call.call_ids)
        self.assertFalse(self.activities(call))
        with self.assertRaisesRegex(UserError, "This call is over"):
            call.action_call_no_answer()

    def test_paid_in_part_before_the_call(self):
        call = self.call_for()
        self.pay(call.sudo().reminder_id.line_ids.move_line_id.move_id, 400)
        call._record_call("refused")
        self.assertEqual((call.state, call.reminder_id.amount_total), ("sent", 600))
