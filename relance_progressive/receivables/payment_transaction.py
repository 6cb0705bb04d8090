from odoo import fields, models


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    dunning_items = fields.Json(
        "Meant For", readonly=True, copy=False,
        help="The items that the customer chose to pay, oldest first, each with its amount in the currency of the "
        "transaction: [[journal item, amount], ...]. Empty when the payment does not come from the customer's page.",
    )  # fmt: skip
