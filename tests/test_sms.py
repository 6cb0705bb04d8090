from datetime import datetime, timedelta
from unittest.mock import patch

import requests

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import BaseCase, HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.relance_progressive.relance_progressive.channels.sms_number import parse, zones
from odoo.addons.relance_progressive.relance_progressive.channels.sms_segments import plain, segments
from odoo.addons.sms.tools.sms_api import SmsApi

from .common import MONDAY
from .fake_sms import local_gateway
from .test_deliver import DeliverCommon

MOBILE = "06 12 34 56 78"
NOON = datetime(2026, 3, 2, 11, 0)  # noon in Paris, that Monday
GATEWAY = "odoo.addons.relance_progressive.relance_progressive.channels.sms_gateway"


class SmsCommon(DeliverCommon):
    """The first level by text message, at noon of a Monday."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.company.partner_id.tz = "Europe/Paris"

    def setUp(self):
        super().setUp()
        self.now = NOON
        self.patch(self.registry["dunning.channel.sms"], "_now", lambda model: self.now)
        gateway = local_gateway(self.registry)
        self.gateway = gateway.__enter__()
        self.addCleanup(gateway.__exit__, None, None, None)
        self.use("sms")

    def use(self, *codes, level=None):
        """Give a level channels; the second and following ones are fallbacks."""
        (level or self.level_1).channel_ids = [Command.clear()] + [
            Command.create({"channel": code, "sequence": number, "fallback": number > 0})
            for number, code in enumerate(codes)
        ]

    def late(self, phone=MOBILE, name="Garage Noir", **values):
        """Return a customer with an invoice three days late."""
        customer = self.make_customer(name, phone=phone, **values)
        self.invoice(MONDAY - timedelta(days=3), 1000.0, customer)
        return customer

    def text_to(self, *customers):
        """Prepare and deliver; return the reminder of the first customer."""
        self.prepare()
        with self.smtp() as self.mails:
            self.counts = self.send()
        return self.reminders(customers[0])

    def steps(self, reminder):
        return reminder.delivery_ids.mapped(lambda delivery: (delivery.channel, delivery.state))


@tagged("post_install", "-at_install")
class TestSmsNumber(BaseCase):
    def test_numbers_that_receive_texts(self):
        for text, region, expected in (
            ("06 12 34 56 78", "FR", "+33612345678"),
            ("+33 6 12 34 56 78", "", "+33612345678"),
            ("0033612345678", "FR", "+33612345678"),
            ("(0)6.12.34.56.78", "FR", "+33612345678"),
            ("0690 12 34 56", "FR", "+590690123456"),  # Guadeloupe, as Paris dials it
            ("06 12 34 56 78", "GP", "+33612345678"),
            ("0692 12 34 56", "RE", "+262692123456"),
            ("(212) 555-1234", "US", "+12125551234"),  # in the USA nobody can tell a mobile
            ("079 123 45 67", "CH", "+41791234567"),
            ("01 23 45 67 89 / 06 12 34 56 78", "FR", "+33612345678"),
        ):
            with self.subTest(text=text, region=region):
                self.assertEqual((parse(text, region).e164, parse(text, region).problem), (expected, ""))

    def test_numbers_that_do_not(self):
        for text, region, problem in (
            ("01 23 45 67 89", "FR", "landline"),
            ("0262 12 34 56", "FR", "landline"),
            ("08 99 12 34 56", "FR", "premium"),
            ("0900 123 456", "CH", "premium"),
            ("0800 123 456", "FR", "toll_free"),
            ("+1 800 555 1234", "FR", "toll_free"),
            ("09 12 34 56 78", "FR", "voip"),
            ("06 12", "FR", "invalid"),
            ("secretary", "FR", "invalid"),
            ("0612345678", "", "invalid"),
            ("+881 6 1234 5678", "FR", "satellite"),
        ):
            with self.subTest(text=text, region=region):
                self.assertEqual((parse(text, region).e164, parse(text, region).problem), ("", problem))
        self.assertIsNone(parse(" ", "FR"))

    def test_zones(self):
        self.assertEqual(zones("+33612345678"), ("Europe/Paris",))
        self.assertEqual(zones("+590690123456"), ("America/Guadeloupe",))
        self.assertGreater(len(zones("+79161234567")), 5)


@tagged("post_install", "-at_install")
class TestSmsSegments(BaseCase):
    def test_table(self):
        for text, expected in (
            ("", ("GSM", 0, 1)),
            ("a" * 160, ("GSM", 160, 1)),
            ("a" * 161, ("GSM", 161, 2)),
            ("a" * 306, ("GSM", 306, 2)),
            ("a" * 307, ("GSM", 307, 3)),
            ("é" * 160, ("GSM", 160, 1)),
            ("€" * 80, ("GSM", 160, 1)),
            ("€" * 81, ("GSM", 162, 2)),
            ("a" * 152 + "€" + "a" * 152, ("GSM", 306, 3)),  # an escaped character is not cut in half
            ("ê" * 70, ("UCS-2", 70, 1)),
            ("ê" * 71, ("UCS-2", 71, 2)),
            ("ê" * 134, ("UCS-2", 134, 2)),
            ("ê" * 135, ("UCS-2", 135, 3)),
            ("😀" * 35, ("UCS-2", 70, 1)),
            ("😀" * 36, ("UCS-2", 72, 2)),
            ("😀" * 67, ("UCS-2", 134, 3)),
        ):
            with self.subTest(text=text[:5], length=len(text)):
                self.assertEqual(segments(text)[:3], expected)

    def test_what_is_foreign(self):
        self.assertEqual(segments("Être au cœur, façade").foreign, "Êœç")
        self.assertEqual(segments(plain("L’été « à » 8\N{NARROW NO-BREAK SPACE}h…")).encoding, "GSM")


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
        self.assertEqual(preview.address, "+33612345678")

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
        self.assertNotIn("1 SMS", message.body)
        notification = message.notification_ids
        self.assertEqual(
            (notification.notification_type, notification.sms_number, notification.notification_status),
            ("sms", "+33612345678", "pending"),
        )
        self.assertIn(reminder.name, customer.message_ids[:1].body)
        self.assertFalse(self.env["sms.sms"].search([("state", "=", "outgoing")]))


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
        self.env["dunning.reminder"].search([("state", "=", "ready")]).retry_at = self.now - timedelta(days=999)
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
            ("insufficient_credit", "no credit"), ("unregistered", "not registered"), ("wrong_number_format", "valid"),
            ("country_not_supported", "country"), ("registration_needed", "register"),
            ("incompatible_content", "text"), ("duplicate_message", "just sent"), ("strange", "strange"),
        ):  # fmt: skip
            with self.subTest(state):
                outcome = self.env["dunning.channel.sms"]._outcome(object(), {"state": state}, {"note": ""})
                self.assertEqual(outcome.state, "refused")
                self.assertIn(words, outcome.reason)

    def test_no_credit_calls_the_fallback(self):
        reminder = self.deliver_answer({"state": "insufficient_credit"})
        self.assertEqual(self.steps(reminder), [("sms", "failed"), ("email", "sent")])
        self.assertEqual(reminder.delivery_ids[0].failure, "refused")

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
        with patch.object(requests.Session, "send", side_effect=AssertionError("no network in tests")):
            try:
                raise requests.exceptions.ConnectTimeout("refused")
            except requests.exceptions.RequestException:
                try:
                    raise AccessError("An error occurred while reaching the service")
                except AccessError as wrapped:
                    error = wrapped
        reminder = self.error(error, left=False)
        self.assertEqual((reminder.state, reminder.attempts, self.counts), ("ready", 1, {"sms": {"delayed": 1}}))
        self.gateway.error, reminder.retry_at = None, False
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
        path = "odoo.addons.relance_progressive.relance_progressive.engine.engine_hand_over.SECONDS"
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
