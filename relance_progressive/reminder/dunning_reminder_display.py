from odoo import api, fields, models
from odoo.tools import format_date, format_datetime

from ..settings.database import check_real


class DunningReminder(models.Model):
    """What a person reads and opens on a reminder."""

    _inherit = "dunning.reminder"

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
