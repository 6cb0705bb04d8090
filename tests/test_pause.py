from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from .common import MONDAY, DunningCommon
from .test_deliver import DeliverCommon
from .test_security import SecurityCommon


class PauseCommon(DunningCommon):
    """Stories that begin on a Monday, which is today."""

    def setUp(self):
        super().setUp()
        self.startPatcher(freeze_time(MONDAY))

    def pause(self, *invoices, until=10, **values):
        """Return a pause of these invoices, else of the customer, until some days after the beginning."""
        if invoices:
            items = [item.id for invoice in invoices for item in self.item(invoice)]
            values = {"scope": "items", "line_ids": items, **values}
        until = until and self.day(until)
        return self.env["dunning.pause"].create({
            "account_id": self.account().id, "reason": "They wait for their bank", "until": until, **values,
        })  # fmt: skip

    def claimed(self):
        """Return what the open reminder of the customer claims, 0 when there is none."""
        return self.account().open_reminder_id.amount_total


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
        pause.until = self.day(9)
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
        for number in (3, 12):
            customers = [self.make_customer(f"Customer {number} {rank}") for rank in range(number)]
            for customer in customers:
                self.pause(self.invoice(self.day(-4), customer=customer), account_id=self.account(customer).id)
            partners = [customer.id for customer in customers]
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            holds = self.env["dunning.account"]._holds(self.company, partners, MONDAY)
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(holds), number)
        self.assertEqual(counts[0], counts[1])


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
class TestCompanyPause(DeliverCommon):
    def setUp(self):
        super().setUp()
        self.startPatcher(freeze_time(MONDAY))

    def pause_all(self, until=10):
        return self.env["dunning.pause"].create({
            "scope": "company", "company_id": self.company.id, "reason": "New accounting software", "kind": "check",
            "until": until and self.day(until),
        })  # fmt: skip

    def test_the_run_prepares_nothing_and_says_why(self):
        customer = self.reminder_for()
        pause = self.pause_all()
        report = self.engine.run(date=MONDAY, company=self.company)
        self.assertEqual((report["reminders"], report["reasons"]["hold_pause"]), (0, 1))
        self.assertEqual(report["paused"], {self.company.id: pause.sentence})
        self.assertFalse(self.reminders(customer))
        self.assertIn("New accounting software", self.account(customer).reason_text)
        self.assertIn("New accounting software", self.company.dunning_pause_text)

    def test_the_delivery_hands_nothing_over_and_loses_nothing(self):
        customer = self.reminder_for()
        self.prepare()
        self.pause_all()
        with self.smtp() as smtp:
            self.assertEqual(self.send(), {"email": {"waiting": 1}})
            self.assertFalse(smtp.messages)
            self.assertEqual(self.reminders(customer).state, "ready")
            words = self.reminders(customer).action_send_ready()["params"]["message"]
            self.assertIn("New accounting software", words)
            self.engine.deliver(date=self.day(11), company=self.company)
        self.assertEqual(len(smtp.messages), 1, "it leaves after the pause")

    def test_what_is_paid_during_the_pause_is_cancelled(self):
        customer = self.reminder_for()
        self.prepare()
        self.pause_all()
        self.pay(self.reminders(customer).line_ids.move_id)
        with self.smtp():
            self.send()
        self.assertEqual(self.reminders(customer).state, "cancelled")

    def test_ending_it_lets_everything_go_on(self):
        customer = self.reminder_for()
        pause = self.pause_all(until=None)
        self.prepare()
        self.assertFalse(self.reminders(customer))
        pause.action_end()
        self.assertFalse(self.company.dunning_pause_text)
        self.prepare()
        self.assertEqual(self.reminders(customer).state, "ready")

    def test_another_company_goes_on(self):
        other = self.setup_other_company(name="Other")["company"]
        self.pause_all()
        self.assertFalse(other.dunning_pause_id)
        self.assertFalse(self.env["dunning.account"]._holds(other, self.customer.ids, MONDAY))


