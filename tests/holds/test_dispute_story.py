from unittest.mock import patch

from psycopg2 import errors

from odoo import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..common.dispute import DisputeCommon


@tagged("post_install", "-at_install")
class TestDisputeStory(DisputeCommon):
    """What happens to contested invoices in real life: they are corrected, merged, written off."""

    def opening_entry(self, amount):
        """Return the receivable item of an opening balance: an entry, no invoice."""
        receivable = self.customer.property_account_receivable_id
        equity = self.env["account.account"].search([
            ("account_type", "=", "equity"), ("company_ids", "=", self.company.id)], limit=1)  # fmt: skip
        entry = self.misc_entry(receivable, equity, amount)
        entry.line_ids.filtered("debit").date_maturity = self.day(-4)
        entry.line_ids.filtered("debit").no_followup = False  # Odoo excludes the entries of miscellaneous journals
        return entry

    def misc_entry(self, debited, credited, amount):
        journal = self.env["account.journal"].search([
            ("type", "=", "general"), ("company_id", "=", self.company.id)], limit=1)  # fmt: skip
        entry = self.env["account.move"].create({"journal_id": journal.id, "date": self.day(-30), "line_ids": [
            Command.create({"account_id": account.id, side: amount, "partner_id": self.customer.id})
            for account, side in ((debited, "debit"), (credited, "credit"))
        ]})  # fmt: skip
        entry.action_post()
        return entry

    def test_trap_g_what_is_contested_is_not_chased_by_default(self):
        """Clearnox keeps customers in dispute ticked for reminders; here nobody has to untick anything."""
        contested = self.invoice(self.day(-40), 1000)
        self.dispute({contested: None})
        for delay in range(0, 60, 7):
            self.assertFalse(self.run_and_claim(self.day(delay)))
        self.assertFalse(self.reminders())

    def test_a_credit_note_of_before_that_is_allocated_again_answers_nothing(self):
        """100 were credited in January; contested since, 200 stay contested when that allocation is done again."""
        invoice = self.invoice(self.day(-4), 1000)
        old = self.credit_note(100, day=self.day(-20))
        both = self.item(invoice) | self.item(old)
        both.reconcile()
        dispute = self.dispute({invoice: 200})
        self.item(invoice).remove_move_reconcile()
        self.commit()
        self.assertEqual(dispute.line_ids.amount_open, 200)
        both.reconcile()
        self.commit()
        self.assertEqual((dispute.state, dispute.line_ids.amount_open), ("open", 200))
        (self.item(invoice) | self.item(self.credit_note(200))).reconcile()
        self.commit()
        self.assertEqual(dispute.state, "closed")

    def test_the_invoice_is_set_back_to_draft_with_fewer_instalments(self):
        """A contested instalment is no more: nothing stands in the way of the correction, the history stays."""
        term = self.env["account.payment.term"].create({"name": "Half and half", "line_ids": [
            Command.create({"value": "percent", "value_amount": 50, "nb_days": days}) for days in (0, 30)
        ]})  # fmt: skip
        invoice = self.invoice(self.day(-4), 1000, invoice_payment_term_id=term.id)
        second = self.item(invoice).sorted("date_maturity")[1]
        dispute = self.env["dunning.dispute"].create({
            "account_id": self.account().id, "reason_id": self.price.id,
            "line_ids": [Command.create({"move_line_id": second.id, "whole": True})],
        })  # fmt: skip
        first = self.dispute({invoice: 50})
        invoice.button_draft()
        self.commit()
        invoice.invoice_payment_term_id = self.env.ref("account.account_payment_term_immediate")
        invoice.action_post()
        self.commit()
        kept = dispute.line_ids.move_line_id or first.line_ids.move_line_id
        self.assertEqual(kept, self.item(invoice), "one of both instalments stays")
        gone = (dispute | first).filtered(lambda one: not one.line_ids.move_line_id)
        self.assertEqual((gone.state, gone.line_ids.amount_open), ("closed", 0))
        self.assertEqual((gone.invoice_names, gone.line_ids.currency_id), (invoice.name, self.company.currency_id))

    def test_an_opening_balance_that_is_accepted(self):
        """There is no invoice to credit: an entry does it, and what is left is claimed."""
        entry = self.opening_entry(1000)
        dispute = self.dispute({entry: 200})
        self.resolve(dispute, "accepted").action_save()
        self.assertEqual((dispute.state, dispute.credit_note_missing), ("accepted", False))
        self.assertEqual(self.run_and_claim(), 800)
        loss = self.env["account.account"].search([
            ("account_type", "=", "expense"), ("company_ids", "=", self.company.id)], limit=1)  # fmt: skip
        write_off = self.misc_entry(loss, self.item(entry).account_id, 200)
        (self.item(entry) | self.item(write_off)).reconcile()
        self.commit()
        self.assertFalse(dispute.line_ids.amount_open, "no more is held: the rest is claimed")

    def test_a_first_answer_that_was_wrong_leaves_no_credit_note(self):
        """200 accepted by mistake, then 50: the draft of 200 is gone, else it would be posted one day."""
        dispute = self.dispute({self.invoice(self.day(-4), 1000): 200})
        self.resolve(dispute, "accepted").action_save()
        wrong = dispute.line_ids.credit_note_id
        self.assertIn("to come", dispute.sentence)
        dispute.action_reopen()
        self.assertFalse(wrong.exists())
        answer = self.resolve(dispute, "partly", send=False)
        answer.line_ids.amount = 50
        answer.action_save()
        note = dispute.line_ids.credit_note_id
        self.assertEqual(note.amount_total, 50)
        note.action_post()
        self.assertIn("nothing is left to credit", dispute.sentence)

    def test_what_is_over_holds_nothing_and_shows_nothing_held(self):
        dispute = self.dispute({self.invoice(self.day(-4), 1000): 200})
        dispute.action_withdraw()
        self.assertFalse(dispute.line_ids.amount_open)
        dispute.action_reopen()
        self.assertEqual(dispute.line_ids.amount_open, 200)

    def test_an_invoice_is_taken_out_of_a_dispute(self):
        one, two = self.invoice(self.day(-4), 1000), self.invoice(self.day(-4), 500)
        dispute = self.dispute({one: None, two: None})
        self.assertFalse(self.run_and_claim())
        dispute.line_ids[0].unlink()
        self.assertEqual(self.run_and_claim(self.day(1)), 1000)

    def test_the_words_of_a_customer_are_no_markup(self):
        """What customers say comes from the phone and from the portal: it is text."""
        said = "<b>Not</b> ordered <img src=x onerror=alert(1)>\nnor delivered"
        dispute = self.dispute({self.invoice(self.day(-4), 1000): 200}, statement=said)
        note = dispute.activity_ids.note
        self.assertNotIn("<img", note)
        self.assertIn("&lt;b&gt;Not", note)
        self.assertIn("<br", note, "lines stay lines")

    def test_an_owner_who_has_left_is_replaced(self):
        people = [new_test_user(
            self.env, login, groups="account.group_account_invoice", company_id=self.company.id,
            company_ids=self.company.ids,
        ) for login in ("dispute_gone", "dispute_here")]  # fmt: skip
        gone, here = people
        self.price.with_company(self.company).write({"user_id": gone.id, "owner_kind": "accounts"})
        self.account().user_id = gone
        self.company.dunning_user_id = here
        gone.active = False
        dispute = self.dispute({self.invoice(self.day(-4), 1000): 200})
        self.assertEqual((dispute.user_id, dispute.activity_ids.user_id), (here, here))

    def test_merged_customers_keep_all_that_holds(self):
        """A dispute, a promise and a pause of the customer that goes hold at the one that stays."""
        other = self.make_customer("Boulangerie Petit SARL")
        contested, promised, paused = (self.invoice(self.day(-4), amount) for amount in (1000, 500, 300))
        theirs, free = self.invoice(self.day(-4), 70, other), self.invoice(self.day(-4), 9, other)
        disputes = self.dispute({contested: 200}) | self.dispute({theirs: None}, account_id=self.account(other).id)
        self.env["dunning.promise"]._record(self.account(), [(self.day(9), 500)], self.item(promised))
        self.env["dunning.pause"].create({
            "scope": "items", "account_id": self.account().id, "line_ids": self.item(paused).ids,
            "reason": "Wait", "until": self.day(9),
        })  # fmt: skip
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            [self.customer.id, other.id], other, extra_checks=False
        )
        self.env.invalidate_all()
        self.assertEqual(disputes.account_id, self.account(other))
        self.commit()
        self.run_on(self.day(0))
        reminder = self.account(other).open_reminder_id
        self.assertEqual({line.move_line_id.move_id: line.amount_residual for line in reminder.line_ids}, {
            contested: 800, free: 9,
        })  # fmt: skip

    def test_three_decimals(self):
        """A dinar has a thousand parts: what is contested is held to the last of them."""
        self.company.currency_id.rounding = 0.001
        self.dispute({self.invoice(self.day(-4), 1000): 200.125})
        (hold,) = self.env["dunning.account"]._holds(self.company, self.customer.ids, self.day(0))[self.customer.id]
        self.assertEqual(str(hold.amount), "200.125")

    def test_a_payment_never_fails_because_of_a_dispute_but_is_tried_again_when_others_are_at_work(self):
        invoice = self.invoice(self.day(-4), 1000)
        dispute = self.dispute({invoice: 200})
        lines = type(self.env["dunning.dispute.line"])
        with patch.object(lines, "_follow_items", side_effect=errors.SerializationFailure):
            with self.assertRaises(errors.SerializationFailure):
                self.env["dunning.dispute"]._follow_settled(self.item(invoice))
        with (
            patch.object(lines, "_follow_items", side_effect=ZeroDivisionError),
            mute_logger("odoo.addons.relance_progressive.relance_progressive.account.dunning_account"),
        ):
            self.env["dunning.dispute"]._follow_settled(self.item(invoice))
        self.assertEqual(dispute.state, "open")
