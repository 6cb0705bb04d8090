from odoo import api, fields, models
from odoo.fields import Domain

from ..settings.database import is_copied
from . import copy_queries


class DunningReminder(models.Model):
    """What would leave from a database that was copied or restored, and what is known of it."""

    _inherit = "dunning.reminder"

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
