from datetime import datetime, timedelta

from odoo import Command
from odoo.tests import tagged

from odoo.addons.relance_progressive.relance_progressive.channels.dunning_channel import Outcome, Service

from ..common.base import MONDAY
from ..common.deliver import DeliverCommon


class PaperChannel:
    """A channel that always works, for tests of the order of channels; or one that a person carries out."""

    outcome = "accepted"

    _reaches_customer = True
    _contact_fields = frozenset({"street"})

    def __init__(self):
        self.handed_over = []

    def _not_before(self, reminders):
        return {}

    def _missing(self, reminders):
        return {}

    def _render(self, reminders):
        return {reminder.id: {"reference": f"paper-{reminder.id}", "address": "on paper"} for reminder in reminders}, {}

    def _services(self, reminders):
        return dict.fromkeys(reminders.ids, [Service("paper", "Paper")])

    def _hourly_limit(self, company):
        return 0

    def _together(self, reminders):
        return 0

    def _prepare(self, reminders):
        return {}

    def _make(self, contents):
        return {}

    def _hand_over(self, contents, begin):
        for reminder_id in contents:
            if self.outcome == "accepted":
                begin(reminder_id)
            self.handed_over.append(reminder_id)
            yield reminder_id, Outcome(self.outcome)

    def _to_do(self, deliveries):
        self.told = deliveries

    def _keep(self, contents):
        return {}


