from datetime import datetime

from psycopg2.errors import CheckViolation

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common.mail_server import QUIET, MailServerCommon


@tagged("post_install", "-at_install")
class TestMailServerLimit(MailServerCommon):
    """A server that takes some messages an hour and answers 4xx to the rest."""

    def test_forty_reminders_ten_an_hour(self):
        """All leave within four hours; none fails, none goes by post; one word to the person in charge."""
        customers, tellings = self.customers(*["client"] * 40), set()
        with self.smtp() as smtp:
            for minute in range(0, 241, 5):
                if minute % 60 == 0:
                    smtp.quota = 10
                counts = self.send().get("email", {})
                self.assertFalse(counts.get("failed"))
                tellings |= set(self.told().ids)
                self.pass_time(minutes=5)
            self.assertEqual(self.states(customers), ["sent"] * 40)
        self.assertEqual(self.channels_used(customers), [["email"]] * 40)
        self.assertEqual(len(smtp.messages), 40)
        self.assertEqual(len(tellings), 1)
        self.assertFalse(self.told() or self.outage(), "it works again")

    def test_the_batch_stops_after_a_few(self):
        self.customers(*["client"] * 12)
        with self.smtp() as smtp:
            smtp.quota = 4
            self.assertEqual(self.send(), {"email": {"sent": 4, "delayed": 8}})
            self.assertEqual(smtp.sessions, 1)
            waiting = self.env["dunning.reminder"].search([("state", "=", "ready")])
            self.assertEqual(set(waiting.mapped("attempts")), {0}, "it is not theirs")
            self.assertIn("Hourly sending limit", waiting[0].reason)
            self.assertIn("Test", waiting[0].reason, "which server")
        self.assertEqual((self.outage().tries, self.told().summary), (1, "Test takes no reminders now"))

    def test_it_waits_longer_each_time_and_asks_once(self):
        self.customers(*["client"] * 12)
        waits = []
        with self.smtp() as smtp:
            smtp.quota = 0
            for _time in range(8):
                smtp.messages.clear()
                self.send()
                waits.append(round((self.outage().until - datetime.now()).total_seconds() / 60))
                self.assertEqual(self.send(), {}, "before the time nobody asks")
                self.pass_time(minutes=waits[-1] + 1)
        self.assertEqual(waits, [5, 10, 15, 20, 30, 60, 60, 60])
        self.assertEqual(len(self.told()), 1)

    def test_a_new_reminder_waits_too(self):
        self.customers(*["client"] * 5)
        with self.smtp() as smtp:
            smtp.quota = 0
            self.send()
            sessions = smtp.sessions
            self.customers("new")
            self.assertEqual(self.send(), {"email": {"delayed": 1}})
            self.assertEqual(smtp.sessions, sessions)

    def test_closing_and_full_say_it_at_once(self):
        """421 at any step, no room, the sender not yet: nobody else is tried."""
        for step, answer in (
            ("hello", "421 4.7.0 Too many connections"), ("mail", "450 4.7.1 Too many messages"),
            ("mail", "452 4.3.1 Insufficient system storage"), ("rcpt", "421 4.3.2 Closing"),
            ("text", "452 4.3.1 Out of memory"), ("text", "421 Closing"),
        ):  # fmt: skip
            with self.subTest(step=step, answer=answer), self.env.cr.savepoint() as savepoint, QUIET:
                customers = self.customers(*["client"] * 5)
                with self.smtp() as smtp:
                    smtp.says[step] = answer
                    self.assertEqual(self.send(), {"email": {"delayed": 5}})
                self.assertEqual(smtp.sessions, 1)
                self.assertEqual((self.states(customers), len(self.told())), (["ready"] * 5, 1))
                savepoint.rollback()
                self.env.invalidate_all()

    def test_some_messages_a_session(self):
        """A server that closes each session after some messages takes the next one in a new session."""
        self.customers(*["client"] * 7)
        with self.smtp() as smtp:
            smtp.per_session = 3
            self.assertEqual(self.send(), {"email": {"sent": 7}})
        self.assertEqual(smtp.sessions, 3)
        self.assertFalse(self.outage())

    # === ONE RECIPIENT === #

    def test_one_address_waits_the_others_go_on(self):
        """The same words about one address, while others pass, are about that address."""
        customers = self.customers("client", "busy", "client", "busy", "client", "client")
        with self.smtp():
            self.assertEqual(self.send(), {"email": {"sent": 4, "delayed": 2}})
        self.assertFalse(self.outage())
        self.assertEqual([self.reminders(customers[n]).attempts for n in (0, 1, 3)], [0, 1, 1])

    def test_greylisting_that_names_itself_stops_nothing(self):
        self.customers(*["later"] * 5, "client")
        with self.smtp():
            self.assertEqual(self.send(), {"email": {"sent": 1, "delayed": 5}})
        self.assertFalse(self.outage())

    def test_three_addresses_that_wait_do_not_keep_the_others(self):
        """Three in a row look like the server; the next time others are asked first, and pass."""
        self.customers("busy", "busy", "busy", "client", "client", "client")
        with self.smtp():
            self.assertEqual(self.send(), {"email": {"delayed": 6}})
            self.pass_time(minutes=6)
            self.assertEqual(self.send()["email"]["sent"], 3)

    # === A DAY === #

    def test_a_single_message_is_tried_for_a_day(self):
        (customer,) = self.customers("busy")
        with self.smtp():
            for _hour in range(23):
                self.send()
                self.pass_time(hours=1)
            self.assertEqual((self.states([customer]), self.channels_used([customer])), (["ready"], [[]]))
            self.pass_time(hours=2)
            self.send()
        self.assertEqual(self.reminders(customer).delivery_ids.mapped("state"), ["failed", "ready"])

    def test_after_a_day_the_next_channel_takes_over(self):
        customers = self.customers(*["client"] * 5)
        with self.smtp() as smtp:
            smtp.quota = 0
            for _hour in range(24):
                self.send()
                self.assertEqual(self.channels_used(customers), [[]] * 5)
                self.pass_time(hours=1)
            self.pass_time(hours=1)
            self.send()
        self.assertEqual(self.channels_used(customers), [["email", "letter"]] * 5)
        self.assertEqual(self.reminders(customers[0]).delivery_ids[0].failure, "unreachable")

    def test_a_night_without_attempts_is_no_attempt(self):
        """It stopped in the evening: on the next working day it is asked again before anything is given up."""
        customers = self.customers(*["client"] * 5)
        with self.smtp() as smtp:
            smtp.quota = 0
            self.send()
            self.pass_time(days=3)
            self.send()
            self.assertEqual(self.states(customers), ["ready"] * 5)
            smtp.quota = 10
            self.pass_time(hours=1)
            self.assertEqual(self.send(), {"email": {"sent": 5}})

    # === THE SETTING === #

    def test_a_limit_an_hour(self):
        customers = self.customers(*["client"] * 25)
        self.company.dunning_hourly_cap = 10
        with self.smtp() as smtp:
            self.assertEqual(self.send(), {"email": {"sent": 10, "delayed": 15}})
            self.pass_time(minutes=40)
            self.assertEqual(self.send(), {})
            self.pass_time(minutes=21)
            self.assertEqual(self.send(), {"email": {"sent": 10, "delayed": 5}})
            self.pass_time(minutes=61)
            self.assertEqual(self.send(), {"email": {"sent": 5}})
        self.assertEqual((len(smtp.messages), self.channels_used(customers)), (25, [["email"]] * 25))
        self.assertFalse(self.told(), "the company has chosen it")

    def test_what_left_before_counts(self):
        self.customers(*["client"] * 4)
        with self.smtp():
            self.send()
            self.customers(*["second"] * 4)
            self.company.dunning_hourly_cap = 6
            self.assertEqual(self.send(), {"email": {"sent": 2, "delayed": 2}})

    def test_the_limit_is_no_negative_number(self):
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.company.dunning_hourly_cap = -1
            self.env.flush_all()
