from odoo import api, models

from . import queries

# Which stages a reminder contact is for.
STAGES = {
    "all": {"pre_due", "friendly", "firm", "formal_notice"},
    "early": {"pre_due", "friendly"},
    "late": {"firm", "formal_notice"},
    "notice": {"formal_notice"},
}


class DunningChannel(models.AbstractModel):
    """Who of a customer's contacts a message is for."""

    _inherit = "dunning.channel"

    @api.model
    def _contacts_of(self, targets):
        """Return ``{key: [group of contacts]}`` for targets: the contacts of the first group are asked first.

        The groups: reminder contacts meant for this very stage, reminder contacts for all stages, invoice
        contacts, the customer itself. A contact is a dict with the columns of ``queries.contacts``.
        """
        by_customer = self._rows_by_customer(targets)
        return {target.key: _groups(by_customer.get(target.partner_id, []), target.stage) for target in targets}

    @api.model
    def _copies_of(self, targets):
        """Return ``{key: [contact]}``: those who receive a copy."""
        by_customer = self._rows_by_customer(targets)
        return {
            target.key: [
                row for row in by_customer.get(target.partner_id, [])
                if _is_reminder_contact(row, target.stage) and row["dunning_role"] == "copy"
            ]
            for target in targets
        }  # fmt: skip

    @api.model
    def _offices_of(self, targets):
        """Return ``{key: [contact]}``: where letters go, in order: the registered office first for a formal notice."""
        by_customer = self._rows_by_customer(targets)
        result = {}
        for target in targets:
            rows = by_customer.get(target.partner_id, [])
            customer = [row for row in rows if row["kind"] == "customer"]
            if target.stage == "formal_notice":
                result[target.key] = [row for row in rows if row["office"]] + customer
            else:
                others = [row for group in _groups(rows, target.stage) for row in group if not row["office"]]
                result[target.key] = [row for row in others if row["street"]] or customer
        return result

    def _rows_by_customer(self, targets):
        customers = {target.partner_id for target in targets}
        by_customer = {}
        for row in self.env.execute_query_dict(queries.contacts(self.env, customers)) if customers else []:
            by_customer.setdefault(row["customer_id"], []).append(row)
        return by_customer


def _is_reminder_contact(row, stage):
    return row["kind"] == "followup" and stage in STAGES[row["dunning_stages"] or "all"]


def _groups(rows, stage):
    """Return the contacts of one customer in groups, those to ask first at the beginning."""
    chosen = [row for row in rows if _is_reminder_contact(row, stage) and row["dunning_role"] != "copy"]
    groups = [
        [row for row in chosen if (row["dunning_stages"] or "all") != "all"],
        [row for row in chosen if (row["dunning_stages"] or "all") == "all"],
        [row for row in rows if row["kind"] == "invoice"],
        [row for row in rows if row["kind"] == "customer"],
    ]
    return [group for group in groups if group]
