from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.tests import freeze_time, tagged

from odoo.addons.relance_progressive.relance_progressive.engine.delivery import hand_over as engine_hand_over

from ..common.base import MONDAY
from ..common.deliver import DeliverCommon


@tagged("post_install", "-at_install")
class TestDeliver(DeliverCommon):
    def test_accepted(self):
        """An accepted message does the level: of the items, of the account, with its proof."""
        customer = self.reminder_for()
        self.prepare()
        with self.smtp() as smtp:
            self.assertEqual(self.send(), {"email": {"sent": 1}})
        reminder, delivery = self.reminders(customer), self.reminders(customer).delivery_ids
        self.assertEqual((reminder.state, delivery.state, delivery.date_done), ("sent", "sent", MONDAY))
        self.assertEqual(delivery.address, "compta@petit.example")
        (message,) = smtp.to("compta@petit.example")
        self.assertEqual(message["Message-Id"], delivery.reference)
        item = reminder.line_ids.move_line_id
        self.assertEqual((item.dunning_level_id, item.dunning_date), (self.level_1, MONDAY))
        self.assertEqual(self.account(customer).last_contact_date, MONDAY)
        self.assertEqual(self.account(customer).level_id, self.level_1)
        self.assertFalse(self.env["dunning.journal"].sudo().search([]))

    def test_once(self):
        customer = self.reminder_for()
        self.prepare()
        with self.smtp() as smtp:
            self.send()
            self.assertEqual(self.send(), {})
        self.assertEqual(len(smtp.to(customer.email)), 1)

    def test_limit(self):
        for number in range(5):
            self.reminder_for(f"customer{number}@petit.example")
        self.prepare()
        with self.smtp() as smtp:
            self.assertEqual(self.send(limit=3), {"email": {"sent": 3}})
            self.assertEqual(self.send(), {"email": {"sent": 2}})
        self.assertEqual((len(smtp.messages), smtp.sessions), (5, 2))

    def test_one_refusal_is_alone(self):
        """What a server refuses fails with its words; the others leave over the same session."""
        bad, worse, good = (self.reminder_for(f"{word}@petit.example") for word in ("refused", "bad-text", "good"))
        self.prepare()
        with self.smtp() as smtp:
            self.assertEqual(self.send(), {"email": {"failed": 2, "sent": 1}})
        self.assertEqual(smtp.sessions, 1)
        self.assertEqual(self.reminders(good).state, "sent")
        for customer, words in ((bad, "550 5.1.1 User unknown"), (worse, "554 5.6.0 Text refused")):
            delivery = self.reminders(customer).delivery_ids
            self.assertEqual((self.reminders(customer).state, delivery.state), ("failed", "failed"))
            self.assertEqual(delivery.failure, "refused")
            self.assertIn(words, delivery.reason)
            self.assertFalse(self.item(self.reminders(customer).line_ids.move_id).dunning_level_id)

    def test_later(self):
        """A temporary refusal stays ready, is tried again later, and fails after a day."""
        customer = self.reminder_for("later@petit.example")
        self.prepare()
        reminder = self.reminders(customer)
        with self.smtp() as smtp:
            self.assertEqual(self.send(), {"email": {"delayed": 1}})
            self.assertEqual((reminder.state, reminder.attempts), ("ready", 1))
            self.assertIn("Greylisted", reminder.reason)
            self.assertEqual(self.send(), {})  # not before its time
            for _attempt in range(3):
                reminder.sudo().retry_at = False
                self.send()
            self.assertEqual(reminder.state, "ready", "nothing is given up before a day")
            reminder.sudo().write({"retry_at": False, "delayed_since": datetime.now() - timedelta(hours=25)})
            self.send()
        self.assertEqual((reminder.state, reminder.delivery_ids.failure), ("failed", "unreachable"))
        self.assertFalse(smtp.messages)

    def test_server_down(self):
        """A server that cannot be reached delays the whole batch, after one attempt to connect."""
        customers = [self.reminder_for(f"customer{number}@petit.example") for number in range(3)]
        self.prepare()
        with self.smtp():
            pass
        with patch.object(self.registry["ir.mail_server"], "_disable_send", return_value=None), self.assertLogs(
            "odoo.addons.relance_progressive", "WARNING"
        ) as logs:
            self.assertEqual(self.send(), {"email": {"delayed": 3}})
        self.assertEqual(len(logs.records), 1)
        self.assertEqual([self.reminders(customer).state for customer in customers], ["ready"] * 3)

    def test_lost_after_the_text(self):
        """Silence after the text means doubt: never sent again without a person's word."""
        customer, other = self.reminder_for("lost@petit.example"), self.reminder_for("other@petit.example")
        self.prepare()
        with self.smtp() as smtp:
            self.assertEqual(self.send(), {"email": {"uncertain": 1, "sent": 1}})
            self.assertEqual(self.send(), {})
        reminder = self.reminders(customer)
        self.assertEqual((reminder.state, reminder.delivery_ids.state), ("uncertain", "uncertain"))
        self.assertEqual(len(smtp.to("lost@petit.example")), 1)
        self.assertEqual(self.reminders(other).state, "sent")
        self.assertFalse(reminder.line_ids.move_line_id.dunning_level_id)
        reminder.action_was_sent()
        self.assertEqual((reminder.state, reminder.delivery_ids.state), ("sent", "sent"))
        self.assertEqual(reminder.line_ids.move_line_id.dunning_level_id, self.level_1)

    def test_was_not_sent(self):
        customer = self.reminder_for("lost@petit.example")
        self.prepare()
        with self.smtp() as smtp:
            self.send()
            reminder = self.reminders(customer)
            reminder.action_was_not_sent()
            customer.email = "found@petit.example"
            self.assertEqual(self.send(), {"email": {"sent": 1}})
        self.assertEqual(len(smtp.to("found@petit.example")), 1)
        self.assertEqual(reminder.delivery_ids.mapped("state"), ["failed", "sent"])

    def test_session_closed_by_the_server(self):
        """A session that the server closed before the text is opened again, for the same message."""
        customer = self.reminder_for("hang-up@petit.example")
        self.prepare()
        with self.smtp() as smtp:
            smtp.hang_ups = 1
            self.assertEqual(self.send(), {"email": {"sent": 1}})
        self.assertEqual((len(smtp.messages), smtp.sessions), (1, 2))
        self.assertEqual(self.reminders(customer).state, "sent")

    # === RECHECK === #

    def test_paid_meanwhile(self):
        """What is paid between the night and the hand-over is not claimed."""
        customer = self.reminder_for()
        self.prepare()
        self.pay(self.reminders(customer).line_ids.move_id)
        with self.smtp() as smtp:
            self.assertEqual(self.send(), {"email": {"cancelled": 1}})
        self.assertFalse(smtp.messages)
        self.assertEqual(self.reminders(customer).state, "cancelled")
        self.assertTrue(self.reminders(customer).reason)

    def test_partly_paid_meanwhile(self):
        """A payment of one of two invoices reduces the reminder to the other."""
        customer = self.reminder_for()
        self.invoice(MONDAY - timedelta(days=12), 500.0, customer)
        self.prepare()
        reminder = self.reminders(customer)
        self.assertEqual((reminder.amount_total, len(reminder.line_ids)), (1500, 2))
        self.pay(reminder.line_ids.move_id.filtered(lambda move: move.amount_total == 500))
        with self.smtp():
            self.send()
        self.assertEqual((reminder.state, reminder.amount_total, len(reminder.line_ids)), ("sent", 1000, 1))

    def test_week_end(self):
        """What is not allowed to leave on a day stays ready."""
        self.plan.working_days_only = True
        customer = self.reminder_for()
        self.prepare()
        saturday = MONDAY + timedelta(days=5)
        with self.smtp():
            self.assertEqual(self.engine.deliver(date=saturday, company=self.company), {"email": {"waiting": 1}})
            self.assertEqual(self.reminders(customer).state, "ready")
            self.engine.deliver(date=saturday + timedelta(days=2), company=self.company)
        self.assertEqual(self.reminders(customer).date, saturday + timedelta(days=2))

    # === CHANNELS === #

    def test_no_channel(self):
        self.level_1.channel_ids.unlink()
        customer = self.reminder_for()
        self.prepare()
        with self.smtp():
            self.send()
        self.assertEqual(self.reminders(customer).state, "failed")
        self.assertTrue(self.reminders(customer).reason)

    def test_level_without_text(self):
        """A level without a text fails alone, and says so."""
        other = self.reminder_for("other@petit.example")
        customer = self.reminder_for()
        plan = self.make_plan((3, "friendly", {"template_id": False}))
        customer.dunning_plan_id = plan
        self.prepare()
        with self.smtp():
            self.send()
        self.assertEqual(self.reminders(other).state, "sent")
        self.assertEqual(self.reminders(customer).delivery_ids.failure, "template")

    def test_broken_text(self):
        """A text that cannot be made fails its own reminders; the others leave."""
        other = self.reminder_for("other@petit.example")
        customer = self.reminder_for()
        plan = self.make_plan((3, "friendly"))
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mail_template SET body_html = jsonb_build_object('en_US', %s::text) WHERE id = %s",
            ['<p t-out="object.no_such_field"/>', plan.level_ids.template_id.id],
        )
        plan.level_ids.template_id.invalidate_recordset()
        customer.dunning_plan_id = plan
        self.prepare()
        with self.smtp():
            self.send()
        self.assertEqual(self.reminders(other).state, "sent")
        self.assertEqual(self.reminders(customer).state, "failed")
        self.assertEqual(self.reminders(customer).delivery_ids.failure, "template")

    def test_why_is_said_in_the_language_of_the_company(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.company.partner_id.lang = "fr_FR"
        customer = self.reminder_for(False)
        self.prepare()
        with self.smtp():
            self.send()
        self.assertIn("adresse", self.reminders(customer).reason)

    def test_queries(self):
        """The history and the number of e-mails do not matter: at most two queries for each more."""
        counts = []
        for number in (5, 15):
            for rank in range(number):
                self.reminder_for(f"customer{rank}of{number}@petit.example")
            self.prepare()
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            with self.smtp():
                self.send()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual((counts[1] - counts[0]) / 10, 2, counts)

    # === SCHEDULED ACTION === #

    def test_scheduled_action_obeys_the_company(self):
        customer = self.reminder_for()
        self.prepare()
        with self.smtp():
            self.company.dunning_automatic = False
            self.engine._cron_deliver()
            self.assertEqual(self.reminders(customer).state, "ready")
            self.company.dunning_automatic = True
            with patch.object(self.registry["dunning.engine"], "_is_open", return_value=False):
                self.engine._cron_deliver()
            self.assertEqual(self.reminders(customer).state, "ready")
            with patch.object(self.registry["dunning.engine"], "_is_open", return_value=True), patch.object(
                self.registry["res.company"], "_dunning_today", return_value=MONDAY
            ):
                self.engine._cron_deliver()
        self.assertEqual(self.reminders(customer).state, "sent")

    def test_scheduled_action_runs(self):
        """The action itself, through Odoo's scheduler: it sends what is ready and has nothing left to do."""
        customer = self.reminder_for()
        self.prepare()
        self.company.dunning_automatic = True
        cron = self.env.ref("relance_progressive.ir_cron_dunning_deliver")
        with self.smtp() as smtp, patch.object(self.registry["dunning.engine"], "_is_open", return_value=True), (
            patch.object(self.registry["res.company"], "_dunning_today", return_value=MONDAY)
        ), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual((self.reminders(customer).state, len(smtp.messages)), ("sent", 1))

    def test_hours(self):
        """Messages leave during the sending hours, where the company is."""
        self.company.partner_id.tz = "Europe/Paris"
        self.company.write({"dunning_hour_from": 8, "dunning_hour_to": 18})
        for now, is_open in (
            ("2026-03-02 06:59:00", False), ("2026-03-02 07:00:00", True), ("2026-03-02 16:59:00", True),
            ("2026-03-02 17:00:00", False), ("2026-07-06 06:00:00", True),
        ):  # fmt: skip
            with freeze_time(now):
                self.assertEqual(self.engine._is_open(self.company), is_open, now)

    def test_slow_server(self):
        """A batch that takes too long is recorded as far as it went, then goes on."""
        for number in range(3):
            self.reminder_for(f"customer{number}@petit.example")
        self.prepare()
        with self.smtp() as smtp, patch.object(engine_hand_over, "SECONDS", -1):
            self.assertEqual(self.send(), {"email": {"sent": 3}})
        self.assertEqual((len(smtp.messages), smtp.sessions), (3, 3))

    # === JOURNAL === #

    def test_what_a_killed_worker_left(self):
        """Accepted before the kill: sent, not twice. Begun or untold: uncertain. Refused: tried again."""
        states = {"accepted": "sent", "begun": "uncertain", "uncertain": "uncertain", "refused": "sent"}
        customers = {state: self.reminder_for(f"was.{state}@petit.example") for state in states}
        self.prepare()
        for state, customer in customers.items():
            reminder = self.reminders(customer)
            contents, _broken = self.env["dunning.channel.email"]._render(reminder)
            self.env["dunning.journal"].sudo().create({
                "reminder_id": reminder.id, "channel": "email", "state": state, "date": MONDAY,
                "content": contents[reminder.id],
            })  # fmt: skip
        with self.smtp() as smtp:
            self.send()
        for state, customer in customers.items():
            self.assertEqual(self.reminders(customer).state, states[state])
        self.assertEqual([recipients for recipients, _message in smtp.messages], [["was.refused@petit.example"]])
        self.assertFalse(self.env["dunning.journal"].sudo().search([]))
        kept = self.reminders(customers["accepted"])
        self.assertIn("Please pay.", kept.message_id.body)
        self.assertEqual(kept.line_ids.move_line_id.dunning_level_id, self.level_1)
