from contextlib import contextmanager
from datetime import date
from decimal import Decimal

from psycopg2.errors import CheckViolation

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..relance_progressive.core.facts import Level
from .common import MONDAY, DunningCommon


class PlanCommon(DunningCommon):
    @contextmanager
    def refused(self, why):
        """Expect a validation error, and take back what led to it."""
        with self.assertRaisesRegex(ValidationError, why), self.env.cr.savepoint():
            yield


@tagged("post_install", "-at_install")
class TestPlanOfAnAccount(PlanCommon):
    def make_filtered_plan(self, domain, sequence, **values):
        return self.make_plan((3, "friendly"), customer_domain=repr(domain), sequence=sequence, **values)

    def assign(self, company=None, **kwargs):
        self.env["dunning.plan"]._assign(company or self.company, **kwargs)

    def test_the_first_plan_whose_filter_fits_is_followed(self):
        belgian = [("country_id", "=", self.env.ref("base.be").id)]
        late = self.make_filtered_plan(belgian, 9)
        early = self.make_filtered_plan(belgian, 5)
        customer = self.make_customer("Belgian", country_id=self.env.ref("base.be").id)
        self.assertEqual(self.account(customer).plan_id, early)
        self.assertEqual(self.account().plan_id, self.plan, "the French customer follows the plan without a filter")
        early.active = False
        self.assign()
        self.assertEqual(self.account(customer).plan_id, late)

    def test_a_plan_forced_on_the_customer_wins_in_its_company_only(self):
        other = self.setup_other_company(name="Other")["company"]
        forced = self.make_filtered_plan([("id", "=", 0)], 50, company_id=False)
        mine, theirs = self.account(), self.account(company=other)
        self.customer.with_company(other).dunning_plan_id = forced
        self.assign()
        self.assign(other)
        self.assertEqual(mine.plan_id, self.plan)
        self.assertEqual(theirs.plan_id, forced)

    def test_an_archived_forced_plan_gives_way_to_the_filters(self):
        forced = self.make_filtered_plan([("id", "=", 0)], 50)
        self.customer.dunning_plan_id = forced
        self.assertEqual(self.account().plan_id, forced)
        forced.active = False
        self.assign()
        self.assertEqual(self.account().plan_id, self.plan)

    def test_a_plan_of_another_company_is_never_followed(self):
        other = self.setup_other_company(name="Other")["company"]
        theirs = self.make_filtered_plan([], 1, company_id=other.id)
        self.customer.dunning_plan_id = theirs
        self.assertEqual(self.account().plan_id, self.plan)
        self.assertEqual(self.account(company=other).plan_id, theirs)

    def test_a_customer_that_nothing_fits_has_no_plan(self):
        self.plan.customer_domain = repr([("country_id.code", "=", "BE")])
        self.assign()
        self.assertFalse(self.account().plan_id)

    def test_an_archived_customer_keeps_a_plan(self):
        account = self.account()
        self.plan.customer_domain = repr([("is_company", "=", True)])
        self.customer.active = False
        self.assign()
        self.assertEqual(account.plan_id, self.plan)

    def test_an_account_is_decided_again_only_when_its_plan_changes(self):
        account, other = self.account(), self.account(self.make_customer("Other"))
        (account | other).sudo().fingerprint = "seen"
        self.assign()
        self.assertEqual((account | other).mapped("fingerprint"), ["seen", "seen"], "an idle night writes nothing")
        first = self.make_filtered_plan([("id", "=", self.customer.id)], 1)
        self.assign()
        self.assertEqual(account.plan_id, first)
        self.assertFalse(account.fingerprint)
        self.assertEqual(other.fingerprint, "seen")

    def test_only_the_accounts_named_are_looked_at(self):
        account, other = self.account(), self.account(self.make_customer("Other"))
        first = self.make_filtered_plan([("is_company", "=", True)], 1)
        self.assign(account_ids=account.ids)
        self.assertEqual(account.plan_id, first)
        self.assertEqual(other.plan_id, self.plan)
        self.assign(account_ids=[])
        self.assertEqual(other.plan_id, self.plan)

    def test_assigning_costs_the_same_however_many_accounts(self):
        self.make_filtered_plan([("country_id.code", "=", "BE")], 1)
        self.make_filtered_plan([("category_id.name", "=", "Key")], 2)
        self.assign()
        few = self.queries_of_an_idle_night()
        for number in range(20):
            self.account(self.make_customer(f"Customer {number}"))
        self.assertEqual(self.queries_of_an_idle_night(), few)

    def queries_of_an_idle_night(self):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.assign()
        return self.env.cr.sql_log_count - before

    # === FILTERS THAT CANNOT BE USED === #

    def test_a_filter_that_cannot_be_used_is_refused(self):
        for wrong in ("[('no_such_field', '=', 1)]", "[('name', '=', 'x'", "name = 1", "__import__('os')", "[1, 2]"):
            with self.subTest(wrong), self.refused("“Plan” cannot be used"):
                self.plan.customer_domain = wrong

    @mute_logger("odoo.addons.relance_progressive.relance_progressive.receivables.dunning_plan")
    def test_a_filter_broken_since_then_breaks_nobody_else(self):
        broken = self.make_filtered_plan([("id", "=", self.customer.id)], 1)
        follower, stranger = self.account(), self.account(self.make_customer("Stranger"))
        self.assign()
        self.assertEqual((follower.plan_id, stranger.plan_id), (broken, self.plan))
        better = self.make_filtered_plan([("is_company", "=", True)], 2)
        self.env.flush_all()
        self.env.cr.execute(  # as when a module that brought the field is uninstalled
            "UPDATE dunning_plan SET customer_domain = %s WHERE id = %s", ["[('gone', '=', 1)]", broken.id]
        )
        self.env.invalidate_all()
        self.assign()
        self.assertEqual(follower.plan_id, broken, "it keeps what it has")
        self.assertEqual(stranger.plan_id, better)


