from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, format_datetime

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
        self.account_id._show_now()

    def action_cancel(self):
        """Give up reminders that have not left: the account is decided again."""
        self._check_selection(
            ("draft", "ready", "failed", "uncertain"), self.env._("A reminder that was sent cannot be cancelled.")
        )
        self._check_not_leaving()
        deliveries = self.sudo().delivery_ids
        deliveries.filtered(lambda delivery: delivery.state in ("ready", "uncertain"))._set_state("cancelled")
        self._set_state("cancelled", reason=self.env._("Cancelled by %(user)s", user=self.env.user.name))
        self.account_id._show_now()

    def action_retry(self):
        """Try again what failed: the cause is gone, a person says."""
        self._check_selection("failed", self.env._("Only failed reminders can be sent again."))
        check_real(self.env)
        self._new_round()
        self.account_id._show_now()
        # A person says that the addresses are good: those that bounced too.
        bounced = [("commercial_partner_id", "in", self.partner_id.ids), ("message_bounce", ">", 0)]
        self.env["res.partner"].sudo().search(bounced).message_bounce = 0

    def action_was_sent(self):
        """Record that an uncertain reminder did reach the customer: its level is done."""
        self._check_selection("uncertain", self.env._("Only uncertain reminders need your word."))
        self.sudo().delivery_ids.filtered(lambda delivery: delivery.state == "uncertain")._set_state("sent")
        self._set_state("sent", reason=False)
        self.account_id._show_now()

    def action_was_not_sent(self):
        """Record that an uncertain reminder did not leave: it is sent again."""
        self._check_selection("uncertain", self.env._("Only uncertain reminders need your word."))
        self.sudo().delivery_ids.filtered(lambda delivery: delivery.state == "uncertain")._set_state(
            "failed", failure="person", reason=self.env._("It was not sent, says %(user)s", user=self.env.user.name)
        )
        self._new_round()
        self.account_id._show_now()

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
        self.account_id._show_now()

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
        self.account_id._show_now()
        if any(self.company_id.mapped("dunning_automatic")):  # a fallback may still leave today
            self.env.ref("relance_progressive.ir_cron_dunning_deliver")._trigger()

    # === WHAT A PERSON READS AND OPENS ON A REMINDER === #

    status_text = fields.Char("What Happens", compute="_compute_status_text")
    message_body = fields.Html("Message", related="message_id.body")

    @api.depends(
        "state", "draft_reason", "reason", "date", "retry_at", "waiting", "delivery_ids.state", "delivery_ids.address"
    )  # fmt: skip
    @api.depends_context("lang", "tz")
    def _compute_status_text(self):
        waits_for = dict(self._fields["draft_reason"]._description_selection(self.env))
        for reminder in self:
            if reminder.state == "draft":
                reminder.status_text = waits_for.get(reminder.draft_reason, "")
            elif reminder.state == "ready":
                reminder.status_text = reminder._words_of_ready()
            elif reminder.state == "sent":
                reminder.status_text = reminder._words_of_sent()
            else:
                reminder.status_text = reminder.reason

    def _words_of_ready(self):
        if self.waiting:
            return self.env._("Waits for a person: %(acts)s", acts=self._acts_in_words())
        if self.retry_at:
            return self.env._("Tried again at %(time)s", time=format_datetime(self.env, self.retry_at))
        return self.env._("Leaves on %(day)s", day=format_date(self.env, self.date))

    def _acts_in_words(self):
        """Return what people still have to do for this reminder: "Call, Letter"."""
        labels = dict(self.env["dunning.delivery"]._fields["channel"]._description_selection(self.env))
        waiting = self.delivery_ids.filtered(lambda delivery: delivery.state == "ready")
        return ", ".join(labels[delivery.channel] for delivery in waiting)

    def _words_of_sent(self):
        fields_of = self.env["dunning.delivery"]._fields
        words, channels = (dict(fields_of[name]._description_selection(self.env)) for name in ("state", "channel"))
        return ", ".join(
            f"{delivery.address or channels.get(delivery.channel, delivery.channel)} ({words[delivery.state].lower()})"
            for delivery in self.delivery_ids
        )

    def _words_while_open(self):
        """Return what this reminder, that has not left, waits for."""
        level, day = self.level_id.name, format_date(self.env, self.date)
        if self.state == "ready" and self.waiting:
            return self.env._("%(level)s: waits for a person (%(acts)s)", level=level, acts=self._acts_in_words())
        if self.state == "ready":
            return self.env._("%(level)s: leaves on %(day)s", level=level, day=day)
        if self.state == "draft" and self.draft_reason == "first_run":
            return self.env._("%(level)s: waits for the release of the first run", level=level)
        if self.state == "draft":
            return self.env._("%(level)s: waits for an approval", level=level)
        if self.state == "failed":
            return self.env._("%(level)s: not sent. %(reason)s", level=level, reason=self.reason or "")
        return self.env._("%(level)s: nobody knows whether it left, someone has to say", level=level)

    # === BUTTONS === #

    def action_open_account(self):
        """Show the customer's account."""
        self.ensure_one()
        return self.account_id.get_formview_action()

    @api.model
    def action_open_to_handle(self):
        """Show what needs a person; as long as a first run waits, its drafts with the button that releases them."""
        action = self.env["ir.actions.act_window"]._for_xml_id("relance_progressive.dunning_reminder_to_handle_action")
        waiting = [("state", "=", "draft"), ("draft_reason", "=", "first_run")]
        if self.search_count(waiting, limit=1):
            action["context"] = {"search_default_first_run": 1, "dunning_first_run": 1}
        return action

    def action_release_first_run(self):
        """Let the first run leave: of these reminders' companies, else of the companies at work."""
        self.check_access("write")
        check_real(self.env)
        for company in (self.company_id or self.env.companies).root_id & self.env.companies:
            self._release_first_run(company)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Released: these reminders leave during the sending hours."),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
