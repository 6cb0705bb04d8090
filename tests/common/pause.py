from odoo.tests import freeze_time

from .base import MONDAY, DunningCommon


class PauseCommon(DunningCommon):
    """Stories that begin on a Monday, which is today."""

    def setUp(self):
        super().setUp()
        self.startPatcher(freeze_time(MONDAY))

    def pause(self, *invoices, until=10, **values):
        """Return a pause of these invoices, else of the customer, until some days after the beginning."""
        if invoices:
            items = [item.id for invoice in invoices for item in self.item(invoice)]
            values = {"scope": "items", "line_ids": items, **values}
        until = until and self.day(until)
        return self.env["dunning.pause"].create({
            "account_id": self.account().id, "reason": "They wait for their bank", "until": until, **values,
        })  # fmt: skip

    def claimed(self):
        """Return what the open reminder of the customer claims, 0 when there is none."""
        return self.account().open_reminder_id.amount_total
