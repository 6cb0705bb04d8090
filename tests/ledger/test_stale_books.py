"""Late books: reminders say that the bank statements stop, and wait if the company wants it so."""

from datetime import timedelta

from psycopg2 import errors

from odoo.exceptions import ValidationError
from odoo.tests import freeze_time, new_test_user, tagged

from ..common.base import MONDAY
from ..common.deliver import DeliverCommon
from ..common.money import MoneyCommon

FRIDAY = MONDAY - timedelta(days=3)
LONG_AGO = MONDAY - timedelta(days=11)  # a Thursday: seven working days before


@tagged("post_install", "-at_install")
class TestStaleBooks(MoneyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.dunning_stale_mode = "hold"
        cls.payer = cls.make_customer("Somebody Else")

    def stop(self, day=MONDAY):
        return self.company._dunning_books_stop(day)

    def statement(self, day):
        return self.bank_line(50, day, customer=self.payer)

    def test_a_company_that_imports_no_statements_is_never_late(self):
        self.assertIsNone(self.stop())
        self.unallocated_payment(50, self.payer, LONG_AGO)
        self.assertIsNone(self.stop())

    def test_only_working_days_count(self):
        self.statement(FRIDAY)
        self.assertIsNone(self.stop(MONDAY))
        self.assertIsNone(self.stop(self.day(4)), "five working days, Friday")
        self.assertIsNone(self.stop(self.day(6)), "a Sunday")
        self.assertEqual(self.stop(self.day(7)), FRIDAY, "the sixth")

    def test_a_payment_entered_by_hand_shows_that_somebody_looks_at_the_bank(self):
        self.statement(LONG_AGO)
        self.assertEqual(self.stop(), LONG_AGO)
        payment = self.unallocated_payment(50, self.payer, FRIDAY)
        self.assertIsNone(self.stop())
        payment.action_draft()
        self.assertEqual(self.stop(), LONG_AGO, "a draft proves nothing")

    def test_what_is_entered_later_does_not_change_a_day_of_the_past(self):
        self.statement(LONG_AGO)
        self.statement(self.day(30))
        self.assertEqual(self.stop(MONDAY), LONG_AGO)
        self.assertIsNone(self.stop(self.day(31)))
        self.assertIsNone(self.stop(LONG_AGO - timedelta(days=30)), "no statement yet: it does not import them")

    @freeze_time("2030-01-01")
    def test_a_replay_of_past_years_is_not_held_by_the_clock(self):
        self.late_invoice()
        self.statement(FRIDAY)
        self.assertEqual(self.run_on(MONDAY)["reminders"], 1)

    def test_zero_days_turn_it_off(self):
        self.statement(LONG_AGO)
        self.company.dunning_stale_days = 0
        self.assertIsNone(self.stop())
        with self.assertRaises(ValidationError):
            self.company.dunning_stale_days = -1

    def test_a_warning_does_not_hold(self):
        self.company.dunning_stale_mode = "warn"
        self.late_invoice()
        self.statement(LONG_AGO)
        report = self.run_on(MONDAY)
        self.assertEqual((report["reminders"], report["stale"]), (1, {self.company.id: LONG_AGO}))

    def test_reminders_wait_for_the_books_and_go_on_once_they_are_there(self):
        self.late_invoice()
        self.statement(LONG_AGO)
        report = self.run_on(MONDAY)
        self.assertEqual((report["reminders"], report["stale"]), (0, {self.company.id: LONG_AGO}))
        self.assertEqual(report["reasons"]["hold_transit"], 1)
        self.assertEqual(self.account().reason_codes, "hold_transit")
        self.assertIn("The bank statements stop on 02/19/2026", self.account().reason_text)
        self.statement(MONDAY)
        report = self.run_on(MONDAY)
        self.assertEqual((report["reminders"], report["stale"]), (1, {}))

    def test_a_conflict_as_the_night_begins_does_not_undo_that_the_books_are_there(self):
        """Somebody saves the company at that moment. A savepoint stands for each commit."""
        self.late_invoice()
        self.statement(LONG_AGO)
        self.run_on(MONDAY)
        self.statement(MONDAY)
        engine, begin, begun = type(self.engine), type(self.engine)._begin, []

        def commit(*_args, **_values):
            self.env.flush_all()
            self.env.cr.execute("SAVEPOINT committed")
            return 100

        def roll_back(*_args):
            self.env.cr.clear()
            self.env.cr.execute("ROLLBACK TO SAVEPOINT committed")

        def meet_somebody(engine, company, day):
            begun.append(day)
            if len(begun) == 1:
                raise errors.SerializationFailure
            return begin(engine, company, day)

        self.patch(engine, "_can_commit", lambda _engine: True)
        self.patch(engine, "_checkpoint", commit)
        self.patch(engine, "_begin_again", roll_back)
        self.patch(engine, "_begin", meet_somebody)
        commit()
        self.assertEqual((self.run_on(MONDAY)["reminders"], len(begun)), (1, 2))
        self.assertFalse(self.company.dunning_held_since)

    def test_the_preview_says_what_the_run_does(self):
        self.late_invoice()
        self.statement(LONG_AGO)
        (row,) = self.engine.preview(date=MONDAY, partners=self.customer, company=self.company)
        self.assertFalse(row["send"])
        self.assertIn("The bank statements stop", row["reason_text"])

    def test_another_company_has_its_own_books(self):
        other = self.setup_other_company(name="Other")
        self.statement(LONG_AGO)
        self.assertIsNone(other["company"]._dunning_books_stop(MONDAY))

    def test_cash_is_no_bank(self):
        self.statement(LONG_AGO)
        self.bank_line(50, MONDAY, journal_id=self.company_data["default_journal_cash"].id)
        self.assertEqual(self.stop(), LONG_AGO)

    def test_one_query_tells(self):
        for day in range(5):
            self.statement(LONG_AGO - timedelta(days=day))
        self.env.flush_all()
        self.stop()
        with self.assertQueryCount(2):  # the branches of the company, its books
            self.stop()

    @freeze_time("2026-03-02")
    def test_it_is_said_above_the_lists_and_in_the_settings(self):
        self.assertFalse(self.env["dunning.account"].get_alerts())
        self.statement(LONG_AGO)
        clerk = new_test_user(
            self.env, "clerk.books", groups="relance_progressive.dunning_group_user", company_id=self.company.id
        )
        (alert,) = self.env["dunning.account"].with_user(clerk).with_context(
            allowed_company_ids=self.company.ids
        ).get_alerts()  # fmt: skip
        self.assertIn("the bank statements stop on 02/19/2026, reminders wait for them", alert)
        settings = self.env["res.config.settings"].create({})
        self.assertEqual(settings.dunning_books_text, "The bank statements stop on 02/19/2026.")


@tagged("post_install", "-at_install")
class TestStaleBeforeSending(DeliverCommon):
    def test_what_is_prepared_waits_for_the_books_and_then_leaves(self):
        customer = self.reminder_for()
        self.prepare()
        self.company.dunning_stale_mode = "hold"
        line = {
            "journal_id": self.company_data["default_journal_bank"].id, "payment_ref": "VIR", "amount": 5,
            "partner_id": self.make_customer("Somebody Else").id,
        }  # fmt: skip
        self.env["account.bank.statement.line"].create({**line, "date": LONG_AGO})
        with self.smtp() as smtp:
            self.send()
            self.assertEqual((len(smtp.messages), self.reminders(customer).state), (0, "ready"))
            self.env["account.bank.statement.line"].create({**line, "date": MONDAY})
            self.send()
            self.assertEqual((len(smtp.messages), self.reminders(customer).state), (1, "sent"))
