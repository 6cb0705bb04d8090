from collections import Counter

from odoo import models


class DunningReminder(models.Model):
    _inherit = "dunning.reminder"

    def action_send_ready(self):
        """Hand over now what is ready, whatever the hour: of these reminders' companies, else of those at work."""
        self.env["dunning.reminder"].check_access("write")
        engine, states = self.env["dunning.engine"], Counter()
        for company in (self.company_id or self.env.companies).root_id & self.env.companies:
            for counts in engine.deliver(date=engine._today(company), company=company).values():
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
            "waiting": self.env._("%(count)s wait for a working day", count=states["waiting"]),
            "delayed": self.env._("%(count)s to try again later", count=states["delayed"]),
        }
        return ", ".join(text for state, text in words.items() if states[state]) or self.env._("Nothing was ready.")

    def action_preview_message(self):
        """Show the message as it would leave now, and to whom."""
        self.ensure_one()
        code = self.level_id.channel_ids[:1].channel
        reminder = self.sudo()
        channel = reminder.env["dunning.channel"]._of(code)
        problem = channel._missing(reminder).get(self.id, "")
        contents, broken = channel._render(reminder)
        content = contents.get(self.id, {})
        preview = self.env["dunning.reminder.preview"].create({
            "reminder_id": self.id,
            "problem": problem or broken.get(self.id, ""),
            "address": content.get("address"),
            "subject": content.get("subject"),
            "body": content.get("body"),
        })  # fmt: skip
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Message to %(customer)s", customer=self.partner_id.display_name),
            "res_model": "dunning.reminder.preview",
            "res_id": preview.id,
            "view_mode": "form",
            "target": "new",
        }
