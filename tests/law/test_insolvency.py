from datetime import date

from odoo import Command
from odoo.tests import freeze_time, new_test_user, tagged

from ..common.base import MONDAY
from ..common.penalty import DUE, PenaltyCommon

OPENED = date(2026, 2, 11)


@freeze_time(MONDAY)
@tagged("post_install", "-at_install")
class TestInsolvency(PenaltyCommon):
    """What was owed before the opening is declared, not claimed (C. com. L622-7, L622-21, L622-24)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = new_test_user(cls.env, "declares", groups="account.group_account_invoice")
        cls.company.dunning_user_id = cls.person
        cls.before = cls.invoice(DUE)

    def later(self, amount=300.0, **values):
        """Return an invoice of a delivery after the opening, late on the Monday of the stories."""
        day = date(2026, 2, 15)
        return self.invoice(date(2026, 2, 20), amount, invoice_date=day, dunning_known_on=day, **values)

    def opened(self, day=OPENED):
        self.customer.dunning_insolvency_date = day

    def task(self):
        kind = self.env.ref("relance_progressive.insolvency_activity_type")
        return self.account().sudo().activity_ids.filtered(lambda activity: activity.activity_type_id == kind)

    # === NOT CHASED === #

    def test_what_was_owed_before_is_not_reminded(self):
        self.opened()
        self.run_on(MONDAY)
        self.assertFalse(self.reminders())
        account = self.account()
        self.assertIn("hold_insolvency", account.reason_codes)
        for words in ("Insolvency opened on 02/11/2026", "1,000.00", "L622-7"):
            self.assertIn(words, account.reason_text)
        self.assertEqual(account.amount_due, 1000, "it stays owed")

    def test_what_is_owed_since_is_reminded(self):
        """L622-17: a delivery after the opening is paid when it is due."""
        self.opened()
        later = self.later()
        self.run_on(MONDAY)
        self.assertEqual(self.reminders().line_ids.move_line_id, self.item(later))
        self.assertEqual(self.reminders().amount_total, 300)

    def test_what_was_delivered_before_and_invoiced_later(self):
        """A debt is born with the delivery, not with its invoice; an opening entry was due before."""
        self.opened()
        self.later(delivery_date=date(2026, 2, 10))
        receivable, income = (self.company_data[f"default_account_{kind}"] for kind in ("receivable", "revenue"))
        entry = self.env["account.move"].create({"move_type": "entry", "date": date(2026, 2, 20), "line_ids": [
            Command.create({"account_id": receivable.id, "partner_id": self.customer.id, "debit": 100,
                            "date_maturity": DUE}),
            Command.create({"account_id": income.id, "credit": 100}),
        ]})  # fmt: skip
        entry.action_post()
        self.run_on(MONDAY)
        self.assertFalse(self.reminders())

    def test_penalties_of_before_invoiced_since(self):
        """A penalty invoice is as old as the invoices that it is of: it cannot be claimed either."""
        self.opened()
        wizard = self.env["dunning.penalty.invoice"]._open(self.account())["res_id"]
        self.env["dunning.penalty.invoice"].browse(wizard).write({"date_due": MONDAY})
        self.env["dunning.penalty.invoice"].browse(wizard).action_post()
        self.run_on(self.day(14))
        self.assertFalse(self.reminders())
        self.assertGreater(self.account().amount_due, 1040)

    def test_the_opening_of_a_parent_holds_its_contacts(self):
        contact = self.make_customer("Shop", is_company=False, parent_id=self.customer.id)
        self.invoice(DUE, customer=contact)
        self.opened()
        self.run_on(MONDAY)
        self.assertFalse(self.reminders())
        self.assertIn("2,000.00", self.account().reason_text)

    def test_preview_and_forecast_know_it(self):
        self.opened()
        for day in (MONDAY, self.day(14)):
            self.assertFalse(any(row["send"] for row in self.engine.preview(day, self.customer, self.company)))
        forecast = self.env["dunning.forecast"].with_context(allowed_company_ids=self.company.ids).create({
            "date": self.day(7), "partner_ids": self.customer.ids,
        })  # fmt: skip
        forecast.action_show()
        self.assertFalse(forecast.line_ids.filtered("amount"))

    def test_what_is_ready_does_not_leave(self):
        """The judgment is entered between the night and the morning."""
        self.prepare()
        self.assertEqual(self.reminders().state, "ready")
        self.opened()
        self.assertIn("hold_insolvency", self.account().reason_codes, "at once")
        with self.smtp() as smtp:
            self.send()
            self.assertFalse(smtp.to(self.customer.email))
        self.assertEqual(self.reminders().state, "cancelled")

    def test_messages_by_hand(self):
        """A call or a letter that waits for a person is asked about again just before: it is dropped too."""
        self.level_1.channel_ids.channel = "call"
        self.prepare()
        self.send()
        delivery = self.reminders().delivery_ids
        self.assertTrue(delivery)
        self.env.cr.execute(
            "UPDATE res_partner SET dunning_insolvency_date = %s WHERE id = %s", [OPENED, self.customer.id]
        )
        self.env.invalidate_all()
        self.assertFalse(delivery.sudo()._still_due(MONDAY))

    def test_the_proceedings_are_over(self):
        self.opened()
        self.run_on(MONDAY)
        self.opened(False)
        self.assertNotIn("hold_insolvency", self.account().reason_codes or "")
        self.run_on(self.day(1))
        self.assertTrue(self.reminders())

    def test_nobody_has_to_decide_about_a_notice(self):
        """A formal notice expires after the opening: the claim is declared, nothing else is to be decided."""
        self.in_effect(self.before, date(2026, 2, 5))
        self.opened()
        self.run_on(self.day(30))
        account = self.account()
        self.assertFalse(account.decision_ids)
        self.assertIn("hold_insolvency", account.reason_codes)
        self.assertNotIn("hold_decision", account.reason_codes)

    def test_others_are_reminded(self):
        other = self.make_customer("Other")
        self.invoice(DUE, customer=other)
        self.opened()
        self.run_on(MONDAY)
        self.assertTrue(self.reminders(other))

    # === THE TASK === #

    def test_the_claim_is_to_be_declared(self):
        """Two months (R622-24), counted from the judgment: earlier than the publication, hence in time."""
        self.account()
        self.opened()
        task = self.task()
        self.assertEqual((task.user_id, task.date_deadline), (self.person, date(2026, 4, 11)))
        for words in ("R622-24", "BODACC", "1,000.00", "04/11/2026"):
            self.assertIn(words, task.note)
        self.run_on(MONDAY)
        self.run_on(self.day(1))
        self.assertEqual(self.task(), task, "once")
        task.action_feedback()
        self.run_on(self.day(2))
        self.assertFalse(self.task(), "done is done")

    def test_who_is_not_where_the_court_sits_has_two_months_more(self):
        """R622-24: France itself and each part of it overseas; the earlier day stays the one to keep to."""
        france, reunion = self.env.ref("base.fr"), self.env.ref("base.re")
        self.account()
        for number, (own, other, more) in enumerate((
            ((france, "69001"), (france, "75001"), False), ((reunion, "97400"), (france, "75001"), True),
            ((france, "97400"), (reunion, "97410"), False), ((france, "69001"), (france, "97200"), True),
        )):  # fmt: skip
            self.company.write({"country_id": own[0].id, "zip": own[1]})
            self.customer.write({"country_id": other[0].id, "zip": other[1]})
            self.opened(False)
            self.opened(date(2026, 2, 11 + number))
            self.assertEqual("two months more" in self.task().note, more, (own, other))
            self.assertEqual(self.task().date_deadline, date(2026, 4, 11 + number))

    def test_the_person_in_charge_has_left(self):
        """Whoever is told of everything else is told of it: a claim that nobody declares is lost."""
        left = new_test_user(self.env, "left", groups="account.group_account_invoice")
        self.account().sudo().user_id = left
        left.active = False
        self.opened()
        self.assertEqual(self.task().user_id, self.person)

    def test_corrected_or_taken_back(self):
        self.account()
        self.opened()
        self.opened(date(2026, 2, 18))
        self.assertEqual(self.task().date_deadline, date(2026, 4, 18))
        self.opened(False)
        self.assertFalse(self.task())
        self.assertFalse(self.account().insolvency_told)

    def test_nothing_was_owed_before(self):
        """Nothing to declare; an invoice that comes to light later is, from the next night on."""
        self.pay(self.before)
        self.later()
        self.account()
        self.opened()
        self.run_on(MONDAY)
        self.assertFalse(self.task())
        self.invoice(DUE, 500)
        self.run_on(self.day(1))
        self.assertIn("500.00", self.task().note)

    # === WHAT BEING LATE COSTS === #

    def test_later_debts_bear_interest(self):
        """L622-28 stops the interest of debts of before only; L441-10 II forbids their indemnity only."""
        self.opened()
        later = self.penalty_on(MONDAY, self.later())
        self.assertEqual([segment.days for segment in later.interest.segments], [10])
        self.assertEqual((later.indemnity_left, later.why_not), (40, ""))
        self.assertGreater(later.per_day, 0)
        before = self.penalty_on(MONDAY, self.before)
        self.assertEqual([segment.last for segment in before.interest.segments], [date(2026, 2, 10)])
        self.assertEqual(before.per_day, 0)
        self.run_on(MONDAY)
        self.assertEqual(self.account().penalty_per_day, float(later.per_day))

    def test_as_many_queries_for_many_as_for_one(self):
        customers = [self.make_customer(f"C {number}", dunning_insolvency_date=OPENED) for number in range(6)]
        for customer in customers:
            self.invoice(DUE, customer=customer)
        counts = []
        for partners in (customers[:1], customers):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            holds = self.env["dunning.account"]._holds(self.company, [one.id for one in partners], MONDAY)
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual({hold.reason for own in holds.values() for hold in own}, {"insolvency"})
        self.assertLessEqual(counts[1], counts[0])
