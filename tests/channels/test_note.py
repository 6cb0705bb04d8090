from datetime import timedelta

from odoo import Command
from odoo.tests import new_test_user, tagged

from ..common.base import MONDAY
from ..common.deliver import DeliverCommon


@tagged("post_install", "-at_install")
class TestNote(DeliverCommon):
    """A colleague is told, the customer is not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.seller = new_test_user(
            cls.env, "rose", groups="base.group_user", name="Rose", email="rose@atelier.example",
            company_id=cls.company.id, company_ids=[Command.set(cls.company.ids)],
        )  # fmt: skip
        cls.accountant = new_test_user(
            cls.env, "leo", groups="account.group_account_invoice", name="Leo", email="leo@atelier.example",
            company_id=cls.company.id, company_ids=[Command.set(cls.company.ids)],
        )  # fmt: skip
        cls.company.dunning_user_id = cls.accountant

    def use(self, *steps):
        """Give the first level channels ``(code, fallback)``."""
        self.level_1.channel_ids = [Command.clear()] + [
            Command.create({"channel": code, "sequence": number, "fallback": fallback})
            for number, (code, fallback) in enumerate(steps)
        ]

    def late(self, name="Garage Noir", **values):
        customer = self.make_customer(name, **values)
        self.invoice(MONDAY - timedelta(days=3), 1000.0, customer)
        return customer

    def tell(self):
        self.prepare()
        with self.smtp() as smtp:
            self.counts = self.send()
        return smtp

    def activities(self, customer):
        return self.env["mail.activity"].search([("res_model", "=", "res.partner"), ("res_id", "=", customer.id)])

    def notifications(self, *users):
        partners = [user.partner_id.id for user in users]
        return self.env["mail.notification"].sudo().search([
            ("res_partner_id", "in", partners), ("mail_message_id.message_type", "=", "user_notification"),
        ])  # fmt: skip

    def test_salesperson(self):
        self.use(("note", False))
        customer = self.late(user_id=self.seller.id)
        smtp = self.tell()
        reminder = self.reminders(customer)
        self.assertEqual(self.counts, {"note": {"sent": 1}})
        self.assertEqual((reminder.state, reminder.delivery_ids.address), ("sent", "rose@atelier.example"))
        activity = self.activities(customer)
        self.assertEqual((activity.user_id, activity.date_deadline), (self.seller, MONDAY))
        self.assertIn("Garage Noir", activity.note)
        self.assertIn("1,000.00", activity.note)
        self.assertEqual(len(self.notifications(self.seller)), 1)
        self.assertFalse(smtp.to(customer.email))
        self.assertTrue(activity.with_user(self.seller).summary)

    def test_never_the_customer(self):
        """Not by e-mail, not as a follower, not on a portal page."""
        self.use(("note", False))
        customer = self.late(user_id=self.seller.id)
        for record in (customer, self.account(customer)):
            record.message_subscribe(partner_ids=customer.ids)
        self.env.flush_all()
        mails = self.env["mail.mail"].sudo().search([])
        smtp = self.tell()
        self.assertFalse([one for one in smtp.messages if customer.email in one[0]])
        self.assertFalse(self.env["mail.notification"].sudo().search([("res_partner_id", "=", customer.id)]))
        self.assertNotIn(customer, (self.env["mail.mail"].sudo().search([]) - mails).recipient_ids)
        self.assertTrue(self.reminders(customer).message_id.is_internal)

    def test_who_is_told(self):
        self.use(("note", False))
        with_seller, without = self.late(user_id=self.seller.id), self.late("Without")
        self.tell()
        self.assertEqual(self.activities(with_seller).user_id, self.seller)
        self.assertEqual(self.activities(without).user_id, self.accountant)

    def test_the_person_in_charge_by_choice(self):
        self.use(("note", False))
        self.level_1.note_to = "in_charge"
        customer = self.late(user_id=self.seller.id)
        self.tell()
        self.assertEqual(self.activities(customer).user_id, self.accountant)

    def test_nobody(self):
        """Nobody to tell, or only somebody who left or works for another company."""
        self.use(("note", False), ("email", True))
        self.company.dunning_user_id = False
        other = self.setup_other_company(name="Elsewhere")["company"]
        foreign = new_test_user(self.env, "zoe", company_id=other.id, company_ids=[Command.set(other.ids)])
        customers = [self.late("Nobody"), self.late("Foreign", user_id=foreign.id), self.late("Left")]
        customers[2].user_id = self.seller
        self.seller.active = False
        self.tell()
        for customer in customers:
            reminder = self.reminders(customer)
            self.assertEqual(reminder.delivery_ids.mapped("state"), ["failed", "sent"], customer.name)
            self.assertIn("Nobody to tell", reminder.delivery_ids[0].reason)
            self.assertFalse(self.activities(customer))

    def test_told_once_somebody_is_there(self):
        self.use(("note", False))
        self.company.dunning_user_id = False
        customer = self.late()
        self.tell()
        self.assertEqual(self.reminders(customer).state, "failed")
        customer.user_id = self.seller
        self.assertEqual(self.reminders(customer).state, "ready")
        self.assertEqual(self.send(), {"note": {"sent": 1}})

    def test_does_no_level_beside_a_way_to_the_customer(self):
        self.use(("email", False), ("note", False))
        customer = self.late(user_id=self.seller.id, email=False)
        self.tell()
        reminder = self.reminders(customer)
        self.assertEqual((reminder.state, reminder.delivery_ids.mapped("state")), ("failed", ["failed", "sent"]))
        self.assertFalse(reminder.line_ids.move_line_id.dunning_level_id)

    def test_language_of_the_colleague(self):
        self.use(("note", False))
        self.seller.lang = "fr_FR"
        customer = self.late(user_id=self.seller.id, lang="en_US")
        self.prepare()
        contents, _broken = self.env["dunning.channel.note"]._render(self.reminders(customer))
        content = contents[self.reminders(customer).id]
        self.assertEqual(content["lang"], "fr_FR")
        self.assertRegex(content["body"], r"1\s000,00\s€")

    def test_one_message_for_each_colleague(self):
        self.use(("note", False))
        for number in range(3):
            self.late(f"Customer {number}", user_id=self.seller.id)
        self.late("Other")
        self.tell()
        self.assertEqual(self.counts, {"note": {"sent": 4}})
        (message,) = self.notifications(self.seller).mail_message_id
        for number in range(3):
            self.assertIn(f"Customer {number}", message.body)
        self.assertNotIn("Other", message.body)

    def test_names_are_escaped(self):
        self.use(("note", False))
        customer = self.late("<b>Evil</b>", email="evil@petit.example", user_id=self.seller.id)
        self.tell()
        self.assertIn("&lt;b&gt;Evil", self.reminders(customer).message_id.body)

    def test_each_stage_has_its_words(self):
        customer = self.late(user_id=self.seller.id)
        self.prepare()
        reminder, texts = self.reminders(customer), set()
        for level in self.plan.level_ids:
            reminder.sudo().level_id = level
            texts.add(self.env["dunning.channel.note"]._words(reminder))
        self.assertEqual(len(texts), 4)

    def test_queries(self):
        self.use(("note", False))
        counts = []
        self.late("Warm up", user_id=self.seller.id)
        self.tell()
        for number in (20, 40):
            for rank in range(number):
                self.late(f"Customer {rank} of {number}", user_id=self.seller.id)
            self.prepare()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(self.send(), {"note": {"sent": number}})
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1] - counts[0], 3, counts)
