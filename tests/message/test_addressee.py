"""Whom a message is for: whom the invoice names, each address once, addresses as servers know them."""

from datetime import timedelta

from odoo import Command
from odoo.tests import tagged

from ...relance_progressive.channels.email.address import addresses, with_sent_domain
from ..common.base import MONDAY
from ..common.email import EmailCommon

LATE = MONDAY - timedelta(days=4)


@tagged("post_install", "-at_install")
class TestWhomTheInvoiceNames(EmailCommon):
    """The contact that the invoice is made out to has an address, the company none."""

    def garage(self, **values):
        return self.make_customer("Garage Lenoir", **{"email": False, **values})

    def contact(self, customer, name, **values):
        return self.env["res.partner"].create({
            "name": name, "parent_id": customer.id, "type": "contact", "email": f"{name.lower()}@lenoir.example",
            **values,
        })  # fmt: skip

    def received(self, customer):
        self.deliver_to(customer)
        return [recipients for recipients, _message in self.messages]

    def test_the_contact_of_the_invoice(self):
        garage = self.garage()
        anne = self.contact(garage, "Anne")
        self.invoice(LATE, 1000, anne)
        self.assertEqual(self.received(garage), [["anne@lenoir.example"]])
        reminder = self.reminders(garage)
        self.assertEqual((reminder.state, reminder.contact_id), ("sent", anne))
        self.assertIn("whom the invoices name, Anne", reminder.delivery_ids.reason)
        self.assertIn("Anne", str(self.messages[0][1]["To"]))

    def test_before_the_fallback_channel(self):
        garage = self.garage(street="1 rue de la Gare", zip="33000", city="Bordeaux")
        self.level_1.channel_ids = [Command.create({"channel": "letter", "sequence": 20, "fallback": True})]
        self.invoice(LATE, 1000, self.contact(garage, "Anne"))
        self.assertEqual(self.received(garage), [["anne@lenoir.example"]])
        self.assertEqual(self.reminders(garage).delivery_ids.mapped("channel"), ["email"])

    def test_the_address_of_the_company_comes_first(self):
        garage = self.garage(email="compta@lenoir.example")
        self.invoice(LATE, 1000, self.contact(garage, "Anne"))
        self.assertEqual(self.received(garage), [["compta@lenoir.example"]])
        self.assertFalse(self.reminders(garage).delivery_ids.reason)

    def test_an_address_of_the_company_that_came_back_is_to_be_mended(self):
        garage = self.garage(email="compta@lenoir.example", message_bounce=2)
        self.invoice(LATE, 1000, self.contact(garage, "Anne"))
        self.assertEqual(self.received(garage), [])
        self.assertIn("compta@lenoir.example", self.reminders(garage).reason)

    def test_several_contacts_are_written_to_together_the_oldest_invoice_first(self):
        """All of them, as several reminder contacts are: each reads the same claim, none is passed over."""
        garage = self.garage()
        for days, name in ((5, "Bruno"), (9, "Anne"), (4, "Chloe")):
            self.invoice(MONDAY - timedelta(days=days), 100, self.contact(garage, name))
        self.contact(garage, "Stranger")
        (received,) = self.received(garage)
        self.assertEqual(received, ["anne@lenoir.example", "bruno@lenoir.example", "chloe@lenoir.example"])
        self.assertEqual(
            [(one.display_name, one.addr_spec) for one in self.messages[0][1]["To"].addresses],
            [(name, f"{name.lower()}@lenoir.example") for name in ("Anne", "Bruno", "Chloe")],
        )

    def test_never_more_than_a_few(self):
        garage = self.garage()
        for number in range(8):
            self.invoice(MONDAY - timedelta(days=4 + number), 100, self.contact(garage, f"P{number}"))
        (received,) = self.received(garage)
        self.assertEqual(received, [f"p{number}@lenoir.example" for number in (7, 6, 5, 4, 3)])

    def test_only_those_of_the_items_claimed(self):
        garage = self.garage()
        self.invoice(LATE, 1000, self.contact(garage, "Anne"))
        paid = self.invoice(LATE, 1000, self.contact(garage, "Bruno"))
        self.pay(paid)
        self.assertEqual(self.received(garage), [["anne@lenoir.example"]])

    def test_an_archived_contact_or_one_in_copy_is_no_addressee(self):
        garage = self.garage()
        copy = self.contact(garage, "Copy", type="followup", dunning_role="copy")
        gone = self.contact(garage, "Gone")
        self.invoice(LATE, 1000, copy)
        self.invoice(LATE, 1000, gone)
        gone.active = False
        self.assertEqual(self.received(garage), [])
        self.assertEqual(self.reminders(garage).state, "failed")

    def test_the_account_says_the_same_before(self):
        """What is told of an account beforehand is what happens on the day."""
        garage = self.garage()
        account = self.account(garage)
        self.invoice(LATE, 1000, self.contact(garage, "Anne", email=False))
        self.assertEqual(account.reach, "none")
        garage.child_ids.email = "anne@lenoir.example"
        self.env.invalidate_all()
        self.assertEqual(account.reach, "all")

    def test_letters_calls_and_texts_find_it_too(self):
        garage = self.garage()
        anne = self.contact(
            garage, "Anne", type="other", phone="+33 6 12 34 56 78", street="1 rue de la Gare", zip="33000",
            city="Bordeaux", country_id=self.env.ref("base.fr").id,
        )  # fmt: skip
        self.invoice(LATE, 1000, anne)
        self.prepare()
        reminder = self.reminders(garage)
        for code in ("call", "sms", "letter"):
            channel = self.env["dunning.channel"]._of(code)
            recipient = channel._recipients(channel._targets(reminder))[reminder.id]
            self.assertEqual((recipient.contact_id, recipient.problem), (anne.id, ""), code)


