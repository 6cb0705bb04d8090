from unittest.mock import patch

from odoo.tests import freeze_time, tagged

from ...relance_progressive.account import reason_words
from ...relance_progressive.core.decision.facts import Hold
from ..common.base import MONDAY, DunningCommon


@tagged("post_install", "-at_install")
class TestOtherHolds(DunningCommon):
    """Another add-on holds reminders for a reason of its own; nothing falls over it."""

    def setUp(self):
        super().setUp()
        self.invoice(self.day(-12), 1000)

    def hold(self, reason="embargo", until=None, of=None):
        held = {(of or self.customer).id: [Hold(reason, until=until)]}
        own = type(self.env["dunning.account"])._holds

        def holds(accounts, company, partners, day):
            found = own(accounts, company, partners, day)
            for partner in partners:
                found.setdefault(partner, []).extend(held.get(partner, ()))
            return found

        self.startPatcher(patch.object(type(self.env["dunning.account"]), "_holds", holds))

    def test_a_reason_without_words_has_a_general_sentence(self):
        self.hold()
        self.run_on(MONDAY)
        self.assertFalse(self.reminders())
        account = self.account()
        self.assertIn("Held back (embargo)", account.reason_text)
        self.assertIn("embargo", str(self.engine.preview(MONDAY, self.customer)))
        self.assertTrue(account.next_action)
        self.env["dunning.account"].search([]).mapped("reason_text")

    def test_with_an_end_it_says_until_when(self):
        self.hold("stock_recall", until=self.day(20))
        self.run_on(MONDAY)
        self.assertIn("stock recall", self.account().reason_text)
        self.assertIn("Held back until", self.account().reason_text)

    def test_the_forecast_tells_it(self):
        self.hold()
        with freeze_time(MONDAY):
            forecast = self.env["dunning.forecast"].with_context(allowed_company_ids=self.company.ids).create({
                "date": MONDAY,
            })  # fmt: skip
            forecast.action_show()
            line = forecast.line_ids.filtered(lambda line: line.partner_id == self.customer)
            self.assertIn("Held back (embargo)", line.reason_text)

    def test_what_is_prepared_is_cancelled_and_does_not_fail(self):
        self.run_on(MONDAY)
        reminder = self.reminders()
        self.hold()
        self.engine.deliver(date=MONDAY)
        self.assertNotEqual(reminder.state, "failed")
        self.assertFalse(reminder.delivery_ids.filtered(lambda delivery: delivery.state == "sent"))

    def test_one_hook_gives_the_words(self):
        self.hold()
        accounts = type(self.env["dunning.account"])
        words = {"hold_embargo": "Embargo: %(amount)s may not be claimed"}
        self.startPatcher(patch.object(accounts, "_more_reason_words", lambda accounts: words))
        self.run_on(MONDAY)
        self.assertRegex(self.account().reason_text, r"Embargo: .*1,?000.* may not be claimed")

    def test_every_reason_of_our_own_has_words_and_no_unknown_one_falls(self):
        currency = self.company.currency_id
        for code in (*reason_words.WORDS, "hold_nobody_knows", "something_else", "hold_"):
            with self.subTest(code):
                for more in ({}, {"until": "2026-03-05"}, {"since": "2026-03-01", "amount": "12", "count": 2}):
                    self.assertTrue(reason_words.in_words(self.env, [{"code": code, **more}], currency))
