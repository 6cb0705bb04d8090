"""The day is the company's everywhere, and a company overseas has its own without anybody setting a hidden field."""

from datetime import date, datetime, time, timedelta
from unittest.mock import patch

import pytz

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from ..common.base import DunningCommon

# Where, the moment in UTC, and the day it is there.
NIGHTS = (
    ("fr", "75001", "2026-03-02 23:30:00", date(2026, 3, 3)),  # after midnight in Paris, before it in UTC
    ("fr", "75001", "2026-07-01 22:30:00", date(2026, 7, 2)),
    ("nc", False, "2026-03-02 13:30:00", date(2026, 3, 3)),  # 00:30 in Noumea
    ("fr", "98800", "2026-03-02 13:30:00", date(2026, 3, 3)),  # the same town, entered as France
    ("mq", False, "2026-03-03 02:00:00", date(2026, 3, 2)),  # 22:00 the day before in Martinique
    ("fr", "97200", "2026-03-03 02:00:00", date(2026, 3, 2)),
    ("pf", False, "2026-03-03 08:00:00", date(2026, 3, 2)),
    ("re", False, "2026-03-02 21:00:00", date(2026, 3, 3)),
)


class PlaceCommon(DunningCommon):
    def move_to(self, country, postal_code=False):
        """Move the company; nobody has set a time zone on it."""
        self.company.partner_id.tz = False
        self.company.write({"country_id": self.env.ref(f"base.{country}").id, "zip": postal_code})


@tagged("post_install", "-at_install")
class TestCompanyDay(PlaceCommon):
    def each_night(self):
        """Yield the day it is where the company is, in the hours in which it is another day elsewhere."""
        for country, postal_code, moment, day in NIGHTS:
            self.move_to(country, postal_code)
            self.env.invalidate_all()
            with self.subTest(country=country, zip=postal_code), freeze_time(moment):
                yield day

    def test_today_is_the_same_whoever_looks(self):
        for day in self.each_night():
            for zone in (False, "Europe/Paris", "Pacific/Auckland"):
                self.env.user.tz = zone
                self.assertEqual(self.company.with_context(tz=zone)._dunning_today(), day)

    def test_account_and_items(self):
        """An account never says that something is overdue by 0 days, and its items count as the night did."""
        for day in self.each_night():
            invoice = self.invoice(day - timedelta(days=1), 1000, self.make_customer("Customer"))
            account = self.account(invoice.partner_id)
            account.action_refresh()
            self.assertEqual((account.days_late, self.item(invoice).dunning_days_late), (1, 1))
            self.assertIn("one day late", account.headline)

    def test_what_falls_due_today_is_not_late(self):
        for day in self.each_night():
            invoice = self.invoice(day, 1000, self.make_customer("Customer"))
            account = self.account(invoice.partner_id)
            account.action_refresh()
            self.assertEqual((account.amount_overdue, account.days_late), (0, 0))

    def test_a_promise_for_today(self):
        for day in self.each_night():
            invoice = self.invoice(day - timedelta(days=9), 1000, self.make_customer("Customer"))
            account, promises = self.account(invoice.partner_id), self.env["dunning.promise"]
            with self.assertRaises(UserError), self.env.cr.savepoint():
                promises._record(account, [(day - timedelta(days=1), 1000)], self.item(invoice))
            promise = promises._record(account, [(day, 1000)], self.item(invoice))
            self.assertEqual(promise.state, "open")

    def test_the_page_of_the_customer(self):
        """The page shows the day of the company, and its link holds until the end of its last day there."""
        for day in self.each_night():
            invoice = self.invoice(day - timedelta(days=1), 1000, self.make_customer("Customer"))
            account = self.account(invoice.partner_id)
            service = self.env["dunning.portal"].sudo()
            self.assertEqual(service._page(account.sudo())["day"], service._day(day))
            token = account._portal_link().rsplit("/", 1)[-1]
            last = day + timedelta(days=self.company.dunning_portal_days)
            for shift, opens in ((0, True), (1, False)):
                with patch.object(type(self.company), "_dunning_today", return_value=last + timedelta(days=shift)):
                    self.assertEqual(bool(account._portal_account(token)), opens)

    def test_dialogs_propose_it(self):
        names = {
            "dunning.pause": "date_from", "dunning.letter.return.wizard": "date", "dunning.penalty.sheet": "until",
            "dunning.delivery.event.wizard": "date", "dunning.mailing.post.wizard": "date", "dunning.takeover": "date",
            "dunning.interruption": "day", "dunning.dispute": "opened_on", "dunning.reminder": "date",
        }  # fmt: skip
        for day in self.each_night():
            for model, name in names.items():
                self.assertEqual(self.env[model].default_get([name])[name], day, model)

    def test_a_pause_until_today_holds_today(self):
        for day in self.each_night():
            customer = self.make_customer("Customer")
            self.invoice(day - timedelta(days=9), 1000, customer)
            account = self.account(customer)
            pause = self.env["dunning.pause"].create({
                "account_id": account.id, "date_from": day - timedelta(days=2), "until": day, "reason": "Holidays",
            })  # fmt: skip
            self.assertEqual((pause.state, account.running_pause_ids), ("running", pause))
            self.assertIn(pause, pause.search([("state", "=", "running")]))
            with freeze_time(datetime.combine(day + timedelta(days=2), time(12))):
                self.env.invalidate_all()
                self.assertEqual((pause.state, account.running_pause_ids), ("over", pause.browse()))

    def test_approving_lets_it_leave_on_the_present_day(self):
        for day in self.each_night():
            customer = self.make_customer("Customer")
            self.invoice(day - timedelta(days=4), 1000, customer)
            self.plan.level_ids.approval = "manual"
            self.company.dunning_last_run = False
            self.run_on(day)
            reminder = self.reminders(customer)
            reminder.action_approve()
            self.assertEqual((reminder.state, reminder.date), ("ready", day))

    def test_the_night_decides_for_it(self):
        self.company.write({"dunning_automatic": True, "dunning_started": True})
        others = self.env["res.company"].search([("id", "!=", self.company.id)])
        others.dunning_automatic = False
        for day in self.each_night():
            self.company.dunning_last_run = False
            self.engine._cron_run()
            self.assertEqual(self.company.dunning_last_run, day)

    def test_a_company_in_another_zone_than_the_reader_s(self):
        """Two companies of one person on two days: each list counts with its own."""
        other = self.setup_other_company(name="Caledonia")["company"]
        other.write({"country_id": self.env.ref("base.nc").id})
        other.partner_id.tz = False
        self.company.partner_id.tz = False
        with freeze_time("2026-03-02 13:30:00"):
            self.assertEqual(self.company._dunning_today(), date(2026, 3, 2))
            self.assertEqual(other._dunning_today(), date(2026, 3, 3))
            self.assertEqual(self.env["res.company"]._dunning_today(), self.env.company._dunning_today())


