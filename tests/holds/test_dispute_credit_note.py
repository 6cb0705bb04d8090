from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common.dispute import DisputeCommon


@tagged("post_install", "-at_install")
class TestAnswer(DisputeCommon):
    """What becomes of a dispute: a credit note, a refusal, a payment."""

    def taxed_invoice(self, *lines, **values):
        """Return an invoice of ``(amount without tax, tax rate)``."""
        rates = {rate for _amount, rate in lines}
        taxes = {
            rate: self.env["account.tax"].create({
                "name": f"{rate}% of this test", "amount": rate, "type_tax_use": "sale", "price_include_override":
                values.pop("price_include", "tax_excluded"),
            })
            for rate in rates
        }  # fmt: skip
        commands = [
            Command.create({"name": "Work", "quantity": 1, "price_unit": amount, "tax_ids": taxes[rate].ids})
            for amount, rate in lines
        ]
        return self.invoice(self.day(-4), invoice_line_ids=commands, **values)

    def accept(self, dispute, *amounts):
        """Accept all of a dispute, or these amounts of its lines; return the credit notes."""
        wizard = self.resolve(dispute, "partly" if amounts else "accepted")
        for line, amount in zip(wizard.line_ids, amounts, strict=False):
            line.amount = amount
        wizard.send = False
        wizard.action_save()
        return dispute.line_ids.credit_note_id

    # === ACCEPTED === #

    def test_accepting_all_prepares_a_draft_credit_note_on_the_right_invoice(self):
        self.invoice(self.day(-9), 500)
        invoice = self.taxed_invoice((1000, 20))
        dispute = self.dispute({invoice: 240})
        note = self.accept(dispute)
        self.assertEqual((dispute.state, dispute.resolved_on), ("accepted", self.day(0)))
        self.assertEqual((note.move_type, note.state, note.reversed_entry_id), ("out_refund", "draft", invoice))
        self.assertEqual((note.amount_untaxed, note.amount_tax, note.amount_total), (200, 40, 240))
        self.assertIn(invoice.name, note.invoice_line_ids.name)
        self.assertEqual(self.run_and_claim(), 500 + 960, "what is accepted is not claimed while it is a draft")

    def test_the_credit_note_is_posted(self):
        invoice = self.invoice(self.day(-4), 1000)
        dispute = self.dispute({invoice: 200})
        self.accept(dispute).action_post()
        self.assertEqual(invoice.amount_residual, 800)
        self.assertEqual(self.run_and_claim(), 800, "held no more: it is credited")
        self.assertFalse(dispute.line_ids.amount_open)

    def test_the_credit_note_of_a_whole_invoice_is_the_invoice(self):
        invoice = self.taxed_invoice((100, 20), (50, 10))
        note = self.accept(self.dispute({invoice: None}))
        self.assertEqual(len(note.invoice_line_ids), 2)
        note.action_post()
        self.assertFalse(invoice.amount_residual)
        self.commit()
        self.assertEqual(self.env["dunning.dispute"].search([("account_id", "=", self.account().id)]).state, "accepted")

    def test_taxes_are_in_proportion(self):
        invoice = self.taxed_invoice((1000, 20), (2000, 10), (500, 0))
        note = self.accept(self.dispute({invoice: 390}))
        self.assertEqual(note.amount_total, 390)
        by_rate = {line.tax_ids.amount: line.price_subtotal for line in note.invoice_line_ids}
        self.assertEqual(by_rate, {20.0: 100.0, 10.0: 200.0, 0.0: 50.0})

    def test_every_amount_is_reached_to_the_cent(self):
        invoice = self.taxed_invoice((333.33, 20), (77.77, 5.5), (12.1, 10))
        for cents in (1, 3, 7, 1234, 9999, 20003, 33335):
            with self.subTest(cents):
                dispute = self.dispute({invoice: cents / 100})
                self.assertAlmostEqual(self.accept(dispute).amount_total, cents / 100, 6)
                dispute.line_ids.credit_note_id.unlink()
                dispute.action_reopen()
                dispute.action_withdraw()

    def test_prices_with_their_taxes_included(self):
        invoice = self.taxed_invoice((1200, 20), price_include="tax_included")
        note = self.accept(self.dispute({invoice: 120}))
        self.assertEqual((note.amount_untaxed, note.amount_total), (100, 120))

    def test_two_invoices_make_two_credit_notes(self):
        one, two = self.invoice(self.day(-4), 1000), self.invoice(self.day(-4), 500)
        notes = self.accept(self.dispute({one: 100, two: 50}))
        self.assertEqual({note.reversed_entry_id: note.amount_total for note in notes}, {one: 100, two: 50})

    def test_partly_accepted(self):
        """150 of 200 are credited; the other 50 are claimed again after some days."""
        invoice = self.invoice(self.day(-4), 1000)
        dispute = self.dispute({invoice: 200})
        note = self.accept(dispute, 150)
        self.assertEqual((dispute.state, note.amount_total), ("partly", 150))
        self.assertEqual(self.run_and_claim(), 800)
        self.reminders()._set_state("sent")
        note.action_post()
        self.run_on(self.day(5))
        self.assertFalse(self.account().open_reminder_id)
        self.assertEqual(self.run_and_claim(self.day(10)), 850)

    def test_no_more_is_accepted_than_is_contested(self):
        dispute = self.dispute({self.invoice(self.day(-4), 1000): 200})
        for amount in (201, -1, 0):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self.accept(dispute, amount)
        self.assertEqual(dispute.state, "open")

    def test_a_credit_note_that_was_deleted_is_prepared_again(self):
        dispute = self.dispute({self.invoice(self.day(-4), 1000): 200})
        self.accept(dispute).unlink()
        self.assertTrue(dispute.credit_note_missing)
        self.assertEqual(self.run_and_claim(), 800, "the customer was told")
        dispute.action_make_credit_notes()
        self.assertEqual(dispute.line_ids.credit_note_id.amount_total, 200)

    def test_the_credit_note_of_an_invoice_in_instalments(self):
        """Odoo allocates it to the oldest instalment, whichever was contested."""
        terms = self.env["account.payment.term"].create({"name": "Twice", "line_ids": [
            Command.create({"value": "percent", "value_amount": 50, "nb_days": days}) for days in (0, 10)
        ]})  # fmt: skip
        invoice = self.invoice(self.day(-30), 1000, invoice_payment_term_id=terms.id)
        items = self.item(invoice).sorted("date_maturity")
        dispute = self.env["dunning.dispute"].create({
            "account_id": self.account().id, "reason_id": self.price.id,
            "line_ids": [Command.create({"move_line_id": items[1].id, "amount": 200})],
        })  # fmt: skip
        self.accept(dispute).action_post()
        self.assertEqual(sum(items.mapped("amount_residual")), 800)
        self.assertFalse(dispute.line_ids.amount_open)
        self.assertEqual(self.run_and_claim(), 800)

    # === REJECTED === #

    def test_rejected_tells_the_customer_and_resumes_after_some_days(self):
        invoice = self.invoice(self.day(-4), 1000)
        dispute = self.dispute({invoice: None})
        wizard = self.resolve(dispute, "rejected")
        self.assertIn(invoice.name, wizard.subject)
        self.assertIn("kindly ask", wizard.body)
        self.assertEqual((wizard.contact_id, wizard.held_until), (self.customer, self.day(5)))
        wizard.body = "<p>The price is that of your order of January.</p>"
        wizard.action_save()
        self.assertEqual((dispute.state, dispute.held_until), ("rejected", self.day(5)))
        self.assertIn("order of January", dispute.answer)
        message = dispute.message_ids.filtered(lambda one: one.partner_ids == self.customer)
        self.assertIn("order of January", message.body)
        self.assertIn(self.company.name, message.body, "who writes stands below (C. com. R123-237)")
        self.assertEqual(message.mail_ids.state or "sent", "sent" if not message.mail_ids else message.mail_ids.state)
        for delay in (0, 3, 5):
            self.assertEqual(self.run_and_claim(self.day(delay)), 0)
        self.assertIn("not reminded until", self.account().reason_text)
        self.assertEqual(self.run_and_claim(self.day(6)), 1000)

    def test_a_refusal_may_be_told_by_another_way(self):
        self.customer.email = False
        dispute = self.dispute({self.invoice(self.day(-4), 1000): None})
        with self.assertRaisesRegex(UserError, "no e-mail address"), self.env.cr.savepoint():
            self.resolve(dispute, "rejected").action_save()
        self.resolve(dispute, "rejected", send=False, days=0).action_save()
        self.assertEqual((dispute.state, dispute.held_until), ("rejected", self.day(0)))

    def test_the_refusal_is_in_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.customer.lang = "fr_FR"
        template = self.env.ref("relance_progressive.dispute_rejected_template")
        template.with_context(lang="fr_FR").subject = "Votre remarque sur {{ object.invoice_names }}"
        wizard = self.resolve(self.dispute({self.invoice(self.day(-4), 1000): None}), "rejected")
        self.assertIn("Votre remarque", wizard.subject)
        self.assertIn("08/03/2026", wizard.body)

    def test_days_to_resolution(self):
        dispute = self.dispute({self.invoice(self.day(-4), 1000): None})
        dispute.sudo().opened_on = self.day(-12)
        self.resolve(dispute, "rejected", send=False).action_save()
        self.assertEqual(dispute.days_to_resolution, 12)
        another = self.dispute({self.invoice(self.day(-4), 50): None})
        (row,) = self.env["dunning.dispute"]._read_group(
            [("id", "in", (dispute | another).ids)], ["reason_id"], ["days_to_resolution:avg"]
        )
        self.assertEqual(row, (self.price, 12))

    # === MONEY === #

    def test_paid_in_full_closes_it(self):
        invoice = self.invoice(self.day(-4), 1000)
        dispute = self.dispute({invoice: 200})
        self.pay(invoice)
        self.commit()
        self.assertEqual((dispute.state, dispute.resolved_on), ("closed", self.day(0)))
        self.assertFalse(dispute.activity_ids)

    def test_a_payment_of_the_rest_leaves_it_open(self):
        invoice = self.invoice(self.day(-4), 1000)
        dispute = self.dispute({invoice: 200})
        self.pay(invoice, 800)
        self.assertEqual(self.run_and_claim(), 0)
        self.assertEqual(dispute.state, "open")

    def test_a_payment_of_a_part_of_it_reduces_it(self):
        invoice = self.invoice(self.day(-4), 1000)
        dispute = self.dispute({invoice: 200})
        self.pay(invoice, 900)
        self.commit()
        self.assertEqual((dispute.state, dispute.line_ids.amount_open), ("open", 100))

    def test_a_credit_note_made_in_odoo_closes_it(self):
        invoice = self.invoice(self.day(-4), 1000)
        dispute = self.dispute({invoice: 200})
        note = self.credit_note(150)
        (self.item(invoice) | self.item(note)).reconcile()
        self.commit()
        self.assertEqual((dispute.state, dispute.line_ids.amount_open), ("open", 50))
        note = self.credit_note(50)
        (self.item(invoice) | self.item(note)).reconcile()
        self.commit()
        self.assertEqual(dispute.state, "closed")
        self.assertEqual(self.run_and_claim(), 800)

    def test_a_payment_that_comes_back_opens_it_again(self):
        invoice = self.invoice(self.day(-4), 1000)
        dispute = self.dispute({invoice: 200})
        for _time in range(2):
            self.pay(invoice)
            self.commit()
            self.assertEqual(dispute.state, "closed")
            self.item(invoice).remove_move_reconcile()
            self.commit()
            self.assertEqual((dispute.state, dispute.line_ids.amount_open), ("open", 200))
        self.assertTrue(dispute.activity_ids, "someone has to answer again")

    def test_what_an_import_has_paid_is_closed_by_the_night(self):
        invoice = self.invoice(self.day(-4), 1000)
        dispute = self.dispute({invoice: 200})
        self.pay(invoice)
        self.env.cr.precommit.data.pop("dunning.dispute", None)
        self.run_on(self.day(0))
        self.assertEqual(dispute.state, "closed")
