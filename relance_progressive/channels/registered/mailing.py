from odoo import api, fields, models


class DunningMailing(models.Model):
    """The registered letters of a day's post."""

    _inherit = "dunning.mailing"

    registered_count = fields.Integer("Registered Letters", compute="_compute_registered_count")

    @api.depends("letter_ids.channel", "letter_ids.state")
    def _compute_registered_count(self):
        for mailing in self:
            mailing.registered_count = len(mailing._registered())

    def _registered(self):
        letters = self.letter_ids.filtered(lambda letter: letter.channel == "registered")
        return letters.filtered(lambda letter: letter.state in ("printed", "posted")).delivery_id

    def action_give_numbers(self):
        """Ask for the numbers of the registered letters of this mailing."""
        return self._registered().action_give_numbers()

    def action_import_registered(self):
        """Ask for a file about the registered letters of this mailing."""
        action = self.env["ir.actions.act_window"]._for_xml_id("relance_progressive.dunning_registered_import_action")
        return {**action, "context": {"default_delivery_ids": self._registered().ids}}

    def action_print_slip(self):
        """Print the slip of the registered letters of this mailing."""
        return self._registered().action_print_slip()
