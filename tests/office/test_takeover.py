from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, HttpCase, freeze_time, new_test_user, tagged

from odoo.addons.relance_progressive.relance_progressive.engine.delivery import limits

from ..common.base import MONDAY
from ..common.deliver import DeliverCommon
from ..common.security import SecurityCommon
from ..common.takeover import TakeoverCommon


@tagged("post_install", "-at_install")
class TestTakeover(TakeoverCommon):
    def test_old_items_start_at_the_level_of_their_age(self):
        """No firmer than chosen; what counts as done lies where the plan would have had it. Nothing is sent."""
        takeover = self.takeover(firmest="firm")
        self.assertEqual(
            [(line.level_id, line.customer_count, line.item_count, line.amount) for line in takeover.line_ids],
            [(self.level_1, 1, 1, 100), (self.level_2, 1, 1, 200), (self.level_3, 1, 1, 400)],
        )
        nothing = (self.env["dunning.level"], False)
        self.assertEqual(self.levels(), [nothing] * 3)
        takeover.action_apply()
        due = self.ancient.invoice_date_due
        self.assertEqual(self.levels(), [
            nothing,
            (self.level_1, self.old.invoice_date_due + timedelta(days=3)),
            (self.level_2, due + timedelta(days=10)),
        ])  # fmt: skip
        self.assertFalse(self.env["dunning.reminder"].search([("company_id", "=", self.company.id)]))
        self.assertIn("2 old invoices", takeover.message_ids[:1].body)
        self.run_on(MONDAY)
        first = [self.reminders(invoice.partner_id).level_id for invoice in (self.young, self.old, self.ancient)]
        self.assertEqual(first, [self.level_1, self.level_2, self.level_3])

    def test_never_a_formal_notice_first(self):
        """400 days late: the first message is friendly, if that is what was chosen."""
        self.takeover(firmest="friendly").action_apply()
        self.run_on(MONDAY)
        self.assertEqual(self.reminders(self.ancient.partner_id).level_id, self.level_1)

    def test_a_due_date_put_off_after_it_starts_again(self):
        self.takeover(firmest="firm").action_apply()
        self.item(self.ancient).date_maturity = self.day(10)
        self.run_on(self.day(14))
        self.assertEqual(self.reminders(self.ancient.partner_id).level_id, self.level_1)

    def test_what_was_reminded_keeps_its_level(self):
        item = self.item(self.ancient)
        item.sudo().write({"dunning_level_id": self.level_1.id, "dunning_date": self.day(-100)})
        self.takeover(firmest="firm").action_apply()
        self.assertEqual((item.dunning_level_id, item.dunning_date), (self.level_1, self.day(-100)))

    def test_it_can_be_undone_until_something_left(self):
        takeover = self.takeover(firmest="firm")
        takeover.action_apply()
        takeover.action_undo()
        self.assertEqual(self.levels(), [(self.env["dunning.level"], False)] * 3)
        self.assertEqual((takeover.state, takeover.item_count), ("undone", 0))
        again = self.takeover(firmest="firm")
        again.action_apply()
        self.run_on(MONDAY)
        with self.smtp():
            self.send()
        with self.assertRaisesRegex(UserError, "has left since"):
            again.action_undo()

    def test_the_drafts_of_the_first_run_make_way(self):
        self.company.write({"dunning_started": False, "dunning_brake": 0})
        self.engine.run(date=MONDAY, company=self.company)
        drafts = self.env["dunning.reminder"].search([("company_id", "=", self.company.id)])
        self.assertEqual(set(drafts.mapped("state")), {"draft"})
        self.takeover(firmest="firm").action_apply()
        self.assertEqual(set(drafts.mapped("state")), {"cancelled"})
        self.engine.run(date=MONDAY, company=self.company)
        self.assertEqual(self.reminders(self.ancient.partner_id)[-1:].level_id, self.level_3)

    def test_what_is_ready_stands_in_the_way(self):
        self.run_on(MONDAY)
        with self.assertRaisesRegex(UserError, "3 reminders were prepared"):
            self.takeover().action_apply()

    def test_how_the_backlog_flows(self):
        """Three messages wait, two a day: Monday two, Tuesday one; the formal notice of none of them comes first."""
        takeover = self.takeover(daily_cap=2)
        days = [(day.date, day.new, day.leaves, day.waits) for day in takeover.day_ids]
        self.assertEqual(days[:2], [(MONDAY, 3, 2, 1), (self.day(1), 0, 1, 0)])
        with Form(takeover) as form:
            form.daily_cap = 0
        self.assertEqual(takeover.day_ids[0].leaves, 3)
        takeover.action_apply()
        self.assertEqual(self.company.dunning_daily_cap, 0)

    def test_undoing_costs_the_same_for_many(self):
        counts = []
        for size in (3, 40):
            for number in range(size):
                self.invoice(self.day(-50), customer=self.make_customer(f"Customer {size} {number}"))
            takeover = self.takeover(firmest="firm")
            takeover.action_apply()
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            takeover.action_undo()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])

    def test_what_was_applied_is_not_changed(self):
        takeover = self.takeover()
        takeover.action_apply()
        for values in ({"firmest": "firm"}, {"date": self.day(1)}, {"daily_cap": 1}):
            with self.assertRaisesRegex(UserError, "is not changed"):
                takeover.write(values)
        with self.assertRaises(UserError):
            takeover.unlink()

    def test_the_number_of_questions_does_not_grow(self):
        counts = []
        for size in (3, 30):
            for number in range(size):
                self.invoice(self.day(-50), customer=self.make_customer(f"Customer {size} {number}"))
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.takeover(firmest="firm").action_apply()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 5)


