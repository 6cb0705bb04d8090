"""The preview is the truth: what the night prepares, what leaves on the day, and nothing it knows may be left out."""

import random
from contextlib import ExitStack, contextmanager
from unittest.mock import patch

from odoo import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.relance_progressive.relance_progressive.engine import queries, transactions
from odoo.addons.relance_progressive.relance_progressive.ledger import books_queries

from ..bench import generate
from ..common.base import MONDAY
from ..common.deliver import DeliverCommon
from ..common.money import MoneyCommon

INVOICES = 1500  # of 150 customers, nearly all of whom owe something
DAYS = (0, 1, 4, 7, 14, 15, 22, 30)
LATE_BOOKS = 14  # the day on which the company waits for its bank statements


class TruthCommon(MoneyCommon, DeliverCommon):
    def told(self, day, customers=None):
        """Return what the preview says leaves the night, by customer."""
        return {
            row["partner_id"]: self.as_told(row)
            for row in self.engine.preview(day, customers, self.company) if row["send"]
        }  # fmt: skip

    def made(self, day):
        """Run a night; return what it prepared, in the same words."""
        before = self.env["dunning.reminder"].search([])
        self.run_on(day)
        made = self.env["dunning.reminder"].search([]) - before
        return made, {reminder.partner_id.id: self.as_made(reminder) for reminder in made}


@tagged("post_install", "-at_install")
class TestPreviewIsTheTruth(TruthCommon):
    @mute_logger("odoo.models.unlink")
    def test_with_all_that_holds_back_and_with_nothing_left_out(self):
        """Promises, disputes, pauses, credits, bank lines, late books, approvals, customers not to lose.

        Day after day the preview, of all customers and of some, says what the run does; a preview that left out
        one of these would be wrong at least once.
        """
        self.plan.write({"spacing_days": 4, "working_days_only": True})
        self.level_3.write({"approval": "manual", "amount_min": 800})
        self.company.dunning_stale_days = 3
        self.notice.share_min = 20
        generate.fill(self.env, self.company, INVOICES, MONDAY)
        self.bank_line(1, self.day(-1), customer=self.make_customer("Somebody Else"))
        self.env.cr.execute("ANALYZE account_move, account_move_line, res_partner")  # as PostgreSQL does by itself
        self.env.invalidate_all()
        luck, prepared, noticed = random.Random(11), 0, set()
        for delay in DAYS:
            day = self.day(delay)
            with freeze_time(f"{day} 10:00:00"):
                self.things_happen(luck, day, ("bank line",) if delay == LATE_BOOKS else ())
                self.company.dunning_stale_mode = "hold" if delay == LATE_BOOKS else "warn"
                told = self.told(day)
                some = self.env["res.partner"].browse(luck.sample(sorted(self.owing()), 20))
                self.assertEqual(self.told(day, some), {key: told[key] for key in told if key in some.ids})
                without = {name: self.told_without(name, day) for name in self.parts()}
                made, as_made = self.made(day)
                self.assertEqual(as_made, told, day)
                noticed |= {name for name, wrong in without.items() if wrong != told}
                prepared += len(made)
                self.let_them_leave(luck, day)
        self.assertGreater(prepared, 100)
        self.assertEqual(noticed, set(self.parts()), "each part changes what the preview says")

    # === WHAT HAPPENS === #

    def owing(self):
        return self.env["dunning.account"]._owing_customers(self.company)

    def things_happen(self, luck, day, never=()):
        """Some customers promise, contest, pay; some are paused, some are not to be lost."""
        customers = luck.sample(sorted(self.owing()), 25)
        accounts = self.env["dunning.account"]._of_all(self.env["res.partner"].browse(customers), self.company)
        until = self.day(luck.randint(3, 12), day)
        for number, account in enumerate(accounts):
            items = account.move_line_ids.filtered(lambda line: line.amount_residual > 0)
            if not items or account.dispute_ids:
                continue
            item, kind = items[0], number % 5
            half = self.company.currency_id.round(item.amount_residual / 2)
            if kind == 0 and not self.env["dunning.promise"].search_count([("account_id", "=", account.id)]):
                self.env["dunning.promise"]._record(account, [(until, half)], item)
            elif kind == 1:
                line = Command.create({"move_line_id": item.id, "amount": half})
                self.env["dunning.dispute"].create({
                    "account_id": account.id, "line_ids": [line],
                    "reason_id": self.env.ref("relance_progressive.dispute_reason_price").id,
                })  # fmt: skip
            elif kind == 2:
                self.env["dunning.pause"].create(
                    {"account_id": account.id, "reason": "Asked", "date_from": day, "until": until}
                )
            elif kind == 3 and "bank line" not in never:
                self.bank_line(half, day, customer=account.partner_id)
            elif kind == 4:
                account.protected = True
        self.env.flush_all()
        self.env.cr.precommit.run()

    def let_them_leave(self, luck, day):
        """Send most of what is ready or approved; give up a little, let a little wait."""
        waiting = self.env["dunning.reminder"].search([("state", "in", ("draft", "ready"))])
        given_up = waiting.filtered(lambda reminder: luck.random() < 0.05)
        given_up._set_state("cancelled")
        left = (waiting - given_up).filtered(lambda reminder: luck.random() < 0.9)
        left.filtered(lambda reminder: reminder.state == "draft")._set_state("ready")
        failed = left.filtered(lambda reminder: luck.random() < 0.05)
        failed._set_state("failed", reason="refused")
        (left - failed)._set_state("sent", date=day)
        given_up.account_id._decide_again()

    # === WHAT THE PREVIEW KNOWS === #

    def parts(self):
        """Return what the preview takes into account, each with what takes it out."""
        return {
            "promises": lambda: self.without_holds("promise"),
            "disputes": lambda: self.without_holds("dispute"),
            "pauses": lambda: self.without_holds("pause"),
            "late books": lambda: self.without_holds("transit"),
            "money on its way": self.without_credits,
            "approvals": self.without_approvals,
            "customers not to lose": lambda: patch.object(
                self.registry["dunning.account"], "_careful_stages", lambda *args: {}
            ),
            "reminders that wait": lambda: patch.object(queries, "pending_reminders", _nobody),
        }

    def told_without(self, name, day):
        with self.parts()[name]():
            return self.told(day)

    def without_holds(self, reason):
        account = self.registry["dunning.account"]
        original = account._holds

        def others(model, company, partners, day):
            found = original(model, company, partners, day)
            return {key: [hold for hold in holds if hold.reason != reason] for key, holds in found.items()}

        return patch.object(account, "_holds", others)

    def without_credits(self):
        account = self.registry["dunning.account"]
        original = account._read_facts

        def poorer(model, *args):
            found = original(model, *args)
            return {key: (plan, facts._replace(credits=())) for key, (plan, facts) in found.items()}

        return patch.object(account, "_read_facts", poorer)

    def without_approvals(self):
        plan = self.registry["dunning.plan"]
        original = plan._policies

        def bolder(model, *args):
            return {
                key: policy._replace(levels=tuple(level._replace(approval=False) for level in policy.levels))
                for key, policy in original(model, *args).items()
            }  # fmt: skip

        return patch.object(plan, "_policies", bolder)


