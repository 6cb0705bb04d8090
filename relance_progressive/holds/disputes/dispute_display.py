from odoo import api, fields, models
from odoo.tools import format_amount, format_date

from . import queries


class DunningDispute(models.Model):
    """What a person reads of a dispute."""

    _inherit = "dunning.dispute"

    lang = fields.Char(compute="_compute_lang")
    late = fields.Boolean(compute="_compute_late")
    sentence = fields.Char("In Short", compute="_compute_sentence")
    invoice_names = fields.Char("Contested Invoices", compute="_compute_invoice_names", compute_sudo=True)
    amount_text = fields.Char(compute="_compute_texts", compute_sudo=True)
    company_name = fields.Char(related="company_id.name", string="Company Name")
    contact_name = fields.Char(related="contact_id.name", string="Contact Name")
    credit_note_count = fields.Integer(compute="_compute_credit_notes", compute_sudo=True)
    credit_note_missing = fields.Boolean(compute="_compute_credit_notes", compute_sudo=True)

    @api.depends("contact_id.lang", "partner_id.lang")
    def _compute_lang(self):
        for dispute in self:
            dispute.lang = dispute.contact_id.lang or dispute.partner_id.lang

    @api.depends("state", "target_date")
    def _compute_late(self):
        for dispute in self:
            today = dispute.company_id._dunning_today()
            dispute.late = dispute.state == "open" and bool(dispute.target_date) and dispute.target_date < today

    @api.depends("line_ids.move_name")
    def _compute_invoice_names(self):
        for dispute in self:
            dispute.invoice_names = ", ".join(dict.fromkeys(filter(None, dispute.line_ids.mapped("move_name"))))

    @api.depends("line_ids.amount")
    @api.depends_context("lang")
    def _compute_texts(self):
        for dispute in self:
            dispute.amount_text = dispute._amounts_in_words("amount")

    def _amounts_in_words(self, name):
        """Return the total of a field of the lines, in the currencies of their invoices."""
        totals = {}
        for line in self.line_ids:
            totals[line.currency_id] = totals.get(line.currency_id, 0.0) + line[name]
        return " + ".join(format_amount(self.env, amount, currency) for currency, amount in totals.items())

    @api.depends("line_ids.credit_note_id", "line_ids.amount_accepted", "state")
    def _compute_credit_notes(self):
        for dispute in self:
            dispute.credit_note_count = len(dispute.line_ids.credit_note_id)
            dispute.credit_note_missing = dispute.state in ("accepted", "partly") and any(
                line.amount_accepted and not line.credit_note_id and line.move_id.is_invoice()
                for line in dispute.line_ids
            )

    @api.depends("state", "line_ids.amount_open", "reason_id", "held_until")
    @api.depends_context("lang")
    def _compute_sentence(self):
        for dispute in self:
            dispute.sentence = dispute._in_words()

    def _in_words(self):
        """Return what a dispute holds, and why, in a few words."""
        reason = self.reason_id.name.lower() if self.reason_id else ""
        if self.state == "open":
            amount = self.sudo()._amounts_in_words("amount_open")
            return self.env._("Contested: %(reason)s, %(amount)s", reason=reason, amount=amount)
        if self.state in ("accepted", "partly"):
            if not any(self.sudo().line_ids.mapped("amount_open")):
                return self.env._("Accepted (%(reason)s): nothing is left to credit", reason=reason)
            amount = self.sudo()._amounts_in_words("amount_open")
            return self.env._("Accepted (%(reason)s): credit note of %(amount)s to come", reason=reason, amount=amount)
        if self.state == "rejected" and self.held_until:
            day = format_date(self.env, self.held_until)
            return self.env._("Dispute rejected (%(reason)s): not reminded until %(day)s", reason=reason, day=day)
        return dict(self._fields["state"]._description_selection(self.env))[self.state]

    @api.depends("partner_id", "reason_id", "name")
    def _compute_display_name(self):
        for dispute in self:
            dispute.display_name = f"{dispute.name or ''} {dispute.partner_id.name or ''}".strip()

    def _read_group_select(self, aggregate_spec, query):
        """Leave out of the average days those that nobody has answered yet: they would count for nothing."""
        select = super()._read_group_select(aggregate_spec, query)
        if aggregate_spec == "days_to_resolution:avg":
            return queries.of_answered(select, self._field_to_sql(self._table, "resolved_on", query))
        return select

    def action_open_account(self):
        """Show the account of the customer."""
        self.ensure_one()
        return self.account_id.get_formview_action()