@tagged("post_install", "-at_install")
class TestEachAddressOnce(EmailCommon):
    def contacts(self, *contacts, email="info@petit.example"):
        """Deliver to a customer with contacts ``(name, address, role)``; return To and Cc as ``(name, address)``."""
        customer = self.reminder_for(email, child_ids=[
            Command.create({"name": name, "type": "followup", "email": address, "dunning_role": role})
            for name, address, role in contacts
        ])  # fmt: skip
        message = self.deliver_to(customer)
        return [
            [(one.display_name, one.addr_spec) for one in message[header].addresses] if message[header] else []
            for header in ("To", "Cc")
        ]

    def test_a_copy_whose_address_is_the_end_of_another(self):
        to, copies = self.contacts(("Copy", "compta@petit.example", "copy"), email="expert-compta@petit.example")
        self.assertEqual([address for _name, address in to], ["expert-compta@petit.example"])
        self.assertEqual([address for _name, address in copies], ["compta@petit.example"])

    def test_everybody_is_named_by_his_own_name(self):
        to, _copies = self.contacts(("Anne", "anne@petit.example", "to"), ("Paul", "paul@petit.example", "to"))
        self.assertEqual(to, [("Anne", "anne@petit.example"), ("Paul", "paul@petit.example")])

    def test_an_address_that_two_people_share_bears_no_name(self):
        to, _copies = self.contacts(("Anne", "compta@petit.example", "to"), ("Paul", "COMPTA@Petit.example", "to"))
        self.assertEqual(to, [("", "compta@petit.example")])

    def test_nobody_stands_twice(self):
        to, copies = self.contacts(
            ("Anne", "anne@petit.example, Paul <paul@petit.example>", "to"), ("Paul", "PAUL@petit.example", "copy"),
            ("Zoe", "zoe@petit.example", "copy"), ("Other Zoe", "Zoe@PETIT.example", "copy"),
        )  # fmt: skip
        self.assertEqual([address for _name, address in to], ["anne@petit.example", "paul@petit.example"])
        self.assertEqual([address for _name, address in copies], ["zoe@petit.example"])

    def test_a_salesperson_who_receives_it_gets_no_copy(self):
        self.plan.level_ids.copy_salesperson = True
        customer = self.reminder_for("lea@atelier.example", user_id=self.person.id)
        self.assertFalse(self.deliver_to(customer)["Cc"])


@tagged("post_install", "-at_install")
class TestInternationalAddresses(EmailCommon):
    def test_as_servers_know_them(self):
        for text, found in (
            ("compta@société.example", ["compta@xn--socit-esab.example"]),
            ("Compta <COMPTA@Société.Example>", ["compta@xn--socit-esab.example"]),
            ("a@société.example, A@xn--socit-esab.example", ["a@xn--socit-esab.example"]),
            ("comptabilité@petit.example", ["comptabilité@petit.example"]),
            ("plain@petit.example", ["plain@petit.example"]), ("", []), ("nothing", []), (False, []),
        ):  # fmt: skip
            self.assertEqual(addresses(text), found, text)
        self.assertEqual(with_sent_domain('"Léa" <lea@société.example>'), '"Léa" <lea@xn--socit-esab.example>')
        self.assertEqual(with_sent_domain("lea@petit.example"), "lea@petit.example")

    def test_an_international_domain_receives_it(self):
        customer = self.reminder_for("compta@société.example")
        message = self.deliver_to(customer)
        self.assertEqual(self.messages[0][0], ["compta@xn--socit-esab.example"])
        self.assertEqual(message["To"].addresses[0].addr_spec, "compta@xn--socit-esab.example")
        self.assertEqual(self.reminders(customer).state, "sent")

    def test_a_bounce_of_it_comes_back(self):
        customer = self.reminder_for("compta@société.example")
        self.deliver_to(customer)
        reminder = self.reminders(customer)
        reminder._message_receive_bounce("compta@société.example", customer)
        self.assertEqual((reminder.state, reminder.delivery_ids.state), ("failed", "bounced"))

    def test_a_sender_in_an_international_domain(self):
        self.person.email = "lea@ateliér.example"
        message = self.deliver_to(self.reminder_for("compta@petit.example"))
        self.assertEqual(message["Reply-To"].addresses[0].addr_spec, "lea@xn--atelir-fva.example")
        self.assertEqual(message["From"].addresses[0].addr_spec, "lea@xn--atelir-fva.example")

    def test_letters_before_the_at_need_a_server_that_takes_them(self):
        customer = self.reminder_for("comptabilité@petit.example")
        self.assertFalse(self.deliver_to(customer))
        self.assertEqual(self.reminders(customer).state, "failed")
        self.assertIn("comptabilité@petit.example: the mail server", self.reminders(customer).reason)
        self.assertIn("SMTPUTF8", self.reminders(customer).reason)

    def test_and_leave_by_one_that_does(self):
        customer = self.reminder_for("comptabilité@petit.example")
        self.prepare()
        with self.smtp() as smtp:
            smtp.extension = "SMTPUTF8"
            self.send()
        self.assertEqual([recipients for recipients, _message in smtp.messages], [["comptabilité@petit.example"]])
        self.assertEqual(self.reminders(customer).state, "sent")
