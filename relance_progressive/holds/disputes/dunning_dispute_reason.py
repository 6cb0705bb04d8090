from odoo import fields, models


class DunningDisputeReason(models.Model):
    """Why a customer contests, who answers, and within how many days."""

    _name = "dunning.dispute.reason"
    # Who may point there is asked first; a value of the present company only is no change of what is shared.
    _inherit = ["dunning.pointing", "dunning.shared", "dunning.guarded"]
    _description = "Reason of a Dispute"
    _people_settings = True
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=20)
    company_id = fields.Many2one(
        "res.company", index=True, ondelete="cascade", domain="[('parent_id', '=', False)]",
        default=lambda self: self.env["dunning.shared"]._default_company(),
        help="Leave empty to share the reason between all companies.",
    )  # fmt: skip
    owner_kind = fields.Selection(
        [("sales", "Sales"), ("logistics", "Logistics"), ("accounts", "Accounts")],
        "Who Answers", required=True, default="accounts",
        help="Sales: the customer's salesperson. Accounts: the person in charge of the customer's reminders. "
        "Logistics: the person below. When nobody is found, the person in charge.",
    )  # fmt: skip
    user_id = fields.Many2one(
        "res.users", "Always This Person", company_dependent=True, domain="[('share', '=', False)]",
        help="This person answers every dispute with this reason, in the present company.",
    )  # fmt: skip
    days = fields.Integer("Days to Answer", default=5, aggregator=None)

    _days_positive = models.Constraint("CHECK (days >= 0)", "The number of days cannot be negative.")
