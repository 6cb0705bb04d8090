from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError
from odoo.modules.migration import load_script
from odoo.tests import freeze_time, new_test_user, tagged

from odoo.addons.relance_progressive.relance_progressive.channels.dunning_channel import Outcome

from ..common.deliver import DeliverCommon
from ..common.migration import SCRIPT
from ..common.promise import PromiseCommon

# A plan of 900 in three payments, on days 7, 14 and 21; three days of grace. The second one is missed.
MISSED = 18  # a Friday
UNTIL = MISSED + 8


class WarningCommon(PromiseCommon, DeliverCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.write({"dunning_status": "consumer", "email": "jeanne@client.example", "lang": "en_US"})
        cls.company.dunning_user_id = cls.clerk
        cls.company.partner_id.bank_ids = [Command.create({"acc_number": "FR7630006000011234567890189"})]

    def plan_in_default(self):
        """Return a plan of which the first date was kept; nothing came for the second one."""
        self.due = self.invoice(self.day(-4), 900)
        plan = self.promise((300, 7), (300, 14), (300, 21), invoices=self.due, accelerates=True)
        self.pay_on(7, self.due, 300)
        for delay in range(8, MISSED):
            self.run_on(self.day(delay))
        return plan

    def night_and_day(self, *delays):
        """Run the nights and deliver on the days, counted from MONDAY."""
        for delay in delays:
            self.run_on(self.day(delay))
            with freeze_time(f"{self.day(delay)} 10:00:00"):
                self.engine.deliver(date=self.day(delay))
            self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestPlanWarning(WarningCommon):
    """A consumer's plan ends only after a warning in writing of eight days (Cass. 1re civ., 22/03/2023, 21-16.044)."""

    def test_a_missed_date_is_warned_of_and_the_plan_runs_on(self):
        plan = self.plan_in_default()
        self.assertFalse(plan.warning_ids)
        self.night_and_day(MISSED)
        warning = plan.warning_ids
        self.assertEqual((warning.state, warning.sent_on, warning.amount), ("sent", self.day(MISSED), 300))
        self.assertEqual((warning.pay_until, warning.amount_left), (self.day(UNTIL), 600))
        self.assertEqual(warning.address, "jeanne@client.example")
        for words in ("300.00", "March 16, 2026", "March 28, 2026", "600.00"):
            self.assertIn(words, warning.words)
        for law in ("article", "Cass", "L. "):
            self.assertNotIn(law, warning.words)
        for how_to_pay in ("FR76 3000 6000 0112 3456 7890 189", plan.name):
            self.assertIn(how_to_pay, warning.words)
        proof = plan.message_ids.filtered(lambda message: message.message_type == "email_outgoing")
        self.assertEqual(proof.message_id, warning.message_ref)
        told = self.env["mail.message"].sudo().search([("partner_ids", "in", self.clerk.partner_id.ids)], order="id")
        self.assertIn("was warned about a payment plan", told[-1:].subject)
        self.assertEqual((plan.state, plan.amount_missing), ("open", 0))

    def test_nothing_is_reminded_in_the_eight_days_then_all_of_it(self):
        plan = self.plan_in_default()
        self.night_and_day(*range(MISSED, UNTIL + 1))
        self.assertEqual((plan.state, len(self.reminders())), ("open", 0))
        self.assertEqual(len(plan.warning_ids), 2, "the third date was missed on day 25")
        self.night_and_day(UNTIL + 1)
        self.assertEqual((plan.state, plan.broken_on, plan.amount_missing), ("broken", self.day(UNTIL + 1), 600))
        self.assertIn("acceleration clause", self.account().activity_ids.note)
        self.night_and_day(UNTIL + 2)
        self.assertEqual(self.claimed(), {self.due: 600})

    def test_a_payment_on_the_last_day_heals_it(self):
        plan = self.plan_in_default()
        self.night_and_day(*range(MISSED, 22))
        self.pay_on(22, self.due, 300)
        self.night_and_day(*range(22, UNTIL + 3))
        self.assertEqual((plan.state, plan.line_ids.mapped("state")), ("open", ["kept", "kept", "open"]))
        self.assertEqual(plan.warning_ids.mapped("missed_on"), [self.day(25), self.day(MISSED)])
        self.assertFalse(self.reminders())

    def assertWarned(self, status, warned):
        self.customer.dunning_status = status
        plan = self.plan_in_default()
        self.night_and_day(MISSED)
        self.assertEqual((bool(plan.warning_ids), plan.state), (warned, "open" if warned else "broken"))

    def test_who_has_no_status_is_warned_too(self):
        self.assertWarned(False, True)

    def test_an_association_is_warned_too(self):
        self.assertWarned("non_professional", True)

    def test_a_professional_is_not(self):
        self.assertWarned("professional", False)

    def test_a_public_body_is_not(self):
        self.assertWarned("public", False)

    def test_money_that_comes_before_it_leaves_makes_it_needless(self):
        plan = self.plan_in_default()
        self.run_on(self.day(MISSED))
        self.assertEqual(plan.warning_ids.state, "to_send")
        self.pay_on(MISSED, self.due, 300)
        self.night_and_day(MISSED + 3)
        self.assertEqual((plan.warning_ids.state, plan.state), ("dropped", "open"))
        self.assertFalse(plan.warning_ids.words)

    def test_without_an_address_a_person_warns_by_letter(self):
        """Until somebody has, the plan does not end: what was missed is reminded, the third date is not."""
        plan = self.plan_in_default()
        self.customer.email = False
        self.night_and_day(MISSED)
        warning = plan.warning_ids
        self.assertEqual((warning.state, warning.reason), ("failed", "The customer has no e-mail address."))
        self.assertIn("Warn in writing", self.account().activity_ids.summary)
        self.assertEqual(self.account().activity_ids.user_id, self.clerk)
        self.night_and_day(*range(MISSED + 1, UNTIL + 1))
        self.assertFalse(self.reminders())
        self.night_and_day(*range(UNTIL + 1, UNTIL + 4))
        self.assertEqual(plan.state, "open")
        self.assertEqual(self.claimed(), {self.due: 300})
        with freeze_time(self.day(UNTIL + 4)):
            warning.with_user(self.clerk).action_left_on_paper()
        self.assertEqual((warning.state, warning.channel), ("sent", "letter"))
        self.assertEqual(warning.pay_until, self.day(UNTIL + 12))
        self.night_and_day(UNTIL + 12)
        self.assertEqual(plan.state, "open")
        self.night_and_day(UNTIL + 13)
        self.assertEqual((plan.state, plan.broken_on), ("broken", self.day(UNTIL + 13)))

    def test_a_server_that_cannot_be_reached_gives_the_customer_more_time(self):
        plan = self.plan_in_default()
        channel = type(self.env["dunning.channel.email"])
        with patch.object(channel, "_hand_over_one", return_value=Outcome("delayed", "no answer")):
            self.night_and_day(*range(MISSED, MISSED + 12))
        self.assertEqual((plan.warning_ids[-1:].state, plan.state), ("to_send", "open"))
        self.night_and_day(MISSED + 13)
        self.assertEqual(plan.warning_ids[-1:].pay_until, self.day(MISSED + 21))
        self.night_and_day(MISSED + 21)
        self.assertEqual(plan.state, "open")
        self.night_and_day(MISSED + 22)
        self.assertEqual(plan.state, "broken")

    def test_as_long_as_the_mail_server_is_out_of_order_it_is_not_tried(self):
        plan, channel = self.plan_in_default(), type(self.env["dunning.channel.email"])
        with freeze_time(f"{self.day(MISSED)} 09:58:00"):  # for five minutes
            self.env["dunning.outage"]._does_not_work(self.company, f"email/{self.server.id}", "Mail", "Out of order")
        with patch.object(channel, "_hand_over_one", return_value=Outcome("uncertain", "lost")):
            self.night_and_day(MISSED)
        self.assertEqual(plan.warning_ids.state, "to_send")
        self.night_and_day(MISSED + 3)
        self.assertEqual(plan.warning_ids.state, "sent")

    def test_in_doubt_it_proves_nothing(self):
        plan = self.plan_in_default()
        channel = type(self.env["dunning.channel.email"])
        with patch.object(channel, "_hand_over_one", return_value=Outcome("uncertain", "lost")):
            self.night_and_day(MISSED)
        self.assertEqual((plan.warning_ids.state, plan.warning_ids.sent_on), ("failed", False))
        self.night_and_day(MISSED + 3)
        self.assertEqual(plan.warning_ids.state, "failed", "never twice without a person's word")
        with freeze_time(self.day(MISSED + 3)):
            plan.warning_ids.with_user(self.clerk).action_send_again()
        self.night_and_day(MISSED + 4)
        self.assertEqual((plan.warning_ids.state, plan.warning_ids.sent_on), ("sent", self.day(MISSED + 4)))

    def test_one_that_was_interrupted_is_told(self):
        """The worker died between the two commits: the plan does not end, and a person is asked to warn."""
        plan = self.plan_in_default()
        self.run_on(self.day(MISSED))
        warning = plan.warning_ids.sudo()
        warning._set_state("failed", reason="lost <soon>")
        self.night_and_day(MISSED)
        self.assertFalse(warning.told, "it may still be leaving")
        self.env.flush_all()
        self.env.cr.execute("UPDATE dunning_promise_warning SET write_date = '2020-01-01' WHERE id = %s", [warning.id])
        self.env.invalidate_all()
        self.night_and_day(MISSED + 3, MISSED + 4)
        self.assertEqual((warning.state, warning.told), ("failed", True))
        activity = self.account().activity_ids
        self.assertIn("Warn in writing", activity.summary)
        self.assertIn("lost &lt;soon&gt;", activity.note)

    def test_one_that_comes_back_ends_nothing(self):
        plan = self.plan_in_default()
        self.night_and_day(MISSED)
        plan._message_receive_bounce("jeanne@client.example", self.customer)
        self.assertEqual((plan.warning_ids.state, plan.warning_ids.sent_on), ("failed", False))
        self.assertIn("came back", self.account().activity_ids.note)

    def test_it_leaves_on_a_working_day(self):
        """Nothing leaves on a Saturday: the eight days begin on Monday, and the preview has said so."""
        self.plan.promise_grace_days = 4
        plan = self.plan_in_default()
        said = {
            delay: self.engine.preview(self.day(delay), self.customer)[0]["send"]
            for delay in range(MISSED, MISSED + 14)
        }  # fmt: skip
        first = min(delay for delay, send in said.items() if send)
        self.night_and_day(*range(MISSED, first))
        self.assertEqual(plan.warning_ids[-1:].sent_on, self.day(21))
        self.assertFalse(self.reminders())
        self.night_and_day(first)
        self.assertEqual((plan.state, plan.broken_on), ("broken", self.day(30)))
        self.assertEqual(self.claimed(), {self.due: 600})

    def test_a_night_done_again_changes_nothing(self):
        plan = self.plan_in_default()
        self.night_and_day(MISSED, MISSED, MISSED)
        self.assertEqual(len(plan.warning_ids), 1)
        self.assertEqual(plan.warning_ids.sent_on, self.day(MISSED))

    def test_who_may_not_change_the_account_changes_no_warning(self):
        plan = self.plan_in_default()
        self.customer.email = False
        self.night_and_day(MISSED)
        reader = new_test_user(
            self.env, "warning_reader", groups="account.group_account_readonly", company_id=self.company.id,
            company_ids=self.company.ids,
        )  # fmt: skip
        with self.assertRaises(AccessError):
            plan.warning_ids.with_user(reader).action_left_on_paper()
        with self.assertRaises(AccessError):
            plan.warning_ids.with_user(self.clerk).write({"sent_on": MISSED})

    def test_a_plan_that_ended_before_stays_ended(self):
        self.customer.dunning_status = "professional"
        plan = self.plan_in_default()
        self.night_and_day(MISSED)
        self.customer.dunning_status = "consumer"  # nobody looked at it in an earlier version
        script = SCRIPT.parent.parent / "19.0.1.2.0/post-plan-warnings.py"
        self.env.flush_all()
        load_script(str(script), "warnings_test").migrate(self.env.cr, "19.0.1.1.0")
        self.env.invalidate_all()
        self.night_and_day(MISSED + 3)
        self.assertEqual((plan.state, plan.broken_on), ("broken", self.day(MISSED)))
        self.assertEqual(plan.warning_ids.channel, "earlier")
