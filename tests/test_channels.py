from odoo import Command
from odoo.tests import tagged

from odoo.addons.relance_progressive.relance_progressive.channels.dunning_channel import Outcome

from .test_deliver import DeliverCommon


class PaperChannel:
    """A channel that always works, for tests of the order of channels."""

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

    def _hand_over(self, contents, begin):
        for reminder_id in contents:
            begin(reminder_id)
            self.handed_over.append(reminder_id)
            yield reminder_id, Outcome("accepted")

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
