from odoo import Command, api, models

from ...settings.proofs import unguarded


class DunningDelivery(models.Model):
    """The letter as it was posted is the proof of its delivery."""

    _inherit = "dunning.delivery"

    @api.model_create_multi
    def create(self, vals_list):
        deliveries = super().create(vals_list)
        paper = self.env["dunning.channel.letter"]._paper_codes()
        for delivery in deliveries.filtered(lambda delivery: delivery.message_id and delivery.channel in paper):
            delivery._file_proofs(delivery.message_id.sudo().attachment_ids)
        for delivery in deliveries:
            if letter := delivery._queued_letters():
                delivery._file_proofs(letter.attachment_id)
        return deliveries

    def _file_proofs(self, files):
        """Make files the proofs of this delivery, and its own: people may write a reminder, nobody a delivery."""
        self.ensure_one()
        unguarded(files).write({"res_model": self._name, "res_id": self.id})
        self.attachment_ids = [Command.set(files.ids)]
