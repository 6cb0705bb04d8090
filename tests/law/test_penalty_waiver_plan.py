from odoo import Command
from odoo.tests import freeze_time, tagged

from ..common.base import MONDAY
from ..common.penalty_waiver import INDEMNITY, PenaltyCommon


@tagged("post_install", "-at_install")
class TestPaidInTime(PenaltyCommon):
    """The plan waives by itself the penalties of those who pay soon after the claim."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan.penalty_waive_days = 8
        cls.notice.penalties = "claim"

    def claim(self, *invoices, level=None, day=MONDAY):
        """Return a reminder sent on a day, that claims invoices with their penalties."""
        lines = []
        for invoice in invoices:
            interest, indemnity = self.left(invoice, day)
            lines.append(Command.create({
                "move_line_id": self.item(invoice).id, "move_name": invoice.name, "amount_residual": 1,
                "interest_amount": float(interest), "indemnity_amount": float(indemnity),
            }))  # fmt: skip
        reminder = self.env["dunning.reminder"].sudo().create({
            "account_id": self.account().id, "level_id": (level or self.notice).id, "date": day, "state": "ready",
            "line_ids": lines,
        })  # fmt: skip
        reminder._set_state("sent")
        return reminder

    def waivers(self):
        return self.account().penalty_waiver_ids.sorted("id")

    def test_all_is_paid_in_time(self):
        invoice, other = self.late(), self.late(500)
        reminder = self.claim(invoice, other)
        self.pay(invoice, day=self.day(3))
        self.run_on(self.day(3))
        self.assertFalse(self.waivers(), "the other one is not paid")
        self.pay(other, day=self.day(8))
        self.run_on(self.day(9))
        waiver = self.waivers()
        self.assertEqual((waiver.reminder_id, waiver.waived_by_id.id, waiver.paid_by), (reminder, False, self.day(8)))
        self.assertEqual((self.left(invoice, self.day(9)), self.left(other, self.day(9))), ((0, 0), (0, 0)))
        self.assertIn(reminder.name, waiver.reason)
        self.assertIn("paid in time", self.words()[0])
        self.run_on(self.day(10))
        self.assertEqual(self.waivers(), waiver, "once")

    def test_the_day_that_the_letter_names_counts(self):
        """Printed two days after the decision: the paper gives up the penalties until two days later too."""
        invoice = self.late()
        reminder = self.claim(invoice)
        self.env.cr.execute("UPDATE dunning_reminder SET penalty_day = %s", [self.day(2)])
        reminder.invalidate_recordset(["penalty_day"])
        self.pay(invoice, day=self.day(10))
        self.run_on(self.day(10))
        self.assertEqual(self.waivers().paid_by, self.day(10))

    @freeze_time("2026-06-01 10:00:00")  # what is told of a letter has happened by then
    def test_the_receipt_of_a_registered_letter_counts(self):
        """It says "paid by day 8 after receipt": received on the tenth day, it gives until the eighteenth."""
        invoice, other = self.late(), self.late(500)
        self.pay(invoice, day=self.day(17))
        self.pay(other, day=self.day(19))
        for paid, in_time, night in ((invoice, True, 20), (other, False, 30)):
            delivery = self.env["dunning.delivery"].sudo().create({
                "reminder_id": self.claim(paid).id, "channel": "registered", "state": "sent", "date_done": MONDAY,
            })  # fmt: skip
            delivery._record_event("handed_in", MONDAY)
            before = self.waivers()
            self.run_on(self.day(night))
            self.assertEqual(self.waivers(), before, "nobody knows yet when it was received")
            delivery._record_event("delivered", self.day(10))
            self.run_on(self.day(night + 1))
            self.assertEqual((self.waivers() - before).mapped("paid_by"), [self.day(18)] if in_time else [])

    def test_nothing_is_waived_for_a_public_body(self):
        """CCP L2192-14: it cannot be."""
        self.customer.dunning_status = "public"
        invoice = self.late()
        self.claim(invoice)
        self.pay(invoice, day=self.day(3))
        self.run_on(self.day(3))
        self.assertFalse(self.waivers())

    def test_one_day_too_late(self):
        invoice = self.late()
        self.claim(invoice)
        self.pay(invoice, day=self.day(9))
        for delay in (9, 10, 40):
            self.run_on(self.day(delay))
        self.assertFalse(self.waivers())

    def test_paid_in_time_and_entered_late(self):
        """The bank statement comes weeks later: the day of the payment counts."""
        invoice = self.late()
        self.claim(invoice)
        self.run_on(self.day(20))
        self.pay(invoice, day=self.day(7))
        self.run_on(self.day(21))
        self.assertTrue(self.waivers())

    def test_the_plan_does_not_want_it(self):
        self.plan.penalty_waive_days = 0
        invoice = self.late()
        self.claim(invoice)
        self.pay(invoice, day=self.day(1))
        self.run_on(self.day(2))
        self.assertFalse(self.waivers())

    def test_nothing_was_claimed(self):
        """A level that only mentions penalties claims none; nor does a reminder that was cancelled."""
        invoice = self.late()
        self.claim(invoice, level=self.level_2)
        self.pay(invoice, day=self.day(1))
        self.run_on(self.day(2))
        self.assertFalse(self.waivers())

    def test_the_payment_comes_back(self):
        invoice, other = self.late(), self.late(500)
        self.claim(invoice, other)
        self.pay(invoice, day=self.day(1))
        self.pay(other, day=self.day(1))
        self.run_on(self.day(2))
        waiver = self.waivers()
        self.assertEqual(waiver.state, "standing")
        self.item(other).remove_move_reconcile()
        self.run_on(self.day(3))
        self.assertEqual((waiver.state, waiver.cancelled_by_id.id), ("cancelled", False))
        self.assertEqual(self.left(invoice, self.day(3))[1], INDEMNITY, "of all that the reminder claimed")
        self.assertIn("came back", self.words()[0])

    def test_paid_again_and_in_time(self):
        invoice = self.late()
        self.claim(invoice)
        payment = self.pay(invoice, day=self.day(1))
        self.run_on(self.day(2))
        self.item(invoice).remove_move_reconcile()
        self.run_on(self.day(3))
        (self.item(invoice) | self.item(payment.move_id)).reconcile()
        self.run_on(self.day(4))
        self.assertEqual(self.waivers().mapped("state"), ["cancelled", "standing"])

    def test_a_person_who_claims_them_after_all_has_the_last_word(self):
        invoice = self.late()
        self.claim(invoice)
        self.pay(invoice, day=self.day(1))
        self.run_on(self.day(2))
        self.waivers().with_user(self.chief)._cancel("The third time this year")
        self.run_on(self.day(3))
        self.assertEqual(self.waivers().mapped("state"), ["cancelled"])
        self.assertEqual(self.left(invoice, self.day(3))[1], INDEMNITY)

    def test_what_was_invoiced_already_is_not_waived(self):
        invoice = self.late()
        self.claim(invoice)
        self.pay(invoice, day=self.day(1))
        claims = self.env["dunning.penalty.line"]._claims(self.account(), self.day(0))
        self.env["dunning.penalty.line"]._invoice(claims, self.day(0), self.day(15)).action_post()
        self.run_on(self.day(2))
        (line,) = self.waivers().line_ids
        self.assertEqual((line.interest_amount, line.indemnity_amount), (0.4, 0), "the last day is all that is left")

    def test_a_night_with_a_thousand_claims_asks_little(self):
        invoices = [self.late(100 + number) for number in range(20)]
        self.claim(*invoices)
        for invoice in invoices:
            self.pay(invoice, day=self.day(1))
        self.env.flush_all()
        waivers = self.env["dunning.penalty.waiver"].sudo()
        with self.assertQueryCount(90):
            waivers._follow_payments(self.company, self.day(2))
            self.env.flush_all()
        self.assertEqual(len(self.waivers().line_ids), 20)
        self.env.invalidate_all()
        with self.assertQueryCount(3):  # nothing has changed
            waivers._follow_payments(self.company, self.day(2))
