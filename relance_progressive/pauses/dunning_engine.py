from datetime import date

from odoo import api, fields, models

from ..core import reasons


class DunningEngine(models.AbstractModel):
    """What pauses and careful customers change: nothing is decided here, it is held or asked for."""

    _inherit = "dunning.engine"

    @api.model
    @api.private
    def run(self, date=None, company=None):
        """Also tell which companies are paused as a whole: ``paused`` is ``{company id: why}``."""
        report = super().run(date=date, company=company)
        days = {root: fields.Date.to_date(date) or root._dunning_today() for root in self._companies(company)}
        pauses = {root.id: root._dunning_pauses(day)[:1] for root, day in days.items()}
        report["paused"] = {company_id: pause.sentence for company_id, pause in pauses.items() if pause}
        return report

    def _begin(self, company, day):
        """Also tell what was excluded in Odoo by an import or another way that leaves no trace."""
        self.env["dunning.pause"]._follow_odoo(company)
        return super()._begin(company, day)

    def _verdict(self, reminder, decision):
        """Keep what is ready until a pause of the whole company ends; it is decided again then."""
        verdict = super()._verdict(reminder, decision)
        if verdict != "cancelled" or not decision:
            return verdict
        held = [reason for reason in decision.reasons if reason.code == reasons.HOLD_PREFIX + "pause"]
        # The first pause of this account to end: one of the company holds as long, unless it is over.
        paused = held and reminder.company_id._dunning_pauses(held[0].until or date.max)
        return "waiting" if paused else verdict

    def _policy_for(self, company, partners):
        """Also ask for an approval above the stage of a customer not to lose."""
        usual = super()._policy_for(company, partners)
        stages, careful = self.env["dunning.account"]._careful_stages(company, partners), {}

        def policy_for(partner, policy):
            policy, stage = usual(partner, policy), stages.get(partner)
            if not policy or not stage:
                return policy
            key = (id(policy), stage)
            if key not in careful:  # one policy for each: the core makes each ready once
                careful[key] = policy.asking_above(stage)
            return careful[key]

        return policy_for
