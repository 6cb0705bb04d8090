from odoo import api, fields, models
from odoo.exceptions import ValidationError


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
        for plan in self:
            template = plan.thank_you_template_id
            if template and template.sudo().model != "dunning.reminder":
                raise ValidationError(
                    self.env._("The text “%(template)s” is not one of a reminder.", template=template.name)
                )
