from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestDemo(TransactionCase):
    """The demo company is believable on any day it is installed."""

    def test_the_demo_shows_invoices_of_every_kind(self):
        if self.env["res.company"].search_count([("name", "=", "Ateliers Morel")]):
            self.skipTest("the demo company is there already")
        self.env["dunning.demo"]._install()
        company = self.env["res.company"].search([("name", "=", "Ateliers Morel")])
        customers = self.env["res.partner"].with_context(active_test=False).search(
            [("company_id", "=", company.id), ("parent_id", "=", False), ("customer_rank", ">", 0)]
        )
        self.assertGreaterEqual(len(customers), 60)
        moves = self.env["account.move"].search([("company_id", "=", company.id), ("move_type", "=like", "out_%")])
        self.assertGreaterEqual(len(moves), 300)
        self.assertLessEqual({"draft", "posted", "cancel"}, set(moves.mapped("state")))
        self.assertLessEqual({"not_paid", "partial", "paid", "blocked"}, set(moves.mapped("payment_state")))
        self.assertLessEqual({"EUR", "GBP", "CHF", "USD"}, set(moves.currency_id.mapped("name")))
        reminders = self.env["dunning.reminder"].search([("company_id", "=", company.id)])
        self.assertEqual(set(reminders.mapped("state")), {"sent"})
        stages = {"pre_due", "friendly", "firm", "formal_notice"}
        self.assertEqual(set(reminders.level_id.mapped("stage")), stages)
        for address in (customers + customers.child_ids).filtered("email").mapped("email"):
            self.assertTrue(address.endswith(".example"), address)
        self.env["dunning.engine"].run(company=company)
        for kind in ("interest", "indemnity"):
            self.assertTrue(company._dunning_penalty_account(kind))
        promises = self.env["dunning.promise"].search([("company_id", "=", company.id)])
        self.assertEqual(sorted(promises.mapped("state")), ["broken", "kept", "open", "open"])
        codes = {code for account in customers.dunning_account_ids for code in account.reason_codes.split(",")}
        self.assertLessEqual({"hold_promise", "hold_dispute", "hold_pause", "covered"}, codes)
