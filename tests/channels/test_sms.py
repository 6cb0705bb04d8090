from datetime import timedelta

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..common.base import MONDAY
from ..common.sms import MOBILE, SmsCommon


@tagged("post_install", "-at_install")
class TestSmsRecipients(SmsCommon):
    def test_sent(self):
        customer = self.late()
        reminder = self.text_to(customer)
        delivery = reminder.delivery_ids
        self.assertEqual(self.counts, {"sms": {"sent": 1}})
        self.assertEqual((reminder.state, delivery.state, delivery.address), ("sent", "sent", "+33612345678"))
        ((number, _text, uuid),) = self.gateway.messages
        self.assertEqual((number, uuid, delivery.provider), ("+33612345678", delivery.reference, "Local"))
        self.assertEqual(reminder.line_ids.move_line_id.dunning_level_id, self.level_1)
        self.assertRegex(delivery.reason, r"\d+ characters \(GSM\), 1 SMS")

    def test_each_refusal_calls_the_fallback(self):
        cases = {
            False: "no phone number", "01 23 45 67 89": "landline", "08 99 12 34 56": "premium",
            "09 12 34 56 78": "internet phone", "06 12": "not a valid", "+88161234567": "satellite",
            "0800 123 456": "toll-free",
        }  # fmt: skip
        self.use("sms", "email")
        customers = {words: self.late(phone, name=f"Case {words}") for phone, words in cases.items()}
        self.text_to(*customers.values())
        for words, customer in customers.items():
            with self.subTest(words):
                reminder = self.reminders(customer)
                self.assertEqual(self.steps(reminder), [("sms", "failed"), ("email", "sent")])
                failed = reminder.delivery_ids[0]
                self.assertEqual(failed.failure, "missing")
                self.assertIn(words, failed.reason)
        self.assertFalse(self.gateway.messages)

    def test_numbers_of_films(self):
        """They are nobody's: refused, but by a gateway that sends nothing, for demonstrations."""
        reminder = self.text_to(self.late("06 39 98 12 34"))
        self.assertEqual(reminder.state, "failed")
        self.gateway.fiction = True
        reminder.action_retry()
        self.assertEqual(self.send(), {"sms": {"sent": 1}})
        self.assertEqual(list(self.gateway.texts()), ["+33639981234"])

    def test_country_of_the_contact_then_of_the_customer_then_of_the_company(self):
        swiss, french = self.env.ref("base.ch").id, self.env.ref("base.fr").id
        contact = Command.create({"name": "Anne", "type": "followup", "phone": "079 123 45 67", "country_id": swiss})
        own = self.late(False, name="Own country", child_ids=[contact], country_id=french)
        without = Command.create({"name": "Bea", "type": "followup", "phone": "079 123 45 68"})
        inherited = self.late(False, name="Customer's country", child_ids=[without], country_id=swiss)
        inherited.child_ids.country_id = False
        nothing = self.late(MOBILE, name="No country", country_id=False)
        self.text_to(own, inherited, nothing)
        numbers = ["+41791234567", "+41791234568", "+33612345678"]
        self.assertCountEqual(self.gateway.texts(), numbers)

    def test_first_usable_contact_of_the_first_group(self):
        contacts = [
            Command.create({"name": name, "type": "followup", "phone": phone})
            for name, phone in (("Landline", "01 23 45 67 89"), ("Anne", "06 98 76 54 32"))
        ]
        customer = self.late(child_ids=contacts)
        reminder = self.text_to(customer)
        self.assertEqual(reminder.contact_id.name, "Anne")
        self.assertEqual(list(self.gateway.texts()), ["+33698765432"])

    def test_asked_never_to_be_texted(self):
        self.env["phone.blacklist"].sudo()._add(["+33612345678"])
        self.use("sms", "email")
        reminder = self.text_to(self.late())
        self.assertEqual(self.steps(reminder), [("sms", "failed"), ("email", "sent")])
        self.assertIn("asked not to receive", reminder.delivery_ids[0].reason)

    def test_leaves_once_there_is_a_number(self):
        customer = self.late("01 23 45 67 89")
        self.assertEqual(self.text_to(customer).state, "failed")
        customer.phone = MOBILE
        self.assertEqual(self.reminders(customer).state, "ready")
        self.send()
        self.assertEqual(self.reminders(customer).state, "sent")

    def test_same_number_twice(self):
        """Two customers of one phone: each message leaves, in a request of its own."""
        one, two, other = self.late(), self.late(name="Second"), self.late("06 98 76 54 32", name="Other")
        self.text_to(one, two, other)
        self.assertEqual(self.counts, {"sms": {"sent": 3}})
        sizes = [sum(len(message["numbers"]) for message in sent) for _company, sent in self.gateway.requests]
        self.assertEqual(sizes, [2, 1])

    def test_two_companies(self):
        """One delivery for two companies: each through its own gateway, in its own name."""
        other = self.setup_other_company(name="Menuiserie Roux")["company"]
        other.write({"dunning_started": True, "country_id": self.env.ref("base.fr").id})
        other.partner_id.tz = "Europe/Paris"
        customer = self.late()
        plan = self.plan.copy({"company_id": other.id, "name": "Other"})
        self.assertEqual(plan.level_ids[1].channel_ids.channel, "sms")
        self.env["account.move"].with_company(other).create({
            "move_type": "out_invoice", "partner_id": customer.id, "invoice_date": MONDAY - timedelta(days=33),
            "invoice_date_due": MONDAY - timedelta(days=3), "invoice_payment_term_id": False,
            "invoice_line_ids": [Command.create({"name": "Work", "price_unit": 50, "tax_ids": []})],
        }).action_post()  # fmt: skip
        self.run_on(MONDAY)
        self.engine.run(date=MONDAY, company=other)
        self.assertEqual(self.engine.deliver(date=MONDAY)["sms"], {"sent": 2})
        self.assertEqual([company for company, _messages in self.gateway.requests], [self.company, other])
        texts = [text for _number, text, _uuid in self.gateway.messages]
        self.assertIn("Atelier Blanc", texts[0])
        self.assertIn("Menuiserie Roux", texts[1])

    def test_queries(self):
        """The number of messages does not matter, but for one line of the journal each."""
        counts = []
        self.late(name="Warm up")
        self.text_to(self.customer)
        for number in (20, 40):
            for rank in range(number):
                self.late(f"06 12 34 {number} {rank:02d}", name=f"Customer {rank} of {number}")
            self.prepare()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(self.send(), {"sms": {"sent": number}})
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1] - counts[0], 20 + 2, counts)


