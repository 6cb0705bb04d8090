import base64
import re
from datetime import timedelta

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common.base import MONDAY
from ..common.email import EmailCommon


@tagged("post_install", "-at_install")
class TestRecipients(EmailCommon):
    def received_by(self, customer):
        self.deliver_to(customer)
        return [recipients for recipients, _message in self.messages]

    def test_reminder_contact_first(self):
        customer = self.reminder_for("company@petit.example", child_ids=[
            Command.create({"name": "Bills", "type": "invoice", "email": "bills@petit.example"}),
            Command.create({"name": "Anne", "type": "followup", "email": "anne@petit.example"}),
        ])  # fmt: skip
        self.assertEqual(self.received_by(customer), [["anne@petit.example"]])
        self.assertEqual(self.reminders(customer).contact_id.name, "Anne")

    def test_invoice_contact_if_it_has_an_address(self):
        """ANCHORS part 3, behaviour 15."""
        with_address = self.reminder_for("one@petit.example", child_ids=[
            Command.create({"name": "Bills", "type": "invoice", "email": "bills@petit.example"}),
        ])  # fmt: skip
        no_address = Command.create({"name": "Bills", "type": "invoice"})
        without = self.reminder_for("two@petit.example", child_ids=[no_address])
        received = self.received_by(with_address)
        self.assertCountEqual(received, [["bills@petit.example"], ["two@petit.example"]])
        self.assertEqual(self.reminders(without).contact_id, without)

    def test_two_addresses_in_one_field(self):
        customer = self.reminder_for("one@petit.example, Two <TWO@petit.example>")
        self.assertEqual(self.received_by(customer), [["one@petit.example", "two@petit.example"]])

    def test_name_that_looks_like_an_address(self):
        """Only the address of the contact receives it, whatever its name."""
        customer = self.make_customer("Shop@home boss@home.example", email="shop@petit.example")
        self.invoice(MONDAY - timedelta(days=3), customer=customer)
        self.assertEqual(self.received_by(customer), [["shop@petit.example"]])

    def test_name_of_several_lines(self):
        """A customer writes its name itself, in the portal: it is a name, and no header of our message."""
        customer = self.make_customer('Shop\r\nBcc: boss@home.example\r\n\r\n"Paid", ok', email="shop@petit.example")
        self.invoice(MONDAY - timedelta(days=3), customer=customer)
        message = self.deliver_to(customer)
        self.assertEqual([recipients for recipients, _message in self.messages], [["shop@petit.example"]])
        self.assertFalse(message["Bcc"])
        self.assertEqual(message["To"].addresses[0].display_name, 'Shop Bcc: boss@home.example "Paid", ok')

    def test_no_address(self):
        """Without an address the reminder fails, says so, and leaves once there is one."""
        customer = self.reminder_for(False)
        invalid = self.reminder_for("not an address")
        self.assertFalse(self.received_by(customer))
        for one in (customer, invalid):
            self.assertEqual(self.reminders(one).state, "failed")
            self.assertEqual(self.reminders(one).delivery_ids.failure, "missing")
        self.assertIn("not an address", self.reminders(invalid).reason)
        self.env["res.partner"].create({
            "name": "Anne", "type": "followup", "email": "anne@petit.example", "parent_id": customer.id
        })  # fmt: skip
        invalid.email = "valid@petit.example"
        self.assertEqual(self.reminders(customer).state, "ready")
        with self.smtp() as smtp:
            self.assertEqual(self.send(), {"email": {"sent": 2}})
        self.assertTrue(smtp.to("anne@petit.example") and smtp.to("valid@petit.example"))

    def test_blacklist_is_for_marketing(self):
        customer = self.reminder_for()
        self.env["mail.blacklist"]._add("compta@petit.example")
        self.assertEqual(self.received_by(customer), [["compta@petit.example"]])

    def test_address_that_bounced(self):
        """Messages to the customer bounced before: nothing leaves until the address changes or a person insists."""
        customer, other = self.reminder_for(), self.reminder_for("other@petit.example")
        (customer + other).message_bounce = 2
        self.assertFalse(self.received_by(customer))
        self.assertEqual(self.reminders(customer).delivery_ids.failure, "missing")
        customer.email = "new@petit.example"
        self.assertEqual(customer.message_bounce, 0)
        self.reminders(other).action_retry()
        with self.smtp() as smtp:
            self.assertEqual(self.send(), {"email": {"sent": 2}})
        self.assertTrue(smtp.to("new@petit.example") and smtp.to("other@petit.example"))
        self.assertFalse(other.message_bounce)


