from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..core.decision import status
from ..settings.internal import READERS

STATUSES = [
    ("professional", "Professional"),
    ("consumer", "Consumer"),
    ("non_professional", "Non-professional"),
    ("public", "Public body"),
]


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
        groups=READERS,
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
        return {
            "dunning_plan_id", "category_id", "is_company", "vat", "country_id", "company_registry", "dunning_status",
        }  # fmt: skip

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

    # === WHAT THE CUSTOMER FORM SHOWS OF THE CUSTOMER'S ACCOUNT IN THE PRESENT COMPANY === #

    dunning_account_id = fields.Many2one(
        "dunning.account", "Reminder Account", compute="_compute_dunning_account_id", groups=READERS
    )
    dunning_headline = fields.Char("Reminders in Short", compute="_compute_dunning_account_id", groups=READERS)
    dunning_reason_text = fields.Char("Why", compute="_compute_dunning_account_id", groups=READERS)
    dunning_next_step = fields.Char("What Comes Next", compute="_compute_dunning_account_id", groups=READERS)
    dunning_level_id = fields.Many2one(
        "dunning.level", "Reminder Level Reached", compute="_compute_dunning_account_id", groups=READERS
    )

    @api.depends("commercial_partner_id", "dunning_account_ids")
    @api.depends_context("company", "lang")
    def _compute_dunning_account_id(self):
        accounts = self.env["dunning.account"].search([
            ("company_id", "=", self.env.company.root_id.id),
            ("partner_id", "in", self.commercial_partner_id.ids),
        ])  # fmt: skip
        by_customer = accounts.grouped("partner_id")
        for partner in self:
            account = by_customer.get(partner.commercial_partner_id, accounts[:0])
            partner.dunning_account_id = account
            partner.dunning_headline = account.headline
            partner.dunning_reason_text = account.reason_text
            partner.dunning_next_step = account.next_step
            partner.dunning_level_id = account.level_id

    def action_dunning_account(self):
        """Show the account of the customer."""
        self.ensure_one()
        return self.dunning_account_id.get_formview_action()

    # === WHAT KIND OF CUSTOMER THIS IS: IT DECIDES WHAT THE LAW GIVES TO WHOEVER IS PAID LATE === #

    # C. conso. art. liminaire: a consumer is a natural person outside any trade, a non-professional a legal person
    # that acts for no business. Nothing guesses it: it is proposed, and a person says so.

    dunning_status = fields.Selection(
        STATUSES, "Customer Status", tracking=True, index="btree_not_null",
        help="What the law gives depends on it. Professional: late interest and a fixed indemnity from the first day "
        "(C. com. L441-10). Consumer: interest from a formal notice on, never an indemnity nor a fee (C. civ. 1231-6, "
        "CPCE L111-8). Non-professional, a legal person that acts for no business such as an association or "
        "co-owners: treated as a consumer. Public body: the rules of public procurement (CCP L2192-13). Empty, "
        "nothing is claimed for being late.",
    )  # fmt: skip
    dunning_status_proposed = fields.Selection(STATUSES, "Proposed Status", compute="_compute_dunning_status_proposed")
    dunning_status_why = fields.Char("Why This Status", compute="_compute_dunning_status_proposed")

    @api.model
    def _commercial_fields(self):
        """Have the contacts of a company share its status."""
        return [*super()._commercial_fields(), "dunning_status"]

    # === PROPOSAL === #

    @api.depends(
        "commercial_partner_id.is_company", "commercial_partner_id.vat", "commercial_partner_id.company_registry",
        "commercial_partner_id.country_id", "commercial_partner_id.name",
    )  # fmt: skip
    @api.depends_context("lang")
    def _compute_dunning_status_proposed(self):
        for partner in self:
            entity = partner.commercial_partner_id
            proposal = status.propose(
                entity.is_company, entity.vat or "", entity.company_registry or "", entity.name or "",
                french=(entity.country_id.code or "FR") == "FR",
            )  # fmt: skip
            partner.dunning_status_proposed = proposal.status or False
            partner.dunning_status_why = self._dunning_status_words(proposal)

    @api.model
    def _dunning_status_words(self, proposal):
        """Return why a status is proposed, or why somebody has to ask."""
        return {
            "rna": self.env._("Number %(number)s of the register of associations.", number=proposal.number),
            "public_siren": self.env._(
                "SIREN %(number)s: those that begin with 1 or 2 are public bodies.", number=proposal.number
            ),
            "vat": self.env._("VAT number %(number)s.", number=proposal.number),
            "registry": self.env._("Registration number %(number)s.", number=proposal.number),
            "person_without_number": self.env._("A person without a VAT or registration number."),
            "doubtful_name": self.env._(
                "It has the number %(number)s, but its name is that of an association, co-owners or the like, which "
                "may act for no business. Ask.",
                number=proposal.number,
            ),
            "unreadable_number": self.env._("“%(number)s” is no valid number. Ask.", number=proposal.number),
            "company_without_number": self.env._(
                "A company without a VAT or registration number: it may be an association or a public body. Ask."
            ),
        }[proposal.reason]

    def action_dunning_accept_status(self):
        """Give these customers the status that is proposed; those that have one, or without proposal, are left alone.

        :raise UserError: if nothing is proposed for any of them
        """
        customers = self.commercial_partner_id.filtered(
            lambda partner: not partner.dunning_status and partner.dunning_status_proposed
        )
        if not customers:
            raise UserError(self.env._("Nothing is proposed for these customers: choose their status yourself."))
        for proposed, same in customers.grouped("dunning_status_proposed").items():
            same.dunning_status = proposed

    @api.model
    def _dunning_domain_without_status(self, companies):
        """Return the customers who owe something to these main companies and have no status."""
        owing = Domain("company_id", "in", companies.ids) & Domain("amount_due", ">", 0)
        return Domain("dunning_status", "=", False) & Domain("dunning_account_ids", "any", owing)

    @api.model
    def _dunning_alerts_of_status(self, companies):
        """Say to a manager how many customers nothing can be claimed from, as long as nobody knows who they are."""
        if not self.env.user.has_group("relance_progressive.dunning_group_manager"):
            return []
        count = self.search_count(self._dunning_domain_without_status(companies))
        return [self.env._(
            "Customers who owe something and have no status: %(count)s. No interest and no indemnity is "
            "claimed from them. Give them one in “Customers Without a Status”.", count=count,
        )] if count else []  # fmt: skip
