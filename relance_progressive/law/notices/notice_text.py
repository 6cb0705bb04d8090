from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...core.law.regimes import regime_of

KINDS = [
    ("professional", "Professional"),
    ("consumer", "Consumer or non-professional"),
    ("public", "Public body"),
    ("abroad", "Customer under another law"),
    ("neutral", "Customer whose status is not known"),
]
OF_UNKNOWN = ("neutral", "abroad")  # what is said to a customer without a status: neither cites a law
# What the law of the contract says -> which text says it.
KIND_OF = {
    "fr_professional": "professional",
    "fr_consumer": "consumer",
    # A legal person that acts for no business: treated as a consumer, the prudent reading.
    "fr_non_professional": "consumer",
    "fr_public": "public",
}


class DunningNoticeText(models.Model):
    """What a formal notice says to one kind of customer."""

    _name = "dunning.notice.text"
    _inherit = ["dunning.guarded", "dunning.pointing", "dunning.shared"]
    _description = "Text of a Formal Notice"
    _people_settings = True
    _order = "level_id, id"
    _shared_through = "level_id.plan_id"

    level_id = fields.Many2one("dunning.level", required=True, index=True, ondelete="cascade")
    kind = fields.Selection(KINDS, "To Whom", required=True)
    template_id = fields.Many2one(
        "mail.template", "Text", required=True, domain="[('model', '=', 'dunning.reminder')]", ondelete="cascade"
    )

    _one_of_a_kind = models.UniqueIndex("(level_id, kind)", "A level has one text for each kind of customer.")

    @api.constrains("template_id")
    def _check_template(self):
        for text in self:
            template = text.sudo().template_id
            if template.model != "dunning.reminder":
                raise ValidationError(
                    self.env._("The text “%(template)s” is not one of a reminder.", template=template.name)
                )


class DunningLevel(models.Model):
    """A formal notice speaks of what the law gives, which differs from one kind of customer to the other."""

    _inherit = "dunning.level"

    notice_text_ids = fields.One2many(
        "dunning.notice.text", "level_id", "Text for Each Kind of Customer", copy=True,
        help="E-mail and letter say the text of the customer's status and country. Without one of its kind they say "
        "the text of the level: leave this list empty in a plan that is made for one kind of customer.",
    )  # fmt: skip


class DunningReminder(models.Model):
    _inherit = "dunning.reminder"

    def _notice_kind(self):
        """Return which kind of text fits the customer; a neutral one until somebody has said what the customer is."""
        customer = self.partner_id.commercial_partner_id
        if not customer.dunning_status:
            return "neutral"
        country = customer.country_id or self.company_id.country_id
        at_home = regime_of(country.code or "", customer.dunning_status)
        # The articles of a text hold under the law of the contract, which gives the figures too.
        regime = self.company_id._dunning_regimes(customer).get(customer.id)
        return KIND_OF.get(regime.code, "abroad") if regime and regime == at_home else "abroad"

    def _notice_text(self):
        """Return the template of a formal notice, or of the firm level that a plan ends with.

        Empty when the level's own text is to be taken.
        """
        level = self.level_id.sudo()
        texts = {text.kind: text.template_id for text in level.notice_text_ids} if level._is_last_word() else {}
        kind = self._notice_kind() if texts else ""
        kinds = OF_UNKNOWN if kind == "neutral" else (kind,)
        return next((texts[one] for one in kinds if one in texts), self.env["mail.template"])
