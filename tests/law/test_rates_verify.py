from datetime import date, timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, new_test_user, tagged

from ..common.base import MONDAY
from ..common.notice_text import NoticeCommon
from ..common.rates import TODAY, RatesCommon


@tagged("post_install", "-at_install")
class TestVerifiedByMe(RatesCommon):
    """A value that nobody has read is on a list, says where to check it, and one click vouches for it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.dunning_status = "professional"
        cls.env["dunning.account"]._of(cls.customer, cls.company)
        cls.rate = cls.interest_rates.search([("reference", "=", "ecb_mro"), ("date_from", "=", "2026-07-01")])
        cls.accounts = cls.env["dunning.account"].with_context(allowed_company_ids=cls.company.ids)

    def setUp(self):
        super().setUp()
        self.startPatcher(patch.object(type(self.company), "_dunning_today", return_value=TODAY))

    def verify(self, rates=None, user=None):
        return (rates or self.rate).with_user(user or self.manager).action_verify()

    def test_each_has_a_page_to_check_it_on(self):
        for reference in self.interest_rates._labels():
            self.assertRegex(self.interest_rates.new({"reference": reference}).check_url, r"^https://")

    def test_one_click_vouches_for_it(self):
        self.assertFalse(self.rate.verified)
        self.assertFalse(self.interest_rates._was_read(self.company, "ecb_mro", TODAY))
        self.verify()
        self.assertTrue(self.rate.verified)
        self.assertEqual(self.rate.verified_by_id, self.manager)
        self.assertTrue(self.rate.verified_on)
        self.assertTrue(self.interest_rates._was_read(self.company, "ecb_mro", TODAY))
        self.assertIn(f"Verified by {self.manager.name}", self.rate.message_ids[:1].body)
        self.assertNotIn("not verified", self.company._dunning_interest_words(0)[0])

    def test_only_a_manager(self):
        """Neither of the value that all share, nor of one of the company."""
        own = self.rate.sudo().copy({"company_id": self.company.id, "shipped": False, "origin": "reported"})
        for rate in (self.rate, own):
            with self.assertRaisesRegex(AccessError, "Only a manager"):
                self.verify(rate, self.user)
            self.assertFalse(rate.verified)

    def test_another_period_or_rate_is_not_vouched_for(self):
        """Who has read a value for one half-year has not read it for the next one, nor for another rate."""
        for name, other in (("date_from", "2027-01-01"), ("reference", "de_base")):
            with self.subTest(name):
                own = self.rate.sudo().copy({"company_id": self.company.id, "shipped": False, "origin": "reported"})
                self.verify(own)
                own.with_user(self.manager).write({name: own[name], "value": own.value})
                self.assertTrue(own.verified)
                own.with_user(self.manager).write({name: other})
                self.assertFalse(own.verified)
                self.assertFalse(own.verified_by_id)
                own.unlink()

    def test_a_value_as_a_script_sends_it(self):
        """Text is a number, nothing is 0: Odoo reads both."""
        own = self.rate.sudo().copy({"company_id": self.company.id, "shipped": False, "origin": "reported"})
        self.verify(own)
        own.with_user(self.manager).write({"value": str(own.value)})
        self.assertTrue(own.verified)
        own.with_user(self.manager).write({"value": None})
        self.assertEqual((own.value, own.verified), (0, False))

    def test_another_value_is_not_vouched_for(self):
        """Nor by an update of the add-on: the same value keeps its name, another one loses it."""
        self.verify()
        self.interest_rates._load_shipped()
        self.rate.sudo().write({"value": 2.4, "source": "elsewhere"})
        self.assertEqual(self.rate.verified_by_id, self.manager)
        self.rate.sudo().value = 2.65
        self.assertEqual((self.rate.verified, self.rate.verified_by_id.id), (False, False))

    def test_who_works_for_one_company_vouches_for_its_own(self):
        other = self.setup_other_company(name="Other")["company"]
        own = new_test_user(
            self.env, "rates_of_one", groups="account.group_account_manager", company_id=self.company.id,
            company_ids=self.company.ids,
        )  # fmt: skip
        self.verify(user=own)
        self.assertFalse(self.rate.verified)
        self.assertTrue(self.interest_rates._was_read(self.company, "ecb_mro", TODAY))
        self.assertFalse(self.interest_rates._was_read(other, "ecb_mro", TODAY))

    def test_what_is_not_verified_is_said_above_the_lists_and_in_the_settings(self):
        (alert,) = self.accounts.with_user(self.user).get_alerts()
        self.assertIn("nobody has verified these rates", alert)
        self.assertIn("ECB main refinancing rate 2026-S2", alert)
        settings = self.env["res.config.settings"].create({})
        self.assertEqual(settings.dunning_rates_to_verify, "ECB main refinancing rate 2026-S2")
        self.verify()
        self.assertFalse(self.accounts.with_user(self.user).get_alerts())
        settings.invalidate_recordset(["dunning_rates_to_verify"])
        self.assertFalse(settings.dunning_rates_to_verify)

    def test_what_the_customers_do_not_need_is_not_said(self):
        self.customer.dunning_law_id = self.env.ref("base.ch")
        self.assertFalse(self.accounts.get_alerts())

    def test_what_others_published_counts_as_read(self):
        """As found in the review of 29 November 2026; what was not found stays to be verified."""
        read = {(rate.reference, str(rate.date_from)) for rate in self.shipped_all() if rate.verified}
        for one in (
            ("boe_base", "2026-07-01"), ("be_legal", "2015-01-01"), ("be_legal", "2017-01-01"),
            ("nl_consumer", "2023-01-01"), ("nl_consumer", "2025-01-01"), ("nl_consumer", "2026-01-01"),
        ):  # fmt: skip
            self.assertIn(one, read)
        for one in (
            ("ecb_mro", "2026-07-01"), ("fr_legal_professional", "2026-07-01"), ("fr_legal_individual", "2026-07-01"),
            ("nl_consumer", "2026-07-01"), ("be_legal", "2020-01-01"), ("at_base", "2025-07-01"),
            ("de_base", "2026-07-01"),
        ):  # fmt: skip
            self.assertNotIn(one, read)

    def shipped_all(self):
        return self.interest_rates.search([("shipped", "=", True)])


@freeze_time("2026-03-02 10:00:00")
@tagged("post_install", "-at_install")
class TestNoticeRates(NoticeCommon):
    """Before a formal notice is approved, its reader knows which rate nobody has read; it is no obstacle."""

    def test_a_draft_says_which_rates_it_rests_on(self):
        reminder = self.reminder("professional")
        self.assertFalse(reminder.unverified_rates_text, "the first half of 2026 was read")
        rates = self.env["dunning.interest.rate"].search([
            ("reference", "=", "ecb_mro"), ("date_from", "=", "2026-01-01"),
        ])  # fmt: skip
        rates.sudo().origin = "reported"
        reminder.invalidate_recordset(["unverified_rates_text"])
        self.assertEqual(reminder.unverified_rates_text, "ECB main refinancing rate 2026-S1")
        reminder.action_approve() if reminder.state == "draft" else None
        self.assertEqual(reminder.state, "ready")

    def test_nothing_is_said_of_what_rests_on_no_such_rate(self):
        self.env["dunning.interest.rate"].search([("date_from", ">=", date(2026, 1, 1))]).sudo().origin = "reported"
        for values in ({"country": "base.ch"}, {"dunning_interest_rate": 12}):
            reminder = self.reminder("professional", **values)
            if "country" in values:
                reminder.partner_id.with_company(self.company).dunning_law_id = self.env.ref("base.ch")
            self.assertFalse(reminder.unverified_rates_text, values)
        softer = self.reminder("public")
        self.assertTrue(softer.unverified_rates_text)
        softer.sudo().level_id = self.level_2
        self.assertFalse(softer.unverified_rates_text)

    def test_each_half_year_since_the_oldest_due_date(self):
        rates = self.env["dunning.interest.rate"].search([("reference", "=", "ecb_mro")])
        rates.sudo().origin = "reported"
        customer = self.make_customer("Old", dunning_status="professional")
        invoice = self.invoice(MONDAY - timedelta(days=300), 1200, customer)
        self.item(invoice).sudo().write(
            {"dunning_level_id": self.level_3.id, "dunning_date": MONDAY - timedelta(days=20)}
        )
        self.run_on(MONDAY)
        self.assertEqual(
            self.reminders(customer).unverified_rates_text,
            "ECB main refinancing rate 2025-S1, ECB main refinancing rate 2025-S2, ECB main refinancing rate 2026-S1",
        )
