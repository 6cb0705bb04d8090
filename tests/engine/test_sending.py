"""An invoice that is dated back, or posted late: the day on which the customer has it."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from ..common.base import MONDAY
from ..common.sending import SendingCommon


@tagged("post_install", "-at_install")
class TestDatedBack(SendingCommon):
    def test_an_invoice_posted_after_its_due_date_was_known_on_that_day(self):
        invoice = self.posted(MONDAY, MONDAY - timedelta(days=20))
        self.assertEqual(invoice.dunning_known_on, MONDAY)
        self.assertEqual(self.known(), [MONDAY])

    def test_the_delays_count_from_that_day(self):
        self.posted(MONDAY, MONDAY - timedelta(days=20))
        for day in range(3):
            self.run_on(self.day(day))
            self.assertFalse(self.reminders())
        self.assertEqual(self.account().next_date, self.day(3))
        self.run_on(self.day(3))
        self.assertEqual(self.reminders().level_id, self.level_1)

    def test_an_invoice_posted_before_its_due_date_keeps_it(self):
        invoice = self.posted(MONDAY, MONDAY + timedelta(days=30))
        self.assertEqual(invoice.dunning_known_on, MONDAY)
        self.assertEqual(self.known(), [None])
        self.assertFalse(self.item(invoice).dunning_known_on)

    def test_each_instalment_by_its_own_due_date(self):
        term = self.env["account.payment.term"].create({"name": "Twice", "line_ids": [
            Command.create({"value": "percent", "value_amount": 50, "nb_days": 0}),
            Command.create({"value": "percent", "value_amount": 50, "nb_days": 60}),
        ]})  # fmt: skip
        start = MONDAY - timedelta(days=10)
        self.posted(MONDAY, start, invoice_date=start, invoice_payment_term_id=term.id)
        self.assertEqual(self.known(), [MONDAY, None])

    def test_in_the_night_of_the_company(self):
        """An hour after midnight in Paris it is still the day before in UTC."""
        self.company.partner_id.tz = "Europe/Paris"
        with freeze_time("2026-03-01 23:30:00"):
            invoice = self.invoice(MONDAY - timedelta(days=20), invoice_date=MONDAY - timedelta(days=50))
        self.assertEqual(invoice.dunning_known_on, MONDAY)

    def test_a_replay_of_a_day_before_the_posting_is_decided_as_ever(self):
        """Whoever replays the past with a ledger typed in today sees the delays count from the due date."""
        self.posted(MONDAY + timedelta(days=100), MONDAY - timedelta(days=4))
        self.assertEqual(self.known(), [None])

    def test_posted_again_after_a_correction_it_keeps_its_first_day(self):
        invoice = self.posted(MONDAY, MONDAY - timedelta(days=20))
        with freeze_time(MONDAY + timedelta(days=8)):
            invoice.button_draft()
            invoice.action_post()
        self.assertEqual(self.known(MONDAY + timedelta(days=9)), [MONDAY])

    def test_a_copy_is_another_invoice(self):
        self.assertFalse(self.posted(MONDAY, MONDAY - timedelta(days=20)).copy().dunning_known_on)

    def test_entries_are_no_documents(self):
        """An opening balance is posted on the day of the take-over: its customers have had their invoices."""
        receivable = self.company_data["default_account_receivable"]
        entry = self.env["account.move"].create({
            "move_type": "entry", "date": MONDAY - timedelta(days=90), "line_ids": [
                Command.create({"account_id": receivable.id, "partner_id": self.customer.id, "debit": 500,
                                "no_followup": False,
                                "date_maturity": MONDAY - timedelta(days=60)}),
                Command.create({"account_id": self.company_data["default_account_revenue"].id, "credit": 500}),
            ],
        })  # fmt: skip
        with freeze_time(MONDAY):
            entry.action_post()
        self.assertEqual(self.known(), [None])

    def test_a_due_date_brought_forward_before_the_posting(self):
        invoice = self.posted(MONDAY, MONDAY + timedelta(days=30))
        self.item(invoice).date_maturity = MONDAY - timedelta(days=10)
        self.assertEqual(self.known(), [MONDAY])
        self.item(invoice).date_maturity = MONDAY + timedelta(days=10)
        self.assertEqual(self.known(), [None])

    def test_the_night_looks_again_when_the_day_changes(self):
        invoice = self.posted(MONDAY, MONDAY - timedelta(days=20))
        before = self.fingerprint()
        self.item(invoice).sudo().dunning_known_on = MONDAY - timedelta(days=1)
        self.assertNotEqual(self.fingerprint(), before)

    def test_the_take_over_counts_from_the_due_date(self):
        """A ledger brought from another program is posted in a day: whoever applies a take-over says so."""
        invoice = self.posted(MONDAY, MONDAY - timedelta(days=45))
        takeover = self.env["dunning.takeover"].create({"date": MONDAY, "firmest": "firm"})
        takeover.action_apply()
        self.assertEqual(self.known(), [None])
        self.assertTrue(self.item(invoice).dunning_level_id)
        self.assertTrue(invoice.dunning_has_it)
