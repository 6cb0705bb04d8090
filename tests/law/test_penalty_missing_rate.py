from datetime import date

from odoo.tests import freeze_time, tagged

from ..common.penalty import DUE
from ..common.penalty_invoice import PenaltyInvoiceCommon
from ..common.penalty_shown import ShownCommon

JANUARY = date(2027, 1, 1)


@tagged("post_install", "-at_install")
class TestWithoutARate(ShownCommon):
    """A half-year whose rate nobody has entered: what is known is told, and where it ends is said."""

    def without_rates(self, first):
        """Delete the ECB's rates from a day on."""
        rates = self.env["dunning.interest.rate"].search([("reference", "=", "ecb_mro"), ("date_from", ">=", first)])
        rates.sudo().unlink()

    def test_without_a_rate_it_leaves_without_interest(self):
        """No rate for 2026-S1: the message claims the indemnity, and says that interest is not included."""
        self.level("claim")
        self.without_rates("2026-01-01")
        reminder = self.reminder()
        for text in self.mail():
            plain = " ".join(text.replace("\xa0", " ").split())
            for words in ("40.00", "1,040.00", "late interest that runs from 02/01/2026 on is not included"):
                self.assertIn(words, plain)
            self.assertNotIn("9.99", plain)
        self.assertEqual((reminder.state, reminder.penalty_text.count("not included")), ("sent", 1))
        self.assertIn("is not known", self.account().penalty_text)

    def test_without_the_rate_of_the_last_half_year(self):
        """Due on 31 October 2025: interest until 31 December, and every output says that it ends there."""
        self.without_rates("2026-01-01")
        for penalties in ("claim", "mention"):
            with self.subTest(penalties=penalties), self.env.cr.savepoint() as savepoint:
                self.level(penalties)
                self.invoice(date(2025, 10, 31), 1000)
                self.prepare()
                reminder = self.reminders()
                self.assertEqual(reminder.line_ids.interest_shown, 20.31)  # 61 days at 12.15 %
                for text in self.mail():
                    plain = " ".join(text.replace("\xa0", " ").split())
                    for words in ("20.31", "12/31/2025", "runs from 01/01/2026 on is not included"):
                        self.assertIn(words, plain)
                    self.assertNotIn("a day.", plain)
                    self.assertNotIn("late interest until 03/02/2026", plain.lower())
                sheet = self.env["dunning.penalty.sheet"].browse(reminder.action_open_penalties()["res_id"])
                self.assertIn("is not known", sheet.line_ids[0].source)
                self.assertEqual(max(filter(None, sheet.line_ids.mapped("last"))), date(2025, 12, 31))
                savepoint.rollback()

    def test_two_debts_miss_the_same_rate(self):
        """One is late since last year, the other since the half-year began: the account says once what is missing."""
        for due in (DUE, date(2027, 1, 5)):
            self.invoice(due)
        self.run_on(date(2027, 1, 11))
        account = self.account()
        self.assertEqual(account.penalty_codes, "missing_rate:ecb_mro:2027-01-01")
        self.assertEqual(account.penalty_per_day, 0)
        self.assertGreater(account.amount_penalty, 80)
        self.assertEqual(account.penalty_text.count("is not known"), 1)
        self.assertIn("from 01/01/2027 on", account.penalty_text)


@freeze_time("2027-01-11")
@tagged("post_install", "-at_install")
class TestInvoicedWithoutARate(PenaltyInvoiceCommon):
    """Penalties are invoiced until the last day that is known, and the dialog says so."""

    def setUp(self):
        super().setUp()
        self.startPatcher(freeze_time("2027-01-11"))

    def test_until_the_last_day_that_is_known(self):
        invoice = self.late(due=date(2026, 12, 11))
        wizard = self.dialog()
        self.assertEqual((wizard.item_ids.days, wizard.item_ids.indemnity_amount), (20, 40))
        self.assertIn("is not known", wizard.why_not)
        self.assertIn(invoice.name, wizard.why_not)
        move = self.env["account.move"].search(wizard.action_post()["domain"])
        line = move.dunning_penalty_line_ids
        self.assertEqual((line.last_day, line.interest_amount), (date(2026, 12, 31), 8.15))  # 12.40 %
        self.assertIn("12/31/2026", line.computation)
        self.assertEqual(self.left(invoice, JANUARY), (0, 0))
        self.env["dunning.interest.rate"].create({"reference": "ecb_mro", "date_from": JANUARY, "value": 2.4})
        line = self.invoice_penalties().dunning_penalty_line_ids
        self.assertEqual((line.first_day, line.last_day, line.indemnity_amount), (JANUARY, date(2027, 1, 11), 0))

    def test_nothing_but_the_indemnity(self):
        self.late(due=date(2027, 1, 5))
        self.assertEqual(self.amounts(self.invoice_penalties()), {"758100": 40})
