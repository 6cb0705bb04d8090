from odoo.tests import freeze_time

from .base import MONDAY
from .deliver import DeliverCommon


class QueueCommon(DeliverCommon):
    """Reminders that wait for a person."""

    def waiting(self, *amounts, customer=None):
        """Return the reminder of a customer with invoices of these amounts, four days late."""
        customer = customer or self.make_customer("-".join(["Customer", *map(str, amounts)]))
        invoices = [self.invoice(self.day(-4), amount, customer) for amount in amounts]
        self.run_on(MONDAY)
        return self.reminders(customer), invoices

    def order(self, act, reminders, **values):
        order = self.env["dunning.reminder.order"].create({"act": act, "reminder_ids": reminders.ids, **values})
        with freeze_time(MONDAY):
            order.action_apply()

    def write_words(self, reminder, **values):
        action = reminder.action_edit_text()
        words = self.env["dunning.reminder.words"].browse(action["res_id"])
        words.write(values)
        words.action_save()
        return words
