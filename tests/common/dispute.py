from odoo import Command
from odoo.tests import freeze_time

from .base import MONDAY, DunningCommon


class DisputeCommon(DunningCommon):
    """Stories that begin on a Monday, which is today."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.price = cls.env.ref("relance_progressive.dispute_reason_price")
        cls.quantity = cls.env.ref("relance_progressive.dispute_reason_quantity")
        cls.other = cls.env.ref("relance_progressive.dispute_reason_other")

    def setUp(self):
        super().setUp()
        self.startPatcher(freeze_time(MONDAY))

    def dispute(self, amounts, reason=None, **values):
        """Return a dispute of ``{invoice: amount}``, the whole item when the amount is empty."""
        lines = [
            Command.create({"move_line_id": self.item(invoice)[:1].id, **(
                {"amount": amount} if amount else {"whole": True}
            )})
            for invoice, amount in amounts.items()
        ]  # fmt: skip
        return self.env["dunning.dispute"].create({
            "account_id": self.account().id, "reason_id": (reason or self.price).id, "line_ids": lines, **values,
        })  # fmt: skip

    def resolve(self, dispute, decision, **values):
        """Answer a dispute as the dialog does."""
        return self.env["dunning.dispute.resolve"].create({
            "dispute_id": dispute.id, "decision": decision, **values,
        })  # fmt: skip

    def commit(self):
        """Do what happens when the transaction commits."""
        self.env.flush_all()
        self.env.cr.precommit.run()

    def claimed(self):
        return self.account().open_reminder_id.amount_total

    def run_and_claim(self, day=MONDAY):
        self.commit()
        self.run_on(day)
        return self.claimed()
