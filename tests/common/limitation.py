from datetime import date

from odoo.tests import new_test_user

from .base import DunningCommon

TODAY = date(2026, 3, 2)


class LimitationCommon(DunningCommon):
    """Invoices of years ago; today is Monday, 2 March 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = new_test_user(cls.env, "in_charge", groups="account.group_account_invoice")
        cls.company.dunning_user_id = cls.person

    def claim(self, due, status="professional", customer=None, **values):
        """Return the receivable item of an invoice of 1,000, invoiced on its due date."""
        if not customer:
            self.customer.dunning_status = status
        return self.item(self.invoice(due, customer=customer, **{"invoice_date": due, **values}))

    def last_day(self, item):
        item.invalidate_recordset()
        return item.dunning_limitation_date

    def happened(self, item, kind, day, **values):
        return self.env["dunning.interruption"].create({
            "account_id": self.account(item.partner_id).id, "item_ids": item.ids, "kind": kind, "day": day,
            "words": "Letter of the customer", **values,
        })  # fmt: skip

    def activities(self, account=None):
        activities = (account or self.account()).sudo().activity_ids
        return activities.filtered(lambda one: "lapse" in (one.summary or ""))
