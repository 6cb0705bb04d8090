import re
from datetime import timedelta

from odoo.tests import freeze_time, tagged

from ..common.base import MONDAY
from ..common.penalty_shown import FORBIDDEN, ShownCommon

FRENCH = re.compile(r"L441-10|D441-5|L111-8|French|indemnity")
FREE = "This reminder is free of charge."


class CostsCommon(ShownCommon):
    """A friendly reminder 3 days late, another one 24 days late that tells, one 40 days late that claims."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.dunning_costs_agreed = True
        (cls.level_3 | cls.pre_due).active = False
        cls.level_1.write({"delay_days": 3, "penalties": "none"})
        cls.level_2.write({"delay_days": 24, "penalties": "mention"})
        cls.notice.write({"delay_days": 40, "penalties": "claim", "stage": "firm"})
        cls.company.dunning_started = True

    def buyer(self, country, status="consumer"):
        return self.make_customer(
            f"{country} {status}", is_company=status == "professional", dunning_status=status,
            country_id=self.env.ref(f"base.{country}").id,
        )  # fmt: skip

    def owing(self, country, amount=1000.0, status="consumer", due=MONDAY - timedelta(days=3)):
        """Return the invoice of a customer that is reminded for the first time on the Monday."""
        return self.invoice(due, amount, self.buyer(country, status))

    def leave(self, day):
        """Run the night of a day and have what it prepared leave; return the messages as plain text."""
        self.run_on(day)
        with self.smtp() as smtp:
            self.engine.deliver(date=day, company=self.company)
        return [
            " ".join(message.get_body(("plain",)).get_content().replace("\N{NO-BREAK SPACE}", " ").split())
            for _recipients, message in smtp.messages
        ]

    def costs_on(self, day, invoice):
        return float(self.penalty_on(day, invoice).indemnity_left)


@tagged("post_install", "-at_install")
class TestCosts(CostsCommon):
    """What customers in Belgium and the Netherlands are charged for collection, week after week."""

    def test_a_belgian_consumer_week_after_week(self):
        """CDE, book XIX: a free reminder, fourteen days without anything, then no more than the cap."""
        invoice = self.owing("be")
        account = self.account(invoice.partner_id)
        (first,) = self.leave(MONDAY)
        self.assertIn(f"{FREE} If these invoices are not paid within 14 days", first)
        self.assertRegex(first, r"recovery costs of €? ?90[.]00")
        self.assertIn(f"({invoice.name}; CDE XIX)", first)
        for delay in range(15):
            self.assertEqual(self.costs_on(self.day(delay), invoice), 0, delay)
        self.run_on(self.day(14))
        self.assertEqual(account.amount_penalty, 0)
        self.run_on(self.day(15))
        self.assertEqual((self.costs_on(self.day(15), invoice), account.amount_penalty), (90, 90))
        (told,) = self.leave(self.day(21))
        self.assertRegex(told, r"Recovery costs come to €? ?90[.]00 ?€? \(CDE XIX\)")
        self.assertNotIn(FREE, told)
        (claimed,) = self.leave(self.day(37))
        self.assertRegex(claimed, r"Recovery costs \(CDE XIX\): €? ?90[.]00")
        self.assertRegex(claimed, r"Total: €? ?1,090[.]00")
        for message in (first, told, claimed):
            self.assertFalse(FRENCH.search(message), message)
        reminder = self.reminders(invoice.partner_id)[-1:]
        self.assertEqual((reminder.line_ids.indemnity_amount, reminder.recovery_costs), (90, True))

    def test_taken_over_without_a_reminder_in_writing_it_is_a_persons_task(self):
        """Nothing leaves by itself any more, and nobody is forgotten for that."""
        invoice = self.owing("be", due=MONDAY - timedelta(days=60))
        self.item(invoice).sudo().write({"dunning_level_id": self.level_2.id, "dunning_date": MONDAY})
        self.run_on(self.day(20))
        account = self.account(invoice.partner_id)
        self.assertEqual((account.reason_codes, account.next_date), ("hold_costs", False))
        self.assertIn("remind in writing and free of charge", account.next_step)

    def test_without_a_clause_a_belgian_consumer_owes_none(self):
        self.company.dunning_costs_agreed = False
        invoice = self.owing("be")
        (first,) = self.leave(MONDAY)
        self.assertIn(FREE, first)
        self.assertNotIn("recovery costs", first)
        self.assertEqual(self.costs_on(self.day(90), invoice), 0)

    def test_a_dutch_consumer_pays_by_stages(self):
        """BW 6:96 and Besluit BIK: 15 % of 2,500, then 10 %; no clause is needed."""
        self.company.dunning_costs_agreed = False
        invoice, small = self.owing("nl", 3000), self.owing("nl", 50)
        self.leave(MONDAY)
        self.assertEqual([self.costs_on(self.day(14), one) for one in (invoice, small)], [0, 0])
        self.assertEqual([self.costs_on(self.day(15), one) for one in (invoice, small)], [425, 40])
        self.pay(invoice, 2000, self.day(20))
        self.assertEqual(self.costs_on(self.day(30), invoice), 425, "what was left when the time was over")

    def test_dutch_invoices_of_one_reminder_are_one_debt(self):
        """BW 6:96 (7): three times 50 are 150, which cost 40 in all."""
        first = self.owing("nl", 50)
        others = [self.invoice(MONDAY - timedelta(days=3), 50, first.partner_id) for _number in range(2)]
        (message,) = self.leave(MONDAY)
        self.assertRegex(message, r"recovery costs of €? ?40[.]00")
        self.assertEqual([self.costs_on(self.day(15), one) for one in (first, *others)], [13.33] * 3)

    def test_paid_within_the_fourteen_days(self):
        invoice = self.owing("nl", 3000)
        self.leave(MONDAY)
        self.pay(invoice, day=self.day(14))
        self.assertEqual(self.costs_on(self.day(60), invoice), 0)

    def test_a_dutch_professional(self):
        """Forty euros from the first day late, the scale once a reminder has left."""
        invoice = self.owing("nl", 3000, "professional")
        invoice.partner_id.with_company(self.company).dunning_law_id = self.env.ref("base.nl")
        (message,) = self.leave(MONDAY)
        self.assertNotIn(FREE, message)
        self.assertEqual(self.costs_on(MONDAY, invoice), 40)
        self.assertEqual(self.costs_on(self.day(1), invoice), 425)
        self.run_on(self.day(1))
        penalty = self.penalty_on(self.day(1), invoice)
        self.assertTrue(penalty.interest_left)
        self.assertEqual(self.account(invoice.partner_id).amount_penalty, float(penalty.total_left))

    def test_a_french_consumer_never(self):
        """CPCE L111-8: no reminder, no notice and no clause makes any costs."""
        invoice = self.owing("fr")
        for delay in (0, 21, 37):
            for message in self.leave(self.day(delay)):
                self.assertFalse(FORBIDDEN.search(message), message)
                self.assertNotIn("free of charge", message)
                self.assertNotIn("costs", message)
        self.assertEqual(self.costs_on(self.day(300), invoice), 0)
        self.assertTrue(self.reminders(invoice.partner_id).filtered(lambda reminder: reminder.state == "sent"))

    def test_a_club_is_under_the_law_of_the_contract(self):
        """A Belgian club that a French company sells to: French law, unless Belgian law was agreed."""
        invoice = self.owing("be", status="non_professional")
        self.assertNotIn(FREE, self.leave(MONDAY)[0])
        self.assertEqual(self.costs_on(self.day(60), invoice), 0)
        invoice.partner_id.with_company(self.company).dunning_law_id = self.env.ref("base.be")
        self.assertEqual(self.costs_on(self.day(60), invoice), 90)

    def test_once_for_all_instalments_and_never_again_once_invoiced(self):
        invoice = self.owing("be")
        self.leave(MONDAY)
        account = self.account(invoice.partner_id)
        wizard = self.env["dunning.penalty.invoice"].create({
            "account_ids": account.ids, "until": self.day(30), "invoice_date": self.day(30),
        })  # fmt: skip
        move = wizard._make()
        self.assertEqual(move.invoice_line_ids.mapped("price_unit"), [90])
        self.assertIn("Recovery costs: invoice", move.invoice_line_ids.name)
        self.assertIn("Recovery costs: CDE XIX.", str(move.narration))
        self.assertEqual(self.costs_on(self.day(60), invoice), 0)

    def test_waived(self):
        invoice = self.owing("nl")
        self.leave(MONDAY)
        item = self.item(invoice)
        self.env["dunning.penalty.waiver"].sudo().create({
            "account_id": self.account(invoice.partner_id).id, "date": self.day(20), "until": self.day(20),
            "reason": "Good will", "line_ids": [(0, 0, {"move_line_id": item.id, "indemnity_amount": 100})],
        })  # fmt: skip
        self.assertEqual(self.costs_on(self.day(20), invoice), 50)

    def test_all_of_it_waived_before_the_first_reminder(self):
        """The forty euros and what is to come: the scale that follows the reminder is not claimed either."""
        invoice = self.owing("nl", 3000, "professional")
        invoice.partner_id.with_company(self.company).dunning_law_id = self.env.ref("base.nl")
        dialogs = self.env["dunning.penalty.waive"]
        with freeze_time(MONDAY):
            dialogs.browse(dialogs._open(self.account(invoice.partner_id))["res_id"]).action_waive()
        self.leave(MONDAY)
        self.assertEqual(self.penalty_on(self.day(3), invoice).total_left, 0)

    def test_insolvency(self):
        invoice = self.owing("nl")
        self.leave(MONDAY)
        invoice.partner_id.dunning_insolvency_date = self.day(10)
        self.assertEqual(self.costs_on(self.day(60), invoice), 0)

    def test_in_another_currency(self):
        """1,000 USD that are worth 500 EUR: 15 % of them, 75 EUR, are 150 USD."""
        dollar = self.setup_other_currency("USD", rates=[("2026-01-01", 2.0)])
        invoice = self.invoice(MONDAY - timedelta(days=3), 1000, self.buyer("nl"), currency_id=dollar.id)
        self.leave(MONDAY)
        self.assertEqual(self.costs_on(self.day(30), invoice), 150)

    def test_interest_runs_once_notice_and_free_reminder_have_taken_effect(self):
        """The waiting time is that of the first reminder, not once more that of the notice."""
        invoice = self.owing("be")
        self.leave(MONDAY)
        self.notice.stage = "formal_notice"
        self.in_effect(invoice, self.day(20))
        (segment,) = self.penalty_on(self.day(30), invoice).interest.segments
        self.assertEqual((segment.first, segment.days), (self.day(21), 10))

    def test_the_sheet_names_costs_and_article(self):
        invoice = self.owing("nl")
        self.leave(MONDAY)
        account = self.account(invoice.partner_id)
        sheet = self.env["dunning.penalty.sheet"].browse(account.action_open_penalties()["res_id"])
        sheet.until = self.day(30)
        sheet._fill()
        line = sheet.line_ids.filtered(lambda line: line.kind == "indemnity")
        self.assertEqual((line.name, line.amount), ("Recovery costs", 150))
        self.assertIn("Besluit BIK art. 2, not verified", line.source)
        self.assertIn("Late interest and recovery costs", sheet._html())

    def test_the_letter_names_them(self):
        invoice = self.owing("be")
        for day, words in ((MONDAY, FREE), (self.day(37), "Recovery costs")):
            if day != MONDAY:
                self.leave(self.day(21))
            self.run_on(day)
            reminder = self.reminders(invoice.partner_id)[-1:]
            channel = self.env["dunning.channel.letter"]
            recipients = channel._recipients(channel._targets(reminder))
            html = self.env["dunning.letter"]._compose(reminder, recipients, "letter")[0][reminder.id].html
            self.assertIn(words, html)
            self.assertFalse(FRENCH.search(html), html)
            self.leave(day)

    def test_the_number_of_invoices_costs_no_query(self):
        invoices = [self.owing("be", 100 + number) for number in range(4)]
        self.leave(MONDAY)
        counts = []
        for own in (invoices[:1], invoices):
            self.env.invalidate_all()
            self.penalties_on(self.day(30), *own)
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.penalties_on(self.day(30), *own)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1)
