from odoo import api, fields, models

from . import settled_queries


class DunningPenaltyWaiver(models.Model):
    """What the plan waives by itself, set-wise, from the reconciliations."""

    _inherit = "dunning.penalty.waiver"

    @api.model
    def _follow_payments(self, company, day):
        """Waive what was paid in time, and take back what is not paid any more."""
        rows = self.env.execute_query(settled_queries.no_longer_paid(self.env, company))
        gone = self.browse([waiver for (waiver,) in rows])
        for lang, own in gone.grouped(lambda waiver: waiver.company_id.partner_id.lang).items():
            told = own.with_context(lang=lang or self.env.lang)
            told._take_back(told.env._("The payment came back, or came too late after all"))
        self._tonight(gone)
        rows = self.env.execute_query(settled_queries.paid_in_time(self.env, company, day))
        if rows:
            self._waive_paid(company, rows, day)

    @api.model
    def _waive_paid(self, company, rows, day):
        """Make the waivers of ``(reminder, account, last day, items)`` that have something left to waive."""
        items = self.env["account.move.line"].browse({item for row in rows for item in row[3] if item})
        left = self.env["dunning.penalty"]._of_items(company, items.ids, day)
        words = self.with_context(lang=company.partner_id.lang or self.env.lang).env
        vals = []
        for reminder, account, last_day, own in rows:
            lines = [self._whole(item, left.pop(item, None)) for item in own]
            if any(line["interest_amount"] or line["indemnity_amount"] for line in lines):
                name = self.env["dunning.reminder"].browse(reminder).name
                vals.append({
                    "account_id": account, "date": day, "until": day, "paid_by": last_day, "reminder_id": reminder,
                    "line_ids": [fields.Command.create(line) for line in lines],
                    "reason": words._("All that %(reminder)s claimed was paid in time", reminder=name),
                })  # fmt: skip
        waivers = self.create(vals)
        waivers._tell_waived()
        self._tonight(waivers)

    @api.model
    def _tonight(self, waivers):
        """Have the same night compute what is left to claim of the accounts of these waivers."""
        for company, own in waivers.account_id.grouped("company_id").items():
            self.env["dunning.account"]._penalties_changed_for(own.partner_id, company)

    @api.model
    def _whole(self, item, penalty):
        """Return the line that waives all that is left of an item, whatever its late payments turn out to be.

        An item without penalties stands in the waiver too: they are taken back if its payment is.
        """
        return {
            "move_line_id": item, "to_come": bool(penalty and penalty.interest_left),
            "interest_amount": float(penalty.interest_left) if penalty else 0.0,
            "indemnity_amount": float(penalty.indemnity_left) if penalty else 0.0,
        }  # fmt: skip