@tagged("post_install", "-at_install")
class TestChannels(DeliverCommon):
    def setUp(self):
        super().setUp()
        self.paper = PaperChannel()
        registry = self.registry
        for model in ("dunning.level.channel", "dunning.delivery"):
            self.patch(registry[model]._fields["channel"], "_selection", {"email": "E-mail", "paper": "Paper"})
        of = registry["dunning.channel"]._of
        self.patch(
            registry["dunning.channel"], "_of", lambda model, code: self.paper if code == "paper" else of(model, code)
        )

    def deliver_with(self, *steps):
        """Deliver to a good and to a wrong address with channels ``(code, fallback)``."""
        self.level_1.channel_ids = [Command.clear()] + [
            Command.create({"channel": code, "fallback": fallback, "sequence": number})
            for number, (code, fallback) in enumerate(steps)
        ]
        good, bad = self.reminder_for("good@petit.example"), self.reminder_for("refused@petit.example")
        self.prepare()
        with self.smtp():
            self.counts = self.send()
        return self.reminders(good), self.reminders(bad)

    def test_fallback_after_a_failure_only(self):
        good, bad = self.deliver_with(("email", False), ("paper", True))
        self.assertEqual(good.delivery_ids.mapped(lambda d: (d.channel, d.state)), [("email", "sent")])
        steps = [("email", "failed"), ("paper", "sent")]
        self.assertEqual(bad.delivery_ids.mapped(lambda d: (d.channel, d.state)), steps)
        self.assertEqual((good.state, bad.state), ("sent", "sent"))
        self.assertEqual(self.counts, {"email": {"sent": 1, "failed": 1}, "paper": {"sent": 1}})

    def test_always_both(self):
        good, bad = self.deliver_with(("email", False), ("paper", False))
        self.assertEqual(good.delivery_ids.mapped("state"), ["sent", "sent"])
        self.assertEqual(bad.state, "sent")  # it arrived on paper

    def test_bounce_calls_the_fallback(self):
        """A bounce undoes the level; the fallback carries it out at the next delivery."""
        good, _bad = self.deliver_with(("email", False), ("paper", True))
        item = good.line_ids.move_line_id
        good._message_receive_bounce("good@petit.example", self.env["res.partner"])
        self.assertEqual((good.state, good.delivery_ids.state), ("ready", "bounced"))
        self.assertFalse(item.dunning_level_id)
        with self.smtp() as smtp:
            self.send()
        self.assertFalse(smtp.messages)
        self.assertEqual((good.state, good.delivery_ids[-1].channel), ("sent", "paper"))
        self.assertEqual(item.dunning_level_id, self.level_1)

    # === WHAT A PERSON CARRIES OUT === #

    def waiting_paper(self, *before):
        """Return a reminder whose letter waits for a person, after other channels."""
        self.paper.outcome = "waiting"
        good, _bad = self.deliver_with(*before, ("paper", False))
        return good

    def test_what_a_person_carries_out_waits(self):
        reminder = self.waiting_paper()
        self.assertEqual((reminder.state, reminder.waiting, reminder.delivery_ids.state), ("ready", True, "ready"))
        self.assertIn(reminder.delivery_ids, self.paper.told)
        self.assertEqual(self.send(), {})
        self.assertFalse(reminder.line_ids.move_line_id.dunning_level_id)

    def test_carried_out(self):
        """The level is done on the day of the act."""
        reminder = self.waiting_paper()
        day = MONDAY + timedelta(days=2)
        reminder.delivery_ids.sudo()._still_due(day)._carried_out(day)
        item = reminder.line_ids.move_line_id
        self.assertEqual((reminder.state, reminder.date, reminder.waiting), ("sent", day, False))
        self.assertEqual((item.dunning_level_id, item.dunning_date), (self.level_1, day))

    def test_failed_act_calls_the_fallback(self):
        reminder = self.waiting_paper()
        self.level_1.channel_ids = [Command.create({"channel": "email", "fallback": True, "sequence": 9})]
        reminder.delivery_ids.sudo()._not_carried_out("Nobody is there.", "person")
        with self.smtp() as smtp:
            self.send()
        self.assertEqual((reminder.state, len(smtp.messages)), ("sent", 1))
        self.assertEqual(reminder.delivery_ids.mapped("state"), ["failed", "sent"])

    def test_failed_act_after_an_e_mail_arrived(self):
        """The e-mail has done the level; the fallback of what failed is used all the same, once."""
        reminder = self.waiting_paper(("email", False))
        self.assertEqual((reminder.state, reminder.delivery_ids.mapped("state")), ("sent", ["sent", "ready"]))
        other = PaperChannel()
        of = self.registry["dunning.channel"]._of
        self.patch(
            self.registry["dunning.channel"], "_of", lambda model, code: other if code == "post" else of(model, code)
        )
        for model in ("dunning.level.channel", "dunning.delivery"):
            self.patch(
                self.registry[model]._fields["channel"], "_selection", {"email": "E-mail", "paper": "P", "post": "Post"}
            )
        self.level_1.channel_ids = [Command.create({"channel": "post", "fallback": True, "sequence": 9})]
        reminder.delivery_ids[-1].sudo()._not_carried_out("Nobody is there.", "person")
        self.assertTrue(reminder.to_continue)
        self.assertEqual(self.send(), {"post": {"sent": 1}})
        self.assertEqual(other.handed_over, reminder.ids)
        self.assertFalse(reminder.to_continue)
        self.assertEqual(self.send(), {})

    def test_payment_ends_what_waits(self):
        """The invoice is paid: nobody has to call any more, and nothing else is left to claim."""
        reminder = self.waiting_paper()
        self.pay(reminder.line_ids.move_line_id.move_id)
        self.env.cr.precommit.run()
        self.assertEqual((reminder.state, reminder.delivery_ids.state), ("cancelled", "cancelled"))

    def test_payment_ends_what_waits_after_an_e_mail(self):
        reminder = self.waiting_paper(("email", False))
        self.pay(reminder.line_ids.move_line_id.move_id)
        self.env.cr.precommit.run()
        self.assertEqual((reminder.state, reminder.delivery_ids.mapped("state")), ("sent", ["sent", "cancelled"]))

    def test_part_payment_reduces_what_waits(self):
        reminder = self.waiting_paper()
        self.pay(reminder.line_ids.move_line_id.move_id, 400)
        self.assertTrue(reminder.delivery_ids._still_due(MONDAY))
        self.assertEqual(reminder.amount_total, 600)

    def test_later_reminder_overtakes_what_waits(self):
        reminder = self.waiting_paper(("email", False))
        later = MONDAY + timedelta(days=14)
        self.run_on(later)
        with self.smtp():
            self.engine.deliver(date=later, company=self.company)
        self.assertEqual(reminder.delivery_ids.mapped("state"), ["sent", "cancelled"])

    def test_bounce_while_a_letter_waits(self):
        """The e-mail came back: the level is not done yet, the letter is still to be posted."""
        reminder = self.waiting_paper(("email", False))
        reminder._message_receive_bounce("good@petit.example", self.env["res.partner"])
        self.assertEqual((reminder.state, reminder.waiting), ("ready", True))
        self.assertFalse(reminder.line_ids.move_line_id.dunning_level_id)
        reminder.delivery_ids[-1].sudo()._still_due(MONDAY)._carried_out(MONDAY)
        self.assertEqual(reminder.state, "sent")

    # === GOING ON === #

    def going_on(self):
        """Return a reminder that arrived by e-mail and whose letter failed: a fallback is still to be used."""
        reminder = self.waiting_paper(("email", False))
        self.post = PaperChannel()
        of = self.registry["dunning.channel"]._of
        post = self.post
        self.patch(
            self.registry["dunning.channel"], "_of", lambda model, code: post if code == "post" else of(model, code)
        )
        for model in ("dunning.level.channel", "dunning.delivery"):
            self.patch(
                self.registry[model]._fields["channel"], "_selection", {"email": "E-mail", "paper": "P", "post": "Post"}
            )
        self.level_1.channel_ids = [Command.create({"channel": "post", "fallback": True, "sequence": 9})]
        reminder.delivery_ids[-1].sudo()._not_carried_out("Nobody is there.", "person")
        return reminder

    def test_what_a_killed_worker_had_begun_while_it_went_on_is_not_forgotten(self):
        """Killed between the fallback and its record: nobody sends it again without a person's word."""
        reminder = self.going_on()
        journal = self.env["dunning.journal"].sudo().create({
            "reminder_id": reminder.id, "channel": "post", "state": "begun", "date": MONDAY, "begun_at": MONDAY,
            "content": {"address": "on paper", "reference": "begun"},
        })  # fmt: skip
        self.send()
        self.assertFalse(self.post.handed_over)
        self.assertEqual(reminder.delivery_ids[-1].state, "uncertain")
        self.assertFalse(journal.exists())

    def test_a_week_end_does_not_lose_the_fallback(self):
        reminder = self.going_on()
        self.plan.working_days_only = True
        saturday = MONDAY + timedelta(days=5)
        self.engine.deliver(date=saturday, company=self.company)
        self.assertTrue(reminder.to_continue)
        self.engine.deliver(date=saturday + timedelta(days=2), company=self.company)
        self.assertEqual(self.post.handed_over, reminder.ids)

    def test_another_invoice_does_not_end_what_waits(self):
        """What falls due meanwhile waits for the next reminder; the act is still to be done."""
        reminder = self.waiting_paper(("email", False))
        self.invoice(MONDAY, 300, reminder.partner_id)
        self.assertTrue(reminder.delivery_ids[-1].sudo()._still_due(MONDAY + timedelta(days=4)))

    def test_a_part_payment_ends_what_waits_after_an_e_mail(self):
        reminder = self.waiting_paper(("email", False))
        self.pay(reminder.line_ids.move_line_id.move_id, 400)
        self.assertFalse(reminder.delivery_ids[-1].sudo()._still_due(MONDAY))

    def test_a_channel_that_is_down_is_tried_again_after_another_arrived(self):
        """E-mail sent, the other gateway does not answer: it is tried for a day, then it has failed."""
        self.paper.outcome = "delayed"
        reminder, _bad = self.deliver_with(("email", False), ("paper", False))
        self.assertEqual((reminder.state, reminder.to_continue, len(reminder.delivery_ids)), ("sent", True, 1))
        for _try in range(3):
            reminder.sudo().retry_at = False
            self.send()
        self.assertTrue(reminder.to_continue)
        reminder.sudo().write({"retry_at": False, "delayed_since": datetime.now() - timedelta(hours=25)})
        self.send()
        self.assertEqual((reminder.to_continue, reminder.delivery_ids.mapped("state")), (False, ["sent", "failed"]))

    def test_a_note_reaches_nobody(self):
        """The e-mail came back: the note that colleagues got does not do the level."""
        self.paper._reaches_customer = False
        reminder, _bad = self.deliver_with(("email", False), ("paper", False))
        self.assertEqual(reminder.delivery_ids.mapped("state"), ["sent", "sent"])
        reminder._message_receive_bounce("good@petit.example", self.env["res.partner"])
        self.assertEqual(reminder.state, "failed")
        self.assertFalse(reminder.line_ids.move_line_id.dunning_level_id)

    def test_a_doubt_keeps_what_waits(self):
        """Nobody knows whether the e-mail left; the letter is still to be posted, whatever a person says."""
        self.paper.outcome = "waiting"
        _good, _bad = self.deliver_with(("email", False), ("paper", False))
        customer = self.reminder_for("lost@petit.example")
        self.run_on(MONDAY)
        with self.smtp():
            self.send()
        reminder = self.reminders(customer)
        self.assertEqual((reminder.state, reminder.delivery_ids[-1].state), ("uncertain", "ready"))
        reminder.action_was_sent()
        self.assertEqual((reminder.state, reminder.delivery_ids.mapped("state")), ("sent", ["sent", "ready"]))
