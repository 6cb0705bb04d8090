from odoo import fields, models


class DunningPlan(models.Model):
    """How far and how often promises may push a debt."""

    _inherit = "dunning.plan"

    promise_grace_days = fields.Integer(
        "Grace After a Promise", default=3,
        help="Days given to the bank: a promise is broken when the money is not there this many days after its date.",
    )  # fmt: skip
    promise_max_days = fields.Integer(
        "Farthest Promise", default=30,
        help="A promise for a day farther away than this needs a manager and a reason.",
    )  # fmt: skip
    promise_max_count = fields.Integer(
        "Promises per Invoice", default=2,
        help="An invoice that was promised this many times can only be promised again by a manager, with a reason.",
    )  # fmt: skip

    promise_plan_days = fields.Integer(
        "Longest Payment Plan", default=180,
        help="A payment plan whose last date is farther away than this needs a manager and a reason.",
    )  # fmt: skip
    promise_plan_payments = fields.Integer(
        "Payments of a Plan", default=12, help="A payment plan of more payments than this needs a manager and a reason."
    )

    _promise_limits_positive = models.Constraint(
        "CHECK (promise_grace_days >= 0 AND promise_max_days >= 0 AND promise_max_count >= 0 "
        "AND promise_plan_days >= 0 AND promise_plan_payments >= 0)",
        "The limits of promises cannot be negative.",
    )