@tagged("post_install", "-at_install")
class TestLevels(PlanCommon):
    def make_level(self, delay, sequence):
        return self.env["dunning.level"].create({
            "plan_id": self.plan.id, "name": "New", "delay_days": delay, "sequence": sequence,
        })  # fmt: skip

    def test_a_level_never_falls_before_the_one_it_follows(self):
        with self.refused(r"\(\+9 days\) would fall before .* \(\+10 days\)"):
            self.level_3.delay_days = 9
        with self.refused("would fall before"):
            self.level_1.sequence = 99
        with self.refused("would fall before"):
            self.make_plan((10, "friendly"), (3, "firm"))
        self.level_3.delay_days = 10  # the same day is fine: it waits for its turn

    def test_an_archived_level_is_not_in_the_way(self):
        self.level_2.active = False
        self.level_3.delay_days = 5
        with self.refused("would fall before"):
            self.level_2.active = True

    def test_several_levels_change_in_one_save(self):
        self.plan.write({
            "level_ids": [
                Command.update(self.level_1.id, {"delay_days": 12}),
                Command.update(self.level_2.id, {"delay_days": 15}),
            ]
        })  # fmt: skip
        self.assertEqual(self.plan.level_summary, "-5 · +12 · +15 · +20 · +30")
        with self.refused("would fall before"):
            self.plan.write({"level_ids": [Command.update(self.level_1.id, {"delay_days": 16})]})

    def test_the_sign_of_the_delay_gives_the_stage(self):
        level = self.make_level(40, 9)
        self.assertEqual(level.stage, "friendly")
        before = self.make_level(-9, 0)
        self.assertEqual(before.stage, "pre_due")
        self.assertEqual(self.notice.stage, "formal_notice", "a stage that was chosen stays")
        self.notice.delay_days = 35
        self.assertEqual(self.notice.stage, "formal_notice")

    def test_the_stage_fits_the_delay(self):
        with self.refused("cannot be a message before the due date"):
            self.level_1.stage = "pre_due"
        with self.refused("falls before the due date"):
            self.pre_due.stage = "firm"
        with self.refused("count its days from the due date itself"):
            self.pre_due.delay_from = "month_end"
        self.pre_due.write({"delay_days": 0, "stage": "pre_due"})

    def test_numbers_stay_in_their_range(self):
        for values in ({"min_days": -1}, {"amount_min": -0.01}, {"share_min": 101}, {"share_min": -1}):
            with (
                self.subTest(values), mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation),
                self.env.cr.savepoint(),
            ):  # fmt: skip
                self.level_1.write(values)
                self.env.flush_all()
            self.env.invalidate_all()

    def test_the_first_channel_is_no_fallback(self):
        with self.refused("cannot be a fallback"):
            self.level_1.write({"channel_ids": [Command.update(self.level_1.channel_ids.id, {"fallback": True})]})

    def test_a_new_level_goes_by_email(self):
        level = self.make_level(40, 9)
        self.assertEqual(level.channel_ids.mapped("channel"), ["email"])
        self.assertEqual(level.channel_text, "E-mail")

    def test_a_text_of_something_else_is_refused(self):
        model = self.env["ir.model"]._get_id("account.move")
        text = self.env["mail.template"].create({"name": "Invoice", "model_id": model})
        with self.refused("not one of a reminder"):
            self.level_1.template_id = text

    def test_a_level_says_when_it_falls(self):
        self.level_3.delay_from = "month_end"
        self.assertEqual(
            self.plan.level_ids.mapped("delay_text"),
            [
                "5 days before the due date", "3 days after the due date", "10 days after the due date",
                "end of the month + 20 days", "30 days after the due date",
            ],
        )  # fmt: skip

    def test_a_copy_has_levels_and_channels_of_its_own(self):
        copy = self.plan.copy()
        self.assertEqual(copy.name, "Plan (copy)")
        self.assertEqual(copy.level_ids.mapped("delay_days"), [-5, 3, 10, 20, 30])
        self.assertEqual(copy.level_ids.channel_ids.mapped("channel"), ["email"] * 5)
        self.assertFalse(copy.level_ids & self.plan.level_ids)

    def test_the_example_shows_the_text_with_figures(self):
        template = self.env["mail.template"].create({
            "name": "Text", "model_id": self.env["ir.model"]._get_id("dunning.reminder"),
            "subject": "{{ object.count_text }} unpaid",
            "body_html": '<p>Pay <t t-out="object.amount_text"/>, <t t-out="object.days_late"></t> days.</p>',
        })  # fmt: skip
        self.level_2.template_id = template
        self.assertEqual(self.level_2.preview_subject, "2 invoices unpaid")
        self.assertIn("1,230.00", self.level_2.preview_body)
        self.assertIn("10 days", self.level_2.preview_body)

    # === WHAT IS IN USE IS KEPT === #

    def test_a_level_in_use_is_archived(self):
        self.invoice(MONDAY)
        self.run_on(self.day(3))
        used, unused = self.level_1, self.notice
        self.assertEqual(self.reminders().level_id, used)
        (used | unused).unlink()
        self.assertFalse(unused.exists())
        self.assertFalse(used.active)
        self.assertEqual(self.reminders().level_id, used)

    def test_a_level_that_an_item_has_reached_is_archived(self):
        item = self.item(self.invoice(MONDAY))
        item.dunning_level_id = self.level_1
        self.level_1.unlink()
        self.assertEqual(item.dunning_level_id, self.level_1)
        self.assertFalse(self.level_1.active)

    def test_a_plan_in_use_is_archived(self):
        self.invoice(MONDAY)
        self.run_on(self.day(3))
        used, unused = self.plan, self.make_plan((1, "friendly"))
        (used | unused).unlink()
        self.assertFalse(unused.exists())
        self.assertFalse(used.active)
        self.assertTrue(self.reminders().level_id)

    def test_taking_a_level_out_of_the_form_archives_it(self):
        self.invoice(MONDAY)
        self.run_on(self.day(3))
        used = self.reminders().level_id
        self.plan.write({"level_ids": [Command.delete(used.id)]})
        self.assertTrue(used.exists())
        self.assertNotIn(used, self.plan.level_ids)

    # === CHANGES === #

    def test_changing_a_plan_has_its_accounts_decided_again(self):
        other_plan = self.make_plan((1, "friendly"), sequence=99)
        account = self.account()
        for change in (
            lambda: self.plan.write({"spacing_days": 9}),
            lambda: self.level_1.write({"delay_days": 4}),
            lambda: self.level_3.write({"approval": "manual"}),
            lambda: self.notice.unlink(),
            lambda: self.make_level(90, 9),
        ):
            account.sudo().fingerprint = "seen"
            self.env.flush_all()
            change()
            self.assertFalse(account.fingerprint)
        account.sudo().fingerprint = "seen"
        self.env.flush_all()
        other_plan.spacing_days = 9
        other_plan.level_ids.delay_days = 2
        self.plan.description = "Only words"
        self.assertEqual(account.fingerprint, "seen")


