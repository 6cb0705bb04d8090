from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResPartner(models.Model):
    """Who may be written to by electronic registered letter.

    All but professionals only if they agreed beforehand (CPCE art. L100): when, and the document that shows it.
    """

    _inherit = "res.partner"

    dunning_lre_consent = fields.Boolean(
        "Agrees to Electronic Registered Letters", tracking=True, copy=False,
        help="Needed from consumers and non-professionals (CPCE L100). As long as the status of a customer is not "
        "known, who has a VAT or a company registry number counts as a professional; in doubt an agreement is needed. "
        "Without it registered letters leave on paper.",
    )  # fmt: skip
    dunning_lre_consent_date = fields.Date("Agreed On", tracking=True, copy=False)
    dunning_lre_consent_file = fields.Binary("Signed Consent", attachment=True, copy=False)
    dunning_lre_consent_filename = fields.Char("Name of the Signed Consent", copy=False)
    dunning_lre_needs_consent = fields.Boolean("Needs a Consent", compute="_compute_dunning_lre_needs_consent")

    @api.constrains("dunning_lre_consent", "dunning_lre_consent_date")
    def _check_dunning_lre_consent(self):
        for partner in self:
            if partner.dunning_lre_consent and not partner.dunning_lre_consent_date:
                raise ValidationError(self.env._("Say when the customer agreed to electronic registered letters."))

    @api.depends(
        "commercial_partner_id.vat", "commercial_partner_id.company_registry", "commercial_partner_id.dunning_status"
    )
    def _compute_dunning_lre_needs_consent(self):
        for partner in self:
            partner.dunning_lre_needs_consent = not partner._dunning_is_professional()

    def _dunning_is_professional(self):
        """Tell whether the customer is known to act for its profession, as a public body does too.

        Without a status its numbers tell: a company may be none (an association).
        """
        self.ensure_one()
        entity = self.commercial_partner_id
        if entity.dunning_status:
            return entity.dunning_status in ("professional", "public")
        return any((number or "").strip(" /") for number in (entity.vat, entity.company_registry))

    def _dunning_may_receive_lre(self):
        """Tell whether this contact may be sent electronic registered letters."""
        self.ensure_one()
        agreed = self.dunning_lre_consent or self.commercial_partner_id.dunning_lre_consent
        return self._dunning_is_professional() or agreed
