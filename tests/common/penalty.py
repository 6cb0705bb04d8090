"""Customers whose status is known, and notices that took effect: what late interest needs."""

from datetime import date

from odoo import Command, fields

from .deliver import DeliverCommon

# 30 days before the Monday of the stories: in the first half of 2026, whose rate is 2.15 + 10 = 12.15 %.
DUE = date(2026, 1, 31)
# 1000 x 12.15 x 30 / 36500
INTEREST = 9.99


class PenaltyCommon(DeliverCommon):
    """A professional, a consumer, and a plan whose last two levels tell and claim penalties."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.dunning_status = "professional"
        cls.consumer = cls.make_customer("Jeanne Martin", is_company=False, dunning_status="consumer")
        cls.penalties = cls.env["dunning.penalty"]
        cls.company.write({
            "dunning_mediator_name": "CM2C", "dunning_mediator_address": "49 rue de Ponthieu, 75008 Paris",
            "dunning_mediator_website": "www.cm2c.example",
        })  # fmt: skip

    @classmethod
    def penalties_on(cls, day, *moves, **values):
        """Return the penalties of the items of documents, oldest due date first."""
        items = cls.env["account.move"].union(*moves).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable" and line.balance > 0
        )
        found = cls.penalties._of_items(cls.company, items.ids, day, **values)
        return [found[item.id] for item in items.sorted("date_maturity")]

    @classmethod
    def penalty_on(cls, day, move, **values):
        (penalty,) = cls.penalties_on(day, move, **values)
        return penalty

    @classmethod
    def in_effect(cls, invoice, day):
        """Have a formal notice for an invoice reach its customer on ``day``."""
        account = cls.env["dunning.account"]._of(invoice.partner_id, invoice.company_id)
        reminder = cls.env["dunning.reminder"].sudo().create({
            "account_id": account.id, "level_id": cls.notice.id, "date": day, "state": "ready",
            "line_ids": [
                Command.create({
                    "move_line_id": item.id, "move_name": invoice.name, "date_maturity": item.date_maturity,
                    "currency_id": item.currency_id.id, "amount_residual": item.amount_residual,
                    "amount_currency": item.amount_residual_currency, "level_id": cls.notice.id,
                })
                for item in invoice.line_ids if item.account_type == "asset_receivable"
            ],
        })  # fmt: skip
        reminder._set_state("sent")
        delivery = cls.env["dunning.delivery"].sudo().create({
            "reminder_id": reminder.id, "channel": "registered", "state": "sent", "date_done": day,
        })  # fmt: skip
        delivery._record_event("handed_in", fields.Date.to_date(day))
        delivery._record_event("delivered", fields.Date.to_date(day))
        return reminder