def _nobody(env, company, partners):
    return SQL("SELECT 0, '' WHERE FALSE")


@tagged("post_install", "-at_install")
class TestWhatTheNightGivesUp(TruthCommon):
    """What the run cancels before it decides is not in the way of the preview either."""

    def test_an_announcement_that_failed_and_is_too_late(self):
        customer = self.make_customer("Announced")
        self.invoice(self.day(2), 1000, customer)
        self.run_on(MONDAY)
        self.assertEqual(self.reminders(customer).stage, "pre_due")
        self.reminders(customer)._set_state("failed", reason="refused")
        self.assertFalse(self.told(self.day(1)), "it may still be mended")
        told = self.told(self.day(5))
        self.assertEqual(told[customer.id][0], self.level_1.id)
        self.assertEqual(self.made(self.day(5))[1], told)

    def test_a_call_that_is_overtaken_by_its_payment(self):
        """The call was about an invoice that is paid by now; another one has reached the level above."""
        self.level_1.channel_ids = [Command.clear(), Command.create({"channel": "call"})]
        customer = self.make_customer("Called", phone="01 42 68 53 00")
        called = self.invoice(self.day(-4), 1000, customer)
        other = self.invoice(self.day(-8), 500, customer)
        self.item(other).sudo().write({"dunning_level_id": self.level_1.id, "dunning_date": self.day(-3)})
        self.run_on(MONDAY)
        self.send()
        reminder = self.reminders(customer)
        self.assertEqual((reminder.state, reminder.waiting), ("ready", True))
        self.pay(called, day=self.day(1))
        self.assertEqual(self.reminders(customer).state, "ready", "nobody has looked yet")
        told = self.told(self.day(3))
        self.assertEqual(told[customer.id][0], self.level_2.id)
        made = self.made(self.day(3))[1]
        self.assertEqual((reminder.state, made), ("cancelled", told))

    def test_the_plan_of_an_account_whose_filter_is_broken(self):
        """The run leaves such an account the plan it has; so does the preview."""
        customer = self.make_customer("Filtered")
        own = self.make_plan((1, "firm"), name="Own", sequence=1, customer_domain=str([("id", "=", customer.id)]))
        self.plan.sequence = 9
        self.invoice(self.day(-4), 1000, customer)
        self.env["dunning.plan"]._assign(self.company)
        self.assertEqual(self.account(customer).plan_id, own)
        self.env.cr.execute(
            "UPDATE dunning_plan SET customer_domain = %s WHERE id = %s", ["[('gone', '=', 1)]", own.id]
        )
        self.env.invalidate_all()
        with mute_logger("odoo.addons.relance_progressive.relance_progressive.account.dunning_plan"):
            told = self.told(MONDAY)
            self.assertEqual(told[customer.id][0], own.level_ids.id)
            self.assertEqual(self.made(MONDAY)[1], told)


