from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..common.base import MONDAY
from ..common.email import EmailCommon


@tagged("post_install", "-at_install")
class TestReminderContacts(EmailCommon):
    """Who of a customer receives what."""

    def setUp(self):
        super().setUp()
        self.customer = self.reminder_for("info@petit.example", child_ids=[
            Command.create({"name": "Anne", "type": "followup", "email": "anne@petit.example"}),
            Command.create({"name": "Paul", "type": "followup", "email": "paul@petit.example"}),
            Command.create({
                "name": "Boss", "type": "followup", "email": "boss@petit.example", "dunning_stages": "notice",
            }),
            Command.create({
                "name": "Secretary", "type": "followup", "email": "office@petit.example", "dunning_role": "copy",
            }),
        ])  # fmt: skip

    def received(self, message):
        names = ("To", "Cc")
        return [[address.addr_spec for address in message[name].addresses] if message[name] else [] for name in names]

    def test_all_contacts_of_the_stage_and_copies(self):
        message = self.deliver_to(self.customer)
        self.assertEqual(
            self.received(message), [["anne@petit.example", "paul@petit.example"], ["office@petit.example"]]
        )
        self.assertEqual(
            self.messages[0][0], ["anne@petit.example", "paul@petit.example", "office@petit.example"]
        )
        self.assertEqual(self.reminders(self.customer).delivery_ids.address, "anne@petit.example, paul@petit.example")

    def test_the_manager_receives_the_formal_notice(self):
        """A contact for this very stage comes before those for all stages."""
        self.item_of(self.customer).sudo().write({
            "dunning_level_id": self.level_3.id, "dunning_date": MONDAY - timedelta(days=20),
            "date_maturity": MONDAY - timedelta(days=40),
        })  # fmt: skip
        message = self.deliver_to(self.customer)
        self.assertEqual(self.reminders(self.customer).level_id, self.notice)
        self.assertEqual(self.received(message)[0], ["boss@petit.example"])

    def test_an_archived_contact_receives_nothing(self):
        self.customer.child_ids.filtered(lambda contact: contact.name in ("Anne", "Secretary")).active = False
        self.assertEqual(self.received(self.deliver_to(self.customer)), [["paul@petit.example"], []])

    def test_the_salesperson_in_copy_at_the_levels_that_ask_for_it(self):
        self.customer.child_ids.active = False
        self.customer.user_id = new_test_user(self.env, "seller", email="seller@atelier.example")
        other = self.reminder_for("other@petit.example", user_id=self.customer.user_id.id)
        self.item_of(other).date_maturity = MONDAY + timedelta(days=4)  # announced: another level
        self.level_1.copy_salesperson = True
        self.prepare()
        with self.smtp() as smtp:
            self.send()
        (to_customer,), (to_other,) = smtp.to("info@petit.example"), smtp.to("other@petit.example")
        self.assertEqual(self.received(to_customer)[1], ["seller@atelier.example"])
        self.assertFalse(to_other["Cc"])

    def item_of(self, customer):
        """Return the open item of a customer."""
        return self.account(customer).move_line_ids


