from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

KINDS = [
    ("acknowledgement", "Acknowledgement by the customer"),
    ("part_payment", "Part payment"),
    ("court_claim", "Claim in court"),
    ("declaration", "Claim declared in insolvency proceedings"),
    ("order_served", "Order for payment served"),
    ("enforcement", "Protective or enforcement measure"),
    ("title", "Enforceable title"),
    ("written_claim", "Written claim to a public body"),
    ("mediation", "Mediation"),
    ("conciliation", "Conciliation"),
    ("small_claim", "Small claims, the customer agreed to the procedure"),
]


class DunningInterruption(models.Model):
    """What interrupts or suspends the limitation of claims, as people record it, with the document that shows it.

    Part payments that are in the books are taken from there. A reminder or a formal notice is none of these
    (Cass. com. 18/05/2022, 20-23.204). What was recorded is not altered: a wrong one is struck out.
    """

    _name = "dunning.interruption"
    _inherit = ["dunning.guarded", "mail.thread", "dunning.pointing"]
    _description = "Interruption of a Limitation"
    _order = "day DESC, id DESC"
    _rec_name = "kind"
    _check_company_auto = True

    account_id = fields.Many2one(
        "dunning.account", required=True, index=True, ondelete="restrict", people="create"
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True, index=True, precompute=True)
    partner_id = fields.Many2one(
        string="Customer", related="account_id.partner_id", store=True, index=True, precompute=True
    )
    item_ids = fields.Many2many(
        "account.move.line", "dunning_interruption_item", "interruption_id", "line_id", "Invoices", required=True,
        people="create",
    )  # fmt: skip
    open_line_ids = fields.Many2many("account.move.line", compute="_compute_open_line_ids")
    kind = fields.Selection(KINDS, "What Happened", required=True, tracking=True, people="create")
    day = fields.Date(
        required=True, default=lambda self: self.env.company._dunning_today(), tracking=True, people="create"
    )
    until = fields.Date(
        "Over Since", tracking=True, people=True,
        help="The end of the proceedings, or of the suspension; empty while it lasts.",
    )  # fmt: skip
    void = fields.Boolean(
        "Without Effect", tracking=True, people=True,
        help="Withdrawn, lapsed or finally dismissed: as if it had never been (C. civ. 2243).",
    )  # fmt: skip
    words = fields.Char(
        "In Words", required=True, tracking=True, people=True, help="What a judge would be told.", erased="account_id"
    )
    attachment_ids = fields.Many2many("ir.attachment", string="Documents", people=True, proof="account_id")
    user_id = fields.Many2one(
        "res.users", "Recorded By", readonly=True, default=lambda self: self.env.user, ondelete="set null"
    )
    struck = fields.Boolean("Struck Out", readonly=True, tracking=True)

    _ends_after_it_began = models.Constraint("CHECK (until >= day)", "It cannot end before it begins.")

    @api.depends("account_id")
    def _compute_open_line_ids(self):
        for event in self:
            event.open_line_ids = event.account_id.move_line_ids.filtered(lambda line: line.amount_residual > 0)

    @api.constrains("day")
    def _check_day(self):
        if any(event.day > event.account_id.company_id._dunning_today() for event in self):
            raise ValidationError(self.env._("What is still to come interrupts nothing."))

    @api.constrains("item_ids", "account_id")
    def _check_items(self):
        for event in self:
            account, items = event.account_id.sudo(), event.item_ids.sudo()
            if not items:
                raise ValidationError(self.env._("Say which invoices it is about."))
            account._check_owes(items)

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        events = super().create(vals_list)
        for event in events:
            event.attachment_ids.filtered(lambda file: not file.res_id).write({
                "res_model": self._name, "res_id": event.id,
            })  # fmt: skip
        events._has_changed()
        return events

    def write(self, vals):
        res = super().write(vals)
        if {"until", "void", "struck"} & vals.keys():
            self._has_changed()
        return res

    def _why_not_written(self, names):
        if not self:
            return self.env._("Who recorded it is not typed.")
        return self.env._("What was recorded is not altered: strike it out and record the right one.")

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("What was recorded is not deleted: strike it out, its history stays."))

    def _has_changed(self):
        """Bring the warnings of the accounts up to date."""
        self.account_id._follow_now()

    # === BUTTONS === #

    def action_strike_out(self):
        """Strike out what was recorded wrongly; it stays to be seen."""
        self.check_access("write")
        if not (self.env.su or self.env.user.has_group("relance_progressive.dunning_group_manager")):
            raise UserError(self.env._("Striking out what was recorded needs a manager."))
        self.sudo().struck = True

    def action_saved(self):
        """Close the dialog: it counts."""
        return {"type": "ir.actions.act_window_close"}

    def action_open_account(self):
        """Show the account of the customer."""
        self.ensure_one()
        return self.account_id.get_formview_action()

    @api.model
    def _merge(self, account, others):
        """Take over what was recorded of merged customers."""
        others.sudo().interruption_ids.account_id = account.id