@tagged("post_install", "-at_install")
class TestNotToLose(PauseCommon):
    """A customer not to lose: friendly messages leave by themselves, firmer ones are read first."""

    def protect(self, stage="friendly"):
        self.account().write({"protected": True, "protected_stage": stage})

    def replay(self, days):
        """Live some weeks; every reminder that is ready leaves, drafts are approved by a person."""
        history = []
        for delay in range(days):
            self.run_on(self.day(delay))
            reminder = self.account().open_reminder_id
            if reminder:
                history.append((reminder.level_id, reminder.state))
                if reminder.state == "draft":
                    reminder.action_approve()
                reminder._set_state("sent")
        return history

    def test_above_the_cap_a_person_is_asked_and_nothing_is_silenced(self):
        self.invoice(self.day(-1), 1000)
        self.protect()
        self.assertEqual(self.replay(40), [
            (self.level_1, "ready"), (self.level_2, "draft"), (self.level_3, "draft"), (self.notice, "draft"),
        ])  # fmt: skip

    def test_another_cap(self):
        self.invoice(self.day(-1), 1000)
        self.protect("firm")
        states = dict(self.replay(40))
        self.assertEqual(states[self.level_3], "ready")
        self.assertEqual(states[self.notice], "draft")

    def test_what_is_ready_and_too_firm_waits_from_the_mark_on(self):
        self.invoice(self.day(-12), 1000)
        self.level_1.delay_days = self.pre_due.delay_days
        self.pre_due.active = self.level_1.active = False
        self.run_on(MONDAY)
        self.assertEqual((self.reminders().level_id, self.reminders().state), (self.level_2, "ready"))
        self.protect()
        self.assertEqual((self.reminders().state, self.reminders().draft_reason), ("draft", "approval"))
        self.reminders().action_approve()
        self.engine.deliver(date=MONDAY, company=self.company)
        self.assertNotEqual(self.reminders().state, "draft", "approved is approved")

    def test_the_first_run_does_not_release_it(self):
        self.invoice(self.day(-12), 1000)
        self.pre_due.active = self.level_1.active = False
        self.protect()
        self.company.dunning_started = False
        self.company.dunning_brake = 0
        self.engine.run(date=MONDAY, company=self.company)
        self.assertEqual(self.reminders().draft_reason, "first_run")
        self.reminders().action_release_first_run()
        self.assertEqual((self.reminders().state, self.reminders().draft_reason), ("draft", "approval"))

    def test_the_preview_says_so(self):
        self.invoice(self.day(-12), 1000)
        self.pre_due.active = self.level_1.active = False
        self.protect()
        (row,) = self.engine.preview(date=MONDAY, partners=self.customer, company=self.company)
        self.assertTrue(row["send"] and row["approval"])

    def test_a_user_may_be_more_careful_only_a_manager_less(self):
        user = new_test_user(
            self.env, "clerk", groups="account.group_account_invoice",
            company_id=self.company.id, company_ids=self.company.ids,
        )  # fmt: skip
        account = self.account().with_user(user)
        account.write({"protected": True, "protected_stage": "firm"})
        account.protected_stage = "friendly"
        for less in ({"protected": False}, {"protected_stage": "firm"}):
            with self.assertRaisesRegex(UserError, "Only a manager"):
                account.write(less)
        self.account().write({"protected": False})


