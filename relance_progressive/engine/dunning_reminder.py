from collections import Counter

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain

from ..message.pictures import self_contained
from ..settings.database import check_real, is_copied
from . import copy_queries


class DunningReminder(models.Model):
    _inherit = "dunning.reminder"

    def action_send_ready(self):
        """Hand over now what is ready, whatever the hour: of these reminders' companies, else of those at work."""
        self.check_access("write")
        check_real(self.env)
        engine = self.env["dunning.engine"]
        companies = (self.company_id or self.env.companies).root_id & self.env.companies
        return self._delivered_notice([
            engine.deliver(date=company._dunning_today(), company=company) for company in companies
        ])

    def _delivered_notice(self, reports):
        """Return the notification of what deliveries did, ``reports`` being what the engine gave."""
        states = Counter()
        for report in reports:
            for counts in report.values():
                states.update(counts)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if states["failed"] or states["uncertain"] else "success",
                "message": self._delivered_words(states),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _delivered_words(self, states):
        words = {
            "sent": self.env._("%(count)s sent", count=states["sent"]),
            "ready": self.env._("%(count)s for a person to carry out", count=states["ready"]),
            "failed": self.env._("%(count)s failed", count=states["failed"]),
            "uncertain": self.env._("%(count)s uncertain", count=states["uncertain"]),
            "cancelled": self.env._("%(count)s cancelled, nothing left to claim", count=states["cancelled"]),
            "draft": self.env._("%(count)s to approve", count=states["draft"]),
            "waiting": self.env._("%(count)s waiting for a working day", count=states["waiting"]),
            "delayed": self.env._("%(count)s to try again later", count=states["delayed"]),
        }
        told = ", ".join(text for state, text in words.items() if states[state]) or self.env._("Nothing was ready.")
        return "\n".join([told, *self.env.companies.root_id.dunning_pause_id.mapped("sentence")])

    def action_preview_message(self):
        """Show the message as it would leave now over each channel of the level, and to whom."""
        self.ensure_one()
        self.check_access("read")
        shown = self.sudo().with_context(dunning_without_link=not self.has_access("write"))
        pages = [shown._preview_page(step) for step in self.level_id.channel_ids]
        preview = self.env["dunning.reminder.preview"].sudo().create({  # its HTML is ours: nobody writes one
            "reminder_id": self.id,
            "body": self.env["ir.qweb"]._render("relance_progressive.reminder_preview", {"pages": pages}),
        })  # fmt: skip
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Message to %(customer)s", customer=self.partner_id.display_name),
            "res_model": "dunning.reminder.preview",
            "res_id": preview.id,
            "view_mode": "form",
            "target": "new",
        }

    def _preview_page(self, step):
        """Return what the preview shows of one channel."""
        channel = self.env["dunning.channel"]._of(step.channel)
        contents, broken = channel._render(self)
        content = contents.get(self.id, {})
        labels = dict(step._fields["channel"]._description_selection(self.env))
        early = channel._not_before(self).get(self.id)
        return {
            "label": labels[step.channel],
            "fallback": step.fallback,
            "problem": channel._missing(self).get(self.id, "") or broken.get(self.id, ""),
            "early": early and early[1],
            "address": content.get("address"),
            "copies": ", ".join(content.get("cc") or []),
            "subject": content.get("subject"),
            "note": content.get("note"),
            "body": self._shown_safely(channel, content) if self.id in contents else "",
        }

    def _shown_safely(self, channel, content):
        """Return what is shown of a message: nothing in it is fetched from elsewhere by who looks at it."""
        read = self.env["dunning.letter"]._pictures(self, self.company_id)
        return Markup(self_contained(str(channel._shown(self, content)), read))  # noqa: S704 -- as it was, less pictures

    # === COPIED OR RESTORED === #
    # What would leave from such a database, and what is known of it.

    channels_text = fields.Char("Leaves By", compute="_compute_channels_text")
    copy_sign = fields.Selection(
        [
            ("begun", "Leaving when the backup was made"),
            ("accepted", "Just gone when the backup was made"),
            ("answered", "It has left: an e-mail has come in to it"),
            ("before", "It may have left since the backup"),
            ("after", "Prepared here: it has not left"),
        ],
        "What Is Known", compute="_compute_copy_sign",
    )  # fmt: skip

    @api.depends("level_id.channel_ids.channel", "level_id.channel_ids.fallback")
    @api.depends_context("lang")
    def _compute_channels_text(self):
        labels = dict(self.env["dunning.level.channel"]._fields["channel"]._description_selection(self.env))
        for reminder in self:
            steps = reminder.level_id.channel_ids.filtered(lambda step: not step.fallback)
            reminder.channels_text = ", ".join(labels[step.channel] for step in steps)

    @api.depends("state", "create_date")
    def _compute_copy_sign(self):
        signs, copied = self._signs_of_leaving(), is_copied(self.env)
        known = copied and self.env["res.company"]._dunning_last_known()
        for reminder in self:
            prepared = "after" if known and reminder.create_date and reminder.create_date > known else "before"
            reminder.copy_sign = signs.get(reminder.id) or (copied and prepared)

    def _signs_of_leaving(self):
        """Return ``{reminder id: "begun", "accepted" or "answered"}`` of what left, or may have, unrecorded."""
        return dict(self.env.execute_query(copy_queries.signs_of_leaving(self.env, self.ids))) if self.ids else {}

    @api.model
    def _leaving_domain(self):
        """Return which reminders leave without anybody doing anything more: those in the queue of the post included."""
        queued = Domain("delivery_ids", "any", [("state", "=", "ready"), ("provider", "=", "snailmail")])
        ready = Domain("state", "=", "ready") & (Domain("waiting", "=", False) | queued)
        return ready | Domain("state", "=", "sent") & Domain("to_continue", "=", True)

    def _drop_in_a_copy(self):
        """Have these not leave; what has signs of having left is left to a person by the next delivery."""
        signs = self._signs_of_leaving()
        dropped = self.filtered(lambda reminder: reminder.id not in signs)
        reason = self.env._("Dropped after the database was copied or restored.")
        going_on = dropped.filtered(lambda reminder: reminder.state == "sent")
        going_on.sudo().write({"to_continue": False, "reason": reason})
        (dropped - going_on)._set_state("cancelled", reason=reason)
        dropped.account_id._decide_again()
