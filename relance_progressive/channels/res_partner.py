from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResPartner(models.Model):
    """Who receives reminders, and what happens when an address changes: what failed for want of it can leave."""

    _inherit = "res.partner"

    dunning_stages = fields.Selection(
        [
            ("all", "All reminders"),
            ("early", "The first ones, before they get firm"),
            ("late", "The firm ones and the formal notice"),
            ("notice", "The formal notice only"),
        ],
        "For Which Reminders", default="all",
    )  # fmt: skip
    dunning_role = fields.Selection(
        [("to", "Receives them"), ("copy", "In copy")], "As", default="to",
        help="Of several contacts who receive the same reminders, each e-mail goes to all of them.",
    )  # fmt: skip
    dunning_office = fields.Boolean(
        "Registered Office", help="Formal notices by post go to this address instead of the company's own."
    )

    dunning_contact_ids = fields.One2many(
        "res.partner", "parent_id", "Reminder Contacts", domain=[("type", "=", "followup")]
    )

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        names = self._dunning_contact_fields()
        filled = {
            name: children
            for name in names
            if (children := partners.filtered(lambda partner, name=name: partner.parent_id and partner[name]))
        }
        for name, children in filled.items():
            children._dunning_address_changed({name})
        return partners

    def write(self, vals):
        names = self._dunning_contact_fields() & vals.keys()
        if not names:
            return super().write(vals)
        before = {partner: {name: partner[name] for name in names} for partner in self}
        res = super().write(vals)
        changed = self.filtered(lambda partner: any(partner[name] != before[partner][name] for name in names))
        if "email" in names:
            # The counter of bounces is about the address, and that is another one now.
            new_address = changed.filtered(lambda partner: partner.email != before[partner]["email"])
            new_address.filtered("message_bounce").sudo().message_bounce = 0
        changed._dunning_address_changed(names)
        return res

    @api.model
    def _dunning_contact_fields(self):
        """Name the fields that reaching a customer depends on, over any channel."""
        codes = self.env["dunning.level.channel"]._fields["channel"].get_values(self.env)
        own = {"type", "active", "dunning_stages", "dunning_role", "dunning_office"}
        return own.union(*(self.env["dunning.channel"]._of(code)._contact_fields for code in codes))

    def _dunning_address_changed(self, names):
        failed = self.env["dunning.reminder"].sudo().search([
            ("partner_id", "in", self.commercial_partner_id.ids), ("state", "=", "failed"),
        ])  # fmt: skip
        failed._address_found(names)

    # === ELECTRONIC REGISTERED LETTERS === #

    # All but professionals only if they agreed beforehand (CPCE art. L100): when, and the document that shows it.

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
