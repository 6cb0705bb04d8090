from datetime import date
from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from ..common.base import MONDAY, DunningCommon


@tagged("post_install", "-at_install")
class TestSettings(DunningCommon):
    def refused(self, why):
        return self.assertRaisesRegex(ValidationError, why)

    def settings(self, **values):
        return self.env["res.config.settings"].create(values)

    def test_nothing_leaves_by_itself_after_the_installation(self):
        company = self.env["res.company"].create({"name": "New"})
        self.assertFalse(company.dunning_automatic)
        self.assertFalse(company.dunning_started)
        self.assertEqual((company.dunning_hour_from, company.dunning_hour_to), (8, 18))
        self.assertEqual((company.dunning_spacing_days, company.dunning_brake), (5, 100))

    def test_settings_are_kept_on_the_company(self):
        self.settings(
            dunning_automatic=True, dunning_hour_from=9.5, dunning_hour_to=12, dunning_spacing_days=7,
            dunning_brake=20, dunning_user_id=self.env.user.id,
        ).execute()  # fmt: skip
        self.assertTrue(self.company.dunning_automatic)
        self.assertEqual((self.company.dunning_hour_from, self.company.dunning_hour_to), (9.5, 12))
        self.assertEqual((self.company.dunning_spacing_days, self.company.dunning_brake), (7, 20))
        self.assertEqual(self.company.dunning_user_id, self.env.user)

    def test_messages_leave_between_two_hours_of_one_day(self):
        for hours in ((18, 8), (9, 9), (-1, 8), (8, 24.5)):
            with self.subTest(hours), self.refused("two hours of one day"), self.env.cr.savepoint():
                self.company.write({"dunning_hour_from": hours[0], "dunning_hour_to": hours[1]})
        self.company.write({"dunning_hour_from": 0, "dunning_hour_to": 24})

    def test_the_screen_warns_of_wrong_hours_at_once(self):
        settings = self.env["res.config.settings"].new({"dunning_hour_from": 20, "dunning_hour_to": 18})
        self.assertIn("earlier", settings._onchange_dunning_hours()["warning"]["message"])
        settings.dunning_hour_from = 7
        self.assertFalse(settings._onchange_dunning_hours())

    def test_a_customer_is_left_in_peace_for_a_day_at_least(self):
        with self.refused("At least one day"):
            self.company.dunning_spacing_days = 0

    def test_the_limit_of_the_first_run_is_no_negative_number(self):
        with self.refused("cannot be negative"):
            self.company.dunning_brake = -1

    def test_a_new_plan_starts_with_the_spacing_of_the_company(self):
        self.company.dunning_spacing_days = 9
        with Form(self.env["dunning.plan"]) as form:
            form.name = "New"
            self.assertEqual(form.spacing_days, 9)

    def test_a_branch_has_the_settings_of_its_main_company(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        self.company.dunning_automatic = True
        self.assertTrue(branch.dunning_automatic)
        with self.refused("must be the same"):
            branch.dunning_automatic = False

    def test_branches_follow_however_many_settings_change_at_once(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        office = self.env["res.company"].create({"name": "Office of the branch", "parent_id": branch.id})
        values = {
            "dunning_hour_from": 9.5, "dunning_hour_to": 12, "dunning_mediator_name": "Médiateur", "dunning_brake": 7,
            "dunning_user_id": self.env.user.id, "dunning_mailbox": "spread", "fiscalyear_last_month": "3",
        }  # fmt: skip
        self.company.write(values)
        for company in branch, office:
            self.assertEqual({name: company[name] for name in values}, {name: self.company[name] for name in values})
        with self.refused("must be the same"):
            branch.write({"dunning_hour_from": 7, "dunning_hour_to": 11})

    def test_branches_follow_every_setting_of_the_add_on(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        accounts = self.env["account.account"].search([("account_type", "=", "income")], limit=1)
        others = {
            "boolean": lambda field, value: not value, "char": lambda field, value: "other",
            "integer": lambda field, value: value + 3, "float": lambda field, value: value + 0.5,
            "monetary": lambda field, value: value + 3, "text": lambda field, value: "other",
            "selection": lambda field, value: next(one for one in field.get_values(self.env) if one != value),
            "many2one": lambda field, value: (self.env.user if field.comodel_name == "res.users" else accounts).id,
        }  # fmt: skip
        names = [
            name for name in self.company._dunning_setting_names()
            if (field := self.company._fields[name]).type in others and not field.related
            and (field.type != "many2one" or field.comodel_name in ("res.users", "account.account"))
        ]  # fmt: skip
        self.assertGreater(len(names), 25)
        values = {
            name: others[self.company._fields[name].type](self.company._fields[name], self.company[name])
            for name in names
        }  # fmt: skip
        self.company.write(values)
        self.assertEqual([name for name in names if branch[name] != self.company[name]], [])

    def test_a_branch_has_no_plan_of_its_own(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        with self.refused("is a branch"):
            self.plan.company_id = branch


@tagged("post_install", "-at_install")
class TestWorkingDays(DunningCommon):
    MODULE = "odoo.addons.relance_progressive.relance_progressive.settings.res_company"

    def closed(self, *days):
        calendar = self.company._dunning_calendar(MONDAY)
        return [calendar.is_open(day) for day in days] == [False] * len(days)

    def note(self):
        return self.env["res.config.settings"].create({}).dunning_holidays_text

    def move_to(self, country):
        self.company.country_id = self.env.ref(f"base.{country}")

    def test_france_keeps_its_holidays(self):
        self.assertTrue(self.closed(date(2026, 7, 14), date(2027, 5, 17), date(2025, 11, 11)))
        self.assertFalse(self.closed(date(2026, 7, 21)))
        self.assertIn("French public holidays", self.note())

    def test_so_does_france_overseas(self):
        self.move_to("re")
        with patch(f"{self.MODULE}.holidays", None):
            self.assertTrue(self.closed(date(2026, 7, 14)))

    def test_alsace_and_moselle_have_two_more(self):
        good_friday, boxing_day = date(2026, 4, 3), date(2025, 12, 26)
        for code, more in (("57000", True), ("67000", True), ("68100", True), ("54000", False), (False, False)):
            with self.subTest(code):
                self.company.zip = code
                self.assertEqual(self.closed(good_friday, boxing_day), more)

    def test_another_country_has_its_own(self):
        class Holidays:
            @staticmethod
            def country_holidays(country, subdiv, years):
                if country != "BE" or subdiv:
                    raise NotImplementedError
                return {date(year, 7, 21): "National Day" for year in years}

        self.move_to("be")
        with patch(f"{self.MODULE}.holidays", Holidays):
            self.assertTrue(self.closed(date(2026, 7, 21), date(2028, 7, 21)))
            self.assertFalse(self.closed(date(2026, 7, 14)))
            self.assertIn("public holidays of Belgium", self.note())
            self.company.state_id = self.env["res.country.state"].create(
                {"name": "Somewhere", "code": "XX", "country_id": self.company.country_id.id}
            )
            self.assertTrue(self.closed(date(2026, 7, 21)), "a state that is not known leaves the country")

    def test_without_the_holidays_package_the_screen_says_so(self):
        self.move_to("be")
        with patch(f"{self.MODULE}.holidays", None):
            self.assertFalse(self.closed(date(2026, 7, 21)))
            self.assertTrue(self.closed(date(2026, 7, 18)), "week-ends are kept")
            self.assertIn("install the Python package “holidays”", self.note())

    def test_a_company_without_a_country_keeps_week_ends(self):
        self.company.country_id = False
        self.assertTrue(self.closed(date(2026, 7, 18)))
        self.assertIn("Set the company's country", self.note())

    def test_the_real_package_knows_belgium(self):
        if not self.env["res.company"]._dunning_holidays_abroad("BE", None, [2026]):
            self.skipTest("the Python package holidays is not installed")
        self.move_to("be")
        self.assertTrue(self.closed(date(2026, 7, 21)))
