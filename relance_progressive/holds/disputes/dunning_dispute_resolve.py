from datetime import timedelta

from markupsafe import Markup

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...core.plain.placeholders import BODY
from ...core.said.dispute import RESUME_DAYS


class DunningDisputeResolve(models.TransientModel):
    """What is decided on a dispute, and what the customer is told."""

    _name = "dunning.dispute.resolve"
    _inherit = ["dunning.pointing"]
    _description = "Answer to a Dispute"

    dispute_id = fields.Many2one("dunning.dispute", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one(related="dispute_id.currency_id")
    decision = fields.Selection(
        [("accepted", "The customer is right"), ("partly", "Partly right"), ("rejected", "The amount is due")],
        required=True, default="accepted",
    )  # fmt: skip
    line_ids = fields.One2many(
        "dunning.dispute.resolve.line", "resolve_id", "Accepted", compute="_compute_line_ids", store=True,
        readonly=False, precompute=True,
    )  # fmt: skip
    days = fields.Integer("Days Before the Next Reminder", default=RESUME_DAYS)
    held_until = fields.Date("Not Reminded Until", compute="_compute_held_until")
    send = fields.Boolean("Tell the Customer", compute="_compute_send", store=True, readonly=False, precompute=True)
    contact_id = fields.Many2one(
        "res.partner", "To", compute="_compute_contact_id", store=True, readonly=False, precompute=True
    )
    subject = fields.Char(compute="_compute_text", store=True, readonly=False, precompute=True)
    body = fields.Html("Message", compute="_compute_text", store=True, readonly=False, precompute=True)

    @api.depends("dispute_id")
    def _compute_line_ids(self):
        for wizard in self:
            wizard.line_ids = [Command.clear()] + [
                Command.create({"line_id": line.id, "amount": line.amount_open}) for line in wizard.dispute_id.line_ids
            ]

    @api.depends("days")
    def _compute_held_until(self):
        for wizard in self:
            today = wizard.dispute_id.company_id._dunning_today()
            wizard.held_until = today + timedelta(days=max(0, wizard.days))

    @api.depends("decision")
    def _compute_send(self):
        for wizard in self:
            wizard.send = wizard.decision in ("partly", "rejected")

    @api.depends("dispute_id")
    def _compute_contact_id(self):
        for wizard in self:
            dispute = wizard.dispute_id
            addresses = dispute.partner_id.address_get(["followup", "invoice"])
            other = addresses.get("followup") or addresses.get("invoice")
            wizard.contact_id = dispute.contact_id or self.env["res.partner"].browse(other)

    @api.depends("decision", "days", "dispute_id")
    def _compute_text(self):
        template = self.env.ref("relance_progressive.dispute_rejected_template", raise_if_not_found=False)
        for wizard in self:
            wizard.subject = wizard.body = False
            if template and wizard.dispute_id and wizard.decision != "accepted":
                lang = wizard.dispute_id.lang or self.env.lang
                resume = format_date(self.env, wizard.held_until + timedelta(days=1), lang_code=lang)
                made = template.sudo().with_context(dunning_resume=resume, dunning_decision=wizard.decision)
                texts = made._generate_template(wizard.dispute_id.ids, ("subject", "body_html"))[wizard.dispute_id.id]
                wizard.subject, wizard.body = texts["subject"], texts["body_html"]

    # === BUTTONS === #

    def action_save(self):
        """Record the decision; show the credit notes that it makes."""
        dispute = self.dispute_id
        dispute.check_access("write")
        told = self._told()
        if self.decision == "rejected":
            dispute._set_state("rejected", held_until=self.held_until, answer=told)
        else:
            self._accept(told)
        if told:
            self._tell(told)
        notes = dispute.line_ids.credit_note_id
        return dispute.action_open_credit_notes() if notes else {"type": "ir.actions.act_window_close"}

    def _accept(self, told):
        """Accept all or a part: a draft credit note is prepared for it, the rest is claimed again after a delay."""
        dispute = self.dispute_id
        own = self.line_ids.filtered(lambda line: line.line_id in dispute.line_ids)
        accepted = {line.line_id: self._checked(line) for line in own}
        if not any(accepted.values()):
            raise UserError(self.env._("Nothing is accepted: reject the dispute instead."))
        whole = all(not line.currency_id.compare_amounts(line.amount_open, accepted.get(line, 0.0))
                    for line in dispute.line_ids)  # fmt: skip
        for line, amount in accepted.items():
            line.sudo().amount_accepted = amount
        state, until = ("accepted", False) if whole else ("partly", self.held_until)
        dispute._set_state(state, held_until=until, answer=told)
        dispute._make_credit_notes()

    def _checked(self, line):
        """Return what is accepted of a line.

        :raise UserError: if it is more than what is contested
        """
        amount = line.line_id.amount_open if self.decision == "accepted" else line.amount
        if amount < 0 or line.currency_id.compare_amounts(amount, line.line_id.amount_open) > 0:
            raise UserError(self.env._("%(invoice)s: no more can be accepted than is contested.",
                                       invoice=line.line_id.move_name))  # fmt: skip
        return amount

    def _told(self):
        """Return what the customer is told, empty if nothing.

        :raise UserError: if there is nobody to tell
        """
        if self.decision == "accepted" or not self.send:
            return False
        if not self.contact_id.email:
            raise UserError(self.env._(
                "%(contact)s has no e-mail address: choose someone else, or tell the customer by another way.",
                contact=self.contact_id.display_name or self.dispute_id.partner_id.display_name,
            ))  # fmt: skip
        reminders = self.env["dunning.reminder"]
        for text in (self.subject, str(self.body or "")):
            if problem := reminders._placeholder_problem(self.dispute_id.name, text, BODY, own=True):
                raise UserError(problem)
        return self.body

    def _tell(self, body):
        """Send the answer, which stays in the thread of the dispute."""
        dispute = self.dispute_id
        own = dispute.with_context(lang=dispute.lang or self.env.lang)
        foot = Markup("<p><small>%s</small></p>") % own.env["dunning.frame"]._who_writes(own.company_id)
        dispute.message_post(
            # An Html field: sanitized when it was saved.
            body=Markup(body) + foot,  # noqa: S704
            subject=self.subject, partner_ids=self.contact_id.ids, message_type="comment",
            subtype_xmlid="mail.mt_note", email_layout_xmlid="mail.mail_notification_light",
        )  # fmt: skip


class DunningDisputeResolveLine(models.TransientModel):
    _name = "dunning.dispute.resolve.line"
    _inherit = ["dunning.pointing"]
    _description = "Accepted Amount of a Contested Invoice"

    resolve_id = fields.Many2one("dunning.dispute.resolve", required=True, ondelete="cascade")
    line_id = fields.Many2one("dunning.dispute.line", required=True, readonly=True, ondelete="cascade")
    move_name = fields.Char(related="line_id.move_name")
    currency_id = fields.Many2one(related="line_id.currency_id")
    contested = fields.Monetary(related="line_id.amount_open", string="Contested")
    amount = fields.Monetary("Accepted")
