from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from . import settled_queries

LOOK_BACK_YEARS = 5  # late payments older than this are barred by time between professionals (C. com. L110-4)


class DunningAccount(models.Model):
    """What lateness has cost a customer: waived, or invoiced."""

    _inherit = "dunning.account"

    penalty_waiver_ids = fields.One2many("dunning.penalty.waiver", "account_id", "Waived Penalties", readonly=True)
    penalty_line_ids = fields.One2many("dunning.penalty.line", "account_id", "Invoiced Penalties", readonly=True)
    penalty_invoice_count = fields.Integer("Penalty Invoices", compute="_compute_penalty_invoice_count")

    @api.depends("penalty_line_ids.move_id")
    def _compute_penalty_invoice_count(self):
        counts = dict(self.env["dunning.penalty.line"]._read_group(
            [("account_id", "in", self.ids)], ["account_id"], ["move_id:count_distinct"]
        ))  # fmt: skip
        for account in self:
            account.penalty_invoice_count = counts.get(account._origin, 0)

    def _penalties_of(self, until, items=None):
        """Return ``{item id: Penalty}`` of all that was late, what is settled by now included.

        :param until: the last day of interest
        :param items: those that are meant, all by default; items of other customers are left out
        """
        since, found = until - relativedelta(years=LOOK_BACK_YEARS), {}
        for company, own in self.grouped("company_id").items():
            accounts, companies = self.env["dunning.account"].sudo()._scope(company)
            rows = self.env.execute_query(settled_queries.late_items(
                self.env, accounts, companies, own.partner_id.ids, since, until
            ))  # fmt: skip
            wanted = [id_ for (id_,) in rows if items is None or id_ in items._ids]
            found |= self.env["dunning.penalty"].sudo()._of_items(company, wanted, until)
        return found

    def _penalties_left(self, until, items=None):
        """Return the same of those that something can be claimed of."""
        return {
            item: penalty
            for item, penalty in self._penalties_of(until, items).items()
            if penalty.interest_left > 0 or penalty.indemnity_left > 0
        }

    # === BUTTONS === #

    def action_waive_penalties(self):
        """Ask which penalties of this account are waived."""
        self.ensure_one()
        return self.env["dunning.penalty.waive"]._open(self)

    def action_invoice_penalties(self):
        """Ask which penalties of these accounts are invoiced."""
        return self.env["dunning.penalty.invoice"]._open(self)

    def action_open_penalty_invoices(self):
        """Show the penalty invoices of this account."""
        self.ensure_one()
        return self.penalty_line_ids.move_id._dunning_open(self.env._("Penalty Invoices"))
