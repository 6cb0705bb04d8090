"""What the customer has: the day on which the night takes an invoice to be known."""

from datetime import timedelta

from freezegun import freeze_time

from .base import MONDAY, DunningCommon


class SendingCommon(DunningCommon):
    def facts(self, day=MONDAY):
        facts = self.env["dunning.account"]._read_facts(self.company, self.customer.ids, day)
        return facts[self.customer.id][1]

    def known(self, day=MONDAY):
        return [item.known for item in sorted(self.facts(day).items, key=lambda item: item.due)]

    def posted(self, on, due, **values):
        """Return an invoice that somebody posts on a day."""
        with freeze_time(on):
            return self.invoice(due, **{"invoice_date": due - timedelta(days=30), **values})

    def fingerprint(self, day=MONDAY):
        rows = self.env["dunning.account"]._changed(self.company, day)
        return next((row[2] for row in rows if row[1] == self.customer.id), None)
