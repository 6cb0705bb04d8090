from odoo import api, fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    # Without the add-on such a contact is a contact like another.
    type = fields.Selection(selection_add=[("followup", "Payment Reminders")], ondelete={"followup": "set default"})
    dunning_plan_id = fields.Many2one(
        "dunning.plan", "Forced Reminder Plan", company_dependent=True, index="btree_not_null",
        help="Leave empty: the first plan whose customer filter fits is followed.",
    )  # fmt: skip
    dunning_account_ids = fields.One2many(
        "dunning.account", "partner_id", "Reminder Accounts",
        groups="relance_progressive.dunning_group_user,account.group_account_readonly",
    )  # fmt: skip

    # The label of a bank line may name a customer by its reference.
    _dunning_ref_idx = models.Index("(regexp_replace(upper(ref), '[^A-Z0-9]', '', 'g')) WHERE ref IS NOT NULL")

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        partners._dunning_follow_customers()
        return partners

    def write(self, vals):
        res = super().write(vals)
        if "customer_rank" in vals:
            self._dunning_follow_customers()
        if self._dunning_plan_fields() & vals.keys():
            self._dunning_choose_plan()
        return res

    @api.model
    def _dunning_plan_fields(self):
        """Name the fields whose change gives a customer another plan at once (the night run sees the others)."""
        return {"dunning_plan_id", "category_id", "is_company", "vat", "country_id"}

    def _dunning_follow_customers(self):
        """Give every customer an account in the present company, hence a plan."""
        customers = self.filtered(lambda partner: partner.customer_rank > 0)
        if customers:
            self.env["dunning.account"].sudo()._of_all(customers, self.env.company)

    def _dunning_choose_plan(self):
        accounts = self.env["dunning.account"].sudo().search([("partner_id", "in", self.commercial_partner_id.ids)])
        for company, own in accounts.grouped("company_id").items():
            self.env["dunning.plan"]._assign(company, own.ids)
        accounts.invalidate_recordset(["plan_id", "fingerprint"])
