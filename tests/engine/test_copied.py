"""A database that was copied or restored: what a person is shown, what is held, what he answers."""

from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.relance_progressive.relance_progressive.settings import database

from ..common.base import MONDAY
from ..common.deliver import DeliverCommon
from ..common.letter import LetterCommon


def copied(env):
    """Make this database a copy of the one in which reminders were switched on."""
    if not database.kept(env):
        database.keep(env)
    env["ir.config_parameter"].set_param("database.uuid", "that of a copy")


@freeze_time(f"{MONDAY} 09:00:00")
@tagged("post_install", "-at_install")
class TestCopied(DeliverCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.company"].search([]).dunning_automatic = False
        cls.company.write({"dunning_automatic": True, "dunning_started": True, "dunning_user_id": cls.env.user.id})

    def setUp(self):
        super().setUp()
        self.one, self.other = self.reminder_for("un@petit.example"), self.reminder_for("deux@petit.example")
        self.prepare()
        self.ready = self.reminders(self.one) + self.reminders(self.other)

    def settings(self):
        return self.env["res.config.settings"].create({})

    def noted(self, moment):
        """Have the scheduled action of deliveries have looked last at this moment."""
        cron = self.env.ref("relance_progressive.ir_cron_dunning_deliver")
        self.env.cr.execute("UPDATE ir_cron SET lastcall = %s WHERE id = %s", [moment, cron.id])

    def handed_over(self, reminder):
        """Leave the journal as a backup that was made at this moment."""
        contents, _broken = self.env["dunning.channel.email"]._render(reminder)
        self.env["dunning.journal"].sudo().create({
            "reminder_id": reminder.id, "channel": "email", "state": "begun", "date": MONDAY,
            "content": contents[reminder.id],
        })  # fmt: skip

    def sent_elsewhere(self, reminder):
        """Return the Message-Id of the message that another copy of this database has sent."""
        return self.env["dunning.channel.email"]._message_id(reminder, "factures@atelier.example")

    def answer_to(self, reminder, sender="quelquun@petit.example", reference=None, name="a"):
        """Have an e-mail come in to that message."""
        reference = reference or self.sent_elsewhere(reminder)
        self.env["mail.thread"].sudo().message_process(False, (
            f"From: {sender}\nTo: factures@atelier.example\nSubject: Re: Reminder\nMessage-Id: <{name}@petit.example>\n"
            f"In-Reply-To: {reference}\nReferences: {reference}\n\nThis is paid tomorrow.\n"
        ))  # fmt: skip

    # === WHAT IS ASKED === #

    def test_it_shows_what_would_leave_and_what_is_known_of_it(self):
        self.handed_over(self.ready[0])
        self.noted("2026-03-02 07:10:00")
        copied(self.env)
        settings = self.settings()
        self.assertEqual((settings.dunning_doubt, settings.dunning_leaving), ("copy", 2))
        self.assertIn("would leave: 2.", settings.dunning_doubt_text)
        self.assertIn("left already: 1;", settings.dunning_doubt_text)
        action = settings.action_dunning_leaving()
        shown = self.env["dunning.reminder"].search(action["domain"])
        self.assertEqual(shown, self.ready.sorted(reverse=True))
        self.assertEqual(self.ready.mapped("channels_text"), ["E-mail", "E-mail"])
        self.assertEqual(self.ready.mapped("copy_sign"), ["begun", "after"])

    def test_what_was_ready_at_the_backup_may_have_left_since(self):
        self.noted("2099-03-02 07:10:00")
        copied(self.env)
        self.assertEqual(self.ready.mapped("copy_sign"), ["before", "before"])

    def test_the_last_moment_that_is_known_is_noted_before_the_copy_goes_on(self):
        self.noted("2026-03-02 07:10:00")
        copied(self.env)
        self.engine._cron_deliver()
        self.noted("2026-03-02 09:00:00")
        self.assertIn("ends on 3/2/26, 8:10", self.settings().dunning_doubt_text)
        self.settings().action_dunning_right()
        self.assertFalse(self.env["ir.config_parameter"].get_param(database.KNOWN))

    def test_another_company_that_nobody_here_sees_is_not_shown(self):
        copied(self.env)
        admin = new_test_user(self.env, "elsewhere", "base.group_system,account.group_account_manager")
        company = self.env["res.company"].create({"name": "Elsewhere"})
        admin.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        settings = self.env["res.config.settings"].with_user(admin).create({})
        self.assertEqual(settings.dunning_leaving, 0)
        self.assertIn("would leave: 2.", settings.dunning_doubt_text, "the answer is given for all companies")
        self.assertEqual(settings.action_dunning_leaving()["domain"], [("id", "in", [])])
        settings.action_dunning_drop()
        self.assertEqual(self.ready.mapped("state"), ["cancelled", "cancelled"])

    # === WHAT IS HELD === #

    def test_nothing_leaves_by_hand_and_the_message_shows_the_way(self):
        copied(self.env)
        user = new_test_user(self.env, "claire_copied", "account.group_account_invoice", company_id=self.company.id,
                             company_ids=[(6, 0, self.company.ids)])  # fmt: skip
        draft, failed = self.ready
        draft._set_state("draft", draft_reason="approval")
        failed._set_state("failed", reason="no server")
        with self.smtp() as smtp:
            for button in (
                draft.action_approve, failed.action_retry, draft.action_send_now, draft.action_send_ready,
                draft.action_release_first_run,
            ):  # fmt: skip
                with self.subTest(button=button.__name__), self.assertRaisesRegex(RedirectWarning, "real one"):
                    button()
            with self.assertRaisesRegex(UserError, "Ask whoever"):
                draft.with_user(user).action_approve()
            self.settings().action_dunning_right()
            draft.action_send_now()
        self.assertEqual(len(smtp.messages), 1)

    def test_reminders_sent_by_hand_only_are_held_in_a_copy_too(self):
        self.company.dunning_automatic = False
        self.env["ir.config_parameter"].set_param(database.PARAMETER, False)
        with self.smtp():
            self.ready[0].action_send_now()
        copied(self.env)
        self.assertEqual(self.settings().dunning_doubt, "copy")
        with self.assertRaises(RedirectWarning):
            self.ready[1].action_send_now()
        self.assertTrue(self.env["dunning.account"].get_alerts())

    def test_switching_reminders_on_in_a_copy_does_not_answer(self):
        copied(self.env)
        self.settings().action_dunning_wrong()
        self.company.dunning_automatic = True
        self.assertEqual(self.company._dunning_doubt(), "copy")

    # === WHAT IS ANSWERED === #

    def test_let_it_leave_but_not_what_was_just_leaving(self):
        self.handed_over(self.ready[0])
        copied(self.env)
        with self.smtp() as smtp:
            self.engine._cron_deliver()
            self.assertFalse(smtp.messages)
            self.settings().action_dunning_right()
            self.engine._cron_deliver()
        self.assertEqual([to for to, _message in smtp.messages], [["deux@petit.example"]])
        self.assertEqual(self.ready.mapped("state"), ["uncertain", "sent"])

    def test_what_a_customer_has_answered_to_has_left(self):
        copied(self.env)
        self.answer_to(self.ready[0])
        self.assertEqual(self.ready[0].copy_sign, "answered")
        self.settings().action_dunning_right()
        with self.smtp() as smtp:
            self.engine._cron_deliver()
        self.assertEqual([to for to, _message in smtp.messages], [["deux@petit.example"]])
        self.assertEqual(self.ready.mapped("state"), ["uncertain", "sent"])
        self.ready[0].action_was_sent()
        self.assertEqual((self.ready[0].state, self.ready[0].to_continue), ("sent", False))

    def test_a_second_answer_comes_in_too(self):
        copied(self.env)
        reference = self.sent_elsewhere(self.ready[0])
        self.answer_to(self.ready[0])
        self.settings().action_dunning_right()
        with self.smtp():
            self.engine._cron_deliver()
        self.answer_to(self.ready[0], "compta@petit.example", reference, name="b")
        answers = self.ready[0].message_ids.filtered(lambda message: message.message_type == "email")
        self.assertEqual(answers.mapped("message_id"), ["<b@petit.example>", "<a@petit.example>"])

    def test_an_answer_to_the_lost_original_comes_in_after_this_is_said_to_be_the_real_one(self):
        reference = self.sent_elsewhere(self.ready[0])
        copied(self.env)
        self.settings().action_dunning_right()
        self.answer_to(self.ready[0], reference=reference)
        self.assertIn("<a@petit.example>", self.ready[0].message_ids.mapped("message_id"))

    def test_what_a_colleague_writes_says_nothing(self):
        copied(self.env)
        self.env.user.email = "chef@atelier.example"
        self.answer_to(self.ready[0], "chef@atelier.example")
        self.assertNotEqual(self.ready[0].copy_sign, "answered")

    def test_what_was_given_up_between_two_channels_does_not_leave(self):
        """It came back, or was called off, while another channel waited: nothing of it leaves, nothing is dropped."""
        given_up, going_on = self.ready
        self.ready._set_state("sent")
        self.ready.sudo().to_continue = True
        given_up._set_state("cancelled", reason="called off")
        copied(self.env)
        self.assertEqual(self.company._dunning_leaving(), going_on)
        self.settings().action_dunning_drop()
        self.assertEqual((given_up.reason, going_on.state, going_on.to_continue), ("called off", "sent", False))

    def test_drop_what_was_prepared(self):
        self.handed_over(self.ready[0])
        thanked = self.account(self.other).sudo()
        thanked.to_thank = True
        copied(self.env)
        self.assertIn("Thanks for payments that would leave: 1.", self.settings().dunning_doubt_text)
        self.settings().action_dunning_drop()
        self.assertEqual(self.ready.mapped("state"), ["ready", "cancelled"])
        self.assertFalse(thanked.to_thank)
        self.assertFalse(self.company._dunning_doubt())
        with self.smtp() as smtp:
            self.engine._cron_deliver()
        self.assertFalse(smtp.messages)
        self.assertEqual(self.ready[0].state, "uncertain", "a person says")
        self.prepare()
        self.assertEqual(self.reminders(self.other).filtered(lambda one: one.state == "ready").date, MONDAY)


@freeze_time(f"{MONDAY} 09:00:00")
@tagged("post_install", "-at_install")
class TestCopiedPost(LetterCommon):
    """Letters do not leave from a copy either."""

    def setUp(self):
        super().setUp()
        self.quick()

    def test_no_letter_is_printed(self):
        deliveries = self.letters(self.customer_by_post("Anne"), self.customer_by_post("Zoé"))
        mailing = self.env["dunning.mailing"].browse(deliveries[0].action_print_letters()["params"]["mailings"])
        copied(self.env)
        for act in (deliveries[1].action_print_letters, mailing.action_continue, mailing.print_next,
                    mailing.action_print_again):  # fmt: skip
            with self.subTest(act=act.__name__), self.assertRaises(RedirectWarning):
                act()

    def test_letters_in_the_queue_of_the_post_wait(self):
        self.company.dunning_letter_provider = "snailmail"
        self.use_channels("letter", "email")
        delivery = self.letters(self.customer_by_post("Anne"))
        letter = self.env["snailmail.letter"].sudo().browse(int(delivery.reference.split("-")[1]))
        copied(self.env)
        asked = []
        with patch.object(self.registry["snailmail.letter"], "_snailmail_create", lambda *_args: asked.append(1)):
            letter._snailmail_print()
        self.assertEqual((asked, letter.state, delivery.state), ([], "pending", "ready"))
        self.assertIn(delivery.reminder_id, self.company._dunning_leaving())
        self.company._dunning_drop_prepared(self.company._dunning_leaving())
        self.assertEqual((letter.state, delivery.state), ("canceled", "cancelled"))