@tagged("post_install", "-at_install")
class TestDailyCap(DeliverCommon):
    def late(self, *days):
        """Return customers with an invoice that is late by so many days."""
        customers = self.env["res.partner"]
        for number in days:
            customers |= self.make_customer(f"Late {number}")
            self.invoice(self.day(-number), customer=customers[-1:])
        self.run_on(MONDAY)
        return customers

    def left(self, customers):
        return [self.reminders(customer).state == "sent" for customer in customers]

    def test_the_oldest_debts_leave_first(self):
        """Two a day: the oldest on Monday, the next ones on the following days, none twice."""
        customers = self.late(4, 9, 5, 8, 6)
        self.company.dunning_daily_cap = 2
        with self.smtp() as smtp:
            self.assertEqual(self.send(), {"email": {"sent": 2}})
            self.assertEqual(self.left(customers), [False, True, False, True, False])
            self.assertEqual(self.send(), {}, "the limit of the day is reached")
            self.engine.deliver(date=self.day(1), company=self.company)
            self.assertEqual(self.left(customers), [False, True, True, True, True])
            self.engine.deliver(date=self.day(2), company=self.company)
        self.assertEqual(len(smtp.messages), 5)

    def test_what_was_paid_makes_room(self):
        customers = self.late(9, 8, 7)
        self.pay(self.reminders(customers[0]).line_ids.move_id)
        self.company.dunning_daily_cap = 1
        with self.smtp():
            self.assertEqual(self.send(), {"email": {"cancelled": 1, "sent": 1}})
        self.assertEqual(self.left(customers), [False, True, False])

    def test_what_cannot_leave_does_not_block_the_others(self):
        customers = self.late(9, 8)
        customers[0].email = "later@petit.example"
        self.company.dunning_daily_cap = 1
        with self.smtp():
            self.assertEqual(self.send(), {"email": {"delayed": 1, "sent": 1}})

    def test_a_person_is_not_held_back(self):
        customers = self.late(9, 8, 7)
        self.company.dunning_daily_cap = 1
        with self.smtp(), freeze_time(MONDAY):
            (self.reminders(customers[1]) | self.reminders(customers[2])).action_send_now()
            self.assertEqual(self.left(customers), [False, True, True])
            self.assertEqual(self.send(), {}, "and what left counts")

    def test_a_script_that_names_no_day_obeys_the_limit(self):
        """Each reminder counts for its own day; no more leave for all that."""
        customers = self.late(9, 8, 7)
        self.company.dunning_daily_cap = 2
        with self.smtp() as smtp:
            self.engine.deliver(company=self.company)
            self.engine.deliver(company=self.company)
        self.assertEqual((self.left(customers), len(smtp.messages)), ([True, True, False], 2))

    def test_a_limit_of_calls_goes_with_the_limit_of_the_day(self):
        self.late(9, 8, 7)
        self.company.dunning_daily_cap = 2
        with self.smtp():
            self.assertEqual(self.send(limit=1), {"email": {"sent": 1}})
            self.assertEqual(self.send(), {"email": {"sent": 1}})

    def test_one_process_counts(self):
        """While another one counts the messages of the company, this one leaves them to it."""
        customers = self.late(9)
        self.company.dunning_daily_cap = 5

        def someone_else(_engine, _company):
            return _Nobody()

        with self.smtp(), patch.object(limits, "one_at_a_time", someone_else):
            self.assertEqual(self.send(), {})
        self.assertEqual(self.left(customers), [False])


