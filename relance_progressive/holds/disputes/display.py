from odoo import api, fields, models
from odoo.tools import format_amount, format_date, plaintext2html

from . import queries

TO_DO = "mail.mail_activity_data_todo"


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

    # Who answers a dispute, and how this person and the one in charge of the customer hear of it.

    def _owner(self):
        """Return who answers: the person of the reason, the salesperson, else the person in charge."""
        reason = self.reason_id.with_company(self.company_id)
        company = self.company_id
        if company._dunning_works_here(reason.user_id):
            return reason.user_id
        if reason.owner_kind == "sales":
            seller = self.line_ids.move_id.invoice_user_id[:1] or self.partner_id.user_id
            if company._dunning_works_here(seller):
                return seller
        return self._person_in_charge() or self.env.user

    def _person_in_charge(self):
        return self.account_id._person_in_charge() if self.account_id else self.env["res.users"]

    def _tell_people(self):
        """Give the owner something to do, and tell the person in charge of the customer."""
        for dispute in self:
            dispute._follow_owner()
            person = dispute._person_in_charge()
            if person and person not in (dispute.user_id, self.env.user):
                words = dispute.with_context(lang=person.lang or self.env.lang)
                dispute.message_notify(
                    partner_ids=person.partner_id.ids,
                    subject=words.env._("%(customer)s contests an invoice", customer=dispute.partner_id.name),
                    body=words._in_words(),
                    author_id=self.env.user.partner_id.id,
                )

    def _follow_owner(self):
        """Have the owner of each open dispute, and no one else, find it among the activities, with its day."""
        for dispute in self.filtered(lambda dispute: dispute.state == "open"):
            activities = dispute._own_activities()
            owner = dispute.company_id._dunning_person(dispute.user_id, dispute.account_id.user_id) or self.env.user
            if activities:
                activities.write({"user_id": owner.id, "date_deadline": dispute.target_date or dispute.opened_on})
                continue
            words = dispute.with_context(lang=owner.lang or self.env.lang)
            dispute.activity_schedule(
                TO_DO, dispute.target_date or dispute.opened_on, user_id=owner.id, automated=True,
                summary=words.env._("Answer the dispute of %(customer)s", customer=dispute.partner_id.name),
                note=plaintext2html(dispute.statement) if dispute.statement else False,
            )  # fmt: skip

    def _own_activities(self):
        return self.env["mail.activity"].search([
            ("res_model", "=", self._name), ("res_id", "in", self.ids), ("automated", "=", True),
        ])  # fmt: skip

    def _end_activities(self, words):
        """Close what the owners had to do."""
        activities = self._own_activities()
        if activities:
            activities.action_feedback(feedback=words)
