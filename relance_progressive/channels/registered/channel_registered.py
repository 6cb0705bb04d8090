from odoo import api, models


class DunningChannelRegistered(models.AbstractModel):
    """Registered letters with acknowledgement of receipt: letters that a person always hands in at the post office.

    They are printed with the others; their number and what happens to them stand on the delivery.
    """

    _name = "dunning.channel.registered"
    _inherit = ["dunning.channel.letter"]
    _description = "Registered Letter Channel"

    _letter_kind = "registered"

    @api.model
    def _render(self, reminders):
        """Count the deadline of the letter from its receipt."""
        return super()._render(reminders.with_context(dunning_registered=True))

    @api.model
    def _provider_code(self, company):
        return "print"

    def _words_of_line(self):
        return self.env._("Payment reminder sent by registered letter:")
