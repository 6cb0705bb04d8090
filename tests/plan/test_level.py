from psycopg2.errors import CheckViolation

from odoo import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common.base import MONDAY
from ..common.plan import PlanCommon


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

    def test_a_level_says_which_way_replaces_which(self):
        """The letter replaces an e-mail that fails, the text message leaves in any case."""
        self.level_1.channel_ids = [
            Command.clear(), Command.create({"channel": "email", "sequence": 1}),
            Command.create({"channel": "letter", "sequence": 2, "fallback": True}),
            Command.create({"channel": "sms", "sequence": 3}), Command.create({"channel": "note", "sequence": 4}),
        ]  # fmt: skip
        self.assertEqual(self.level_1.channel_text, "E-mail (else Letter), SMS, and Note inside the company")

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
        item.sudo().dunning_level_id = self.level_1
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
