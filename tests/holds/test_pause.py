from datetime import timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.tests import HttpCase, new_test_user, tagged

from ..common.base import MONDAY, DunningCommon
from ..common.pause import PauseCommon


@tagged("post_install", "-at_install")
class TestPause(PauseCommon):
    def test_pausing_one_invoice_never_silences_the_others(self):
        paused, other = self.invoice(self.day(-4), 1000), self.invoice(self.day(-4), 300)
        self.pause(paused)
        self.run_on(MONDAY)
        self.assertEqual(self.reminders().line_ids.move_id, other)
        self.assertEqual(self.claimed(), 300)
        self.assertIn(f"{paused.name} paused until", self.account().reason_text)
        self.assertIn("They wait for their bank", self.account().reason_text)

    def test_pausing_one_instalment_never_silences_the_other(self):
        terms = self.env.ref("account.account_payment_term_advance_60days", raise_if_not_found=False)
        if not terms:
            terms = self.env["account.payment.term"].create({"name": "Twice", "line_ids": [
                (0, 0, {"value": "percent", "value_amount": 30, "nb_days": 0}),
                (0, 0, {"value": "percent", "value_amount": 70, "nb_days": 5}),
            ]})  # fmt: skip
        invoice = self.invoice(self.day(-40), 1000, invoice_payment_term_id=terms.id)
        first, second = self.item(invoice).sorted("date_maturity")[:2]
        self.pause(scope="items", line_ids=first.ids, until=None)
        self.assertFalse(invoice.no_followup, "Odoo's flag is that of the whole invoice")
        self.run_on(self.day(60))
        self.assertEqual(self.reminders().line_ids.move_line_id, second)

    def test_a_pause_ends_by_itself(self):
        self.invoice(self.day(-4), 1000)
        self.pause(until=10)
        for delay in range(11):
            self.run_on(self.day(delay))
            self.assertFalse(self.reminders(), "the last day counts")
        self.assertEqual(self.account().reason_codes, "hold_pause")
        self.assertEqual(self.account().next_date, self.day(11))
        self.run_on(self.day(11))
        self.assertEqual(self.claimed(), 1000)

    def test_a_pause_is_ended_early(self):
        self.invoice(self.day(-4), 1000)
        pause = self.pause()
        self.run_on(MONDAY)
        pause.action_end()
        self.assertEqual((pause.state, pause.ended_on, pause.ended_by), ("over", MONDAY, self.env.user))
        self.run_on(MONDAY)
        self.assertEqual(self.claimed(), 1000)
        self.assertEqual(self.account().pause_ids, pause, "its history stays")
        with self.assertRaisesRegex(UserError, "history stays"):
            pause.sudo().unlink()

    def test_a_pause_after_the_reminder_is_prepared_cancels_it(self):
        paused = self.invoice(self.day(-4), 1000)
        self.run_on(MONDAY)
        self.assertEqual(self.claimed(), 1000)
        self.pause(paused)
        self.engine.deliver(date=MONDAY, company=self.company)
        self.assertEqual(self.reminders().state, "cancelled")
        self.assertIn("Paused until", self.reminders().reason)

    def test_a_pause_is_lengthened_and_its_history_kept(self):
        self.invoice(self.day(-4), 1000)
        pause = self.pause(until=3)
        self.env.cr.precommit.run()
        pause.with_context(tracking_disable=False, mail_notrack=False).until = self.day(9)
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.assertIn("until", pause.message_ids.tracking_value_ids.field_id.mapped("name"))
        self.run_on(self.day(5))
        self.assertFalse(self.reminders())
        with self.assertRaisesRegex(ValidationError, "before it begins"):
            pause.until = self.day(-1)

    def test_the_screen_tells_at_once(self):
        self.invoice(self.day(-4), 1000)
        self.pause()
        self.assertEqual(self.account().reason_codes, "hold_pause")
        self.assertIn("They wait for their bank", self.account().reason_text)

    def test_buttons_propose_what_is_looked_at(self):
        invoice, other = self.invoice(self.day(-4), 1000), self.invoice(self.day(20), 50)
        self.run_on(MONDAY)
        for action, scope, items in (
            (self.account().action_pause(), "account", []),
            (invoice.action_dunning_pause(), "items", self.item(invoice).ids),
            (self.reminders().action_pause(), "items", self.item(invoice).ids),
        ):
            draft = self.env["dunning.pause"].with_context(**action["context"]).new({})
            self.assertEqual((draft.scope, draft.account_id, draft.line_ids.ids), (scope, self.account(), items))
            self.assertEqual(draft.until, self.day(14), "two weeks are proposed")
            self.assertEqual(draft.open_line_ids._origin, self.item(invoice | other))

    def test_ending_this_week(self):
        self.invoice(self.day(-4))
        soon, later, over = self.pause(until=6), self.pause(until=20), self.pause(until=3)
        over.action_end()
        running = self.env["dunning.pause"].search([("state", "=", "running"), ("account_id", "=", self.account().id)])
        self.assertEqual(running, soon | later)
        self.assertIn(over, self.env["dunning.pause"].search([("state", "=", "over")]))

    def test_merged_customers_keep_their_pauses(self):
        other = self.make_customer("Boulangerie Petit SARL")
        self.invoice(self.day(-4))
        pause = self.pause()
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge([self.customer.id, other.id], other, extra_checks=False)
        self.env.invalidate_all()
        self.assertEqual(pause.account_id, self.account(other))
        self.run_on(MONDAY)
        self.assertFalse(self.reminders(other))

    def test_the_number_of_pauses_costs_no_query(self):
        counts = []
        for number in (1, 3, 12):  # the first one also reads what is the same for all
            customers = [self.make_customer(f"Customer {number} {rank}") for rank in range(number)]
            for customer in customers:
                self.pause(self.invoice(self.day(-4), customer=customer), account_id=self.account(customer).id)
            partners = [customer.id for customer in customers]
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            holds = self.env["dunning.account"]._holds(self.company, partners, MONDAY)
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(holds), number)
        self.assertAlmostEqual(counts[1], counts[2], delta=1)


