from datetime import datetime, timedelta
from unittest.mock import patch

import requests

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.sms.tools.sms_api import SmsApi

from ..common.sms import MOBILE, NOON, SmsCommon

GATEWAY = "odoo.addons.relance_progressive.relance_progressive.channels.sms.gateway"


@tagged("post_install", "-at_install")
class TestSmsDaytime(SmsCommon):
    def waits_until(self, phone, now):
        """Return when a message to a number leaves that is ready at ``now`` (UTC), empty if at once."""
        self.now = now
        customer = self.late(phone, name=f"At {phone}")
        reminder = self.text_to(customer)
        self.assertEqual(reminder.state, "ready" if reminder.retry_at else "sent", reminder.reason)
        return reminder.retry_at

    def test_paris(self):
        self.assertFalse(self.waits_until(MOBILE, datetime(2026, 3, 2, 7, 0)))

    def test_evening(self):
        """Somebody presses the button at 20:00: it leaves in the morning."""
        self.assertEqual(self.waits_until(MOBILE, datetime(2026, 3, 2, 19, 0)), datetime(2026, 3, 3, 7, 0))
        self.assertFalse(self.gateway.messages)

    def test_sunday(self):
        self.assertEqual(self.waits_until(MOBILE, datetime(2026, 3, 8, 11, 0)), datetime(2026, 3, 9, 7, 0))

    def test_guadeloupe(self):
        """10:00 in Paris is 5:00 over there: from 13:00 on."""
        self.assertEqual(self.waits_until("0690 12 34 56", datetime(2026, 3, 2, 9, 0)), datetime(2026, 3, 2, 12, 0))

    def test_new_york(self):
        self.assertEqual(self.waits_until("+1 212 555 1234", datetime(2026, 3, 2, 9, 0)), datetime(2026, 3, 2, 13, 0))

    def test_russia(self):
        """Eleven hours between the ends of the country: by day at both of them, early in Paris."""
        self.assertEqual(self.waits_until("+79161234567", NOON), datetime(2026, 3, 3, 7, 0))

    def test_leaves_when_the_day_breaks(self):
        self.waits_until("+1 212 555 1234", datetime(2026, 3, 2, 9, 0))
        self.now = datetime(2026, 3, 2, 13, 0)
        self.env["dunning.reminder"].sudo().search([("state", "=", "ready")]).retry_at = self.now - timedelta(days=999)
        self.assertEqual(self.send(), {"sms": {"sent": 1}})

    def test_never_by_day(self):
        """In winter New Zealand sleeps while France works: the fallback goes instead of waiting for ever."""
        self.use("sms", "email")
        reminder = self.text_to(self.late("+64 21 123 4567"))
        self.assertEqual(self.steps(reminder), [("sms", "failed"), ("email", "sent")])
        self.assertIn("never by day", reminder.delivery_ids[0].reason)

    def test_fallback_at_night(self):
        """The e-mail has failed, it is night at the customer's: the SMS waits for the day, and is not given up."""
        self.use("email", "sms")
        self.now = datetime(2026, 3, 2, 9, 0)
        customer = self.late("+1 212 555 1234", email=False)
        reminder = self.text_to(customer)
        self.assertEqual((reminder.state, reminder.retry_at), ("ready", datetime(2026, 3, 2, 13, 0)))
        self.assertEqual(reminder.attempts, 0)
        self.assertFalse(self.gateway.messages)


