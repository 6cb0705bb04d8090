from odoo import api, fields, models

DIGITS = (7, 4)


class ResPartner(models.Model):
    """What was agreed with a customer about late interest."""

    _inherit = "res.partner"

    dunning_interest_rate = fields.Float(
        "Agreed Interest Rate", digits=DIGITS, company_dependent=True,
        help="Percent per year, as the contract with this customer says; it comes before the rate of the payment term "
        "and of the company. For a consumer only if the consumer agreed to it. 0: none.",
    )  # fmt: skip
    dunning_law_id = fields.Many2one(
        "res.country", "Law of the Contract", company_dependent=True,
        help="The country whose law applies. Empty: that of the company; for consumers, that of their own country "
        "(Regulation (EC) 593/2008, art. 4 and 6).",
    )  # fmt: skip
    dunning_insolvency_date = fields.Date(
        "Insolvency Opened On", tracking=True, index="btree_not_null", copy=False,
        help="The day of the judgment that opened insolvency proceedings. What was owed before is not reminded any "
        "more (C. com. L622-7, L622-21); from that day on it bears no late interest (L622-28), and no indemnity if it "
        "falls due then (L441-10 II). What is owed for later deliveries is reminded and bears interest like any debt "
        "(L622-17).",
    )  # fmt: skip
    dunning_interest_words = fields.Char("Late Interest", compute="_compute_dunning_interest")
    dunning_interest_warning = fields.Char("Warning About the Rate", compute="_compute_dunning_interest")

    @api.model
    def _commercial_fields(self):
        """Have the contacts of a company share its insolvency."""
        return [*super()._commercial_fields(), "dunning_insolvency_date"]

    @api.depends("dunning_interest_rate", "dunning_law_id", "commercial_partner_id.dunning_status", "country_id")
    @api.depends_context("company", "lang")
    def _compute_dunning_interest(self):
        company = self.env.company.root_id.sudo()  # read by who may not see the rates themselves
        for partner in self:
            entity = partner.commercial_partner_id
            status = entity.dunning_status
            if not status:
                partner.dunning_interest_words = self.env._("Nothing is claimed: the customer has no status.")
                partner.dunning_interest_warning = False
                continue
            law = company._dunning_law_of(status, entity.country_id, entity.dunning_law_id)
            regime = company._dunning_regime(law, status)
            if regime:
                words, warning = company._dunning_interest_words(entity.dunning_interest_rate, regime, status)
            else:
                words, warning = self.env._("Nothing is claimed: no rule is known for this customer."), ""
            partner.dunning_interest_words, partner.dunning_interest_warning = words, warning

    @api.constrains("dunning_interest_rate")
    def _check_dunning_interest_rate(self):
        self.env["res.company"]._dunning_check_percent("dunning_interest_rate", self)

    def write(self, vals):
        """Look again at what depends on the customer: insolvency, how long claims live, late interest."""
        before = {}
        if "dunning_insolvency_date" in vals:
            before = {customer: customer.dunning_insolvency_date for customer in self}
        res = super().write(vals)
        changed = self.filtered(
            lambda partner: partner in before and partner.dunning_insolvency_date != before[partner]
            and partner.commercial_partner_id == partner  # contacts have no account
        )  # fmt: skip
        if changed:
            changed._dunning_insolvency_changed()
        accounts = self.env["dunning.account"].sudo()
        if {"dunning_status", "dunning_law_id", "country_id"} & vals.keys():
            accounts.search([("partner_id", "in", self.commercial_partner_id.ids)])._follow_now()
        if "country_id" in vals:  # its own law is that of many claims
            accounts._look_again_at_limitations(self.env["res.company"].sudo().search([("partner_id", "in", self.ids)]))
        if {
            "dunning_status", "dunning_interest_rate", "dunning_law_id", "dunning_insolvency_date", "country_id",
        } & vals.keys():  # fmt: skip
            accounts._penalties_changed_for(self)
        return res

    def _dunning_insolvency_changed(self):
        accounts = self.env["dunning.account"].sudo().search([("partner_id", "in", self.ids)])
        accounts._decide_again()
        for company, own in accounts.grouped("company_id").items():
            accounts._refresh_live(company, own.partner_id)
            accounts.env["dunning.insolvency"]._follow(company)
