
from psycopg2.extras import Json

from odoo.tests import freeze_time, new_test_user, tagged

from ..common.base import MONDAY
from ..common.deliver import DeliverCommon
from ..common.digest import DigestCommon


@tagged("post_install", "-at_install")
class TestDigest(DigestCommon):
    def test_each_person_reads_what_concerns_them(self):
        """Claire: what leaves; Karim: what waits for an approval; each with customer, level, amount and a link."""
        self.late("Garage Morin", 1000)
        self.level_1.approval = "manual"
        self.late("Hotel Bellevue", 700, self.karim)
        mails = self.night()
        self.assertEqual(set(mails), {"claire@atelier.example", "karim@atelier.example"})
        claire, karim = mails["claire@atelier.example"], mails["karim@atelier.example"]
        self.assertIn("waits for an approval: 1", claire.subject)
        page = f"/dunning/{self.company.id}/reminders-leaving"
        for text in ("Garage Morin", "friendly +3", "1,000.00", "E-mail", page):
            self.assertIn(text, claire.body_html)
        self.assertNotIn("Bellevue", claire.body_html)
        self.assertIn("Hotel Bellevue", karim.body_html)
        self.assertNotIn("Morin", karim.body_html)

    def test_the_limit_of_the_day_is_told_truly(self):
        """Of three that are ready one leaves today, that of the oldest debt: the others are named apart."""
        self.company.dunning_daily_cap = 1
        for name, days in (("Young", 4), ("Oldest", 8), ("Old", 6)):
            customer = self.make_customer(name)
            self.account(customer).user_id = self.claire
            self.invoice(self.day(-days), 100 * days, customer)
        mail = self.night()["claire@atelier.example"]
        self.assertIn("leaves today: 1, ready, leaves on the following days: 2", mail.subject)
        today, later = mail.body_html.split("Ready, leaves on the following days")
        self.assertIn("Oldest", today)
        self.assertTrue("Young" in later and "Old<" in later)

    def test_what_leaves_and_what_failed(self):
        self.late("Garage Morin", 1000)
        failing = self.late("Hotel Bellevue", 700)
        failing.partner_id.email = "refused@petit.example"
        self.run_on(MONDAY)
        with self.smtp():
            self.send()
        self.late("Cafe Royal", 50)
        mail = self.night(self.day(1))["claire@atelier.example"]
        self.assertIn("leaves today: 1", mail.subject)
        self.assertIn("could not be sent: 1", mail.subject)
        self.assertIn("User unknown", mail.body_html)
        self.assertIn("Cafe Royal", mail.body_html)
        self.assertNotIn("Garage Morin", mail.body_html)

    def test_nothing_to_say_nothing_sent(self):
        self.assertEqual(self.night(), {})

    def test_once_a_day(self):
        self.late("Garage Morin", 1000)
        self.assertEqual(len(self.night()), 1)
        self.assertEqual(self.night(), {})

    def test_it_can_be_switched_off(self):
        self.late("Garage Morin", 1000)
        self.company.dunning_digest = False
        self.assertEqual(self.night(), {})

    def test_not_on_a_day_on_which_nothing_leaves(self):
        self.late("Garage Morin", 1000)
        self.assertEqual(self.night(self.day(-1)), {})

    def test_in_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.claire.lang = "fr_FR"
        self.late("Garage Morin", 1000)
        mail = self.night()["claire@atelier.example"]
        self.assertIn("1\u202f000,00", mail.body_html.replace("\xa0", "\u202f"))
        self.assertIn("mars 2026", mail.body_html)

    def test_someone_who_left_is_replaced(self):
        self.late("Garage Morin", 1000, self.karim)
        self.karim.active = False
        self.assertEqual(set(self.night()), {"claire@atelier.example"})

    def test_a_person_without_the_company_reads_nothing_of_it(self):
        other = self.setup_other_company(name="Other")["company"]
        stranger = new_test_user(
            self.env, "stranger", "account.group_account_invoice", email="stranger@other.example",
            company_id=other.id, company_ids=other.ids,
        )  # fmt: skip
        self.late("Garage Morin", 1000, stranger)
        self.assertEqual(set(self.night()), {"claire@atelier.example"})

    def test_the_number_of_questions_does_not_grow(self):
        counts = []
        for size in (3, 25):
            for number in range(size):
                self.late(f"Customer {size} {number}", 100 + number)
            self.run_on(MONDAY)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["dunning.digest"]._send(self.company, MONDAY)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 5)

    def test_a_long_list_is_cut(self):
        for number in range(33):
            self.late(f"Customer {number}", 100 + number)
        body = self.night()["claire@atelier.example"].body_html
        self.assertEqual(body.count("Customer "), 30)
        self.assertIn("132.00", body)
        self.assertNotIn("101.00", body)
        self.assertIn("and 3 more", body)