@tagged("post_install", "-at_install")
class TestCompanyHours(PlaceCommon):
    def test_nothing_leaves_at_night(self):
        for country, moment, is_open in (
            ("nc", "2026-03-02 16:00:00", False), ("nc", "2026-03-02 22:00:00", True),
            ("mq", "2026-03-02 10:00:00", False), ("mq", "2026-03-02 13:00:00", True),
            ("fr", "2026-03-02 16:30:00", True), ("fr", "2026-03-02 17:30:00", False),
        ):  # fmt: skip
            with self.subTest(country=country, moment=moment), freeze_time(moment):
                self.move_to(country)
                self.assertEqual(self.engine._is_open(self.company), is_open)

    def test_every_country_has_a_zone_that_exists(self):
        for country in self.env["res.country"].search([]):
            self.company.country_id = country
            zone = self.company._dunning_zone()
            self.assertIn(zone, pytz.all_timezones, country.code)
            if country.code in pytz.country_timezones:
                self.assertIn(zone, pytz.country_timezones[country.code], country.code)

    def test_a_zone_that_somebody_set_comes_first(self):
        self.move_to("fr")
        self.company.partner_id.tz = "America/New_York"
        self.assertEqual(self.company._dunning_zone(), "America/New_York")
        self.company.partner_id.tz = False
        self.assertEqual(self.company._dunning_zone(), "Europe/Paris")

    def test_a_new_company_has_the_zone_of_its_country_and_not_of_who_creates_it(self):
        companies = self.env["res.company"].with_context(tz="Europe/Paris")
        new = companies.create({"name": "Neuve", "country_id": self.env.ref("base.nc").id})
        self.assertEqual(new._dunning_zone(), "Pacific/Noumea")
        branch = companies.create({"name": "Agence", "parent_id": new.id})
        self.assertEqual(branch._dunning_zone(), "Pacific/Noumea", "one legal entity has one day")
        contact = self.env["res.partner"].create({"name": "Choisie", "tz": "Pacific/Tahiti"})
        chosen = companies.create({"name": "Choisie", "partner_id": contact.id})
        self.assertEqual(chosen._dunning_zone(), "Pacific/Tahiti")

    def test_the_settings_show_the_clock(self):
        self.move_to("nc")
        with freeze_time("2026-03-02 16:00:00"):
            settings = self.env["res.config.settings"].create({})
            self.assertIn("It is 3:00", settings.dunning_clock_text)
            self.assertIn("Pacific/Noumea, that of New Caledonia", settings.dunning_clock_text)
            settings.dunning_tz = "Pacific/Auckland"
            settings.execute()
        self.assertEqual(self.company._dunning_zone(), "Pacific/Auckland")

    def test_week_ends_are_those_of_the_country(self):
        friday = date(2026, 3, 6)
        for country, closed in (("il", (4, 5)), ("sa", (4, 5)), ("ae", (5, 6)), ("fr", (5, 6)), ("nc", (5, 6))):
            self.move_to(country)
            calendar = self.company._dunning_calendar(friday)
            days = [friday + timedelta(days=shift) for shift in range(3)]
            self.assertEqual([day.weekday() for day in days if not calendar.is_open(day)], list(closed), country)

    def test_the_settings_name_another_week_end(self):
        self.move_to("il")
        self.assertIn("Friday, Saturday", self.env["res.config.settings"].create({}).dunning_holidays_text)

    def test_overseas_the_end_of_slavery_is_a_holiday(self):
        self.move_to("fr", "97200")
        self.assertFalse(self.company._dunning_calendar(date(2026, 5, 1)).is_open(date(2026, 5, 22)))
        self.move_to("fr", "75001")
        self.assertTrue(self.company._dunning_calendar(date(2026, 5, 1)).is_open(date(2026, 5, 22)))
