from datetime import date

from psycopg2.errors import CheckViolation, ExclusionViolation, UniqueViolation

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common.base import MONDAY
from ..common.penalty_invoice import PenaltyInvoiceCommon


@tagged("post_install", "-at_install")
class TestPenaltyInvoiceLife(PenaltyInvoiceCommon):
    """The same days are claimed once; a document that does not stand frees them."""

    def reverse(self, move, modify=False, amount=None):
        """Return the credit note of a penalty invoice, as Odoo makes it."""
        reversal = self.env["account.move.reversal"].create({
            "move_ids": move.ids, "journal_id": move.journal_id.id, "date": MONDAY,
        })  # fmt: skip
        (reversal.modify_moves if modify else reversal.refund_moves)()
        note = reversal.new_move_ids
        if amount:
            note.invoice_line_ids[1:].unlink()
            note.invoice_line_ids.price_unit = amount
        if note.state == "draft" and not modify:
            note.action_post()
        return note

    def copy_of(self, line, **values):
        """Return the values of a line that claims the same."""
        names = (
            "move_id", "account_id", "invoice_id", "move_line_id", "currency_id", "first_day", "last_day",
            "interest_amount", "indemnity_amount",
        )  # fmt: skip
        return line._convert_to_write(line.read(names)[0]) | values

    # === ONCE === #

    def test_the_next_invoice_begins_where_the_last_one_ended(self):
        invoice = self.late()
        self.invoice_penalties(until=date(2026, 2, 20))
        move = self.invoice_penalties()
        line = move.dunning_penalty_line_ids
        self.assertEqual((line.first_day, line.last_day), (date(2026, 2, 21), MONDAY))
        self.assertEqual(self.amounts(move), {"763100": 3.99})
        self.assertIn("10 days", move.invoice_line_ids.name)
        self.assertEqual(self.left(invoice), (0, 0))
        with self.assertRaisesRegex(UserError, "No penalties can be invoiced"):
            self.dialog()

    def test_two_people_at_once(self):
        """Both dialogs are open: the second to confirm is told."""
        self.late()
        one, two = self.dialog(), self.dialog()
        one.action_draft()
        with self.assertRaisesRegex(UserError, "meanwhile"):
            two.action_draft()

    def test_the_database_keeps_it_whoever_writes(self):
        self.late()
        line = self.invoice_penalties(until=date(2026, 2, 20)).dunning_penalty_line_ids
        model = self.env["dunning.penalty.line"].sudo()
        for values, violation in (
            ({"indemnity_amount": 0}, ExclusionViolation),
            ({"indemnity_amount": 0, "first_day": date(2026, 2, 20), "last_day": MONDAY}, ExclusionViolation),
            ({"indemnity_amount": 0, "first_day": date(2026, 1, 1), "last_day": MONDAY}, ExclusionViolation),
            ({"first_day": date(2026, 2, 21), "last_day": MONDAY}, UniqueViolation),
            ({"indemnity_amount": 0, "move_line_id": False}, CheckViolation),
            ({"indemnity_amount": 0, "first_day": False}, CheckViolation),
        ):
            with self.subTest(values), mute_logger("odoo.sql_db"), self.assertRaises(violation):
                with self.env.cr.savepoint():
                    model.create(self.copy_of(line, **values))
        model.create(self.copy_of(line, indemnity_amount=0, first_day=date(2026, 2, 21), last_day=MONDAY))
        model.create(self.copy_of(line, released_on=MONDAY))

    # === CANCELLED, CREDITED === #

    def test_a_draft_that_is_deleted_frees_its_days(self):
        invoice = self.late()
        move = self.invoice_penalties(post=False)
        self.assertEqual(self.left(invoice), (0, 0), "a draft holds them")
        move.unlink()
        self.assertEqual(self.invoice_penalties().amount_total, 51.98)

    def test_cancelled(self):
        invoice = self.late()
        move = self.invoice_penalties()
        move.button_draft()
        self.assertEqual(self.left(invoice), (0, 0), "someone is correcting it")
        move.button_cancel()
        self.assertEqual(move.dunning_penalty_line_ids.released_on, MONDAY)
        self.assertEqual(self.left(invoice)[1], 40)
        self.assertIn("invoiced again", self.words()[0])
        move.button_draft()
        self.assertEqual(self.left(invoice), (0, 0))
        move.action_post()

    def test_cancelled_and_invoiced_again_cannot_come_back(self):
        self.late()
        move = self.invoice_penalties()
        move.button_cancel()
        again = self.invoice_penalties()
        with self.assertRaisesRegex(UserError, f"{again.name}.*claims the same"):
            move.button_draft()

    def test_credited_in_full(self):
        invoice = self.late()
        move = self.invoice_penalties()
        note = self.reverse(move)
        self.assertFalse(note.dunning_is_penalty)
        self.assertEqual(note.amount_total, 51.98)
        self.assertTrue(move.dunning_penalty_line_ids.released_on)
        self.assertEqual(self.left(invoice)[1], 40)
        note.button_draft()
        self.assertEqual(self.left(invoice), (0, 0), "the credit note is being corrected: it credits nothing")
        note.action_post()
        again = self.invoice_penalties()
        with self.assertRaisesRegex(UserError, f"{again.name}.*claims the same"):
            note.button_draft()

    def test_credited_in_part_it_stands(self):
        invoice = self.late()
        move = self.invoice_penalties()
        self.reverse(move, amount=10)
        self.assertFalse(move.dunning_penalty_line_ids.released_on)
        self.assertEqual(self.left(invoice), (0, 0))

    def test_it_is_neither_duplicated_nor_replaced_by_a_copy(self):
        self.late()
        move = self.invoice_penalties()
        with self.assertRaisesRegex(UserError, "not duplicated"):
            move.copy()
        with self.assertRaisesRegex(UserError, "credit it in full"), self.env.cr.savepoint():
            self.reverse(move, modify=True)

    def test_a_person_lowers_a_draft(self):
        """What is not claimed after all is not counted as invoiced."""
        invoice = self.late()
        move = self.invoice_penalties(post=False)
        line = move.dunning_penalty_line_ids
        line.interest_line_id.price_unit = 10
        line.indemnity_line_id.unlink()
        move.action_post()
        self.assertEqual((line.interest_amount, line.indemnity_amount), (10, 0))
        self.assertEqual(self.left(invoice)[1], 40)
        self.assertEqual(self.amounts(self.invoice_penalties()), {"758100": 40})

    def test_what_a_draft_was_lowered_by_is_waived(self):
        """11.98 of interest, 10 invoiced: its days are claimed, the 1.98 are no longer asked for, and it is told."""
        invoice = self.late()
        move = self.invoice_penalties(post=False)
        line = move.dunning_penalty_line_ids
        line.interest_line_id.price_unit = 10
        move.action_post()
        self.assertEqual((line.interest_amount, line.interest_waived), (10, 1.98))
        penalty = self.penalty(invoice)
        self.assertEqual((float(penalty.waived_interest), float(penalty.invoiced_interest)), (1.98, 10))
        self.assertEqual(self.left(invoice), (0, 0))
        self.assertTrue(any("1.98" in words and "good will" in words for words in self.words()))
        self.account()._penalties_changed()
        self.assertEqual(self.account().amount_penalty, 0)
        with self.assertRaisesRegex(UserError, "No penalties can be invoiced"):
            self.dialog()
        self.assertEqual(float(self.left(invoice, self.day(10))[0]), 4, "what runs from now on is claimed")
        move.button_draft()
        line.interest_line_id.price_unit = 11.98
        move.action_post()
        self.assertEqual((line.interest_waived, self.left(invoice)), (0, (0, 0)), "a person changed his mind")

    def test_lowered_then_cancelled(self):
        """Once the document is cancelled nothing is waived: all of it can be claimed again."""
        invoice = self.late()
        move = self.invoice_penalties(post=False)
        move.dunning_penalty_line_ids.interest_line_id.price_unit = 10
        move.action_post()
        move.button_draft()
        move.button_cancel()
        self.assertEqual([float(amount) for amount in self.left(invoice)], [11.98, 40])

    def test_less_of_the_indemnity_is_invoiced(self):
        """It is claimed once: who invoices 20 of the 40 does not claim the rest later, nor does a reminder."""
        invoice = self.late()
        move = self.invoice_penalties(post=False)
        move.dunning_penalty_line_ids.indemnity_line_id.price_unit = 20
        move.action_post()
        self.assertEqual(move.dunning_penalty_line_ids.indemnity_amount, 20)
        self.assertEqual(self.left(invoice), (0, 0))

    def test_a_draft_without_its_lines_is_not_posted(self):
        self.late()
        move = self.invoice_penalties(post=False)
        move.invoice_line_ids[0].unlink()
        move.invoice_line_ids.unlink()
        move.invoice_line_ids = [(0, 0, {"name": "Something else", "price_unit": 5, "tax_ids": []})]
        with self.assertRaisesRegex(UserError, "does not say which invoices"):
            move.action_post()

    def test_the_books_are_closed(self):
        """The accounting date moves after the lock; what is posted before it is credited, not cancelled."""
        self.late()
        self.company.sudo().fiscalyear_lock_date = date(2026, 2, 28)
        move = self.invoice_penalties(until=date(2026, 2, 28), invoice_date=date(2026, 2, 28))
        self.assertGreater(move.date, date(2026, 2, 28))
        self.company.sudo().fiscalyear_lock_date = date(2026, 3, 31)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            move.button_cancel()
        self.assertFalse(move.dunning_penalty_line_ids.released_on)

    def test_an_invoice_whose_penalties_were_invoiced_keeps_its_instalments(self):
        invoice = self.late()
        self.invoice_penalties()
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation), self.env.cr.savepoint():
            self.item(invoice).with_context(force_delete=True, dynamic_unlink=True).unlink()
            self.env.flush_all()

    # === REMINDERS === #

    def claimed(self, day):
        """Return the documents that the night claims."""
        self.run_on(day)
        return self.account().open_reminder_id.line_ids.filtered(lambda line: not line.upcoming).move_id

    def test_it_bears_nothing_itself(self):
        self.late()
        move = self.invoice_penalties(date_due=MONDAY)
        for delay in (30, 400):
            penalty = self.penalty(move, self.day(delay))
            self.assertEqual((penalty.interest_left, penalty.indemnity_left, penalty.why_not), (0, 0, "penalty"))
        with self.assertRaises(UserError):
            self.dialog(move)

    def test_who_pays_the_principal_is_reminded_of_the_penalties_only(self):
        invoice = self.late()
        move = self.invoice_penalties(date_due=MONDAY)
        self.pay(invoice)
        self.assertEqual(self.claimed(self.day(4)), move)

    def test_who_pays_the_penalties_is_reminded_of_the_principal_only(self):
        invoice = self.late()
        move = self.invoice_penalties(date_due=MONDAY)
        self.pay(move)
        self.assertEqual(self.claimed(self.day(4)), invoice)

    def test_who_pays_both_is_left_in_peace(self):
        invoice = self.late()
        move = self.invoice_penalties(date_due=MONDAY)
        self.pay(invoice)
        self.pay(move)
        self.assertFalse(self.claimed(self.day(4)))
        self.assertEqual(self.left(invoice), (0, 0))

    def test_a_plan_that_never_reminds_of_penalties(self):
        self.plan.penalty_reminders = "never"
        invoice = self.late()
        move = self.invoice_penalties(date_due=MONDAY)
        self.assertEqual(self.claimed(self.day(4)), invoice)
        self.assertIn("as the plan says", move.dunning_pause_text)
        self.reminders()._set_state("cancelled")
        move.action_dunning_end_pause()
        self.assertEqual(self.claimed(self.day(5)), invoice | move, "a person may want it otherwise")

    def test_merged_customers_keep_what_was_invoiced(self):
        self.late()
        line = self.invoice_penalties().dunning_penalty_line_ids
        twin = self.make_customer("Petit, again", dunning_status="professional")
        self.account(twin)
        self.env["dunning.account"].sudo()._merge_customers(self.customer, twin)
        self.assertEqual(line.account_id.partner_id, twin)