@tagged("post_install", "-at_install")
class TestPolicies(DunningCommon):
    def policies(self, today=MONDAY, company=None):
        return self.env["dunning.plan"]._policies(company or self.company, today)

    def test_the_decision_gets_plain_values(self):
        self.level_2.write({
            "min_days": 4, "amount_min": 12.34, "share_min": 7.5, "approval": "manual", "delay_from": "month_end",
        })  # fmt: skip
        policy = self.policies()[self.plan.id]
        self.assertEqual([level.id for level in policy.levels], self.plan.level_ids.ids)
        self.assertEqual(
            policy.levels[2],
            Level(self.level_2.id, 10, 4, "firm", Decimal("12.34"), Decimal("7.5"), approval=True, from_month_end=True),
        )
        self.assertEqual(policy.spacing, 1)
        self.assertIsNone(policy.calendar)

    def test_a_plan_is_never_without_spacing(self):
        self.plan.spacing_days = 0
        self.assertEqual(self.policies()[self.plan.id].spacing, 1)

    def test_archived_plans_and_those_of_others_have_no_policy(self):
        other = self.setup_other_company(name="Other")["company"]
        theirs = self.make_plan((1, "friendly"), company_id=other.id)
        shared = self.make_plan((1, "friendly"), company_id=False)
        archived = self.make_plan((1, "friendly"), active=False)
        self.assertEqual(self.policies().keys(), {self.plan.id, shared.id})
        self.assertEqual(self.policies(company=other).keys(), {theirs.id, shared.id})
        self.assertFalse(archived.active)

    def test_levels_done_under_another_plan_count(self):
        before = self.make_plan((-9, "pre_due"), (3, "friendly"), (12, "firm"), (60, "firm"))
        self.level_3.active = False  # +20
        passed = self.policies()[self.plan.id].passed
        self.assertEqual([passed[level.id] for level in before.level_ids], [0, 2, 3, 4])
        self.assertEqual(passed[self.level_3.id], 3, "an archived level stands for those up to its day")
        self.assertNotIn(self.level_1.id, passed)

    def test_working_days_are_those_of_france(self):
        self.plan.working_days_only = True
        calendar = self.policies()[self.plan.id].calendar
        for closed in (date(2026, 5, 1), date(2026, 5, 9), date(2027, 3, 29), date(2025, 12, 25), date(2028, 7, 14)):
            self.assertFalse(calendar.is_open(closed), closed)
        self.assertTrue(calendar.is_open(date(2026, 4, 3)), "Good Friday is a working day")
        self.company.zip = "67000"
        calendar = self.policies()[self.plan.id].calendar
        self.assertFalse(calendar.is_open(date(2026, 4, 3)), "but not in Strasbourg")

    def test_policies_take_a_handful_of_queries(self):
        for _number in range(10):
            self.make_plan((1, "friendly"), (2, "firm"), company_id=False)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(8):
            self.policies()
