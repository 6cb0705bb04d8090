from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    # Each carrier adds itself, in its own file.
    dunning_letter_provider = fields.Selection(
        [("print", "Printed and posted by hand")], "Letters Are", default="print", required=True,
        help="Who prints the letters and takes them to the post.",
    )  # fmt: skip

    @api.model
    def _dunning_setting_names(self):
        return (*super()._dunning_setting_names(), "dunning_letter_provider")