@tagged("post_install", "-at_install")
class TestSmsOutcomes(SmsCommon):
    def deliver_answer(self, answer, gateway=None):
        """Return the reminder after a gateway's answer, the e-mail being the fallback."""
        self.use("sms", "email")
        self.gateway.answers["+33612345678"] = answer
        customer = self.late()
        self.prepare()
        with self.smtp():
            self.send()
        return self.reminders(customer)

    def test_refusals(self):
        for state, words in (
            ("wrong_number_format", "valid"),
            ("country_not_supported", "country"), ("registration_needed", "register"),
            ("incompatible_content", "text"), ("duplicate_message", "just sent"), ("strange", "strange"),
        ):  # fmt: skip
            with self.subTest(state):
                outcome = self.env["dunning.channel.sms"]._outcome(object(), {"state": state}, {"note": ""})
                self.assertEqual(outcome.state, "refused")
                self.assertIn(words, outcome.reason)

    def test_no_credit_is_the_account_s(self):
        """No message fails, and none leaves over the fallback before a day; the person in charge is told once."""
        self.company.dunning_user_id = self.env.user
        for state, words in (("insufficient_credit", "no credit"), ("unregistered", "not registered")):
            with self.subTest(state), self.env.cr.savepoint() as savepoint:
                reminder = self.deliver_answer({"state": state})
                self.assertEqual((reminder.state, self.steps(reminder)), ("ready", []))
                self.assertIn(words, reminder.reason)
                outage = self.env["dunning.outage"].sudo().search([])
                self.assertEqual(len(outage.activity_ids), 1)
                outage.write({"since": datetime.now() - timedelta(hours=25), "tries": 6})
                reminder.sudo().write({"delayed_since": outage.since, "retry_at": False})
                with self.smtp():
                    self.send()
                self.assertEqual(self.steps(reminder), [("sms", "failed"), ("email", "sent")])
                self.assertEqual(reminder.delivery_ids[0].failure, "unreachable")
                savepoint.rollback()
                self.env.invalidate_all()

    def test_a_gateway_in_doubt_costs_a_few_messages_only(self):
        """The first request is a small one: it shows whether the gateway works."""
        self.use("sms", "email")
        customers = [self.late(f"06 00 00 00 {number:02}", name=f"Number {number}") for number in range(1, 11)]
        self.prepare()
        self.gateway.error, self.gateway.left_before_the_error = TimeoutError("read"), True
        with self.smtp(), mute_logger(GATEWAY):
            self.send()
        states = [self.reminders(customer).state for customer in customers]
        self.assertEqual((states.count("uncertain"), states.count("ready")), (3, 7))

    def test_refusals_are_alone(self):
        self.gateway.answers["+33600000001"] = {"state": "wrong_number_format"}
        bad, good = self.late("06 00 00 00 01", name="Bad"), self.late("06 00 00 00 02", name="Good")
        self.text_to(bad, good)
        self.assertEqual((self.reminders(bad).state, self.reminders(good).state), ("failed", "sent"))

    def test_credit_is_noted(self):
        reminder = self.deliver_answer({"credit": 1.5})
        self.assertIn("1.5 credits", reminder.delivery_ids.reason)

    def test_no_answer_about_one_is_doubt(self):
        reminder = self.deliver_answer(None)
        self.assertEqual((reminder.state, self.steps(reminder)), ("uncertain", [("sms", "uncertain")]))
        self.assertEqual(self.send(), {})

    def test_gateway_out_of_order(self):
        """Odoo's own says so of what it did not take; another may say so of what got no answer."""
        reminder = self.deliver_answer({"state": "server_error"})
        self.assertEqual(reminder.state, "uncertain")
        gateway = SmsApi(self.env)
        outcome = self.env["dunning.channel.sms"]._outcome(gateway, {"state": "server_error"}, {"note": ""})
        self.assertEqual(outcome.state, "delayed")

    def error(self, error, left=True):
        self.gateway.error, self.gateway.left_before_the_error = error, left
        with mute_logger(GATEWAY):
            return self.text_to(self.late())

    def test_connection_refused(self):
        """Nothing can have left: tried again later."""
        words = "An error occurred while reaching the service"
        try:  # as Odoo's own gateway wraps it
            try:
                raise requests.exceptions.ConnectTimeout("refused")
            except requests.exceptions.RequestException:
                raise AccessError(words)  # noqa: B904
        except AccessError as wrapped:
            error = wrapped
        reminder = self.error(error, left=False)
        self.assertEqual((reminder.state, reminder.attempts, self.counts), ("ready", 0, {"sms": {"delayed": 1}}))
        self.gateway.error, reminder.sudo().retry_at = None, False
        self.assertEqual(self.send(), {"sms": {"sent": 1}})

    def test_connection_refused_for_real(self):
        """A closed port, through the library that gateways use."""
        try:
            requests.post("http://127.0.0.1:1/", timeout=2)
        except requests.exceptions.RequestException as error:
            self.assertEqual(self.env["dunning.channel.sms"]._outcome_of_error(error).state, "delayed")
        else:
            self.fail("port 1 answers")

    def test_silence_after_the_request(self):
        reminder = self.error(requests.exceptions.ReadTimeout("no answer"))
        self.assertEqual((reminder.state, self.counts), ("uncertain", {"sms": {"uncertain": 1}}))

    def test_missing_settings(self):
        reminder = self.error(UserError("Set up the account first."), left=False)
        self.assertEqual(self.counts, {"sms": {"delayed": 1}})
        self.assertIn("Set up the account", reminder.reason)

    def test_journal_is_written_before_anything_leaves(self):
        journal = self.env["dunning.journal"].sudo()
        seen = []

        def answer(company, messages):
            seen.extend(journal.search([]).mapped("state"))
            raise requests.exceptions.ReadTimeout("killed")

        self.late()
        self.late("06 98 76 54 32", name="Other")
        self.prepare()
        with patch.object(self.gateway, "answer", answer), mute_logger(GATEWAY):
            self.send()
        self.assertEqual(seen, ["begun", "begun"])

    def test_a_request_is_recorded_whole(self):
        """A slow gateway: what left in one request is recorded with it, not tried again."""
        for number in range(3):
            self.late(f"06 00 00 00 0{number}", name=f"Customer {number}")
        self.prepare()
        path = "odoo.addons.relance_progressive.relance_progressive.engine.delivery.hand_over.SECONDS"
        with patch(path, -1):
            self.assertEqual(self.send(), {"sms": {"sent": 3}})
        self.assertEqual(len(self.gateway.messages), 3)


