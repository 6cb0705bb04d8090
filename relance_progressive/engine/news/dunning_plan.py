from odoo import api, fields, models


class DunningPlan(models.Model):
    _inherit = "dunning.plan"

    thank_you = fields.Boolean(
        "Thank for the Payment",
        help="A customer who has paid all that was reminded receives a word of thanks by e-mail, once.",
    )  # fmt: skip
    thank_you_template_id = fields.Many2one(
        "mail.template", "Words of Thanks", domain="[('model', '=', 'dunning.reminder')]", ondelete="set null",
        help="Leave empty for the standard words.",
    )  # fmt: skip

    @api.constrains("thank_you_template_id")
    def _check_thank_you_template(self):
        self.thank_you_template_id._dunning_check_of_reminders()
