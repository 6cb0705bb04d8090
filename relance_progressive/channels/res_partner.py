from odoo import api, fields, models


class ResPartner(models.Model):
    """Who receives reminders, and what happens when an address changes: what failed for want of it can leave."""

    _inherit = "res.partner"

    dunning_stages = fields.Selection(
        [
            ("all", "All reminders"),
            ("early", "The first ones, before they get firm"),
            ("late", "The firm ones and the formal notice"),
            ("notice", "The formal notice only"),
        ],
        "For Which Reminders", default="all",
    )  # fmt: skip
    dunning_role = fields.Selection(
        [("to", "Receives them"), ("copy", "In copy")], "As", default="to",
        help="Of several contacts who receive the same reminders, each e-mail goes to all of them.",
    )  # fmt: skip
    dunning_office = fields.Boolean(
        "Registered Office", help="Formal notices by post go to this address instead of the company's own."
    )

    dunning_contact_ids = fields.One2many(
        "res.partner", "parent_id", "Reminder Contacts", domain=[("type", "=", "followup")]
    )

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        names = self._dunning_contact_fields()
        filled = {
            name: children
            for name in names
            if (children := partners.filtered(lambda partner, name=name: partner.parent_id and partner[name]))
        }
        for name, children in filled.items():
            children._dunning_address_changed({name})
        return partners

    def write(self, vals):
        names = self._dunning_contact_fields() & vals.keys()
        if not names:
            return super().write(vals)
        before = {partner: {name: partner[name] for name in names} for partner in self}
        res = super().write(vals)
        changed = self.filtered(lambda partner: any(partner[name] != before[partner][name] for name in names))
        if "email" in names:
            # The counter of bounces is about the address, and that is another one now.
            new_address = changed.filtered(lambda partner: partner.email != before[partner]["email"])
            new_address.filtered("message_bounce").sudo().message_bounce = 0
        changed._dunning_address_changed(names)
        return res

    @api.model
    def _dunning_contact_fields(self):
        """Name the fields that reaching a customer depends on, over any channel."""
        codes = self.env["dunning.level.channel"]._fields["channel"].get_values(self.env)
        own = {"type", "active", "dunning_stages", "dunning_role", "dunning_office"}
        return own.union(*(self.env["dunning.channel"]._of(code)._contact_fields for code in codes))

    def _dunning_address_changed(self, names):
        failed = self.env["dunning.reminder"].sudo().search([
            ("partner_id", "in", self.commercial_partner_id.ids), ("state", "=", "failed"),
        ])  # fmt: skip
        failed._address_found(names)
