from odoo import api, fields, models


class DunningReminder(models.Model):
    """A formal notice tells figures: who approves it knows which of them rest on a rate that nobody has read."""

    _inherit = "dunning.reminder"

    unverified_rates_text = fields.Char(compute="_compute_unverified_rates_text", compute_sudo=True)

    @api.depends("state", "stage", "partner_id", "line_ids.date_maturity")
    @api.depends_context("lang")
    def _compute_unverified_rates_text(self):
        """Name the rates of the time since the oldest due date; nothing of what has left or bears no interest."""
        rates = self.env["dunning.interest.rate"]
        for reminder in self:
            reminder.unverified_rates_text = False
            due = [day for day in reminder.line_ids.mapped("date_maturity") if day]
            if reminder.stage != "formal_notice" or reminder.state not in ("draft", "ready") or not due:
                continue
            company = reminder.company_id
            (terms,) = company._dunning_terms([(reminder.partner_id.id, False)]).values() or (None,)
            if not terms:
                continue
            parts = (terms.regime.rate, terms.regime.ceiling) if terms.regime.agreed else (terms.regime.rate,)
            if terms.contract_rate is not None and not terms.regime.ceiling:
                continue  # the agreed rate rests on no published one
            references = {part.reference for part in parts if part and part.reference}
            today = company._dunning_today()
            if references and (found := rates._to_verify(company, min(*due, today), today, references)):
                reminder.unverified_rates_text = rates._names(found)
