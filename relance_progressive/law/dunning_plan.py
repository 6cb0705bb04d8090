from odoo import fields, models


class DunningPlan(models.Model):
    """Whether penalties that were claimed are given up once the customer has paid."""

    _inherit = "dunning.plan"

    penalty_waive_days = fields.Integer(
        "Penalties Waived When Paid Within", default=0,
        help="When all that a reminder claimed is paid within this many days, the penalties that it claimed are waived "
        "by themselves, for good will. A registered letter whose time to pay begins with its receipt says that time "
        "instead, and it counts then. 0: never, a manager decides.",
    )  # fmt: skip

    _penalty_waive_days_positive = models.Constraint(
        "CHECK (penalty_waive_days >= 0)", "The number of days cannot be negative."
    )

    # === PENALTY INVOICES === #

    penalty_reminders = fields.Selection(
        [("remind", "Like any other invoice"), ("never", "Never")], "Penalty Invoices Are Reminded", required=True,
        default="remind",
        help="A penalty invoice is a debt of its own: it never bears interest nor an indemnity. It is reminded like "
        "any other, or not at all.",
    )  # fmt: skip
