from odoo import api, fields, models

from .letter_mailing import _place_in_the_post


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


class DunningDelivery(models.Model):
    """Registered letters among those that are printed together."""

    _inherit = "dunning.delivery"

    def _in_printing_order(self):
        """Return these letters in the order they were, or will be, printed."""
        numbers = {}
        for letter in self.sudo().mailing_letter_ids.sorted("id"):
            numbers[letter.delivery_id.id] = (letter.mailing_id.id, letter.number)
        return self.sorted(lambda letter: (*numbers.get(letter.id, (0, 0)), *_place_in_the_post(letter.sudo())))

    def _posted(self, day):
        """Carry out one letter that a person handed in, whether its mailing was marked as posted or not."""
        self.ensure_one()
        printed = self.mailing_letter_ids.filtered(lambda letter: letter.state == "printed")
        if printed:
            self._carried_out(day, {self: printed._content()})
        else:
            contents, _broken = self.env["dunning.channel.registered"]._render(self.reminder_id)
            content = contents.get(self.reminder_id.id)
            self._carried_out(day, {self: content} if content else {})
        open_letters = self.mailing_letter_ids.filtered(lambda letter: letter.state in ("waiting", "printed"))
        open_letters.state = "posted"
        for mailing in open_letters.mailing_id:
            if set(mailing.letter_ids.mapped("state")) <= {"posted", "failed", "dropped"}:
                mailing.write({"state": "posted", "posted_on": day})
