from datetime import date
from decimal import Decimal

from odoo.tests import tagged
from odoo.tools import mute_logger

from ...relance_progressive.core.decision.facts import Level
from ..common.base import MONDAY, DunningCommon
from ..common.plan import PlanCommon


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

    @mute_logger("odoo.addons.relance_progressive.relance_progressive.account.dunning_plan")
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
