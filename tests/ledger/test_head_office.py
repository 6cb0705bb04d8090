"""What belongs to a head office: its money, and its mailbox."""

from datetime import timedelta

from odoo.tests import tagged

from ..common.base import MONDAY, DunningCommon
from ..common.email import EmailCommon

LATE = MONDAY - timedelta(days=4)


@tagged("post_install", "-at_install")
class TestMoneyOfTheHeadOffice(DunningCommon):
    def setUp(self):
        super().setUp()
        self.group = self.make_customer("Groupe Lenoir")
        self.shop = self.make_customer("Lenoir Bordeaux", parent_id=self.group.id)
        self.shop.is_company = True
        self.invoice(LATE, 1000, self.shop)

    def text(self, customer):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.account(customer).head_office_text

    def test_money_of_the_parent_is_seen_on_the_subsidiary(self):
        self.assertFalse(self.text(self.shop))
        payment = self.unallocated_payment(1000, self.group)
        self.assertIn("Groupe Lenoir", self.text(self.shop))
        self.assertIn("1,000.00", self.text(self.shop))
        self.assertIn(payment.name, self.text(self.shop))
        self.assertFalse(self.text(self.group), "its own money stands on its own account already")
        self.assertFalse(self.text(self.make_customer("Stranger")))

    def test_money_of_whoever_has_paid_for_it_before(self):
        payer, other = self.make_customer("Affacturage SA"), self.make_customer("Atelier Sud")
        paid = self.invoice(LATE, 300, other)
        first = self.unallocated_payment(300, payer)
        receivable = self.item(paid).account_id
        (self.item(paid) + first.move_id.line_ids.filtered(lambda line: line.account_id == receivable)).reconcile()
        self.invoice(LATE, 700, other)
        self.assertFalse(self.text(other))
        self.unallocated_payment(700, payer)
        self.assertIn("Affacturage SA", self.text(other))
        self.assertFalse(self.text(self.shop))

    def test_it_is_still_reminded(self):
        """Seen, not decided: nobody knows yet what the money is for."""
        self.unallocated_payment(1000, self.group)
        self.run_on(MONDAY)
        self.assertEqual(self.reminders(self.shop).amount_total, 1000)


@tagged("post_install", "-at_install")
class TestOneMailbox(EmailCommon):
    """Three subsidiaries whose reminders go to one address."""

    def setUp(self):
        super().setUp()
        self.shops = [self.reminder_for("siege@lenoir.example", name=f"Lenoir {town}") for town in ("A", "B", "C")]
        self.other = self.reminder_for("autre@petit.example")

    def reminder_for(self, email="compta@petit.example", amount=1000.0, name=None, **values):
        customer = self.make_customer(name or f"Customer of {email}", email=email, **values)
        self.invoice(MONDAY - timedelta(days=3), amount, customer)
        return customer

    def send_on(self, day):
        with self.smtp() as smtp:
            self.engine.deliver(date=day, company=self.company)
        return sorted(recipients[0] for recipients, _message in smtp.messages)

    def test_each_customer_has_his_message(self):
        self.prepare()
        self.assertEqual(self.send_on(MONDAY), ["autre@petit.example", *["siege@lenoir.example"] * 3])

    def test_one_a_day_where_the_company_chose_so(self):
        self.company.dunning_mailbox = "spread"
        self.run_on(MONDAY)
        told = {row["partner_id"]: row["send"] for row in self.engine.preview(MONDAY, company=self.company)}
        self.assertTrue(all(partner in told for partner in (shop.id for shop in self.shops)))
        self.assertEqual(self.send_on(MONDAY), ["autre@petit.example", "siege@lenoir.example"])
        self.assertEqual(self.send_on(MONDAY), [], "neither at the next delivery of that day")
        waiting = [self.reminders(shop) for shop in self.shops[1:]]
        self.assertEqual([one.state for one in waiting], ["ready", "ready"], "nothing is cancelled")
        self.assertEqual([one.date for one in waiting], [self.day(1), self.day(2)])
        self.assertIn("one message a day", waiting[0].reason)
        for number in (1, 2):
            self.run_on(self.day(number))
            self.assertEqual(self.send_on(self.day(number)), ["siege@lenoir.example"])
        self.assertEqual({self.reminders(shop).state for shop in self.shops}, {"sent"})

    def test_the_preview_tells_the_later_day(self):
        """What is told before the night is what happens after it; of what is prepared already, too."""
        self.company.write({"dunning_mailbox": "spread", "dunning_started": True})
        told = {row["partner_id"]: row["leaves_on"] for row in self.engine.preview(MONDAY, company=self.company)}
        self.assertEqual([told[shop.id] for shop in self.shops], [MONDAY, self.day(1), self.day(2)])
        self.assertEqual(told[self.other.id], MONDAY)
        (alone,) = self.engine.preview(MONDAY, self.shops[2], self.company)
        self.assertEqual(alone["leaves_on"], self.day(2), "looked at alone, the others count as well")
        forecast = self.env["dunning.forecast"].create({"date": self.day(3, start=self.company._dunning_today())})
        forecast._fill()
        lines = {line.partner_id: line for line in forecast.line_ids}
        later = lines[self.shops[1]]
        self.assertEqual((lines[self.shops[0]].outcome, later.outcome), ("leaves", "later"))
        self.assertIn("Mailbox of several customers, one message a day: on", later.reason_text)
        self.run_on(MONDAY)
        rows = self.engine.preview(MONDAY, company=self.company)
        self.assertEqual({row["partner_id"]: row["leaves_on"] for row in rows if row["shared_mailbox"]},
                         {shop.id: told[shop.id] for shop in self.shops[1:]})
        self.send_on(MONDAY)
        self.assertEqual({shop.id: self.reminders(shop).date for shop in self.shops},
                         {shop.id: told[shop.id] for shop in self.shops})

    def test_over_the_week_end(self):
        friday = self.day(4)
        self.company.dunning_mailbox = "spread"
        self.run_on(friday)
        self.send_on(friday)
        self.assertEqual([self.reminders(shop).date for shop in self.shops], [friday, self.day(7), self.day(8)])

    def test_what_a_person_sends_now_leaves_now(self):
        self.company.dunning_mailbox = "spread"
        self.prepare()
        reminders = self.env["dunning.reminder"].union(*(self.reminders(shop) for shop in self.shops))
        with self.smtp() as smtp:
            self.engine.deliver(date=MONDAY, company=self.company, reminders=reminders)
        self.assertEqual(len(smtp.messages), 3)

    def test_the_account_says_so(self):
        self.prepare()
        account = self.account(self.shops[0])
        self.assertIn("siege@lenoir.example also receives the reminders of other customers (2:", account.mailbox_text)
        self.assertIn("one message for each", account.mailbox_text)
        self.company.dunning_mailbox = "spread"
        self.env.invalidate_all()
        self.assertIn("one message a day", account.mailbox_text)
        self.assertFalse(self.account(self.other).mailbox_text)
