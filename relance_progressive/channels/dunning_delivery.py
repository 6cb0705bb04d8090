from odoo import api, fields, models

from ..core.law import notice
from ..settings.inside import INSIDE


class DunningDelivery(models.Model):
    """What a person carries out: a letter to post, a call to make."""

    _inherit = "dunning.delivery"

    @api.model
    def _provider_names(self):
        """Return ``{code: name}`` of the carriers, as the settings of the company name them."""
        company, names = self.env["res.company"]._fields, {}
        for field in ("dunning_letter_provider", "dunning_lre_provider"):
            names |= dict(company[field]._description_selection(self.env))
        return names

    def _is_for_customer(self):
        codes = self.reminder_id.level_id._customer_channels()
        return not codes or self.channel in codes

    def _carried_out(self, day, contents=None, **vals):
        """Record that a person carried these deliveries out on ``day``: their levels are done.

        :param contents: ``{delivery: content}`` of what was handed over, kept as the channel keeps it
        """
        contents = contents or {}
        self._as_printed()
        for code, own in self.grouped("channel").items():
            by_reminder = {delivery.reminder_id.id: contents[delivery] for delivery in own if delivery in contents}
            kept = self.env["dunning.channel"]._of(code)._keep(by_reminder) if by_reminder else {}
            for delivery in own:
                message = kept.get(delivery.reminder_id.id)
                text = {"message_id": message} if message else {}
                delivery._set_state("sent", date_done=day, sent_at=fields.Datetime.now(), **text, **vals)
        self._first_to_arrive(contents, day)
        if self.env.context.get("dunning_event_follows") is not INSIDE:
            registered = self.filtered(lambda found: found.channel == "registered" and not found.event_ids)
            self._create_events([(delivery, notice.HANDED_IN, day) for delivery in registered])

    def _as_printed(self):
        """Record what was printed, not what is claimed by now: the paper has left as it was."""
        for letter in self.mailing_letter_ids.filtered(lambda letter: letter.state == "printed"):
            if letter.reminder_id.state == "ready":  # else it is frozen: it left over another channel too
                letter.reminder_id._claim_again(letter.claim)

    def _first_to_arrive(self, contents, day):
        """Move the reminders that had reached nobody yet."""
        arrived = self.filtered(lambda delivery: delivery.reminder_id.state == "ready")
        for delivery in arrived:
            content = contents.get(delivery, {})
            delivery.reminder_id.write({
                "message_id": delivery.message_id.id,
                "contact_id": delivery.contact_id.id,
                "lang": content.get("lang") or delivery.contact_id.lang or delivery.partner_id.lang,
                "date": day,
            })  # fmt: skip
        arrived.reminder_id._set_state("sent", reason=False, retry_at=False)
        arrived.reminder_id._show_accounts_now()

    def _not_carried_out(self, reason, failure):
        """Record that these deliveries failed for good, which calls the next channel."""
        self._set_state("failed", reason=reason, failure=failure)
        self.reminder_id._go_on()