@tagged("post_install", "-at_install")
class TestSmsReports(SmsCommon, HttpCase):
    """Delivery reports, through Odoo's own door for them."""

    def sent(self, *codes):
        self.use("sms", *codes)
        return self.text_to(self.late())

    def report(self, uuid, status):
        self.env.flush_all()
        answer = self.make_jsonrpc_request(
            "/sms/status", {"message_statuses": [{"sms_status": status, "uuids": [uuid]}]}
        )
        self.assertEqual(answer, "OK")
        self.env.invalidate_all()

    def test_delivered(self):
        reminder = self.sent()
        delivery = reminder.delivery_ids
        self.report(delivery.reference, "delivered")
        self.assertEqual((delivery.state, reminder.state), ("delivered", "sent"))
        self.assertTrue(delivery.news_at)
        self.assertEqual(reminder.message_id.notification_ids.notification_status, "sent")

    def test_not_delivered_calls_the_fallback(self):
        reminder = self.sent("email")
        item = reminder.line_ids.move_line_id
        self.assertEqual(item.dunning_level_id, self.level_1)
        self.report(reminder.delivery_ids.reference, "invalid_destination")
        self.assertEqual((reminder.state, reminder.delivery_ids.state), ("ready", "bounced"))
        self.assertIn("not in service", reminder.delivery_ids.reason)
        self.assertFalse(item.dunning_level_id)
        self.assertEqual(reminder.message_id.notification_ids.notification_status, "bounce")
        with self.smtp():
            self.assertEqual(self.send(), {"email": {"sent": 1}})
        self.assertEqual((reminder.state, item.dunning_level_id), ("sent", self.level_1))

    def test_dead_number_is_not_tried_again(self):
        """Until somebody mends or insists; a phone that was off gets its next message."""
        reminder = self.sent()
        self.report(reminder.delivery_ids.reference, "invalid_destination")
        missing = self.env["dunning.channel.sms"]._missing(reminder)
        self.assertIn("could not be delivered", missing[reminder.id])
        reminder.action_retry()
        self.assertEqual(self.send(), {"sms": {"sent": 1}})

    def test_phone_that_was_off(self):
        reminder = self.sent()
        self.report(reminder.delivery_ids.reference, "expired")
        self.assertEqual((reminder.delivery_ids.state, reminder.delivery_ids.failure), ("bounced", "unreachable"))
        self.assertFalse(self.env["dunning.channel.sms"]._missing(reminder))

    def test_report_ends_the_doubt(self):
        self.gateway.answers["+33612345678"] = None
        reminder = self.sent()
        self.assertEqual(reminder.state, "uncertain")
        self.report(reminder.delivery_ids.reference, "delivered")
        self.assertEqual((reminder.state, reminder.delivery_ids.state), ("sent", "delivered"))
        self.assertEqual(reminder.line_ids.move_line_id.dunning_level_id, self.level_1)

    def test_report_before_the_record(self):
        """A phone answers faster than a batch is recorded: the report waits for its delivery."""
        reminder = self.sent()
        delivery = reminder.delivery_ids
        tracker = self.env["sms.tracker"].sudo().search([("sms_uuid", "=", delivery.reference)])
        tracker.sms_uuid = "0" * 32
        self.report("0" * 32, "delivered")
        self.assertTrue(tracker.dunning_news)
        self.assertEqual(delivery.state, "sent")
        tracker.sms_uuid = delivery.reference
        self.env["sms.tracker"].sudo()._cron_dunning_news()
        self.assertEqual((delivery.state, tracker.dunning_news), ("delivered", False))

    def test_late_report_of_a_delivered_message_changes_nothing(self):
        reminder = self.sent()
        self.report(reminder.delivery_ids.reference, "delivered")
        self.report(reminder.delivery_ids.reference, "not_delivered")
        self.assertEqual(reminder.delivery_ids.state, "delivered")

    def test_messages_of_others(self):
        """A tracker of another application is none of ours."""
        self.env["sms.tracker"].sudo().create({"sms_uuid": "1" * 32})
        self.report("1" * 32, "delivered")
        self.assertFalse(self.env["sms.tracker"].sudo().search([("sms_uuid", "=", "1" * 32)]).dunning_news)