@tagged("post_install", "-at_install")
class TestReach(EmailCommon):
    """Contact data that are missing or broken are found before anything has to be sent."""

    def setUp(self):
        super().setUp()
        self.good = self.reminder_for()
        self.mute = self.reminder_for(False)
        self.wrong = self.reminder_for("compta(at)petit.example")
        self.run_on(MONDAY)

    def test_list(self):
        action = self.env["dunning.account"].action_open_unreachable()
        found = self.env["dunning.account"].search(action["domain"])
        self.assertEqual(found.partner_id, self.mute + self.wrong)
        self.assertEqual(found.mapped("reach"), ["none", "none"])
        problems = dict(zip(found.partner_id, found.mapped("reach_problem"), strict=True))
        self.assertEqual(problems[self.mute], "The customer has no e-mail address.")
        self.assertIn("compta(at)petit.example", problems[self.wrong])

    def test_flat_number_of_queries(self):
        accounts = self.account(self.good) + self.account(self.mute) + self.account(self.wrong)
        for number in range(20):
            accounts += self.account(self.reminder_for(f"more{number}@petit.example"))
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(25):
            accounts._reach_problems()

    def test_typed_in(self):
        """An accountant types the address in; what had failed for want of it leaves."""
        with self.smtp() as smtp:
            self.send()
            reminder = self.reminders(self.mute)
            self.assertEqual(reminder.state, "failed")
            clerk = new_test_user(
                self.env, "clerk", groups="account.group_account_invoice", company_id=self.company.id,
                company_ids=[Command.set(self.company.ids)],
            )  # fmt: skip
            account = self.account(self.mute).with_user(clerk)
            account.reach_email = "hello@mute.example"
            self.assertEqual((self.mute.email, reminder.state), ("hello@mute.example", "ready"))
            self.send()
        self.assertEqual(len(smtp.to("hello@mute.example")), 1)
        self.assertIn("hello@mute.example", account.message_ids[:1].body)

    def test_only_what_is_missing_is_typed(self):
        """The list completes what is missing; nobody takes over an address that works."""
        with self.assertRaises(UserError):
            self.account(self.good).reach_email = "mine@thief.example"
        with self.assertRaises(UserError):
            self.account(self.mute).reach_street = "1 rue Haute"
        new_test_user(self.env, "portal", groups="base.group_portal", partner_id=self.mute.id)
        self.mute.email = False
        with self.assertRaises(UserError):
            self.account(self.mute).reach_email = "mine@thief.example"
        self.assertFalse(self.mute.email)

    def test_nobody_types_for_another_company(self):
        other = self.env["res.company"].create({"name": "Sister"})
        stranger = new_test_user(
            self.env, "stranger", groups="account.group_account_invoice", company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )  # fmt: skip
        with self.assertRaises(AccessError):
            self.account(self.mute).with_user(stranger).reach_email = "mine@stranger.example"
        self.assertFalse(self.mute.email)

    def test_readers_do_not_type(self):
        reader = new_test_user(
            self.env, "reader", groups="account.group_account_readonly", company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )  # fmt: skip
        with self.assertRaises(UserError):
            self.account(self.mute).with_user(reader).reach_email = "mine@reader.example"

    def test_filter_of_those_whose_reminder_failed(self):
        with self.smtp():
            self.send()
        view = self.env.ref("relance_progressive.dunning_account_view_search_reach")
        self.assertIn("not_reached", view.arch)
        found = self.env["dunning.account"].search([
            ("reminder_ids", "any", [("state", "=", "failed"), ("delivery_ids", "any", [("failure", "=", "missing")])]),
        ])  # fmt: skip
        self.assertEqual(found.partner_id, self.mute + self.wrong)


@tagged("post_install", "-at_install")
class TestTooEarlyTooLate(EmailCommon):
    def test_one_channel_that_must_wait_delays_the_whole_reminder(self):
        """One act leaves over all its channels together; waiting is no failed attempt."""
        customer = self.reminder_for()
        self.prepare()
        reminder = self.reminders(customer)
        later = fields.Datetime.now() + timedelta(hours=3)
        channel = self.registry["dunning.channel.email"]
        self.patch(channel, "_not_before", lambda model, reminders: {r.id: (later, "It is night") for r in reminders})
        with self.smtp() as smtp:
            self.assertEqual(self.send(), {"email": {"delayed": 1}})
        self.assertFalse(smtp.messages or reminder.delivery_ids)
        self.assertEqual((reminder.state, reminder.retry_at, reminder.attempts), ("ready", later, 0))
        self.assertEqual(reminder.reason, "It is night")

    def test_an_announcement_that_could_not_leave_makes_room(self):
        """No address before the due date: the reminder after it is prepared all the same."""
        customer = self.make_customer("Late", email=False)
        self.invoice(self.day(4), customer=customer)
        self.prepare()
        with self.smtp():
            self.send()
        announcement = self.reminders(customer)
        self.assertEqual((announcement.state, announcement.level_id), ("failed", self.pre_due))
        self.run_on(self.day(8))
        self.assertEqual(self.reminders(customer).mapped("state"), ["cancelled", "ready"])
        self.assertEqual(self.reminders(customer)[-1].level_id, self.level_1)
