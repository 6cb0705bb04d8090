import smtplib
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.base.models.ir_mail_server import IrMail_Server
from odoo.addons.relance_progressive.relance_progressive.channels.email.smtp_answers import meaning
from odoo.addons.relance_progressive.relance_progressive.engine.delivery.journal import Journal

from ..common.mail_server import QUIET, MailServerCommon


@tagged("post_install", "-at_install")
class TestMailServerAnswers(MailServerCommon):
    def test_accepted_is_accepted(self):
        """Any 2xx, at any step: it is sent, once, and nothing goes by post."""
        customers = self.customers("queued", "client")
        with self.smtp() as smtp:
            self.assertEqual(self.send(), {"email": {"sent": 2}})
        self.assertEqual((self.channels_used(customers), len(smtp.messages)), ([["email"]] * 2, 2))
        for step, answer in (("mail", "251 fine"), ("rcpt", "252 cannot verify, will try"), ("text", "200 taken")):
            with self.subTest(step):
                customers = self.customers(f"client-{step}")
                with self.smtp() as smtp:
                    smtp.says[step] = answer
                    self.assertEqual(self.send(), {"email": {"sent": 1}})
                self.assertEqual(self.channels_used(customers), [["email"]])

    def test_an_answer_that_cannot_be_read_is_doubt(self):
        customers = self.customers("unreadable", "client")
        with self.smtp() as smtp:
            self.assertEqual(self.send(), {"email": {"uncertain": 1, "sent": 1}})
            self.assertEqual(self.send(), {})
        self.assertEqual((self.states(customers), len(smtp.messages)), (["uncertain", "sent"], 2))
        self.assertEqual(self.channels_used(customers), [["email"]] * 2)

    def test_an_odd_answer_before_the_text_is_no_doubt(self):
        """250 instead of 354: the text has not left."""
        customers = self.customers("client")
        with self.smtp() as smtp:
            smtp.says["data"] = "250 what?"
            self.assertEqual(self.send(), {"email": {"delayed": 1}})
            smtp.says["data"] = ""
            self.pass_time(minutes=6)
            self.assertEqual(self.send(), {"email": {"delayed": 1}})
        self.assertEqual(self.states(customers), ["ready"])

    def test_a_server_that_drops_after_every_text(self):
        """After a few doubts it is left alone; the others wait, the doubts are for a person."""
        customers = self.customers(*["client"] * 30)
        with self.smtp() as smtp:
            smtp.says["text"] = ""
            self.assertEqual(self.send(), {"email": {"uncertain": 3, "delayed": 27}})
            self.assertEqual(len(self.told()), 1)
            self.pass_time(minutes=6)
            self.assertEqual(self.send(), {}, "each attempt costs a doubt: it is asked less often")
            self.pass_time(minutes=25)
            self.assertEqual(self.send(), {"email": {"uncertain": 1, "delayed": 26}})
            smtp.says.clear()
            self.pass_time(hours=1)
            self.assertEqual(self.send(), {"email": {"sent": 26}})
        self.assertEqual(self.states(customers).count("uncertain"), 4)
        self.assertFalse(self.told())

    def test_the_sender_is_refused(self):
        """It is not the customers' fault, nor that of other senders."""
        boss = self.env["res.users"].create({"name": "Boss", "login": "boss", "email": "boss@other.example"})
        customers = self.customers(*["client"] * 5)
        plan = self.make_plan((3, "friendly", {"sender_id": boss.id}))
        other = self.reminder_for("other@petit.example", dunning_plan_id=plan.id)
        self.prepare()
        for answer in ("550 5.7.1 Sender rejected", "553 5.1.8 Bad sender", "501 5.1.7 Bad address"):
            with self.subTest(answer), self.env.cr.savepoint() as savepoint:
                with self.smtp() as smtp:
                    smtp.says["mail"] = answer
                    self.send()
                    self.assertEqual(self.states([*customers, other]), ["ready"] * 6)
                    self.assertEqual(len(self.told()), 2, "one for each sender")
                    smtp.says.clear()
                    self.pass_time(minutes=6)
                    self.send()
                self.assertEqual(self.states([*customers, other]), ["sent"] * 6)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_refused_to_all_at_the_recipient(self):
        """Many servers say only there that they do not take our mail."""
        for answer in (
            "554 5.7.1 Relay access denied", "530 5.7.0 Must authenticate first", "553 5.7.1 Not your address",
        ):  # fmt: skip
            with self.subTest(answer), self.env.cr.savepoint() as savepoint:
                customers = self.customers(*["client"] * 6)
                with self.smtp() as smtp:
                    smtp.says["rcpt"] = answer
                    self.assertEqual(self.send(), {"email": {"delayed": 6}})
                self.assertEqual((self.states(customers), len(self.told())), (["ready"] * 6, 1))
                savepoint.rollback()
                self.env.invalidate_all()

    def test_dead_addresses_are_their_own(self):
        """However many in a row."""
        customers = self.customers(*["refused"] * 6, "client")
        with self.smtp():
            self.send()
        self.assertEqual(self.channels_used(customers), [["email", "letter"]] * 6 + [["email"]])
        self.assertFalse(self.outage())

    def test_the_password_is_refused(self):
        customers = self.customers(*["client"] * 5)
        with self.smtp(), QUIET, patch.object(
            IrMail_Server, "_connect__", side_effect=smtplib.SMTPAuthenticationError(535, b"5.7.8 No")
        ) as connect:
            self.assertEqual(self.send(), {"email": {"delayed": 5}})
            self.assertEqual(connect.call_count, 1)
        self.assertIn("535", self.told().note)
        with self.smtp():
            self.pass_time(minutes=6)
            self.assertEqual(self.send(), {"email": {"sent": 5}})
        self.assertEqual((self.states(customers), self.told().ids), (["sent"] * 5, []))

    def test_a_text_refused_to_all(self):
        customers = self.customers(*["client"] * 6)
        with self.smtp() as smtp:
            smtp.says["text"] = "554 5.7.1 Message rejected as spam"
            self.assertEqual(self.send(), {"email": {"delayed": 6}})
        self.assertEqual(self.states(customers), ["ready"] * 6)

    def test_only_the_copy_was_taken(self):
        """The customer did not receive it, whoever else did."""
        customer = self.reminder_for("refused@petit.example", street="1 rue Haute", zip="69001", city="Lyon")
        seller = self.env["res.users"].create({"name": "Seller", "login": "seller", "email": "seller@atelier.example"})
        customer.user_id, self.level_1.copy_salesperson = seller, True
        self.prepare()
        with self.smtp() as smtp:
            self.send()
        self.assertEqual(len(smtp.to("seller@atelier.example")), 1)
        self.assertEqual(self.channels_used([customer]), [["email", "letter"]])

    def test_one_of_two_addresses_was_refused(self):
        customer = self.reminder_for("client@petit.example, refused@petit.example")
        self.prepare()
        with self.smtp():
            self.assertEqual(self.send(), {"email": {"sent": 1}})
        self.assertIn("User unknown", self.reminders(customer).delivery_ids.reason)

    def test_what_answers_mean(self):
        for stage, code, words, expected in (
            ("rcpt", 450, "4.2.1 mailbox busy", ("delayed", "message")),
            ("rcpt", 451, "4.7.1 try later", ("delayed", "unclear")),
            ("rcpt", 452, "4.5.3 too many recipients", ("delayed", "message")),
            ("text", 452, "4.3.1 no room", ("delayed", "service")),
            ("rcpt", 552, "5.2.2 mailbox full", ("delayed", "message")),
            ("mail", 552, "5.3.4 message size exceeds limit", ("refused", "message")),
            ("mail", 552, "exceeded storage allocation", ("delayed", "service")),
            ("data", 552, "message too large", ("refused", "message")),
            ("rcpt", 550, "no such user", ("refused", "message")),
            ("data", 550, "rejected", ("refused", "unclear")),
            ("data", -1, "", ("delayed", "unclear")),
        ):  # fmt: skip
            with self.subTest(words):
                self.assertEqual(meaning(stage, code, words), expected)
        self.assertEqual(meaning("data", -1, "", text_left=True), ("uncertain", "unclear"))

    # === IDENTITY AND DURABILITY === #

    def test_a_second_copy_has_the_same_identifier(self):
        """Made again it is the same message; a new attempt after one that was recorded is another."""
        (customer,) = self.customers("lost")
        reminder, channel = self.reminders(customer), self.env["dunning.channel.email"]
        made = [channel._render(reminder)[0][reminder.id]["reference"] for _time in range(2)]
        self.assertEqual(made[0], made[1])
        with self.smtp() as smtp:
            self.send()
        self.assertEqual(smtp.messages[0][1]["Message-Id"], made[0])
        reminder.action_was_not_sent()
        again = channel._render(reminder)[0][reminder.id]["reference"]
        self.assertNotEqual(again, made[0])
        self.env["ir.config_parameter"].sudo().set_param("database.uuid", "another")
        self.assertNotEqual(channel._render(reminder)[0][reminder.id]["reference"], again, "of another database")

    def test_what_is_noted_is_on_the_disk(self):
        """Also where the server's commits do not wait for it."""
        with Journal(self.env, separate=True) as journal:
            journal._cr.execute("SHOW synchronous_commit")
            self.assertEqual(journal._cr.fetchone(), ("on",))
        self.env.cr.execute("SET LOCAL synchronous_commit = off")
        self.customers("client")
        with self.smtp():
            self.send()
        self.env.cr.execute("SHOW synchronous_commit")
        self.assertEqual(self.env.cr.fetchone(), ("on",))

    def test_an_announcement_beside_an_older_debt(self):
        """What is already late says nothing about the day that is announced."""
        customer = self.make_customer("Two", email=False)
        older = self.invoice(self.day(-1), 100.0, customer)
        self.invoice(self.day(4), 1000.0, customer)
        self.prepare()
        with self.smtp():
            self.send()
        announcement = self.reminders(customer)
        self.assertEqual((announcement.stage, announcement.state), ("pre_due", "failed"))
        self.assertIn(older, announcement.line_ids.move_line_id.move_id)
        self.run_on(self.day(1))
        self.assertEqual((self.reminders(customer), announcement.state), (announcement, "failed"))
        self.run_on(self.day(5))
        self.assertEqual(announcement.state, "cancelled")
