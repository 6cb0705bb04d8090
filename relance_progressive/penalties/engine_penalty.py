from odoo import models


class DunningEngine(models.AbstractModel):
    """Penalties follow the debts: computed after a decision, which they never enter, frozen when a message leaves."""

    _inherit = "dunning.engine"

    def _run_company(self, company, day):
        """Also compute again the penalties of the others where a rate, a notice or a status has changed."""
        done = super()._run_company(company, day)
        if done["complete"]:
            done["complete"] = self._run_penalties(company, day)
        return done

    def _run_penalties(self, company, day):
        """Compute stale penalties; return whether all of them were done."""
        accounts = self.env["dunning.account"]
        todo = self._retrying(lambda: accounts._stale_penalties(company, day))
        return self._by_batches(todo, lambda batch: accounts._store_penalties(company, batch, day))

    def _hand_over(self, reminders, day, journal):
        """Freeze what the messages say of penalties for the day on which they leave."""
        return super()._hand_over(reminders._freeze_penalties(day), day, journal)
