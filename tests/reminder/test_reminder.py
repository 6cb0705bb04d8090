from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.relance_progressive.relance_progressive.reminder.dunning_reminder import MOVES

from ..common.base import MONDAY, DunningCommon


class ReminderCommon(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = new_test_user(
            cls.env, "accountant", groups="relance_progressive.dunning_group_user,account.group_account_invoice",
            company_id=cls.company.id, company_ids=[Command.set(cls.company.ids)],
        )  # fmt: skip

    def draft(self, customer=None, level=None, **values):
        """Return a draft reminder of one invoice."""
        customer = customer or self.make_customer(f"Customer {self.env['res.partner'].search_count([])}")
        move = self.invoice(MONDAY - timedelta(days=3), customer=customer)
        item, level = self.item(move), level or self.level_1
        return self.env["dunning.reminder"].sudo().create({
            "account_id": self.account(customer).id, "level_id": level.id, "date": MONDAY, "amount_total": 1000,
            "line_ids": [Command.create({
                "move_line_id": item.id, "move_id": move.id, "move_name": move.name,
                "date_maturity": item.date_maturity, "amount_residual": 1000, "amount_currency": 1000,
                "currency_id": item.currency_id.id, "level_id": level.id,
            })],
            **values,
        })  # fmt: skip

    def sent(self, **values):
        """Return a reminder that was sent."""
        reminder = self.draft(**values)
        reminder._set_state("ready")
        reminder._set_state("sent")
        return reminder


@tagged("post_install", "-at_install")
class TestLifeCycle(ReminderCommon):
    def test_moves(self):
        """Every move of the table is possible, and no other."""
        for old, allowed in MOVES.items():
            for new in MOVES:
                reminder = self.draft()
                self.env.cr.execute("UPDATE dunning_reminder SET state = %s WHERE id = %s", [old, reminder.id])
                reminder.invalidate_recordset()
                if new in allowed:
                    reminder._set_state(new)
                    self.assertEqual(reminder.state, new)
                else:
                    with self.assertRaises(UserError):
                        reminder._set_state(new)

    def test_name(self):
        reminder = self.draft()
        self.assertEqual(reminder.name, f"REL-{reminder.id:06d}")
        self.assertEqual(self.env["dunning.reminder"].search([("name", "=", reminder.name)]), reminder)

    def test_one_open_reminder_per_account(self):
        reminder = self.draft()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.draft(customer=reminder.partner_id)
        reminder._set_state("cancelled")
        self.assertTrue(self.draft(customer=reminder.partner_id))

    def test_sent_does_the_level(self):
        reminder = self.sent()
        item = reminder.line_ids.move_line_id
        self.assertEqual((item.dunning_level_id, item.dunning_date), (self.level_1, MONDAY))
        self.assertEqual(reminder.account_id.last_contact_date, MONDAY)

    def test_listed_only_items_stay_where_they_are(self):
        reminder = self.draft()
        reminder.line_ids.level_id = False
        reminder._set_state("ready")
        reminder._set_state("sent")
        self.assertFalse(reminder.line_ids.move_line_id.dunning_level_id)

    def test_nobody_alters_what_was_sent(self):
        reminder = self.sent()
        for change in (
            lambda: reminder.write({"amount_total": 1}),
            lambda: reminder.write({"date": MONDAY - timedelta(days=9)}),
            lambda: reminder.line_ids.write({"amount_residual": 1}),
            lambda: reminder.line_ids.unlink(),
            lambda: reminder.write({"line_ids": [Command.create({"amount_residual": 5})]}),
            lambda: reminder.unlink(),
            lambda: reminder.write({"state": "draft"}),
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                change()

    def test_user_cannot_forge_or_delete(self):
        """An accountant has the buttons, not the records."""
        reminder = self.sent().with_user(self.accountant)
        self.assertTrue(reminder.name)
        for change in (
            lambda: reminder.unlink(),
            lambda: reminder.copy(),
            lambda: reminder.delivery_ids.create({"reminder_id": reminder.id, "channel": "email"}),
            lambda: reminder.line_ids.write({"amount_residual": 1}),
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():  # an AccessError is one
                change()
        with self.assertRaises(UserError):
            self.env["dunning.reminder"].sudo().create({
                "account_id": reminder.account_id.id, "level_id": self.level_1.id, "state": "sent",
            })  # fmt: skip


@tagged("post_install", "-at_install")
class TestButtons(ReminderCommon):
    def test_empty_selection_is_refused(self):
        """ANCHORS part 3, behaviours 11 and 13."""
        nothing = self.env["dunning.reminder"].with_user(self.accountant)
        for button in ("approve", "cancel", "retry", "was_sent", "was_not_sent"):
            with self.assertRaises(UserError):
                getattr(nothing, f"action_{button}")()

    def test_wrong_selection_is_named(self):
        """A selection that holds one wrong reminder changes nothing, and says which one."""
        draft, sent = self.draft(), self.sent()
        for button in ("approve", "cancel", "retry", "was_sent", "was_not_sent"):
            with self.assertRaises(UserError) as error:
                getattr(draft + sent, f"action_{button}")()
            self.assertIn(sent.name, str(error.exception))
        self.assertEqual(draft.state, "draft")

    def test_approve_many(self):
        """An accountant approves in mass: they leave from today on."""
        drafts = self.draft(draft_reason="approval") + self.draft(draft_reason="approval")
        drafts.with_user(self.accountant).action_approve()
        self.assertEqual(drafts.mapped("state"), ["ready", "ready"])
        self.assertEqual(drafts[0].date, self.company._dunning_today())
        self.assertFalse(drafts[0].draft_reason)

    def test_cancel(self):
        """A cancelled reminder gives its account back: it is decided again at once."""
        reminder = self.draft()
        reminder.with_user(self.accountant).action_cancel()
        self.assertEqual(reminder.state, "cancelled")
        self.assertIn("accountant", reminder.reason)

    def test_cancel_while_it_leaves(self):
        """What a worker holds, or held when it was killed, cannot be cancelled: it may have left."""
        reminder = self.draft(state="ready")
        self.env["dunning.journal"].sudo().create({"reminder_id": reminder.id, "channel": "email", "date": MONDAY})
        with self.assertRaises(UserError):
            reminder.action_cancel()

    def test_retry(self):
        reminder = self.draft(state="ready")
        reminder._set_state("failed", reason="No address", attempts=3)
        reminder.with_user(self.accountant).action_retry()
        self.assertEqual((reminder.state, reminder.attempts, reminder.reason), ("ready", 0, False))

    def test_uncertain(self):
        """A person's word ends the doubt, one way or the other."""
        sent, not_sent = self.draft(state="ready"), self.draft(state="ready")
        deliveries = self.env["dunning.delivery"].sudo()
        for reminder in sent + not_sent:
            reminder._set_state("uncertain")
            deliveries.create({"reminder_id": reminder.id, "channel": "email", "state": "uncertain"})
        sent.with_user(self.accountant).action_was_sent()
        not_sent.with_user(self.accountant).action_was_not_sent()
        self.assertEqual((sent.state, sent.delivery_ids.state), ("sent", "sent"))
        self.assertEqual((not_sent.state, not_sent.delivery_ids.state), ("ready", "failed"))
        self.assertEqual(sent.line_ids.move_line_id.dunning_level_id, self.level_1)
        self.assertFalse(not_sent.line_ids.move_line_id.dunning_level_id)

    def test_first_run(self):
        """The go-ahead lets the first run leave; what needs an approval keeps waiting for it."""
        self.notice.approval = "manual"
        plain, notice = self.draft(draft_reason="first_run"), self.draft(draft_reason="first_run", level=self.notice)
        self.company.dunning_started = False
        self.env["dunning.reminder"].with_user(self.accountant)._release_first_run(self.company)
        self.assertEqual((plain.state, plain.draft_reason), ("ready", False))
        self.assertEqual((notice.state, notice.draft_reason), ("draft", "approval"))
        self.assertTrue(self.company.dunning_started)

    def test_status_is_tracked(self):
        """Who approved is written in the history."""
        reminder = self.draft().with_context(tracking_disable=False, mail_notrack=False)
        self.flush_tracking()
        reminder.with_user(self.accountant).action_approve()
        self.flush_tracking()
        reminder.invalidate_recordset()
        self.assertEqual(reminder.message_ids[:1].author_id, self.accountant.partner_id)

    def flush_tracking(self):
        self.env.flush_all()
        self.cr.flush()


@tagged("post_install", "-at_install")
class TestTexts(ReminderCommon):
    def test_placeholders(self):
        customer = self.make_customer("Petit")
        reminder = self.draft(customer=customer)
        self.assertEqual((reminder.customer_name, reminder.company_name), ("Petit", self.company.name))
        self.assertEqual((reminder.count_text, reminder.days_late), ("1 invoice", 3))
        self.assertIn("1,000.00", reminder.amount_text)
        self.assertIn(fields.Date.to_string(MONDAY - timedelta(days=3))[-2:], reminder.oldest_due_text)

    def test_an_announcement_speaks_of_what_is_coming(self):
        """What is late stands in its table; the words are about the next due date."""
        reminder = self.draft(level=self.pre_due)
        coming = self.item(self.invoice(MONDAY + timedelta(days=5), 200, reminder.partner_id))
        reminder.line_ids = [Command.create({
            "move_line_id": coming.id, "move_id": coming.move_id.id, "date_maturity": coming.date_maturity,
            "amount_residual": 200, "amount_currency": 200, "currency_id": coming.currency_id.id, "upcoming": True,
        })]  # fmt: skip
        self.assertIn("200.00", reminder.amount_text)
        self.assertEqual((reminder.count_text, reminder.days_late), ("1 invoice", 0))
        self.assertEqual(reminder.oldest_due_text, reminder._day_in_words(coming.date_maturity))

    def test_manager_may_use_the_placeholders(self):
        """Managers who are no template editors can write with the placeholders, and with nothing else."""
        self.env["ir.config_parameter"].set_param("mail.restrict.template.rendering", True)
        manager = new_test_user(self.env, "boss", groups="relance_progressive.dunning_group_manager,base.group_user")
        template = self.level_1.template_id.with_user(manager)
        names = self.env["dunning.reminder"].mail_allowed_qweb_expressions()
        self.assertTrue({"object.amount_text", "object.deadline_text", "object.user_phone"} <= set(names))
        values = {"name": "Own", "model_id": template.model_id.id, "subject": "Hello {{ object.customer_name }}"}
        own = self.env["mail.template"].with_user(manager).create(
            {**values, "body_html": "<p><t t-out='object.amount_text'/></p>"}
        )
        self.assertTrue(own)
        with self.assertRaises(AccessError):
            own.body_html = "<p><t t-out='object.account_id.partner_id.bank_ids'/></p>"
