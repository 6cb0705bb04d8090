"""What stops nights and deliveries until a person has answered: a copy, a wrong clock, a night that fails."""

from datetime import timedelta
from pathlib import Path

from odoo.tests import freeze_time, tagged
from odoo.tools import format_date, mute_logger

from odoo.addons.relance_progressive.relance_progressive.settings import database

from ..common.base import MONDAY, DunningCommon


@tagged("post_install", "-at_install")
class TestNightStops(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.company"].search([]).dunning_automatic = False
        cls.company.write({"dunning_automatic": True, "dunning_started": True, "dunning_user_id": cls.env.user.id})
        cls.invoice(MONDAY - timedelta(days=4))

    def night(self, day):
        with freeze_time(f"{day} 02:15:00"):
            self.engine._cron_run()

    def settings(self):
        return self.env["res.config.settings"].create({})

    def reminders(self):
        return self.env["dunning.reminder"].search([("company_id", "=", self.company.id)])

    # === A COPY === #

    def test_a_copy_sends_nothing_before_a_person_said_so(self):
        self.assertEqual(database.kept(self.env), database.present(self.env), "noted when reminders are switched on")
        self.env["ir.config_parameter"].set_param("database.uuid", "that of a copy")
        self.night(MONDAY)
        self.assertFalse(self.reminders())
        self.assertEqual(self.company.dunning_trouble, "copy")
        self.assertIn("copied or restored", self.company.dunning_trouble_task_id.note)
        self.assertIn("copied or restored", self.env["dunning.account"].get_alerts()[0])
        self.night(MONDAY)
        tasks = self.company.partner_id.activity_ids
        self.assertEqual(len(tasks), 1, "told once")
        with freeze_time(MONDAY):
            self.assertEqual(self.engine.preview(company=self.company)[0]["send"], True, "the preview is not hindered")
            self.settings().action_dunning_right()
        self.assertFalse(tasks.exists())
        self.night(MONDAY)
        self.assertEqual(len(self.reminders()), 1)

    def test_a_dump_restored_by_postgresql_is_another_place(self):
        uuid, server, number, name = database.present(self.env).split(" ", 3)
        self.env["ir.config_parameter"].set_param(database.PARAMETER, f"{uuid} {server} {int(number) + 1} {name}")
        self.assertEqual(self.company._dunning_doubt(), "copy")

    def test_saying_that_it_is_a_copy_switches_reminders_off(self):
        self.env["ir.config_parameter"].set_param("database.uuid", "that of a copy")
        self.settings().action_dunning_wrong()
        self.assertFalse(self.company.dunning_automatic)

    def test_another_company_that_is_switched_on_does_not_answer_for_the_copy(self):
        self.env["ir.config_parameter"].set_param("database.uuid", "that of a copy")
        other = self.env["res.company"].create({"name": "Other"})
        other.dunning_automatic = True
        self.assertEqual(self.company._dunning_doubt(), "copy")

    def test_a_neutralized_database_has_no_automatic_reminders(self):
        self.env.flush_all()
        self.env.cr.execute((Path(__file__).parents[2] / "data/neutralize.sql").read_text())
        self.env.invalidate_all()
        self.assertFalse(self.company.dunning_automatic)

    def test_a_neutralized_database_opens_no_links(self):
        self.night(MONDAY)
        account = self.env["dunning.account"]._of(self.customer, self.company)
        with freeze_time(MONDAY):
            token = account._portal_link().rsplit("/", 1)[1]
            self.assertEqual(account._portal_account(token), account)
            self.env.flush_all()
            self.env.cr.execute((Path(__file__).parents[2] / "data/neutralize.sql").read_text())
            self.env.invalidate_all()
            self.assertFalse(account._portal_account(token))

    # === A WRONG CLOCK === #

    def test_a_night_far_ahead_asks_and_a_pause_of_two_months_is_answered_in_one_click(self):
        self.night(MONDAY)
        later = MONDAY + timedelta(days=60)
        self.night(later)
        self.assertEqual((self.company.dunning_last_run, self.company.dunning_trouble), (MONDAY, "day"))
        with freeze_time(later):
            self.settings().action_dunning_right()
        self.night(later)
        self.assertEqual((self.company.dunning_last_run, self.company.dunning_trouble), (later, False))

    def test_a_clock_that_is_right_again_needs_no_answer(self):
        self.night(MONDAY)
        self.night(MONDAY.replace(year=2031))
        self.assertEqual(self.company.dunning_trouble, "day")
        self.night(MONDAY + timedelta(days=1))
        self.assertEqual(self.company.dunning_last_run, MONDAY + timedelta(days=1))
        self.assertFalse(self.company.dunning_trouble_task_id)

    def test_a_month_is_no_jump_and_neither_is_a_day_that_somebody_names(self):
        self.night(MONDAY)
        self.night(MONDAY + timedelta(days=31))
        self.assertEqual(self.company.dunning_last_run, MONDAY + timedelta(days=31))
        self.engine.run(date=MONDAY + timedelta(days=900), company=self.company)
        self.assertEqual(self.company.dunning_last_run, MONDAY + timedelta(days=900))

    def test_a_night_of_the_future_is_taken_back(self):
        future = MONDAY.replace(year=2031)
        self.engine.run(date=future - timedelta(days=3), company=self.company)
        self.engine.run(date=future, company=self.company)
        prepared = self.reminders()
        self.assertTrue(prepared)
        self.night(MONDAY)
        self.assertEqual(self.company.dunning_trouble, "future")
        with freeze_time(MONDAY):
            settings = self.settings()
            self.assertEqual((settings.dunning_doubt, settings.dunning_last_run), ("future", future))
            settings.action_dunning_take_back()
        self.assertEqual(set(prepared.mapped("state")), {"cancelled"})
        self.night(MONDAY)
        self.assertEqual(self.company.dunning_last_run, MONDAY)
        self.assertEqual((self.reminders() - prepared).mapped("date"), [MONDAY])

    # === A NIGHT THAT FAILS === #

    def test_a_night_that_fails_is_tried_again_and_told_after_three_tries(self):
        engine, run, trigger = type(self.engine), [], self.env.ref("relance_progressive.ir_cron_dunning_run")

        def broken(_self, *_args, **_kw):
            run.append(True)
            raise ValueError("a <filter> that nobody understands")

        self.env.flush_all()
        self.patch(self.env.cr, "rollback", lambda: None)
        self.patch(type(self.env["ir.cron"]), "_commit_progress", lambda _self, *_args, **_kw: 100)
        self.patch(engine, "_can_commit", lambda _self: True)
        with freeze_time(MONDAY), mute_logger("odoo.addons.relance_progressive.relance_progressive.engine.cron"):
            self.patch(engine, "run", broken)
            before = self.env["ir.cron.trigger"].search_count([("cron_id", "=", trigger.id)])
            for _night in range(2):
                self.engine._cron_run()
            self.assertFalse(self.company.dunning_trouble, "it may pass")
            self.engine._cron_run()
            self.engine._cron_run()
        self.assertEqual(len(run), 4)
        self.assertEqual(self.company.dunning_trouble, "night")
        self.assertEqual(len(self.company.partner_id.activity_ids), 1)
        self.assertIn("a &lt;filter&gt; that nobody", self.company.partner_id.activity_ids.note)
        self.assertIn("nobody understands", self.env["dunning.account"].get_alerts()[0])
        self.assertEqual(self.env["ir.cron.trigger"].search_count([("cron_id", "=", trigger.id)]), before + 4)
        self.engine._note_done(self.company)
        self.assertFalse(self.company.partner_id.activity_ids)

    # === A NIGHT THAT IS NOT DONE BY THE MORNING === #

    def look(self, moment):
        """Let the action of deliveries look; return the reason that the person in charge was given, if any."""
        with freeze_time(moment):
            self.engine._cron_deliver()
        return self.company.dunning_trouble_task_id.note or ""

    def test_one_failed_try_is_told_in_the_morning(self):
        with freeze_time(f"{MONDAY} 04:00:00"):
            self.engine._try_again(self.company, "the plan of nobody")
        self.assertFalse(self.look(f"{MONDAY} 04:30:00"), "05:30 in Paris: it may pass")
        self.assertIn("the plan of nobody", self.look(f"{MONDAY} 05:10:00"))
        self.look(f"{MONDAY} 06:10:00")
        self.assertEqual(len(self.company.partner_id.activity_ids), 1, "told once")
        self.night(MONDAY)
        self.assertFalse(self.company.dunning_trouble)

    def test_a_night_that_was_broken_off_is_told_in_the_morning(self):
        with freeze_time(f"{MONDAY} 02:15:00"):
            self.engine._begin(self.company, MONDAY)
        self.assertIn("has not come to its end", self.look(f"{MONDAY} 05:10:00"))
        with freeze_time(f"{MONDAY} 05:10:00"):
            self.assertIn("has not come to its end", self.env["dunning.account"].get_alerts()[0])
        self.night(MONDAY)
        self.assertFalse(self.company.partner_id.activity_ids)

    def test_a_night_that_did_not_begin_is_told_in_the_morning(self):
        cron = self.env.ref("relance_progressive.ir_cron_dunning_run")
        self.night(MONDAY)
        tomorrow = MONDAY + timedelta(days=1)
        cron.nextcall = f"{tomorrow} 02:15:00"
        self.assertFalse(self.look(f"{MONDAY} 12:00:00"), "the night is done")
        self.assertIn("has not run", self.look(f"{tomorrow} 05:10:00"))

    def test_a_scheduled_action_that_is_switched_off_is_told(self):
        self.night(MONDAY)
        self.env.ref("relance_progressive.ir_cron_dunning_run").active = False
        self.assertIn("is switched off", self.look(f"{MONDAY + timedelta(days=1)} 05:10:00"))

    def test_what_still_stops_the_next_morning_is_told_anew(self):
        self.night(MONDAY)
        self.env.ref("relance_progressive.ir_cron_dunning_run").active = False
        for days in (1, 2):
            day = MONDAY + timedelta(days=days)
            self.assertIn(format_date(self.env, day, lang_code="en_US"), self.look(f"{day} 05:10:00"))
            self.look(f"{day} 06:10:00")
            self.assertEqual(len(self.company.partner_id.activity_ids), 1, "one task, of this day")
            self.company.partner_id.activity_ids.unlink()

    def test_what_begins_tonight_is_not_late(self):
        self.env.ref("relance_progressive.ir_cron_dunning_run").nextcall = f"{MONDAY + timedelta(days=1)} 02:15:00"
        self.assertFalse(self.look(f"{MONDAY} 10:00:00"), "switched on this morning")
        self.engine.run(date=MONDAY - timedelta(days=5), company=self.company)
        self.assertFalse(self.look(f"{MONDAY} 10:10:00"), "switched on again")
