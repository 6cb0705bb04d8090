from odoo import fields, models


class DunningReminder(models.Model):
    """The steps of a reminder that take time: what waits for a person, what goes on after a failure."""

    _inherit = "dunning.reminder"

    waiting = fields.Boolean(
        "Waits for a Person", readonly=True, copy=False,
        help="A letter is to be posted, a call to be made. Until then the reminder stays ready.",
    )  # fmt: skip
    to_continue = fields.Boolean(
        "Goes On", readonly=True, copy=False,
        help="One of its channels failed after another one had arrived: its fallback is still to be used.",
    )  # fmt: skip

    _to_be_continued = models.Index("(date, id) WHERE to_continue")

    def _follow_state(self, state, reason=""):
        """End what waits for a person, of these reminders or of those that they overtake."""
        if state == "sent":
            self._overtake()
        elif state not in ("ready", "uncertain"):
            self._end_waiting(self._waiting_deliveries(), reason or "")
        if state != "ready" and (over := self.filtered("waiting")):
            over.sudo().waiting = False

    def _waiting_deliveries(self):
        return self.env["dunning.delivery"].sudo().search(
            [("state", "=", "ready"), ("reminder_id", "in", self.ids)]
        )

    def _overtake(self):
        """End what older reminders of these accounts still wait for: this one says more."""
        older = self.env["dunning.delivery"].sudo().search([
            ("state", "=", "ready"), ("reminder_id.account_id", "in", self.account_id.ids),
            ("reminder_id.state", "=", "sent"), ("reminder_id", "not in", self.ids),
        ])  # fmt: skip
        self._end_waiting(older, self.env._("A later reminder has left."))

    def _end_waiting(self, deliveries, reason):
        """Cancel deliveries that wait for a person."""
        if deliveries:
            deliveries._set_state("cancelled", reason=reason)

    def _new_round(self):
        """Have every channel tried again, those that failed included."""
        failed = self.sudo().delivery_ids.filtered(lambda delivery: delivery.state in ("failed", "bounced"))
        failed.tried_again = True
        self._set_state(
            "ready", reason=False, retry_at=False, attempts=0, delayed_since=False, retried_at=fields.Datetime.now()
        )

    def _go_on(self):
        """Use the fallback of a channel that failed, at the next delivery."""
        for reminder in self.sudo().filtered(lambda reminder: reminder.state in ("ready", "sent")):
            if reminder.state == "sent":
                reminder.to_continue = True
            else:
                reminder.waiting = bool(reminder._waiting_deliveries())
        self._show_accounts_now()
        if any(self.company_id.mapped("dunning_automatic")):  # a fallback may still leave today
            self.env.ref("relance_progressive.ir_cron_dunning_deliver")._trigger()
