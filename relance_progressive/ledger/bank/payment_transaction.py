from odoo import fields, models


class PaymentTransaction(models.Model):
    _name = "payment.transaction"
    _inherit = ["dunning.guarded.fields", "payment.transaction"]

    dunning_items = fields.Json(
        "Meant For", readonly=True, copy=False,
        help="The items that the customer chose to pay, oldest first, each with its amount in the currency of the "
        "transaction: [[journal item, amount], ...]. Empty when the payment does not come from the customer's page.",
    )  # fmt: skip
    dunning_given_up = fields.Boolean(
        "Given Up", readonly=True, copy=False,
        help="The customer said that he would not finish this payment, and began another one. Should it come all the "
        "same, it is booked as every other.",
    )  # fmt: skip
    dunning_excess = fields.Monetary(
        "Too Much", currency_field="currency_id", readonly=True, copy=False,
        help="What of this payment was owed no more when it came: the same was paid by another way.",
    )  # fmt: skip