@tagged("post_install", "-at_install")
class TestPauseRights(SecurityCommon):
    def new(self, person, **values):
        account = self.mine["dunning.account"]
        values = {"account_id": account.id, "reason": "Because", **values}
        return self.as_(person, self.env["dunning.pause"]).create(values)

    def in_days(self, days):
        return date.today() + timedelta(days=days)

    def test_a_user_pauses_for_ninety_days_a_manager_without_end(self):
        self.new(self.user, until=self.in_days(90))
        for until in (False, self.in_days(91)):
            with self.assertRaisesRegex(UserError, "manager"):
                self.new(self.user, until=until)
            self.new(self.manager, until=until)

    def test_nor_by_lengthening_it(self):
        pause = self.new(self.user, until=self.in_days(30))
        pause.until = self.in_days(60)
        for until in (False, self.in_days(200)):
            with self.assertRaisesRegex(UserError, "manager"):
                pause.until = until

    def test_nor_by_a_beginning_that_is_far_away(self):
        with self.assertRaisesRegex(UserError, "manager"):
            self.new(self.user, date_from=self.in_days(300), until=self.in_days(350))

    def test_nobody_types_the_history(self):
        pause = self.new(self.user, until=self.in_days(3))
        for values in (
            {"ended_on": self.in_days(0)}, {"line_ids": False}, {"scope": "company"}, {"in_odoo": True},
            {"account_id": False}, {"company_id": self.other.id}, {"date_from": self.in_days(-9)},
        ):  # fmt: skip
            with self.subTest(values), self.assertRaises(UserError):
                pause.write(values)
        with self.assertRaises(UserError):
            self.new(self.user, until=self.in_days(3), ended_on=self.in_days(0))
        pause.action_end()
        with self.assertRaisesRegex(UserError, "over"):
            pause.reason = "Another one"
        for person in (self.user, self.manager):
            self.assertNotIn("unlink", self.allowed(person, "dunning.pause"))

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_another_company_stays_closed(self):
        theirs = self.env["dunning.pause"].create({
            "account_id": self.theirs["dunning.account"].id, "reason": "Theirs", "until": self.in_days(5),
        })  # fmt: skip
        mine = self.new(self.user, until=self.in_days(5))
        for person in (self.user, self.manager):
            found = self.as_(person, self.env["dunning.pause"]).search([])
            self.assertIn(mine, found)
            self.assertNotIn(theirs, found)
            for attempt in (
                lambda pause: pause.read(["reason"]), lambda pause: pause.action_end(),
                lambda pause: pause.write({"reason": "Mine"}),
            ):  # fmt: skip
                with self.assertRaises(AccessError):
                    attempt(self.as_(person, theirs))
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                self.new(person, account_id=theirs.account_id.id, until=self.in_days(5))
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                self.as_(person, self.env["dunning.pause"]).create({
                    "scope": "company", "company_id": self.other.id, "reason": "Stop", "until": self.in_days(5),
                })  # fmt: skip

    def test_items_of_another_customer_are_refused(self):
        stranger = self.item(self.invoice("2026-01-31", customer=self.make_customer("Stranger")))
        for lines in (stranger, stranger.move_id.line_ids - stranger):
            with self.assertRaisesRegex(ValidationError, "is not owed by"):
                self.new(self.user, scope="items", line_ids=lines.ids, until=self.in_days(5))

    def test_outsiders_see_nothing(self):
        for outsider in (self.employee, self.portal):
            self.assertEqual(self.allowed(outsider, "dunning.pause"), set())
        self.assertEqual(self.allowed(self.auditor, "dunning.pause"), {"read"})


@tagged("post_install", "-at_install")
class TestPauseTour(DunningCommon, HttpCase):
    def test_pause_one_invoice_of_a_customer(self):
        new_test_user(
            self.env, "clerk", groups="account.group_account_invoice", company_id=self.company.id,
            company_ids=self.company.ids, lang="en_US",
        )  # fmt: skip
        paused, other = (self.invoice(date.today() - timedelta(days=4), 1000) for _number in range(2))
        self.engine.run(company=self.company)
        self.start_tour("/odoo/payment-reminders", "dunning_pause_tour", login="clerk")
        pause = self.env["dunning.pause"].search([("account_id", "=", self.account().id)])
        self.assertEqual((pause.scope, pause.line_ids.move_id), ("items", paused))
        self.assertFalse(other.dunning_pause_text)