@tagged("post_install", "-at_install")
class TestOtherReminders(DeliverCommon):
    def test_something_else_reminds_too(self):
        """Known by its technical name, told in the settings and above the lists; no other module frightens anyone."""
        company, accounts = self.env["res.company"], self.env["dunning.account"]
        harmless = self.env["ir.module.module"].search([("name", "=", "account_invoice_overdue_warn")])
        (harmless or harmless.create({"name": "account_invoice_overdue_warn"})).state = "installed"
        self.assertFalse(accounts.get_alerts())
        self.assertFalse(company._dunning_other_warning())
        self.assertFalse(self.env["res.config.settings"].create({}).dunning_other_warning)
        module = self.env["ir.module.module"].search([("name", "=", "account_followup")])
        if not module:
            module = module.create({"name": "account_followup", "shortdesc": "Payment Follow-up"})
        module.state = "installed"
        self.assertIn("account_followup", company._dunning_other_warning())
        self.assertIn("account_followup", self.env["res.config.settings"].create({}).dunning_other_warning)
        self.assertIn("account_followup", accounts.get_alerts()[-1])
        module.state = "uninstalled"
        self.assertFalse(accounts.get_alerts())


@tagged("post_install", "-at_install")
class TestThanks(DigestCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan.thank_you = True

    def reminded(self, *amounts, name="Garage Morin"):
        """Return the invoices of a customer who was reminded of them on Monday."""
        invoices = [self.late(name, amounts[0])]
        invoices += [self.invoice(self.day(-4), amount, invoices[0].partner_id) for amount in amounts[1:]]
        self.run_on(MONDAY)
        with self.smtp():
            self.send()
        return invoices

    def commit(self, day):
        """Do what happens when the transaction of a payment ends."""
        with freeze_time(f"{day} 10:00:00"):
            self.env.cr.precommit.run()

    def later(self, day):
        with self.smtp() as smtp:
            self.engine.deliver(date=day, company=self.company)
        return [message for _recipients, message in smtp.messages]

    def test_once_all_is_paid(self):
        """Half of it paid, no word; all of it paid: the person in charge reads it, the customer is thanked, once."""
        first, second = self.reminded(1000, 500)
        account = self.account(first.partner_id)
        self.pay(first, day=self.day(1))
        self.commit(self.day(1))
        self.assertFalse(account.settled_on)
        self.assertEqual(self.later(self.day(1)), [])
        self.pay(second, day=self.day(2))
        self.commit(self.day(2))
        self.assertEqual(account.settled_on, self.day(2))
        self.assertIn("All that was reminded is paid", account.message_ids[:1].body)
        (message,) = self.later(self.day(2))
        self.assertIn("thank you for your payment", message["Subject"])
        self.assertIn("claire", message.get_body(("html",)).get_content())
        self.assertIn("Thanked for the payment", account.message_ids[:1].body)
        self.assertEqual(self.later(self.day(2)), [])

    def test_taken_back_and_paid_again(self):
        """A reconciliation undone and made again is not a second payment."""
        (invoice,) = self.reminded(1000)
        self.pay(invoice, day=self.day(1))
        self.commit(self.day(1))
        self.later(self.day(1))
        item = self.item(invoice)
        money = item.matched_credit_ids.credit_move_id
        item.remove_move_reconcile()
        self.commit(self.day(1))
        (item + money).reconcile()
        self.commit(self.day(1))
        self.assertEqual(self.later(self.day(1)), [])

    def test_never_who_was_never_reminded(self):
        invoice = self.late("Hotel Bellevue", 700)
        self.pay(invoice)
        self.commit(MONDAY)
        self.assertFalse(self.account(invoice.partner_id).settled_on)
        self.assertEqual(self.later(MONDAY), [])

    def test_a_credit_note_is_no_payment(self):
        (invoice,) = self.reminded(1000)
        note = self.credit_note(1000, invoice.partner_id, self.day(1))
        (self.item(invoice) + self.item(note)).reconcile()
        self.commit(self.day(1))
        self.assertFalse(self.account(invoice.partner_id).settled_on)
        self.assertEqual(self.later(self.day(1)), [])

    def test_only_where_the_plan_wants_it(self):
        self.plan.thank_you = False
        (invoice,) = self.reminded(1000)
        self.pay(invoice, day=self.day(1))
        self.commit(self.day(1))
        account = self.account(invoice.partner_id)
        self.assertEqual((account.settled_on, account.to_thank), (self.day(1), False))
        self.assertEqual(self.later(self.day(1)), [])

    def test_not_with_a_reminder_on_the_way(self):
        """Paid what was reminded, but something else is late by now: no thanks the day of a reminder."""
        (invoice,) = self.reminded(1000)
        self.pay(invoice, day=self.day(1))
        self.invoice(self.day(-3), 80, invoice.partner_id)
        self.commit(self.day(1))
        self.assertEqual(self.account(invoice.partner_id).settled_on, self.day(1))
        self.assertEqual(self.later(self.day(1)), [])

    def test_the_night_sees_what_nobody_saw(self):
        (invoice,) = self.reminded(1000)
        self.pay(invoice, day=self.day(1))
        self.env.cr.precommit.clear()
        self.night(self.day(1))
        self.assertTrue(self.account(invoice.partner_id).settled_on)

    def test_words_that_cannot_be_made_stop_nothing(self):
        """A broken text is told in the history of the account; the others are thanked, once."""
        broken = self.plan.thank_you_template_id.create({
            "name": "Broken", "model_id": self.env["ir.model"]._get_id("dunning.reminder"), "subject": "Thanks",
        })  # fmt: skip
        (invoice,) = self.reminded(1000)
        plan = self.make_plan((3, "friendly"), name="Other", thank_you=True, thank_you_template_id=broken.id)
        other = self.late("Hotel Bellevue", 700)
        self.run_on(self.day(1))
        with self.smtp():
            self.engine.deliver(date=self.day(1), company=self.company)
        self.account(other.partner_id).sudo().plan_id = plan
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mail_template SET body_html = %s WHERE id = %s",
            ['{"en_US": "<t t-out=\'object.no_such_field\'/>"}', broken.id],
        )
        self.env.invalidate_all()
        for paid in (invoice, other):
            self.pay(paid, day=self.day(2))
        self.commit(self.day(2))
        (message,) = self.later(self.day(2))
        self.assertIn(invoice.partner_id.email, message["To"])
        self.assertIn("did not leave", self.account(other.partner_id).message_ids[:1].body)
        self.assertEqual(self.later(self.day(2)), [])

    def test_words_that_cannot_be_made_for_one_stop_only_his(self):
        """One text for all of a batch, which fails with the data of one of them."""
        fine, failing = self.reminded(1000), [self.late("Hotel Bellevue", 700)]
        self.run_on(self.day(1))
        with self.smtp():
            self.engine.deliver(date=self.day(1), company=self.company)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mail_template SET body_html = %s WHERE id = %s",
            [Json({"en_US": "<t t-out=\"1 / len(object.customer_name.replace('Hotel Bellevue', ''))\"/>"}),
             self.env.ref("relance_progressive.thank_you_template").id],
        )  # fmt: skip
        self.env.invalidate_all()
        for paid in fine + failing:
            self.pay(paid, day=self.day(2))
        self.commit(self.day(2))
        (message,) = self.later(self.day(2))
        self.assertIn(fine[0].partner_id.email, message["To"])
        self.assertIn("did not leave", self.account(failing[0].partner_id).message_ids[:1].body)

    def test_nobody_is_thanked_on_a_sunday(self):
        (invoice,) = self.reminded(1000)
        self.pay(invoice, day=self.day(5))
        self.commit(self.day(5))
        self.assertEqual(self.later(self.day(6)), [])
        self.assertEqual(len(self.later(self.day(7))), 1)

    def test_many_at_once(self):
        """The payments of a bank statement: one question for all who are asked."""
        invoices = [self.late(f"Customer {number}", 100) for number in range(8)]
        self.run_on(MONDAY)
        with self.smtp():
            self.send()
        for invoice in invoices:
            self.pay(invoice)
        self.env.cr.precommit.clear()
        self.env.flush_all()
        partners = self.env["res.partner"].browse(invoice.partner_id.id for invoice in invoices)
        counts = []
        for some in (partners[:2], partners[2:]):
            before = self.env.cr.sql_log_count
            self.assertEqual(len(self.env["dunning.account"]._note_settled(self.company, some.ids)), len(some))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1)
