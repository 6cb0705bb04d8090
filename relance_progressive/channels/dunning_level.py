from odoo import fields, models


class DunningLevel(models.Model):
    _inherit = "dunning.level"

    copy_salesperson = fields.Boolean("Salesperson in Copy", help="The salesperson of the customer receives a copy.")

    def _customer_channels(self):
        """Return the codes of the channels of this level that reach the customer, in order."""
        self.ensure_one()
        codes = self.channel_ids.mapped("channel")
        return [code for code in codes if self.env["dunning.channel"]._of(code)._reaches_customer]