@tagged("post_install", "-at_install")
class TestWhatLeavesOnTheDay(TruthCommon):
    """Beyond the night: the limit of the day and the brake of the first run."""

    def late(self, *days):
        customers = self.env["res.partner"]
        for number in days:
            customers |= self.make_customer(f"Late {number}")
            self.invoice(self.day(-number), customer=customers[-1:])
        return customers

    def lines(self, day, customers=None):
        forecast = self.env["dunning.forecast"].create({"date": day, "partner_ids": customers and customers.ids})
        with freeze_time(MONDAY):
            forecast.action_show()
        return {line.partner_id: line for line in forecast.line_ids}

    def outcomes(self, day, customers=None):
        return {customer: line.outcome for customer, line in self.lines(day, customers).items()}

    def left_on(self, day, customers):
        with self.smtp():
            self.engine.deliver(date=day, company=self.company)
        sent = self.env["dunning.reminder"].search([("state", "=", "sent"), ("date", "=", day)])
        return sent.partner_id & customers

    @freeze_time(MONDAY)
    def test_the_limit_of_the_day(self):
        """Five are late, two leave a day: the preview names the day of each, and it comes true."""
        self.company.write({"dunning_daily_cap": 2, "dunning_started": True})
        customers = self.late(4, 9, 5, 8, 6)
        told = {row["partner_id"]: row["leaves_on"] for row in self.engine.preview(MONDAY, None, self.company)}
        outcomes = self.outcomes(MONDAY)
        self.assertEqual([outcomes[customer] for customer in customers], [
            "later", "leaves", "later", "leaves", "later",
        ])  # fmt: skip
        self.assertIn("about 03/04/2026", self.lines(MONDAY)[customers[0]].reason_text)
        self.assertEqual(self.outcomes(MONDAY, customers[:1]), {customers[0]: "later"}, "the others count as well")
        self.run_on(MONDAY)
        for delay in range(3):
            day = self.day(delay)
            expected = customers.filtered(lambda customer, day=day: told[customer.id] == day)
            self.assertEqual(self.left_on(day, customers), expected)

    @freeze_time(MONDAY)
    def test_what_is_ready_comes_first_and_has_left_by_then(self):
        self.company.write({"dunning_daily_cap": 2, "dunning_started": True})
        self.late(9, 8, 7)
        self.run_on(MONDAY)
        young = self.late(4)
        self.assertEqual(self.outcomes(MONDAY, young), {young: "later"})
        self.assertEqual(self.outcomes(self.day(1), young), {young: "leaves"})

    @freeze_time(MONDAY)
    def test_the_first_run_waits_for_the_go_ahead(self):
        self.company.write({"dunning_started": False, "dunning_brake": 2})
        customers = self.late(4, 5, 6)
        self.assertEqual(set(self.outcomes(MONDAY).values()), {"go_ahead"})
        self.assertEqual(self.outcomes(MONDAY, customers[:1]), {customers[0]: "go_ahead"})
        self.engine.run(date=MONDAY, company=self.company)
        drafts = self.env["dunning.reminder"].search([("partner_id", "in", customers.ids)])
        self.assertEqual(set(drafts.mapped("draft_reason")), {"first_run"})

    @freeze_time(MONDAY)
    def test_a_small_first_run_goes(self):
        self.company.write({"dunning_started": False, "dunning_brake": 3})
        self.late(4, 5, 6)
        self.assertEqual(set(self.outcomes(MONDAY).values()), {"leaves"})
        self.engine.run(date=MONDAY, company=self.company)
        self.assertTrue(self.company.dunning_started)


@tagged("post_install", "-at_install")
class TestLateBooksAskedOnce(TruthCommon):
    @contextmanager
    def counted(self):
        asked, original = [], books_queries.last_entries

        def counting(*args):
            asked.append(args)
            return original(*args)

        with ExitStack() as stack:
            stack.enter_context(patch.object(books_queries, "last_entries", counting))
            stack.enter_context(patch.object(transactions, "BATCH", 1))
            yield asked

    def test_once_a_run_and_company_however_many_batches(self):
        self.company.dunning_stale_mode = "hold"
        for number in range(4):
            self.invoice(self.day(-4), customer=self.make_customer(f"Customer {number}"))
        with self.counted() as asked:
            self.engine.preview(MONDAY, None, self.company)
            self.assertEqual(len(asked), 1)
            self.run_on(MONDAY)
        self.assertEqual(len(asked), 2)
