from odoo import api, fields, models
from odoo.exceptions import UserError

from ..settings.database import check_real


class DunningReminder(models.Model):
    """The buttons: what a person decides about reminders, one or many at a time."""

    _inherit = "dunning.reminder"

    def action_approve(self):
        """Let these drafts leave, from today on."""
        self._check_selection("draft", self.env._("Only drafts can be approved."))
        check_real(self.env)
        today = self.company_id._dunning_days()
        for day, own in self.grouped(
            lambda reminder: max(reminder.date, today[reminder.company_id]) if reminder.postponed
            else today[reminder.company_id]
        ).items():
            own._set_state("ready", draft_reason=False, date=day)
        self._show_accounts_now()

    def action_cancel(self):
        """Give up reminders that have not left: the account is decided again."""
        self._check_selection(
            ("draft", "ready", "failed", "uncertain"), self.env._("A reminder that was sent cannot be cancelled.")
        )
        self._check_not_leaving()
        deliveries = self.sudo().delivery_ids
        deliveries.filtered(lambda delivery: delivery.state in ("ready", "uncertain"))._set_state("cancelled")
        self._set_state("cancelled", reason=self.env._("Cancelled by %(user)s", user=self.env.user.name))
        self._show_accounts_now()

    def action_retry(self):
        """Try again what failed: the cause is gone, a person says."""
        self._check_selection("failed", self.env._("Only failed reminders can be sent again."))
        check_real(self.env)
        self._new_round()
        self._show_accounts_now()
        # A person says that the addresses are good: those that bounced too.
        bounced = [("commercial_partner_id", "in", self.partner_id.ids), ("message_bounce", ">", 0)]
        self.env["res.partner"].sudo().search(bounced).message_bounce = 0

    def action_was_sent(self):
        """Record that an uncertain reminder did reach the customer: its level is done."""
        self._check_selection("uncertain", self.env._("Only uncertain reminders need your word."))
        self.sudo().delivery_ids.filtered(lambda delivery: delivery.state == "uncertain")._set_state("sent")
        self._set_state("sent", reason=False)
        self._show_accounts_now()

    def action_was_not_sent(self):
        """Record that an uncertain reminder did not leave: it is sent again."""
        self._check_selection("uncertain", self.env._("Only uncertain reminders need your word."))
        self.sudo().delivery_ids.filtered(lambda delivery: delivery.state == "uncertain")._set_state(
            "failed", failure="person", reason=self.env._("It was not sent, says %(user)s", user=self.env.user.name)
        )
        self._new_round()
        self._show_accounts_now()

    @api.model
    def _release_first_run(self, company):
        """Let the drafts of a company's first run leave; what needs an approval keeps waiting for it."""
        drafts = self.with_context(tracking_disable=True).search([
            ("company_id", "=", company.root_id.id), ("state", "=", "draft"), ("draft_reason", "=", "first_run"),
        ])  # fmt: skip
        if not drafts:
            return  # a company whose first run is still to come keeps its brake
        to_approve = drafts._to_approve()
        to_approve.sudo().draft_reason = "approval"
        (drafts - to_approve)._set_state("ready", draft_reason=False)
        company.root_id.sudo().dunning_started = True

    def _to_approve(self):
        """Return those that need a person's approval: by their level, or as too firm for a customer not to lose."""
        return self.filtered(
            lambda reminder: reminder.level_id.approval == "manual"
            or reminder.account_id._is_above_cap(reminder.level_id)
        )

    def _check_selection(self, states, refusal):
        """Refuse a button pressed on nothing, or on reminders it is not meant for.

        :raise UserError: naming the reminders concerned
        """
        if not self:
            raise UserError(self.env._("Select at least one reminder."))
        self.check_access("write")
        allowed = (states,) if isinstance(states, str) else states
        if wrong := self.filtered(lambda reminder: reminder.state not in allowed):
            names = wrong._names()
            raise UserError(self.env._("%(refusal)s Not possible for: %(names)s", refusal=refusal, names=names))

    def _check_not_leaving(self):
        """Refuse to touch reminders that a delivery holds, or held when it was killed.

        :raise UserError: naming the reminders concerned
        """
        journal = self.env["dunning.journal"].sudo().search([("reminder_id", "in", self.ids)])
        if leaving := self.filtered(lambda reminder: reminder.state == "ready") & self.browse(
            journal.mapped("reminder_id")
        ):
            raise UserError(self.env._(
                "These reminders are just being sent, look again in a few minutes: %(names)s", names=leaving._names()
            ))  # fmt: skip

    def _show_accounts_now(self):
        """Bring the accounts of these reminders up to date: their next step has changed."""
        accounts = self.account_id
        accounts._decide_again()
        for company, own in accounts.grouped("company_id").items():
            self.env["dunning.account"]._refresh_live(company, own.partner_id)

    def _announced_before(self, day):
        """Return those of these messages before the due date that announce a day which has passed on ``day``.

        What the account owes beside it has been due for long: it says nothing about the announcement.
        """
        return self.filtered(
            lambda reminder: min(
                reminder.line_ids.filtered("upcoming").mapped("date_maturity"), default=reminder.date
            ) < day
        )  # fmt: skip

    def _has_not_arrived(self, reason):
        """Undo reminders that came back: the fallback channel takes over, else a person has to look.

        An account holds one open reminder: when the next one is already there, it carries on
        (it is decided again before it leaves) and the one that came back is closed.
        """
        for reminder in self:
            next_one = self.sudo().search_count([
                ("account_id", "=", reminder.account_id.id), ("id", "!=", reminder.id),
                ("state", "in", ("draft", "ready", "failed", "uncertain")),
            ], limit=1)  # fmt: skip
            waiting = bool(reminder._waiting_deliveries())
            if next_one:
                reminder._set_state("cancelled", reason=reason)
            elif waiting or any(reminder.level_id.channel_ids.mapped("fallback")):
                reminder._set_state("ready", reason=reason, waiting=waiting)
            else:
                reminder._set_state("failed", reason=reason)
        self._show_accounts_now()

    # The steps of a reminder that take time: what waits for a person, what goes on after a failure.

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
