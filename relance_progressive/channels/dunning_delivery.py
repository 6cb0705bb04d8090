from odoo import api, fields, models


class DunningDelivery(models.Model):
    """What a person carries out: a letter to post, a call to make."""

    _inherit = "dunning.delivery"

    @api.model
    def _provider_names(self):
        """Name the carriers as the settings of the company do."""
        company = self.env["res.company"]._fields
        names = super()._provider_names()
        for field in ("dunning_letter_provider", "dunning_lre_provider"):
            names |= dict(company[field]._description_selection(self.env))
        return names

    def _is_handed_over(self):
        """A note inside the company reached nobody, unless the level has no way to the customer."""
        reached = super()._is_handed_over()
        return reached.filtered(lambda delivery: delivery._is_for_customer())

    def _is_for_customer(self):
        codes = self.reminder_id.level_id._customer_channels()
        return not codes or self.channel in codes

    def _still_due(self, day=None):
        """Cancel what payments, promises or disputes have overtaken; return the deliveries that still stand.

        To be called just before a person carries something out: the engine, which answers this hook,
        locks the accounts until the end of the transaction and decides them again.

        :param day: the day it is carried out, today if empty
        :raise odoo.exceptions.LockError: if someone else is just at work on one of the accounts
        """
        return self

    def _carried_out(self, day, contents=None, **vals):
        """Record that a person carried these deliveries out on ``day``: their levels are done.

        :param contents: ``{delivery: content}`` of what was handed over, kept as the channel keeps it
        """
        contents = contents or {}
        for code, own in self.grouped("channel").items():
            by_reminder = {delivery.reminder_id.id: contents[delivery] for delivery in own if delivery in contents}
            kept = self.env["dunning.channel"]._of(code)._keep(by_reminder) if by_reminder else {}
            for delivery in own:
                message = kept.get(delivery.reminder_id.id)
                text = {"message_id": message} if message else {}
                delivery._set_state("sent", date_done=day, sent_at=fields.Datetime.now(), **text, **vals)
        self._first_to_arrive(contents, day)

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
