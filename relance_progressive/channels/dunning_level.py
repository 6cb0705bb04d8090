from odoo import fields, models


class DunningLevel(models.Model):
    _inherit = "dunning.level"

    copy_salesperson = fields.Boolean("Salesperson in Copy", help="The salesperson of the customer receives a copy.")