@tagged("post_install", "-at_install")
class TestOdooFlags(PauseCommon):
    def exclusions(self, invoice):
        return self.env["dunning.pause"].search([("line_ids.move_id", "=", invoice.id)])

    def test_an_exclusion_without_end_sets_the_flag_and_lifting_it_clears_it(self):
        invoice = self.invoice(self.day(-4), 1000)
        pause = self.pause(invoice, until=None)
        self.assertTrue(invoice.no_followup and self.item(invoice).no_followup)
        self.assertEqual(self.exclusions(invoice), pause, "no second one")
        self.run_on(MONDAY)
        self.assertFalse(self.reminders())
        self.assertIn("They wait for their bank", self.account().reason_text)
        pause.action_end()
        self.assertFalse(invoice.no_followup)
        self.run_on(MONDAY)
        self.assertEqual(self.claimed(), 1000)

    def test_an_exclusion_that_gets_an_end_becomes_a_pause(self):
        invoice = self.invoice(self.day(-4), 1000)
        pause = self.pause(invoice, until=None)
        pause.until = self.day(2)
        self.assertFalse(invoice.no_followup)
        self.run_on(self.day(3))
        self.assertEqual(self.claimed(), 1000)

    def test_someone_excludes_an_invoice_in_odoo(self):
        invoice = self.invoice(self.day(-4), 1000)
        invoice.no_followup = True
        pause = self.exclusions(invoice)
        self.assertEqual((len(pause), pause.kind, pause.in_odoo, pause.until), (1, "flag", True, False))
        invoice.no_followup = True
        self.assertEqual(self.exclusions(invoice), pause, "said twice, told once")
        invoice.no_followup = False
        self.assertEqual((pause.state, pause.ended_by), ("over", self.env.user))
        invoice.no_followup = True
        self.exclusions(invoice).filtered(lambda one: one.state == "running").action_end()
        self.assertFalse(invoice.no_followup)

    def test_someone_blocks_a_payment_in_odoo(self):
        invoice = self.invoice(self.day(-4), 1000)
        invoice.action_toggle_block_payment()
        pause = self.exclusions(invoice)
        self.assertEqual((pause.kind, pause.state), ("blocked", "running"))
        self.assertEqual(invoice.dunning_pause_text, pause.sentence)
        self.run_on(MONDAY)
        self.assertEqual(self.account().reason_codes, "blocked")
        invoice.action_toggle_block_payment()
        self.assertEqual(pause.state, "over")
        invoice.action_toggle_block_payment()
        self.exclusions(invoice).filtered(lambda one: one.state == "running").action_end()
        self.assertEqual(invoice.payment_state, "not_paid")
        self.run_on(MONDAY)
        self.assertEqual(self.claimed(), 1000)

    def test_the_night_finds_what_an_import_has_excluded(self):
        invoice = self.invoice(self.day(-4), 1000)
        self.env.flush_all()
        self.env.cr.execute("UPDATE account_move_line SET no_followup = TRUE WHERE id = %s", self.item(invoice).ids)
        self.env.invalidate_all()
        self.run_on(MONDAY)
        self.assertEqual(self.exclusions(invoice).kind, "flag")
        self.env.cr.execute("UPDATE account_move_line SET no_followup = FALSE WHERE id = %s", self.item(invoice).ids)
        self.env.invalidate_all()
        self.run_on(self.day(1))
        self.assertEqual(self.exclusions(invoice).state, "over")
        self.assertEqual(self.claimed(), 1000)

    def test_miscellaneous_entries_are_no_exclusion_of_anybody(self):
        """Odoo flags every entry of a miscellaneous journal: nobody has set that."""
        entry = self.env["account.move"].create({
            "journal_id": self.company_data["default_journal_misc"].id, "date": MONDAY,
            "line_ids": [
                (0, 0, {"account_id": self.company_data["default_account_receivable"].id, "debit": 100,
                        "partner_id": self.customer.id}),
                (0, 0, {"account_id": self.company_data["default_account_revenue"].id, "credit": 100}),
            ],
        })  # fmt: skip
        entry.action_post()
        self.run_on(MONDAY)
        self.assertFalse(self.exclusions(entry))


@tagged("post_install", "-at_install")
class TestPauseTour(DunningCommon, HttpCase):
    def test_pause_one_invoice_of_a_customer(self):
        new_test_user(
            self.env, "clerk", groups="account.group_account_invoice", company_id=self.company.id,
            company_ids=self.company.ids, lang="en_US",
        )  # fmt: skip
        paused, other = (self.invoice(self.company._dunning_today() - timedelta(days=4), 1000) for _number in range(2))
        self.engine.run(company=self.company)
        self.start_tour("/odoo/payment-reminders", "dunning_pause_tour", login="clerk")
        pause = self.env["dunning.pause"].search([("account_id", "=", self.account().id)])
        self.assertEqual((pause.scope, pause.line_ids.move_id), ("items", paused))
        self.assertFalse(other.dunning_pause_text)
