from odoo import api, fields, models

from odoo.addons.relance_progressive.relance_progressive.core.decision.facts import Hold

REASON = "embargo"


class ResPartner(models.Model):
    _inherit = "res.partner"

    dunning_embargo = fields.Boolean("Under an Embargo")


class DunningAccount(models.Model):
    """No reminder leaves to a customer under an embargo."""

    _inherit = "dunning.account"

    @api.model
    def _holds(self, company, partners, day):
        """Return ``{customer id: [Hold]}``; without an ``item`` a hold is one of the whole account."""
        holds = super()._holds(company, partners, day)
        held = self.env["res.partner"].sudo().search([("id", "in", list(partners)), ("dunning_embargo", "=", True)])
        for partner in held:
            holds.setdefault(partner.id, []).append(Hold(REASON))
        return holds

    @api.model
    def _more_reason_words(self):
        """Say it in words; without them people read “Held back (embargo): €1,000.00”."""
        return {**super()._more_reason_words(), f"hold_{REASON}": "Under an embargo: %(amount)s may not be claimed"}