@tagged("post_install", "-at_install")
class TestSmsText(SmsCommon):
    def test_nothing_about_the_debt(self):
        reminder = self.text_to(self.late())
        (text,) = self.gateway.texts().values()
        self.assertIn("Atelier Blanc", text)
        self.assertIn("01 23 45 67 89", text)
        for word in ("1000", "1,000", "€", "invoice", "pay", "due", "overdue", "owe", reminder.line_ids.move_name):
            self.assertNotIn(word, text.lower())

    def test_default_texts_are_short_and_discreet(self):
        """In French as well: one SMS each, no accent that halves the room, no word about money."""
        for lang in ("en_US", "fr_FR"):
            for level in self.plan.level_ids.with_context(lang=lang):
                with self.subTest(lang=lang, stage=level.stage):
                    self.assertFalse(level.sms_warning)
                    self.assertIn("1 SMS", level.sms_length)
                    self.assertNotRegex(level.sms_example.lower(), "impay|factur|relanc|dett|payer|paie|€|debt|invoic")

    def test_language(self):
        """The recipient's; a language that is not installed falls back to the company's."""
        self.level_1.sms_body = "Hello from {{ object.company_name }}"
        self.level_1.with_context(lang="fr_FR").sms_body = "Bonjour de {{ object.company_name }}"
        self.company.partner_id.lang = "en_US"
        self.late("06 00 00 00 01", name="French", lang="fr_FR")
        self.late("06 00 00 00 02", name="English", lang="en_US")
        german = self.late("06 00 00 00 03", name="German")
        self.env.flush_all()
        self.env.cr.execute("UPDATE res_partner SET lang = 'de_DE' WHERE id = %s", [german.id])
        german.invalidate_recordset()
        self.text_to(german)
        self.assertEqual(self.gateway.texts(), {
            "+33600000001": "Bonjour de Atelier Blanc", "+33600000002": "Hello from Atelier Blanc",
            "+33600000003": "Hello from Atelier Blanc",
        })  # fmt: skip

    def test_language_without_translation(self):
        """A language into which nobody has translated the text: the source, rather than nothing."""
        self.env["res.lang"]._activate_lang("es_ES")
        self.late(lang="es_ES")
        self.text_to(self.customer)
        self.assertIn("customer account", next(iter(self.gateway.texts().values())))

    def test_link(self):
        self.patch(self.registry["dunning.reminder"], "_customer_link", lambda reminder: "https://x.example/r/1")
        self.level_1.sms_body = "Hello"
        self.use("sms", level=self.level_2)
        self.level_2.sms_body = "See {{ object.customer_link }} please"
        self.late()
        second = self.make_customer("Second", phone="06 98 76 54 32")
        self.invoice(MONDAY - timedelta(days=40), customer=second)
        self.invoice(MONDAY - timedelta(days=3), customer=second)
        self.text_to(self.customer)
        self.reminders(second).delivery_ids.mapped("state")
        self.assertEqual(self.gateway.texts()["+33612345678"], "Hello https://x.example/r/1")
        self.level_1.sms_body = "See {{ object.customer_link }} please"
        contents, _broken = self.env["dunning.channel.sms"]._render(self.reminders(second))
        self.assertEqual(contents[self.reminders(second).id]["text"], "See https://x.example/r/1 please")

    def test_whoever_writes_texts_runs_no_code(self):
        for text in ("{{ object.env.cr }}", "{{ object.partner_id.vat }}", "{{ 1 + 1 }}"):
            with self.subTest(text), self.assertRaises(ValidationError):
                self.level_1.sms_body = text

    def test_forbidden_text_that_got_in(self):
        """Written past the check, a text still runs nothing: it fails, and says so."""
        self.late()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE dunning_level SET sms_body = jsonb_build_object('en_US', %s::text) WHERE id = %s",
            ["{{ object.env.user.login }}", self.level_1.id],
        )
        self.level_1.invalidate_recordset()
        self.prepare()
        self.assertEqual(self.send(), {"sms": {"failed": 1}})
        self.assertFalse(self.gateway.messages)

    def test_preview(self):
        customer = self.late()
        self.prepare()
        action = self.reminders(customer).action_preview_message()
        preview = self.env["dunning.reminder.preview"].browse(action["res_id"])
        self.assertIn("Atelier Blanc", preview.body)
        self.assertRegex(preview.body, r"\d+ characters \(GSM\), 1 SMS")
        self.assertIn("+33612345678", preview.body)

    def test_accents_that_cost(self):
        self.level_1.sms_body = "Votre fenêtre est prête"
        self.assertIn("ê", self.level_1.sms_warning)
        self.assertIn("UCS-2", self.level_1.sms_length)

    def test_kept_as_it_left(self):
        self.company.name = "<b>Dupont</b> & fils"
        customer = self.late()
        reminder = self.text_to(customer)
        message = reminder.message_id
        self.assertEqual((message.message_type, message.model), ("sms", "dunning.reminder"))
        self.assertIn("&lt;b&gt;Dupont", message.body)
        notification = message.notification_ids
        self.assertEqual(
            (notification.notification_type, notification.sms_number, notification.notification_status),
            ("sms", "+33612345678", "pending"),
        )
        self.assertIn(reminder.name, customer.message_ids[:1].body)
        self.assertFalse(self.env["sms.sms"].search([("state", "=", "outgoing")]))
