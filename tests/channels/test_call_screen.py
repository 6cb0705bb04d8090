from datetime import date, datetime, timedelta

from odoo import Command
from odoo.tests import freeze_time, tagged

from ..common.base import MONDAY
from ..common.call import PARIS_NUMBER, CallCommon


@tagged("post_install", "-at_install")
class TestCallScreen(CallCommon):
    def test_what_to_say(self):
        """What is owed, what was sent, what was promised, and the words of the stage."""
        customer = self.reminder_for(phone=PARIS_NUMBER)
        self.prepare()
        with self.smtp():
            self.send()
        first = self.reminders(customer).delivery_ids.with_user(self.karim)
        first._record_call("will_pay", promise_date=MONDAY + timedelta(days=2))
        self.level_2.channel_ids = [Command.clear(), Command.create({"channel": "call"})]
        day = MONDAY + timedelta(days=7)
        with freeze_time(datetime(2026, 3, 9, 9)):
            self.run_on(day)
            with self.smtp():
                self.engine.deliver(date=day, company=self.company)
            call = self.reminders(customer)[-1].delivery_ids.with_user(self.karim)
            self.env.invalidate_all()
            sheet = str(call.call_sheet)
            self.assertTrue(call.call_promise_broken)
        for words in ("this is Karim of Atelier Blanc", "10 days after", "1,000.00", "Promise broken",
                      "Will pay by 03/04/2026", "friendly +3", "Sent"):  # fmt: skip
            self.assertIn(words, sheet)
        self.assertNotIn("{", sheet)

    def test_ones_own_words(self):
        """A script of the level's own, in the language of who calls; what it quotes is escaped."""
        self.env["res.lang"]._activate_lang("fr_FR")
        self.level_1.action_adapt_call_script()
        self.level_1.with_context(lang="fr_FR").call_script = "À dire :\nBonjour {customer_name}, êtes-vous seul ?"
        call = self.call_for()
        call.partner_id.sudo().name = "<b>Petit</b>"
        self.karim.lang = "fr_FR"
        sheet = str(call.with_context(lang="fr_FR").call_sheet)
        self.assertIn("<p class=\"mb-1\">Bonjour &lt;b&gt;Petit&lt;/b&gt;, êtes-vous seul ?</p>", sheet)
        self.assertIn("À dire</h4>", sheet)
        self.assertIn("Open the call", str(call.with_context(lang="en_US").call_sheet))
        self.level_1.action_reset_call_script()
        self.assertFalse(self.level_1.with_context(lang="fr_FR").call_script)

    def test_time_there(self):
        """Nobody is disturbed at a bad hour, at the week-end or on a public holiday, where the number rings."""
        call = self.call_for("+1 212 555 0123")
        for now, time, words in (
            (datetime(2026, 3, 2, 9), "Monday 4:00", "not a good time"),
            (datetime(2026, 3, 2, 15), "Monday 10:00", ""),
            (datetime(2026, 3, 8, 15), "Sunday 11:00", "week-end"),
            (datetime(2026, 3, 7, 16), "Saturday 11:00", "week-end"),
            (datetime(2026, 3, 2, 18, 30), "Monday 1:30", "not a good time"),
        ):
            with self.subTest(now=now), freeze_time(now):
                call.invalidate_recordset()
                self.assertIn(time, call.call_local_time)
                self.assertIn(words, call.call_warning)
                self.assertEqual(bool(call.call_warning), bool(words))
        paris = self.call_for(email="paris@petit.example")
        with freeze_time(datetime(2026, 5, 1, 9)):
            paris.invalidate_recordset()
            self.assertIn("public holiday", paris.call_warning)

    def test_from_one_call_to_the_next(self):
        """After an outcome, the largest amount of the same person's list is next; then the list is empty."""
        small = self.call_for(email="small@petit.example", amount=100)
        large = self.call_for(email="large@petit.example", amount=5000)
        mine = self.call_for(email="mine@petit.example", amount=300)
        elsewhere = self.call_for(email="other@petit.example", amount=9000)
        elsewhere.sudo().reminder_id.account_id.user_id = self.env.user
        self.assertEqual(mine.action_call_refused()["params"]["next"]["res_id"], large.id)
        self.assertEqual(large.action_call_no_answer()["params"]["next"]["res_id"], small.id)
        self.assertFalse(small.action_call_refused()["params"]["next"].get("res_id"))

    def test_the_list(self):
        call = self.call_for()
        action = self.env["dunning.delivery"].with_user(self.karim).action_open_calls()
        self.assertEqual(action["views"][0][1], "list")
        calls = self.env["dunning.delivery"].with_user(self.karim).search(
            [("channel", "=", "call"), ("state", "=", "ready")], order="call_amount DESC"
        )
        self.assertIn(call, calls)

    def test_defaults_of_the_dialog(self):
        record = self.env["dunning.call.record"].create({"delivery_id": self.call_for().id, "outcome": "will_pay"})
        self.assertEqual((record.promise_date, record.call_back_date), (date(2026, 3, 9), date(2026, 3, 3)))
