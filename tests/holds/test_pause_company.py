from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from ..common.base import MONDAY
from ..common.deliver import DeliverCommon
from ..common.pause import PauseCommon
from ..common.security import SecurityCommon


@tagged("post_install", "-at_install")
class TestCompanyPause(DeliverCommon):
    def setUp(self):
        super().setUp()
        self.startPatcher(freeze_time(MONDAY))

    def pause_all(self, until=10):
        return self.env["dunning.pause"].create({
            "scope": "company", "company_id": self.company.id, "reason": "New accounting software", "kind": "check",
            "until": until and self.day(until),
        })  # fmt: skip

    def test_the_run_prepares_nothing_and_says_why(self):
        customer = self.reminder_for()
        pause = self.pause_all()
        report = self.engine.run(date=MONDAY, company=self.company)
        self.assertEqual((report["reminders"], report["reasons"]["hold_pause"]), (0, 1))
        self.assertEqual(report["paused"], {self.company.id: pause.sentence})
        self.assertFalse(self.reminders(customer))
        self.assertIn("New accounting software", self.account(customer).reason_text)
        self.assertIn("New accounting software", self.company.dunning_pause_text)

    def test_the_delivery_hands_nothing_over_and_loses_nothing(self):
        customer = self.reminder_for()
        self.prepare()
        self.pause_all()
        with self.smtp() as smtp:
            self.assertEqual(self.send(), {"email": {"waiting": 1}})
            self.assertFalse(smtp.messages)
            self.assertEqual(self.reminders(customer).state, "ready")
            words = self.reminders(customer).action_send_ready()["params"]["message"]
            self.assertIn("New accounting software", words)
            self.engine.deliver(date=self.day(11), company=self.company)
        self.assertEqual(len(smtp.messages), 1, "it leaves after the pause")

    def test_what_is_paid_during_the_pause_is_cancelled(self):
        customer = self.reminder_for()
        self.prepare()
        self.pause_all()
        self.pay(self.reminders(customer).line_ids.move_id)
        with self.smtp():
            self.send()
        self.assertEqual(self.reminders(customer).state, "cancelled")

    def test_ending_it_lets_everything_go_on(self):
        customer = self.reminder_for()
        pause = self.pause_all(until=None)
        self.prepare()
        self.assertFalse(self.reminders(customer))
        pause.action_end()
        self.assertFalse(self.company.dunning_pause_text)
        self.prepare()
        self.assertEqual(self.reminders(customer).state, "ready")

    def test_another_company_goes_on(self):
        other = self.setup_other_company(name="Other")["company"]
        self.pause_all()
        self.assertFalse(other.dunning_pause_id)
        self.assertFalse(self.env["dunning.account"]._holds(other, self.customer.ids, MONDAY))


@tagged("post_install", "-at_install")
class TestNotToLose(PauseCommon):
    """A customer not to lose: friendly messages leave by themselves, firmer ones are read first."""

    def protect(self, stage="friendly"):
        self.account().write({"protected": True, "protected_stage": stage})

    def replay(self, days):
        """Live some weeks; every reminder that is ready leaves, drafts are approved by a person."""
        history = []
        for delay in range(days):
            self.run_on(self.day(delay))
            reminder = self.account().open_reminder_id
            if reminder:
                history.append((reminder.level_id, reminder.state))
                if reminder.state == "draft":
                    reminder.action_approve()
                reminder._set_state("sent")
        return history

    def test_above_the_cap_a_person_is_asked_and_nothing_is_silenced(self):
        self.invoice(self.day(-1), 1000)
        self.protect()
        self.assertEqual(self.replay(40), [
            (self.level_1, "ready"), (self.level_2, "draft"), (self.level_3, "draft"), (self.notice, "draft"),
        ])  # fmt: skip

    def test_another_cap(self):
        self.invoice(self.day(-1), 1000)
        self.protect("firm")
        states = dict(self.replay(40))
        self.assertEqual(states[self.level_3], "ready")
        self.assertEqual(states[self.notice], "draft")

    def test_what_is_ready_and_too_firm_waits_from_the_mark_on(self):
        self.invoice(self.day(-12), 1000)
        self.level_1.delay_days = self.pre_due.delay_days
        self.pre_due.active = self.level_1.active = False
        self.run_on(MONDAY)
        self.assertEqual((self.reminders().level_id, self.reminders().state), (self.level_2, "ready"))
        self.protect()
        self.assertEqual((self.reminders().state, self.reminders().draft_reason), ("draft", "approval"))
        self.reminders().action_approve()
        self.engine.deliver(date=MONDAY, company=self.company)
        self.assertNotEqual(self.reminders().state, "draft", "approved is approved")

    def test_the_first_run_does_not_release_it(self):
        self.invoice(self.day(-12), 1000)
        self.pre_due.active = self.level_1.active = False
        self.protect()
        self.company.dunning_started = False
        self.company.dunning_brake = 0
        self.engine.run(date=MONDAY, company=self.company)
        self.assertEqual(self.reminders().draft_reason, "first_run")
        self.reminders().action_release_first_run()
        self.assertEqual((self.reminders().state, self.reminders().draft_reason), ("draft", "approval"))

    def test_the_preview_says_so(self):
        self.invoice(self.day(-12), 1000)
        self.pre_due.active = self.level_1.active = False
        self.protect()
        (row,) = self.engine.preview(date=MONDAY, partners=self.customer, company=self.company)
        self.assertTrue(row["send"] and row["approval"])

    def test_a_user_may_be_more_careful_only_a_manager_less(self):
        user = new_test_user(
            self.env, "clerk", groups="account.group_account_invoice",
            company_id=self.company.id, company_ids=self.company.ids,
        )  # fmt: skip
        account = self.account().with_user(user)
        account.write({"protected": True, "protected_stage": "firm"})
        account.protected_stage = "friendly"
        for less in ({"protected": False}, {"protected_stage": "firm"}):
            with self.assertRaisesRegex(UserError, "Only a manager"):
                account.write(less)
        self.account().write({"protected": False})


