from datetime import timedelta

from .base import MONDAY
from .deliver import DeliverCommon


class TakeoverCommon(DeliverCommon):
    """Invoices that are late for days, weeks and months, and nobody ever reminded."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.young, cls.old, cls.ancient = (
            cls.invoice(MONDAY - timedelta(days=days), amount, cls.make_customer(name))
            for name, days, amount in (("Young", 5, 100), ("Old", 15, 200), ("Ancient", 400, 400))
        )

    def takeover(self, **values):
        return self.env["dunning.takeover"].create({"date": MONDAY, **values})

    def levels(self):
        """Return what the three invoices have reached: level and day."""
        items = [self.item(invoice) for invoice in (self.young, self.old, self.ancient)]
        return [(item.dunning_level_id, item.dunning_date) for item in items]
