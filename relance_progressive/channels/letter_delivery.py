from odoo import Command, api, models


class DunningDelivery(models.Model):
    """The letter as it was posted is the proof of its delivery."""

    _inherit = "dunning.delivery"

    @api.model_create_multi
    def create(self, vals_list):
        paper = self.env["dunning.channel.letter"]._paper_codes()
        posted = [vals for vals in vals_list if vals.get("message_id") and vals.get("channel") in paper]
        texts = self.env["mail.message"].sudo().browse(vals["message_id"] for vals in posted)
        for vals, text in zip(posted, texts, strict=True):
            vals.setdefault("attachment_ids", [Command.set(text.attachment_ids.ids)])
        return super().create(vals_list)
