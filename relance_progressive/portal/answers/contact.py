from odoo import api, fields, models
from odoo.exceptions import UserError

FIELDS = {"person": "name", "email": "email", "phone": "phone"}  # what is typed, and where it belongs


class DunningPortalContact(models.TransientModel):
    """Contact data that a customer corrected, next to those that we have: a person looks, then takes them over.

    Never by itself: who has a link could else have the next message sent elsewhere. All of it is read as the person
    who looks: an answer or a contact that he may not see shows nothing here either.
    """

    _name = "dunning.portal.contact"
    _inherit = ["dunning.pointing"]
    _description = "Apply Corrected Contact Data"

    answer_id = fields.Many2one("dunning.portal.answer", required=True, readonly=True, ondelete="cascade")
    partner_id = fields.Many2one(related="answer_id.partner_id", related_sudo=False)
    words = fields.Text(related="answer_id.words", related_sudo=False)
    contact_id = fields.Many2one(
        "res.partner", compute="_compute_contact_id", store=True, readonly=False, precompute=True, compute_sudo=False,
        domain="[('commercial_partner_id', '=', partner_id)]", help="Empty: a new reminder contact of the customer.",
    )  # fmt: skip
    old_name = fields.Char("Name Now", related="contact_id.name", related_sudo=False)
    old_email = fields.Char("E-mail Now", related="contact_id.email", related_sudo=False)
    old_phone = fields.Char("Phone Now", related="contact_id.phone", related_sudo=False)
    new_name = fields.Char(compute="_compute_new", compute_sudo=False, store=True, readonly=False, precompute=True)
    new_email = fields.Char(
        "New E-mail", compute="_compute_new", compute_sudo=False, store=True, readonly=False, precompute=True
    )
    new_phone = fields.Char(compute="_compute_new", compute_sudo=False, store=True, readonly=False, precompute=True)

    @api.depends("answer_id")
    def _compute_contact_id(self):
        """Propose the contact of that name or address; without a name, the one who receives the reminders."""
        for wizard in self:
            wizard.contact_id = wizard._known() or (not wizard._typed("person") and wizard._receiver())

    def _typed(self, name):
        return (self.answer_id.typed or {}).get(name) or ""

    def _known(self):
        contacts = self.env["res.partner"].search([("commercial_partner_id", "=", self.partner_id.id)])
        person, email = self._typed("person").casefold(), self._typed("email")
        return (
            contacts.filtered(lambda one: person and (one.name or "").casefold() == person)[:1]
            or contacts.filtered(lambda one: email and one.email_normalized == email)[:1]
        )

    def _receiver(self):
        answer = self.answer_id.sudo()
        target = answer.env["dunning.channel"]._target(
            key=answer.id, partner_id=answer.partner_id.id, company_id=answer.company_id.id, stage="friendly"
        )
        contact_id = answer.env["dunning.channel.email"]._recipients([target])[answer.id].contact_id
        return self.env["res.partner"].browse(contact_id) if contact_id else self.answer_id.partner_id

    @api.depends("answer_id", "contact_id")
    def _compute_new(self):
        for wizard in self:
            for name, field in FIELDS.items():
                old, new = wizard.contact_id[field], wizard._typed(name)
                wizard[f"new_{field}"] = old if not new or new.casefold() == (old or "").casefold() else new

    def action_apply(self):
        """Write the new values on the contact; the customer is told where we wrote to him so far."""
        self.ensure_one()
        self.answer_id.account_id.check_access("write")
        if self.contact_id and self.contact_id.commercial_partner_id != self.partner_id:
            raise UserError(self.env._("This is no contact of the customer."))
        values = {field: (self[f"new_{field}"] or "").strip() for field in FIELDS.values()}
        changed = {field: new for field, new in values.items() if new != (self.contact_id[field] or "")}
        if not changed:
            raise UserError(self.env._("Nothing changes: the contact has these data already."))
        if not values["name"]:
            raise UserError(self.env._("A contact needs a name."))
        self.answer_id._decide("done")
        labels = self.env["res.partner"].fields_get(list(changed), ["string"])
        contact = self.contact_id
        told = ", ".join(
            f"{labels[field]['string']}: {contact[field] or '-'} → {new or '-'}" for field, new in changed.items()
        )
        if contact:
            contact.write(changed)
        else:
            contact = contact.create(changed | {"parent_id": self.partner_id.id, "type": "followup"})
        contact._message_log(body=self.env._(
            "Corrected by the customer (%(answer)s): %(changes)s", answer=self.answer_id.name, changes=told
        ))  # fmt: skip
        return {"type": "ir.actions.act_window_close"}
