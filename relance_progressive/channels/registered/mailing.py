from odoo import api, fields, models

from ..post.mailing import _place_in_the_post


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
        """Carry out letters that a person handed in, whether their mailings were marked as posted or not."""
        printed = {
            letter.delivery_id.id: letter for letter in self.mailing_letter_ids if letter.state == "printed"
        }  # fmt: skip
        contents = {letter: printed[letter.id]._content() for letter in self if letter.id in printed}
        if others := self.filtered(lambda letter: letter.id not in printed):
            rendered, _broken = self.env["dunning.channel.registered"]._render(others.reminder_id)
            contents |= {one: rendered[one.reminder_id.id] for one in others if one.reminder_id.id in rendered}
        self._carried_out(day, contents)
        self._close_mailings(day)

    def _close_mailings(self, day):
        """Have the mailings of letters that were handed in know it; what they did not print yet is left out."""
        own = self.mailing_letter_ids
        own.filtered(lambda letter: letter.state == "printed").state = "posted"
        own.filtered(lambda letter: letter.state == "waiting").write(
            {"state": "dropped", "reason": self.env._("It was handed in already.")}
        )
        for mailing in own.mailing_id.filtered(lambda mailing: mailing.state in ("printing", "printed")):
            states = set(mailing.letter_ids.mapped("state"))
            if states <= {"posted", "failed", "dropped"}:
                mailing.write({"state": "posted", "posted_on": day} if "posted" in states else {"state": "cancelled"})