@tagged("post_install", "-at_install")
class TestText(EmailCommon):
    def test_headers(self):
        message = self.deliver_to(self.reminder_for())
        self.assertEqual(message["From"], 'Léa Martin <lea@atelier.example>')
        self.assertEqual(message["Reply-To"], 'Léa Martin <lea@atelier.example>')
        self.assertEqual(message["Auto-Submitted"], "auto-generated")
        self.assertFalse([name for name in message.keys() if name.lower().startswith("list-")])
        self.assertIn("dunning.reminder", message["Message-Id"])

    def test_sender_of_the_level(self):
        """The level's sender signs, the person in charge gets the answers."""
        boss = self.env["res.users"].create({"name": "Boss", "login": "boss", "email": "boss@atelier.example"})
        self.level_1.sender_id = boss
        message = self.deliver_to(self.reminder_for())
        self.assertEqual(message["From"], 'Boss <boss@atelier.example>')
        self.assertEqual(message["Reply-To"], 'Léa Martin <lea@atelier.example>')

    def test_nobody_in_charge(self):
        self.company.dunning_user_id = False
        message = self.deliver_to(self.reminder_for())
        self.assertIn("factures@atelier.example", message["From"])

    def test_items_and_total(self):
        customer = self.reminder_for(amount=1200.0)
        self.invoice(MONDAY - timedelta(days=12), 34.5, customer)
        message = self.deliver_to(customer)
        reminder = self.reminders(customer)
        for body in (self.html(message), self.text(message)):
            body = body.replace("\N{NO-BREAK SPACE}", " ")
            for move in reminder.line_ids.move_id:
                self.assertIn(move.name, body)
            self.assertRegex(body, r"1,?234[.,]50")
            self.assertIn("Please pay.", body)
            self.assertIn("Léa Martin", body)
            self.assertIn(reminder.name, body)

    def test_customer_language(self):
        """The customer's language rules texts, dates and amounts; the sender's does not."""
        template = self.level_1.template_id
        template.with_context(lang="fr_FR").body_html = "<p>Merci de payer <t t-out='object.amount_text'/>.</p>"
        french = self.reminder_for(amount=1200.0, lang="fr_FR")
        english = self.reminder_for("english@petit.example", lang="en_US")
        self.deliver_to(french)
        text = {recipients[0]: self.html(message) for recipients, message in self.messages}
        flat = re.sub(r"[\s\u00a0\u202f]+", " ", text[french.email])
        self.assertIn("Merci de payer 1 200,00 €.", flat)
        self.assertIn(f"{MONDAY - timedelta(days=3):%d/%m/%Y}", flat)
        self.assertIn("Please pay.", text[english.email])
        self.assertIn(f"{MONDAY - timedelta(days=3):%m/%d/%Y}", text[english.email])
        self.assertEqual(self.reminders(french).lang, "fr_FR")

    def test_language_of_the_contact(self):
        customer = self.reminder_for(lang="en_US", child_ids=[
            Command.create({"name": "Anne", "type": "followup", "email": "anne@petit.example", "lang": "fr_FR"})
        ])  # fmt: skip
        self.deliver_to(customer)
        self.assertEqual(self.reminders(customer).lang, "fr_FR")

    def test_names_are_escaped(self):
        customer = self.make_customer("<b>Evil</b> & sons", email="evil@petit.example")
        self.level_1.template_id.body_html = "<p>Dear <t t-out='object.customer_name'/></p>"
        self.invoice(MONDAY - timedelta(days=3), customer=customer, name="<script>1</script>")
        html = self.html(self.deliver_to(customer))
        self.assertIn("&lt;b&gt;Evil&lt;/b&gt; &amp; sons", html)
        self.assertNotIn("<b>Evil", html)
        self.assertNotIn("<script>", html)

    def test_two_currencies(self):
        """One message, a total for each currency."""
        dollar = self.env.ref("base.USD")
        dollar.active = True
        customer = self.reminder_for(amount=100.0)
        self.invoice(MONDAY - timedelta(days=3), 70.0, customer, currency_id=dollar.id)
        message = self.deliver_to(customer)
        self.assertEqual(len(self.messages), 1)
        text = self.text(message).replace("\N{NO-BREAK SPACE}", " ")
        self.assertRegex(text, r"Total: .*(100.00.*70.00|70.00.*100.00)")

    def test_many_items(self):
        """A long list is cut; what is not listed is summed up."""
        customer = self.reminder_for(amount=10.0)
        self.invoice(MONDAY - timedelta(days=4), 10.0, customer, invoice_line_ids=[
            Command.create({"name": "Work", "quantity": 1, "price_unit": 10, "tax_ids": []})
        ])  # fmt: skip
        self.patch(self.registry["dunning.channel.email"], "_max_items", 1)
        message = self.deliver_to(customer)
        self.assertRegex(self.text(message), r"and 1 other invoice, .*10.00.* in total:\s+-")
        self.assertRegex(self.text(message), r"- due in \w+ 2026: 1, .*10.00")
        self.assertRegex(self.text(message), r"Total: .*20.00")

    def test_pre_due(self):
        """Before the due date the items are announced, not claimed."""
        customer = self.make_customer("Early", email="early@petit.example")
        self.invoice(MONDAY + timedelta(days=5), 80.0, customer)
        text = self.text(self.deliver_to(customer))
        self.assertIn("80.00", text)
        self.assertEqual(self.reminders(customer).amount_total, 0)

    def test_money_on_its_way(self):
        customer = self.reminder_for(amount=100.0)
        self.unallocated_payment(30.0, customer, day=MONDAY - timedelta(days=1))
        text = self.text(self.deliver_to(customer))
        self.assertRegex(text, r"on its way to us: .*30.00")
        self.assertRegex(text, r"Total: .*70.00")

    def test_pdf_is_linked_not_copied(self):
        self.level_1.attach_invoices = True
        customer = self.reminder_for()
        without = self.reminder_for("without@petit.example")
        move = self.env["account.move"].search([("partner_id", "=", customer.id)])
        pdf = self.env["ir.attachment"].create({
            "name": "invoice.pdf", "res_model": "account.move", "res_id": move.id, "mimetype": "application/pdf",
            "res_field": "invoice_pdf_report_file", "datas": base64.b64encode(b"%PDF-1.4 test"),
        })  # fmt: skip
        self.deliver_to(customer)
        files = {recipients[0]: list(message.iter_attachments()) for recipients, message in self.messages}
        self.assertEqual([file.get_filename() for file in files[customer.email]], ["invoice.pdf"])
        self.assertEqual(len(files[without.email]), 1, "the one that was missing is made")
        self.assertEqual(self.reminders(customer).message_id.attachment_ids, pdf)
        self.assertEqual(self.env["ir.attachment"].search_count([
            ("checksum", "=", pdf.checksum), ("res_field", "in", ["invoice_pdf_report_file", False]),
        ]), 1)  # fmt: skip
        self.assertEqual((pdf.res_model, pdf.res_id), ("account.move", move.id))

    def test_kept_as_it_left(self):
        """The message stays on the reminder; the customer's history has a line and a link."""
        customer = self.reminder_for()
        message = self.deliver_to(customer)
        reminder = self.reminders(customer)
        self.assertIn(reminder.line_ids.move_name, reminder.message_id.body)
        self.assertEqual(reminder.message_id.message_id, message["Message-Id"])
        self.assertEqual(reminder.message_id.notification_ids.notification_status, "sent")
        self.assertIn(reminder.name, customer.message_ids[:1].body)
        self.assertFalse(self.env["mail.mail"].search([("model", "=", "dunning.reminder")]))
        with self.assertRaisesRegex(UserError, "proof"), self.env.cr.savepoint():
            reminder.message_id.unlink()