@tagged("post_install", "-at_install")
class TestPauseRights(SecurityCommon):
    def new(self, person, **values):
        account = self.mine["dunning.account"]
        values = {"account_id": account.id, "reason": "Because", **values}
        return self.as_(person, self.env["dunning.pause"]).create(values)

    def in_days(self, days):
        return self.company._dunning_today() + timedelta(days=days)

    def test_a_user_pauses_for_ninety_days_a_manager_without_end(self):
        self.new(self.user, until=self.in_days(90))
        for until in (False, self.in_days(91)):
            with self.assertRaisesRegex(UserError, "manager"):
                self.new(self.user, until=until)
            self.new(self.manager, until=until)

    def test_nor_by_lengthening_it(self):
        pause = self.new(self.user, until=self.in_days(30))
        pause.until = self.in_days(60)
        for until in (False, self.in_days(200)):
            with self.assertRaisesRegex(UserError, "manager"):
                pause.until = until

    def test_what_only_a_manager_sets_only_a_manager_lifts(self):
        """An exclusion without end or a pause of everything, lifted by mistake, would remind whom nobody wants to."""
        exclusion = self.new(self.manager, until=False)
        everything = self.new(self.manager, scope="company", until=self.in_days(9))
        for attempt in (
            lambda: self.as_(self.user, exclusion).action_end(),
            lambda: self.as_(self.user, exclusion).write({"until": self.in_days(1)}),
            lambda: self.as_(self.user, everything).action_end(),
            lambda: self.as_(self.user, everything).write({"until": self.in_days(1)}),
            lambda: self.new(self.user, scope="company", until=self.in_days(9)),
        ):  # fmt: skip
            with self.assertRaisesRegex(UserError, "manager"):
                attempt()
        (exclusion | everything).action_end()
        self.assertEqual(set((exclusion | everything).mapped("state")), {"over"})

    def test_a_manager_pauses_everything_without_the_settings(self):
        """Only administrators open the settings: the list of pauses has a button for managers."""
        pauses = self.as_(self.manager, self.env["dunning.pause"])
        context = pauses.action_pause_company()["context"]
        pause = pauses.with_context(**context).create({"reason": "Books being checked", "until": self.in_days(3)})
        self.assertEqual((pause.scope, pause.company_id), ("company", self.company))
        self.assertTrue(self.company.dunning_pause_text)

    def test_nor_by_a_beginning_that_is_far_away(self):
        with self.assertRaisesRegex(UserError, "manager"):
            self.new(self.user, date_from=self.in_days(300), until=self.in_days(350))

    def test_nobody_types_the_history(self):
        pause = self.new(self.user, until=self.in_days(3))
        for values in (
            {"ended_on": self.in_days(0)}, {"line_ids": False}, {"scope": "company"}, {"in_odoo": True},
            {"account_id": False}, {"company_id": self.other.id}, {"date_from": self.in_days(-9)},
        ):  # fmt: skip
            with self.subTest(values), self.assertRaises(UserError):
                pause.write(values)
        with self.assertRaises(UserError):
            self.new(self.user, until=self.in_days(3), ended_on=self.in_days(0))
        pause.action_end()
        with self.assertRaisesRegex(UserError, "over"):
            pause.reason = "Another one"
        for person in (self.user, self.manager):
            self.assertNotIn("unlink", self.allowed(person, "dunning.pause"))

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_another_company_stays_closed(self):
        theirs = self.env["dunning.pause"].create({
            "account_id": self.theirs["dunning.account"].id, "reason": "Theirs", "until": self.in_days(5),
        })  # fmt: skip
        mine = self.new(self.user, until=self.in_days(5))
        for person in (self.user, self.manager):
            found = self.as_(person, self.env["dunning.pause"]).search([])
            self.assertIn(mine, found)
            self.assertNotIn(theirs, found)
            for attempt in (
                lambda pause: pause.read(["reason"]), lambda pause: pause.action_end(),
                lambda pause: pause.write({"reason": "Mine"}),
            ):  # fmt: skip
                with self.assertRaises(AccessError):
                    attempt(self.as_(person, theirs))
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                self.new(person, account_id=theirs.account_id.id, until=self.in_days(5))
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                self.as_(person, self.env["dunning.pause"]).create({
                    "scope": "company", "company_id": self.other.id, "reason": "Stop", "until": self.in_days(5),
                })  # fmt: skip

    def test_items_of_another_customer_are_refused(self):
        stranger = self.item(self.invoice("2026-01-31", customer=self.make_customer("Stranger")))
        for lines in (stranger, stranger.move_id.line_ids - stranger):
            with self.assertRaisesRegex(ValidationError, "is not owed by"):
                self.new(self.user, scope="items", line_ids=lines.ids, until=self.in_days(5))

    def test_outsiders_see_nothing(self):
        for outsider in (self.employee, self.portal):
            self.assertEqual(self.allowed(outsider, "dunning.pause"), set())
        self.assertEqual(self.allowed(self.auditor, "dunning.pause"), {"read"})