class _Nobody:
    def __enter__(self):
        return False

    def __exit__(self, *_exc):
        return None


@tagged("post_install", "-at_install")
class TestTakeoverRights(SecurityCommon):
    def test_managers_of_the_company_only(self):
        self.assertEqual(self.allowed(self.user, "dunning.takeover"), set())
        self.assertEqual(self.allowed(self.manager, "dunning.takeover.item"), set())
        with self.assertRaises(AccessError):
            self.as_(self.manager, self.env["dunning.takeover"]).create({"company_id": self.other.id})
        theirs = self.env["dunning.takeover"].create({"company_id": self.other.id})
        for act in ("action_apply", "action_propose", "action_undo"):
            with self.subTest(act=act), self.assertRaises(AccessError), self.env.cr.savepoint():
                getattr(self.as_(self.manager, theirs), act)()
        mine = self.as_(self.manager, self.env["dunning.takeover"]).create({})
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            mine.company_id = self.other.id
        with self.assertRaisesRegex(UserError, "buttons only"):
            mine.state = "done"

    def test_the_other_company_is_left_alone(self):
        """A customer of both companies: only the items of one's own are taken over."""
        self.mine["dunning.reminder"]._set_state("cancelled")
        mine = self.invoice(MONDAY - timedelta(days=400), 100)
        journal = self.env["account.journal"].search(
            [("company_id", "=", self.other.id), ("type", "=", "sale")], limit=1
        )
        theirs = self.env["account.move"].with_company(self.other).create({
            "move_type": "out_invoice", "partner_id": self.customer.id, "journal_id": journal.id,
            "invoice_date": MONDAY - timedelta(days=430), "invoice_date_due": MONDAY - timedelta(days=400),
            "invoice_payment_term_id": False, "company_id": self.other.id,
            "invoice_line_ids": [(0, 0, {"name": "Work", "quantity": 1, "price_unit": 900, "tax_ids": []})],
        })  # fmt: skip
        theirs.action_post()
        self.as_(self.manager, self.env["dunning.takeover"]).create({"date": MONDAY, "firmest": "firm"}).action_apply()
        self.assertTrue(self.item(mine).dunning_level_id)
        self.assertFalse(self.item(theirs).dunning_level_id)


@tagged("post_install", "-at_install")
class TestTakeoverTour(TakeoverCommon, HttpCase):
    def test_take_over(self):
        """Propose, look at it level by level and week by week, apply: in a browser."""
        new_test_user(
            self.env, "chief", "account.group_account_manager", company_id=self.company.id,
            company_ids=self.company.ids, lang="en_US",
        )  # fmt: skip
        self.start_tour("/odoo/reminders-takeover", "dunning_takeover_tour", login="chief")
        self.assertTrue(self.item(self.ancient).dunning_level_id)
        self.assertEqual(self.company.dunning_daily_cap, 50)
