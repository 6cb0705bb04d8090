from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResPartner(models.Model):
    """Who may be written to by electronic registered letter.

    Private persons only if they agreed beforehand (CPCE art. L100): when, and the document that shows it.
    """

    _inherit = "res.partner"

    dunning_lre_consent = fields.Boolean(
        "Agrees to Electronic Registered Letters", tracking=True,
        help="Needed from private persons only. Without it their registered letters leave on paper.",
    )  # fmt: skip
    dunning_lre_consent_date = fields.Date("Agreed On", tracking=True)
    dunning_lre_consent_file = fields.Binary("Signed Consent", attachment=True)
    dunning_lre_consent_filename = fields.Char("Name of the Signed Consent")
    dunning_lre_needs_consent = fields.Boolean("Needs a Consent", compute="_compute_dunning_lre_needs_consent")

    @api.constrains("dunning_lre_consent", "dunning_lre_consent_date")
    def _check_dunning_lre_consent(self):
        for partner in self:
            if partner.dunning_lre_consent and not partner.dunning_lre_consent_date:
                raise ValidationError(self.env._("Say when the customer agreed to electronic registered letters."))

    @api.depends("is_company", "vat", "commercial_partner_id")
    def _compute_dunning_lre_needs_consent(self):
        for partner in self:
            partner.dunning_lre_needs_consent = not partner._dunning_is_professional()

    def _dunning_is_professional(self):
        """Tell whether the customer is no consumer, as far as the contact shows it."""
        self.ensure_one()
        entity = self.commercial_partner_id
        return bool(entity.is_company or (entity.vat and entity.vat != "/"))

    def _dunning_may_receive_lre(self):
        """Tell whether this contact may be sent electronic registered letters."""
        self.ensure_one()
        agreed = self.dunning_lre_consent or self.commercial_partner_id.dunning_lre_consent
        return self._dunning_is_professional() or agreed
